"""What ``leadgrade funnel`` shows: the layers from top to bottom, and which of them runs dry."""

import polars as pl

from pipeline.cli.reports.report_screen import files_told, show_report
from pipeline.commands.reports import funnel as run
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.report.titles import title_of
from pipeline.team.funnel import RUNS_DRY
from pipeline.terminal import say


def layered(config: Config, found: run.Layered, language: Language) -> None:
    """Show a funnel."""
    title = title_of(config.name, config.simulation)
    rates = [pl.col(name).round(1) for name in ("days", "in_week", "out_week", "in_week_before")]
    table = found.layers.drop("warning").with_columns(pl.col("conversion").round(2), *rates)
    show_report(table, translate("{name}: funnel", language, name=title), language, most=24)
    leads = int(found.layers["leads"].sum())
    say(translate("{leads} leads, each in one layer", language, leads=leads))
    for row in found.layers.filter(pl.col("warning") == RUNS_DRY).head(6).iter_rows(named=True):
        say(
            translate(
                "{layer} runs dry: {in_week:.1f} leads a week come in, {in_week_before:.1f} before; "
                "{leads} are left and {out_week:.1f} a week move on",
                language,
                **row,
            )
        )
    files_told(config, run.FUNNEL_FILES, language)
