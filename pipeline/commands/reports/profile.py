"""What ``leadgrade profile`` does: closers beside all others, from the sources to files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipeline.commands.reports.report_files import ReportTable, files_of, write_report
from pipeline.commands.reports.team_sources import TeamSources, team_sources
from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.language.catalogue import Language, translate
from pipeline.targets import QUARANTINE, Outputs
from pipeline.team.closers import closers
from pipeline.team.profile import profile, traits, traits_of

_CSV = ("profile.csv",)

PROFILE_FILES = files_of("profile", _CSV)

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".profile.work", *PROFILE_FILES)

_QUESTIONS: Mapping[str, Callable[[Language], str]] = {
    "who": lambda to: translate("who", to),
    "what": lambda to: translate("what", to),
    "why": lambda to: translate("why", to),
    "when": lambda to: translate("when", to),
    "where": lambda to: translate("where", to),
    "how_much": lambda to: translate("how much", to),
}


@dataclass(frozen=True)
class Profiled:
    """A profile that was counted and written.

    Attributes:
        table: from ``profile.profile``, with the question in both languages.
        leads: of which it is known whether they closed.
        closers: of them.
        left_out: leads of which it is not known.
        days: within which closers closed.
    """

    table: pl.DataFrame
    leads: int
    closers: int
    left_out: int
    days: int


def run_profile(config: Config, as_of: datetime | None) -> Profiled:
    """Compare closers with all others and write it.

    Args:
        config: the configuration.
        as_of: what was known at this instant counts; that of the export when left out.

    Raises:
        ConfigError: the list is flat.
        SourceError: nobody closed, or everybody did; or as ``check``.
        ToleranceError, OutputError: as ``check``.
    """
    outputs = Outputs(config, WRITES)
    with team_sources(config, "profile", as_of) as team:
        found = _compared(team)
    write_report(
        config,
        outputs,
        "profile",
        [ReportTable(_CSV[0], lambda to: translate("closers beside all others", to), found.table)],
    )
    return found


def _compared(team: TeamSources) -> Profiled:
    config, rules = team.config, team.config.reports.profile
    closed = closers(config, team.taken, team.tables, team.as_of, rules.within_days)
    won = int(closed["closed"].sum())
    if won in (0, closed.height):
        raise SourceError(
            f"{config.path}: of {closed.height} leads that had {rules.within_days} days, {won} closed: there "
            "is nobody to compare; change reports.profile.within_days"
        )
    fields = traits_of(config, team.tables)
    table = profile(traits(team.tables, fields), fields, closed, rules)
    words = [
        pl.col("question")
        .replace_strict({name: word(to) for name, word in _QUESTIONS.items()}, return_dtype=pl.String)
        .alias(f"question_{to}")
        for to in ("en", "zh")
    ]
    shown = table.select(*words, pl.exclude("question"))
    return Profiled(shown, closed.height, won, team.tables["leads"].height - closed.height, rules.within_days)
