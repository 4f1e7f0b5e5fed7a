"""Whether the won have dates: where too many lack one, the label is the final outcome."""

from collections.abc import Sequence
from functools import partial

import polars as pl

from features import asof
from pipeline.config.config import Config
from pipeline.config.undated import may_lack_dates, turned_to_final_outcome
from pipeline.intake.outcomes import close_rule
from pipeline.intake.staged_tables import Tables
from pipeline.intake.taken_in import TakenIn
from pipeline.language.sentence import Sentence
from pipeline.matrix.dataset import horizons as horizons_of


def as_dates_allow(config: Config, taken: TakenIn) -> tuple[Config, str | None]:
    """The configuration by which can be learned, and what is to be said if that is another one.

    Without its date a close is no label, and only buyers would be dropped. Where that are more of them than
    ``outcome_tolerance``, the label is the final outcome of leads that have matured.

    Args:
        config: the configuration.
        taken: the sources.
    """
    if not may_lack_dates(config):
        return config, None
    turned, changed = turned_to_final_outcome(config)
    days = turned.cohort.days[0]
    counted = taken.each(partial(_counts, config=config, days=days))
    won, undated, early = (sum(one) for one in zip(*counted, strict=True))
    share = undated / max(won, 1)
    if share <= config.outcome_tolerance:
        return config, None
    label = Sentence(
        "the final outcome of leads that have matured, {days} days after their as-of",
        days=turned.horizons_days[0],
    )
    if changed:
        label = Sentence("{label} instead of {changed}", label=label, changed=" and ".join(changed))
    return turned, Sentence(
        "{undated:,} of {won:,} won leads ({share:.1%}) have no date in {column}, more than "
        "the outcome_tolerance of {tolerance:.1%}: the label is {label}. Of the won with a "
        "date {early:.1%} had closed {days} days after their creation; as many of "
        "those without are taken for open, and make chances too high. label.final_outcome: false keeps to "
        "the dates, and leaves leads that were won without one without a label",
        undated=undated,
        won=won,
        share=share,
        column=config.label.closed_at,
        tolerance=config.outcome_tolerance,
        label=label,
        early=early / max(won - undated, 1),
        days=days,
    )


def asked_as(config: Config, horizons: Sequence[str]) -> Config:
    """The configuration that a scorer with these horizons was learned by: a list may not tell it.

    Args:
        config: the configuration.
        horizons: names of the scorer's.
    """
    if not may_lack_dates(config) or tuple(horizons) == horizons_of(config):
        return config
    turned, _ = turned_to_final_outcome(config)
    return turned if tuple(horizons) == horizons_of(turned) else config


def _counts(tables: Tables, config: Config, days: int) -> tuple[int, int, int]:
    """Of a bucket's leads those won, those of them without a date, and those closed so early."""
    rule = close_rule(config)
    closed_at = pl.col(config.label.closed_at or "")
    won = tables["leads"].filter(rule.won if rule.won is not None else pl.lit(value=False))
    early = ~asof.at_risk(closed_at, pl.col("created_at"), days)
    return (
        won.height,
        int(won.select(closed_at.null_count()).item()),
        int(won.select(early.sum()).item() or 0),
    )
