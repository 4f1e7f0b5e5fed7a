"""What a scorer would have said of leads at moments of the past: beside what people said then."""

from datetime import datetime

import pandas as pd
import polars as pl

from features import cohort, labels
from features.matrix.build import build_matrix
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.intake.outcomes import outcomes_of
from pipeline.intake.staged_tables import Tables, stage, usable_features
from pipeline.intake.taken_in import TakenIn
from pipeline.intake.unused_rows import UNUSED
from pipeline.matrix.dataset import Rows, horizons, to_pandas
from pipeline.output import to_arrow
from pipeline.scoring.grader import check_rows_fit


def graded_then(
    config: Config,
    taken: TakenIn,
    scorer: LeadScorer,
    moments: pl.DataFrame,
    until: datetime | None = None,
) -> pl.DataFrame:
    """Each lead's learned grade as of each moment.

    A scorer that learned from these very leads knows some of their outcomes: its chances of the past are
    a little too sure.

    Args:
        config: the configuration.
        taken: the sources.
        scorer: what grades.
        moments: ``lead_id`` and ``as_of``; what was known strictly before it is known.
        until: outcomes are complete up to here; without it nobody is told what became of the leads.

    Returns:
        ``lead_id``, ``as_of`` and the columns of ``LeadScorer.score``; a row per moment of a known lead. With
        ``until`` also the labels of ``features.labels``, missing where they are not ripe, and of leads that
        were not open at the moment.

    Raises:
        ScoringError: the sources are not what the scorer was trained with.
    """
    features, _ = usable_features(config, taken.heads)
    asked = moments.select("lead_id", "as_of").unique()

    def rows(tables: Tables) -> pl.DataFrame:
        staged = stage(config, tables, features)
        spine = asked.join(staged["leads"].select("lead_id", "owner_id"), on="lead_id")
        matrix = build_matrix(staged, spine.select("lead_id", "owner_id", "as_of"), features)
        return matrix if until is None else _labelled(config, tables, staged, matrix, until)

    matrix = pl.concat(taken.each(rows), how="diagonal").sort("lead_id", "as_of")
    check_rows_fit(config, Rows(matrix.head(0), features, horizons(config)), scorer)
    frame = to_pandas(matrix)
    ends = [] if until is None else [labels.closed_column(one) for one in horizons(config)]
    told = pd.concat([frame[["lead_id", "as_of", *ends]], scorer.score(frame)], axis=1)
    return pl.DataFrame(to_arrow(told))


def _labelled(
    config: Config, tables: Tables, staged: Tables, matrix: pl.DataFrame, until: datetime
) -> pl.DataFrame:
    found = outcomes_of(config, staged, tables.get(UNUSED))
    open_then = cohort.known_leads(
        cohort.open_leads(matrix.select("lead_id", "owner_id", "as_of"), found), found
    )
    told = labels.label_rows(open_then, found, config.horizons_days, until).drop("owner_id")
    return matrix.join(told, on=["lead_id", "as_of"], how="left")
