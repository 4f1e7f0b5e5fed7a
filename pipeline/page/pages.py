"""The pages of ``train`` and of ``compare``."""

from collections.abc import Sequence

import pandas as pd

from pipeline.comparison.comparison import Comparison
from pipeline.comparison.slices import LEAD_AGE, MONTH
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.since_champion import SinceChampion
from pipeline.language.catalogue import Language
from pipeline.page.blocks import Section
from pipeline.page.champion_section import champion_section
from pipeline.page.comparison_sections import comparison_sections
from pipeline.page.leaderboard_sections import calling_order_section, leaderboard_section
from pipeline.page.promise_sections import (
    promise_section,
    reliability_section,
    segment_section,
    segment_table,
    value_section,
)
from pipeline.page.training_sections import leak_section, summary_section
from pipeline.page.written import written_page
from pipeline.training.train import Training

# Of a page that leaves the machine for MLflow: these name nobody.
_NAMELESS = (MONTH, LEAD_AGE)


def train_page(
    title: str, training: Training, segments: pd.DataFrame, since: SinceChampion | None = None
) -> str:
    """The page of a training, without personal data: it is kept with the run.

    Args:
        title: of the configuration.
        training: what was trained and evaluated.
        segments: from ``slices.slice_keys``; only month and age of the lead are told.
        since: what changed since the champion, if there is one.
    """
    horizons, evaluation = training.scorer.horizons, training.evaluation
    named = segments[[name for name in _NAMELESS if name in segments.columns]]
    parts = segment_table(evaluation, horizons[-1], named)

    def sections(language: Language) -> list[Section]:
        return [
            summary_section(training, language),
            champion_section(since, language),
            leaderboard_section(evaluation, horizons, language),
            promise_section(evaluation, language),
            reliability_section(evaluation, horizons, language),
            calling_order_section(evaluation, horizons[-1], language),
            leak_section(training, language),
            value_section(evaluation, language),
            segment_section(parts, horizons[-1], language),
        ]

    return written_page(title, sections)


def compare_page(
    title: str, found: Comparison, evaluation: Evaluation, horizons: Sequence[str], segments: pd.DataFrame
) -> str:
    """The page of a comparison; it names leads and agents, as the tables beside it do.

    Args:
        title: of the configuration.
        found: learned grades beside others.
        evaluation: that they come from.
        horizons: of the scorer.
        segments: from ``slices.slice_keys``.
    """
    parts = segment_table(evaluation, horizons[-1], segments)

    def sections(language: Language) -> list[Section]:
        return [
            *comparison_sections(found, language),
            leaderboard_section(evaluation, horizons, language),
            promise_section(evaluation, language),
            reliability_section(evaluation, horizons, language),
            value_section(evaluation, language),
            segment_section(parts, horizons[-1], language),
        ]

    return written_page(title, sections)
