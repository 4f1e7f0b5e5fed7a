"""What ``leadgrade complete`` shows: the emptiest fields and leads, and what empty cells cost."""

import polars as pl

from pipeline.cli.reports.report_screen import files_told, show_report
from pipeline.commands.reports import complete as run
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.report.titles import title_of
from pipeline.terminal import say


def filled(config: Config, found: run.Filled, language: Language) -> None:
    """Show what is filled in."""
    title = title_of(config.name, config.simulation)
    rates = pl.col("filled_share", "auc_filled", "auc_all", "cost").round(3)
    columns = found.columns.with_columns(rates)
    show_report(columns, translate("{name}: what is filled in", language, name=title), language, most=15)
    leads = found.leads.with_columns(pl.col("filled_share").round(3))
    show_report(leads, translate("leads, worst first", language), language, most=4)
    # What tells nobody apart costs nothing.
    costs = (pl.col("cost") > 0) & (pl.col("auc_filled") > 0.5)
    costly = columns.filter(costs).sort("cost", descending=True).head(3)
    for row in costly.iter_rows(named=True):
        say(
            translate(
                "{field}: empty in {empty} leads; AUC {auc_filled:.3f} where it is filled, "
                "{auc_all:.3f} over all",
                language,
                **row,
            )
        )
    say(
        translate(
            "{filled} of {cells} cells of {leads} leads are filled",
            language,
            filled=int(found.leads["filled"].sum()),
            cells=int(found.leads["fields"].sum()),
            leads=found.leads.height,
        )
    )
    files_told(config, run.COMPLETE_FILES, language)
