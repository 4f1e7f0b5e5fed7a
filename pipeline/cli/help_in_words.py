"""Help in the reader's language, and the option that names it."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from io import StringIO
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from pipeline.language.catalogue import Language, look_up, translate
from pipeline.language.reader import read_in, reader

_WIDTH = 100

_LANGUAGES: Mapping[str, Language] = {"en": "en", "zh": "zh"}

# What typer puts behind an option's own words: its default and bounds, or that it must be there.
_BEHIND = re.compile(r"^(?P<words>.*?)(?:  \[(?P<behind>.*)\])?$", re.DOTALL)


def read_as_asked(language: str | None) -> str | None:
    """Go on in the language that an option names; "both" is of what is written, and shows the terminal's."""
    if chosen := _LANGUAGES.get(language or ""):
        read_in(chosen)
    return language


ReadIn = Annotated[
    Language | None,
    typer.Option(
        "--language",
        callback=read_as_asked,
        is_eager=True,
        show_default=False,
        help="Language of what is shown; that of the terminal (LANG) when left out.",
    ),
]


def readable(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb with the option ``--language``, unless it has one of its own."""
    signature = inspect.signature(verb)
    if "language" in signature.parameters:
        return verb

    @wraps(verb)
    def read(**arguments: object) -> None:
        arguments.pop("language")
        verb(**arguments)

    asked = inspect.Parameter("language", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=ReadIn)
    told = [*signature.parameters.values(), asked]
    read.__signature__ = signature.replace(parameters=told)  # type: ignore[attr-defined]
    return read


class ReadableCommand(TyperCommand):
    """A verb whose help is in the reader's language."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override] # it is this one
        """The page of help."""
        return super().get_help(ctx) if reader() == "en" else _page(self, ctx)


class ReadableGroup(TyperGroup):
    """Verbs whose help is in the reader's language."""

    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override] # it is this one
        """The page of help."""
        return super().get_help(ctx) if reader() == "en" else _page(self, ctx)


def _page(command: TyperCommand | TyperGroup, ctx: typer.Context) -> str:
    """The page, wrapped by the width of its characters: Chinese ones are two columns wide."""
    out = StringIO()
    console = Console(file=out, width=min(_WIDTH, Console().width), highlight=False)
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    console.print(Text(translate("Usage: {usage}", reader(), usage=usage)))
    for paragraph in paragraphs(command.help):
        console.print(Padding(Text(look_up(paragraph, reader())), (1, 0, 0, 2)))
    records: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
    for parameter in command.get_params(ctx):
        if record := parameter.get_help_record(ctx):
            records[parameter.param_type_name].append((record[0], _told(record[1])))
    _block(console, translate("Arguments", reader()), records["argument"])
    _block(console, translate("Options", reader()), records["option"])
    if isinstance(command, TyperGroup):
        verbs = [(name, _first_words(one.help)) for name, one in command.commands.items()]
        _block(console, translate("Commands", reader()), verbs)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n"))


def paragraphs(text: str | None) -> list[str]:
    r"""The paragraphs of a help text, a line each.

    >>> paragraphs("Fit,\nand save.\n\nMore.")
    ['Fit, and save.', 'More.']
    """
    return [" ".join(part.split()) for part in (text or "").split("\n\n") if part.strip()]


def _first_words(text: str | None) -> str:
    told = paragraphs(text)
    return look_up(told[0], reader()) if told else ""


def _told(words: str) -> str:
    """An option's help, and what stands behind it, in the reader's language."""
    found = _BEHIND.match(words)
    if found is None or found["behind"] is None:
        return look_up(words, reader())
    told = look_up(found["words"], reader())
    parts = [_condition(part) for part in found["behind"].split("; ")]
    return f"{told}  [{'; '.join(parts)}]"


def _condition(part: str) -> str:
    name, _, value = part.partition(": ")
    return f"{look_up(name, reader())}: {value}" if value else look_up(part, reader())


def _block(console: Console, head: str, records: Sequence[tuple[str, str]]) -> None:
    if not records:
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in records:
        table.add_row(Text(left), Text(right))
    console.print()
    console.print(Text(head))
    console.print(Padding(table, (0, 0, 0, 2)))
