"""The open leads of the sources, graded at one instant and ranked: for what reads them at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd
import polars as pl

from features.schemes.declaration import Scheme
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.intake.taken_in import TakenIn
from pipeline.matrix.dataset import ListRows
from pipeline.output import to_arrow
from pipeline.scoring.grader import Grader, learned_limits
from pipeline.scoring.ranked_list import with_rank


def graded_now(
    config: Config, taken: TakenIn, scorer: LeadScorer, as_of: datetime, schemes: Sequence[Scheme] = ()
) -> pl.DataFrame:
    """The graded list of ``Grader``, by ``rank``, with the first reason for each lead.

    Args:
        config: the configuration.
        taken: the sources.
        scorer: what grades.
        as_of: the instant.
        schemes: rule schemes to add.

    Raises:
        ScoringError: the sources are not what the scorer was trained with.
    """
    asked = replace(ListRows.of(config, taken.heads, as_of), limits=learned_limits(config, scorer))
    grader = Grader(asked, scorer, schemes, top=1)
    grader.check(taken.heads)
    leads = pd.concat(taken.each(lambda tables: grader.grade(tables).leads), ignore_index=True)
    return with_rank(pl.DataFrame(to_arrow(leads)))
