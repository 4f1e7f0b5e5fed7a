"""What the command line prints: rich tables and progress on a terminal, plain lines elsewhere."""

import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TypeVar

import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from pipeline.language.catalogue import Language, look_up_word
from pipeline.language.reader import reader, told
from pipeline.language.sentence import Sentence

_T = TypeVar("_T")

_OUT = Console()
_ERR = Console(stderr=True)

# Columns whose cells are words of ours; what a team wrote stands as it was written.
_WORDED = frozenset(
    {
        *("system", "leads", "tier", "top_tier_of", "value_tier_learned", "verdict", "right", "lead"),
        *("level", "check", "kind", "standing", "asked", "against", "metric", "horizon", "because"),
        *("order", "use"),
    }
)


def show(frame: pd.DataFrame, title: str) -> None:
    """Print a table in the reader's language: drawn on a terminal, aligned columns elsewhere."""
    language = reader()
    texts = frame.map(partial(_text, language=language))
    for place, name in enumerate(texts.columns):
        if language != "en" and name in _WORDED:
            texts.isetitem(place, [look_up_word(cell, language) for cell in texts.iloc[:, place]])
    heads = [look_up_word(str(name), language) for name in texts.columns]
    if not _OUT.is_terminal:
        lines = [told(title), *_aligned([heads, *texts.to_numpy().tolist()]), ""]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    table = Table(title=told(title), title_justify="left")
    for head, name in zip(heads, texts.columns, strict=True):
        table.add_column(head, justify="right" if pd.api.types.is_numeric_dtype(frame[name]) else "left")
    for row in texts.to_numpy().tolist():
        table.add_row(*row)
    _OUT.print(table)


def say(line: str) -> None:
    """Print one line of the result, in the reader's language."""
    sys.stdout.write(told(line) + "\n")


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
        return _ERR.status(f"{told(step)} ...")
    sys.stderr.write(f"{told(step)} ...\n")
    return nullcontext()


def watched(items: Sequence[_T], step: str) -> Iterable[_T]:
    """Go through items with a progress bar on a terminal."""
    if not _ERR.is_terminal or len(items) == 1:
        return items
    return track(items, description=told(step), console=_ERR)


def stepping(items: Sequence[_T], step: str) -> Iterator[_T]:
    """Go through slow items: a progress bar on a terminal, about ten lines on standard error elsewhere."""
    if _ERR.is_terminal:
        yield from track(items, description=told(step), console=_ERR)
        return
    every = max(1, len(items) // 10)
    for number, item in enumerate(items, start=1):
        if number % every == 0 or number == len(items):
            note(Sentence("{step}: {number} of {total}", step=step, number=number, total=len(items)))
        yield item


def note(line: str) -> None:
    """Tell on standard error how the work goes."""
    sys.stderr.write(f"{told(line)} ...\n")


@contextmanager
def counting(step: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
    """Count slow work, with its rate: a bar on a terminal, about ten lines on standard error elsewhere.

    Yields:
        A function to be called with how many more units are done.
    """
    start, done, noted = time.monotonic(), 0, 0
    with Progress(*Progress.get_default_columns(), console=_ERR, disable=not _ERR.is_terminal) as bar:
        task = bar.add_task(told(step), total=total)

        def more(units: int) -> None:
            nonlocal done, noted
            done += units
            rate = done / max(time.monotonic() - start, 1e-9)
            speed = Sentence("{step}, {rate:,.0f} {unit} a second", step=step, rate=rate, unit=unit)
            bar.update(task, advance=units, description=told(speed))
            if not _ERR.is_terminal and (done - noted) * 10 >= total:
                noted = done
                note(
                    Sentence(
                        "{step}: {done:,} of {total:,} {unit}, {rate:,.0f} a second",
                        step=step,
                        done=done,
                        total=total,
                        unit=unit,
                        rate=rate,
                    )
                )

        yield more


def _text(value: object, language: Language) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, bool):
        return look_up_word("yes" if value else "no", language)
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
