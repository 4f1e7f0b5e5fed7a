"""What ``leadgrade profile`` shows: the values that closers have more or less often than all others."""

import polars as pl

from pipeline.cli.reports.report_screen import files_told, show_report
from pipeline.commands.reports import profile as run
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.report.titles import title_of
from pipeline.terminal import say


def compared(config: Config, found: run.Profiled, language: Language) -> None:
    """Show a profile."""
    title = title_of(config.name, config.simulation)
    rates = pl.col("closers_share", "rest_share", "difference", "from", "until").round(2)
    beyond = found.table.filter("beyond_chance").with_columns(rates).drop("beyond_chance", "closers", "rest")
    at_creation, later = (
        beyond.filter(pl.col("at_creation") == known).drop("at_creation") for known in (True, False)
    )
    head = translate("{name}: closers beside all others, by what is known at creation", language, name=title)
    show_report(at_creation, head, language, most=12)
    show_report(later, translate("by what was entered later, to this day", language), language, most=10)
    say(
        translate(
            "{beyond} of {values} values differ beyond chance, all comparisons together",
            language,
            beyond=beyond.height,
            values=found.table.height,
        )
    )
    say(
        translate(
            "{closers} of {leads} leads closed within {days} days; of {left_out} leads it is not known yet",
            language,
            closers=found.closers,
            leads=found.leads,
            days=found.days,
            left_out=found.left_out,
        )
    )
    files_told(config, run.PROFILE_FILES, language)
