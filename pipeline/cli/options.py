"""Arguments and options that several verbs share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import ConfigError

ConfigPath = Annotated[
    Path, typer.Argument(metavar="CONFIG", help="The YAML configuration.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script instead of tables.")]
AsOf = Annotated[
    str | None,
    typer.Option(help="As of this time (the config's zone); the export time when left out."),
]
ModelChoice = Annotated[
    str | None,
    typer.Option(
        metavar="WHICH",
        help="champion, challenger, previous, a version's number, or a scorer's folder. When left out: "
        "the champion, or without one the scorer of the last training.",
    ),
]

Pseudonymise = Annotated[
    Path | None,
    typer.Option(
        metavar="KEYFILE",
        help="Write ids, phone numbers, names and agents as keyed hashes, by the key in this file "
        "(64 hexadecimal digits: openssl rand -hex 32).",
    ),
]


def instant(text: str | None, timezone: str) -> datetime | None:
    """The instant of ``--as-of``; none when it is left out.

    Raises:
        ConfigError: it is neither a date nor a time.
    """
    from pipeline.config.data import to_moment

    try:
        return None if text is None else to_moment(text, timezone)
    except ValueError as error:
        raise ConfigError(f"--as-of {text!r}: {error}") from None


def calendar_day(text: str | None) -> date | None:
    """The day of an option; none when it is left out.

    Raises:
        ConfigError: it is no day.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{text!r} is no day: write it as 2026-07-01") from None
