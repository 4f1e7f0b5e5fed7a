"""What ``leadgrade audit`` shows: whose grades to look at, and why."""

import polars as pl

from pipeline.cli.reports.report_screen import files_told, show_report
from pipeline.commands.reports import audit as run
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.report.titles import title_of
from pipeline.team.standards import FEWER_CLOSES, MORE_LEADS
from pipeline.terminal import say

_SHOWN = ("agent", "grade", "graded", "leads", "by_others", "ripe", "closes", "expected", "low", "high")


def audited(config: Config, found: run.Audited, language: Language) -> None:
    """Show agents' grades; what is to be looked at comes first."""
    title = title_of(config.name, config.simulation)
    rounded = [pl.col(name).round(1) for name in ("by_others", "expected")]
    shares = [pl.col(name).round(2) for name in ("low", "high")]
    first = found.standards.sort(pl.col("look_at") == "", "agent", "grade").with_columns(*rounded, *shares)
    heading = translate(
        "{name}: grades that agents gave, beside others' and the closes", language, name=title
    )
    show_report(first.select(_SHOWN), heading, language, most=14)
    without = translate("grades and losses without a call behind them", language)
    show_report(found.support, without, language, most=8)
    looks = found.standards.filter(pl.col("look_at") != "")
    for row in looks.head(6).iter_rows(named=True):
        _look_at(row, language)
    if looks.is_empty():
        say(
            translate(
                "nothing to look at: no agent differs beyond chance, as far as so many leads tell", language
            )
        )
    say(
        translate(
            "{without} of {claims} grades and losses have no call behind them",
            language,
            without=found.without_call.height,
            claims=found.claims,
        )
    )
    files_told(config, run.AUDIT_FILES, language)
    say(translate("graded by {scorer}", language, scorer=found.graded_by))


def _look_at(row: dict[str, object], language: Language) -> None:
    if MORE_LEADS in str(row["look_at"]):
        say(
            translate(
                "look at {agent}: {leads} leads graded {grade} or better, where others would give it to "
                "{by_others:.0f} of such leads",
                language,
                **row,
            )
        )
    if FEWER_CLOSES in str(row["look_at"]):
        say(
            translate(
                "look at {agent}: {closes} of {ripe} leads graded {grade} or better closed, where what was "
                "known of them promised {expected:.0f}",
                language,
                **row,
            )
        )
