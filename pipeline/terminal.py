"""What the command line prints: rich tables and progress on a terminal, plain lines elsewhere."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

_T = TypeVar("_T")

_OUT = Console()
_ERR = Console(stderr=True)


def show(frame: pd.DataFrame, title: str) -> None:
    """Print a table: drawn on a terminal, aligned columns elsewhere."""
    texts = frame.map(_text)
    if not _OUT.is_terminal:
        lines = [title, *_aligned([list(map(str, texts.columns)), *texts.to_numpy().tolist()]), ""]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    table = Table(title=title, title_justify="left")
    for name in texts.columns:
        table.add_column(str(name), justify="right" if pd.api.types.is_numeric_dtype(frame[name]) else "left")
    for row in texts.to_numpy().tolist():
        table.add_row(*row)
    _OUT.print(table)


def say(line: str) -> None:
    """Print one line of the result."""
    sys.stdout.write(line + "\n")


def print_json(parts: Mapping[str, object]) -> None:
    """Print results for a script."""
    plain = {
        name: json.loads(part.to_json(orient="records", date_format="iso"))
        if isinstance(part, pd.DataFrame)
        else part
        for name, part in parts.items()
    }
    say(json.dumps(plain, ensure_ascii=False, indent=2))


def working(step: str) -> AbstractContextManager[object]:
    """Tell which step is under way: a spinner on a terminal, a line on standard error elsewhere."""
    if _ERR.is_terminal:
        return _ERR.status(f"{step} ...")
    sys.stderr.write(f"{step} ...\n")
    return nullcontext()


def watched(items: Sequence[_T], step: str) -> Iterable[_T]:
    """Go through items with a progress bar on a terminal."""
    if not _ERR.is_terminal or len(items) == 1:
        return items
    return track(items, description=step, console=_ERR)


def stepping(items: Sequence[_T], step: str) -> Iterator[_T]:
    """Go through slow items: a progress bar on a terminal, about ten lines on standard error elsewhere."""
    if _ERR.is_terminal:
        yield from track(items, description=step, console=_ERR)
        return
    every = max(1, len(items) // 10)
    for number, item in enumerate(items, start=1):
        if number % every == 0 or number == len(items):
            sys.stderr.write(f"{step}: {number} of {len(items)} ...\n")
        yield item


def note(line: str) -> None:
    """Tell on standard error how the work goes."""
    sys.stderr.write(f"{line} ...\n")


@contextmanager
def counting(step: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
    """Count slow work, with its rate: a bar on a terminal, about ten lines on standard error elsewhere.

    Yields:
        A function to be called with how many more units are done.
    """
    start, done, told = time.monotonic(), 0, 0
    with Progress(*Progress.get_default_columns(), console=_ERR, disable=not _ERR.is_terminal) as bar:
        task = bar.add_task(step, total=total)

        def more(units: int) -> None:
            nonlocal done, told
            done += units
            rate = done / max(time.monotonic() - start, 1e-9)
            bar.update(task, advance=units, description=f"{step}, {rate:,.0f} {unit} a second")
            if not _ERR.is_terminal and (done - told) * 10 >= total:
                told = done
                note(f"{step}: {done:,} of {total:,} {unit}, {rate:,.0f} a second")

        yield more


def _text(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) >= 1 else f"{value:.3f}"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}Z"
    return str(value)


def _aligned(rows: list[list[str]]) -> list[str]:
    # Chinese characters are two columns wide.
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
