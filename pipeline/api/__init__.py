"""The Python face: the verbs on a configuration or on data frames, and a scorer of frames of features.

In goes a configuration (its path, or the same keys and values as a mapping), and frames in the place of files
where there are some; out come frames and small values that a notebook shows. What a user can mend is raised
as a ``pipeline.errors.LeadgradeError``, in one line. Nothing heavy is imported before it is needed.

Read ``given`` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    import pandas as pd

    from pipeline.api.answers import Answer, GradedLeads, Trained
    from pipeline.api.frame_scorer import FrameScorer


def check(
    config: Path | str | Mapping[str, object], frames: Mapping[str, pd.DataFrame] | None = None
) -> Answer:
    """What ``leadgrade check`` finds: rows per source, ripe rows and closes, leak suspects, and notes.

    Args:
        config: the path of a configuration, or what would stand in it.
        frames: sources by name (``leads``, ``calls``, ...), each in the place of a file.

    Raises:
        LeadgradeError: as ``leadgrade check``.
    """
    from pipeline.api.verbs import run_checked

    return run_checked(config, frames)


def train(
    config: Path | str | Mapping[str, object],
    frames: Mapping[str, pd.DataFrame] | None = None,
    *,
    record: bool = True,
) -> Trained:
    """What ``leadgrade train`` learns; the scorer is saved below ``output_dir``, too.

    Args:
        config: as for ``check``.
        frames: likewise.
        record: whether the run is recorded in MLflow.

    Raises:
        LeadgradeError: as ``leadgrade train``.
    """
    from pipeline.api.verbs import run_trained

    return run_trained(config, frames, record=record)


def score(
    config: Path | str | Mapping[str, object],
    frames: Mapping[str, pd.DataFrame] | None = None,
    *,
    leads: Path | str | pd.DataFrame | None = None,
    as_of: datetime | str | None = None,
    reasons: int = 3,
    model: str | None = None,
) -> GradedLeads:
    """The graded list of ``leadgrade score``, and who has no grade.

    Args:
        config: as for ``check``.
        frames: likewise.
        leads: another lead list.
        as_of: the instant, in the configuration's time zone where it has none; the export when left out.
        reasons: how many for and against a close.
        model: which scorer, as for ``leadgrade score --model``.

    Raises:
        LeadgradeError: as ``leadgrade score``.
    """
    from pipeline.api.verbs import run_graded

    return run_graded(config, frames, leads=leads, as_of=as_of, reasons=reasons, model=model)


def compare(
    config: Path | str | Mapping[str, object],
    frames: Mapping[str, pd.DataFrame] | None = None,
    *,
    against: str | None = None,
    horizon: str | None = None,
) -> Answer:
    """What ``leadgrade compare`` finds: learned grades beside rule and manual ones, in tables.

    Args:
        config: as for ``check``.
        frames: likewise.
        against: whose grades, as for ``leadgrade compare --against``.
        horizon: likewise.

    Raises:
        LeadgradeError: as ``leadgrade compare``.
    """
    from pipeline.api.verbs import run_compared

    return run_compared(config, frames, against, horizon)


def scorer(source: Path | str | Mapping[str, object]) -> FrameScorer:
    """A scorer that grades frames of features.

    Args:
        source: a scorer's folder, or a configuration, whose champion it is, or without one the scorer of the
            last training.

    Raises:
        ScoringError: there is none, or it is damaged.
    """
    from pipeline.api.frame_scorer import scorer_of

    return scorer_of(source)
