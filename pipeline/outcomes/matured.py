"""The close rate of the leads that have matured, beside that of the rows that are learned from."""

from datetime import datetime
from functools import partial

import polars as pl

from features import asof
from features.closes import UNKNOWN, WON, Outcomes
from features.labels import closed_column
from pipeline.config.config import Config
from pipeline.config.undated import has_final_outcome
from pipeline.intake.outcomes import close_rule, label_tables, outcomes_of
from pipeline.intake.staged_tables import Tables, stage
from pipeline.intake.taken_in import TakenIn
from pipeline.intake.unused_rows import UNUSED
from pipeline.language.sentence import Sentence
from pipeline.matrix.dataset import Rows


def matured_note(config: Config, taken: TakenIn, rows: Rows) -> str | None:
    """Both rates in a sentence; nothing where no lead has matured.

    A lead has matured when the longest horizon since its creation lies in what was observed. One that was
    won without a date closed, too, though it has no label. Rows that are looked at later than at creation
    lack the leads that had closed by then.

    Args:
        config: the configuration.
        taken: the sources.
        rows: from ``dataset.training_rows``.
    """
    if config.flat or rows.observed_until is None or config.label.close == "next_order":
        return None  # who closes again and again never is mature
    counted = taken.each(partial(_matured, config=config, until=rows.observed_until))
    leads, closed = (sum(one) for one in zip(*counted, strict=True))
    learned = rows.frame[closed_column(rows.horizons[-1])].drop_nulls()
    if not leads or learned.is_empty():
        return None
    rate, own = closed / leads, int(learned.sum()) / len(learned)
    words = {"leads": leads, "rate": rate, "own": own, "days": config.horizons_days[-1]}
    if has_final_outcome(config):
        return Sentence(
            "of {leads:,} leads that have matured {rate:.1%} closed in the end; "
            "of the rows that are learned from {own:.1%}",
            **words,
        )
    return Sentence(
        "of {leads:,} leads that have matured {rate:.1%} closed within {days} days; "
        "of the rows that are learned from {own:.1%}",
        **words,
    )


def _matured(tables: Tables, config: Config, until: datetime) -> tuple[int, int]:
    """How many leads of a bucket have matured and have a known outcome, and how many of them closed."""
    staged = stage(config, label_tables(config, tables), ())
    outcomes = outcomes_of(config, staged, tables.get(UNUSED))
    undated = _won_without_date(config, staged, outcomes)
    found = outcomes.leads.filter(~pl.col(UNKNOWN) | pl.col("lead_id").is_in(undated.implode()))
    dated = staged["leads"].select("lead_id", "created_at").join(found, on="lead_id")
    days = config.horizons_days[-1]
    ripe = dated.filter(asof.ripe(pl.col("created_at"), days, until))
    if WON in found.columns:
        known = ripe.drop_nulls(WON)
        return known.height, int(known[WON].sum())
    # Also what closed before it was created closed.
    late = asof.at_risk(pl.col("closed_at"), pl.col("created_at"), days) & ~pl.col(UNKNOWN)
    return ripe.height, ripe.filter(~late).height


def _won_without_date(config: Config, staged: Tables, outcomes: Outcomes) -> pl.Series:
    won = close_rule(config).won
    if won is None:
        return pl.Series([], dtype=pl.String)
    unknown = outcomes.leads.filter(UNKNOWN).select("lead_id")
    return unknown.join(staged["leads"].filter(won), on="lead_id", how="semi")["lead_id"]


def won_without_date(config: Config, taken: TakenIn) -> frozenset[str]:
    """The leads that closed, nobody knows when, and have no label for it."""
    if config.flat or close_rule(config).won is None:
        return frozenset()
    return frozenset(lead for found in taken.each(partial(_undated, config=config)) for lead in found)


def _undated(tables: Tables, config: Config) -> pl.Series:
    staged = stage(config, label_tables(config, tables), ())
    return _won_without_date(config, staged, outcomes_of(config, staged, tables.get(UNUSED)))
