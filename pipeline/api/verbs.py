"""The verbs as Python functions: what ``pipeline.commands`` does, answered as values."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.api.answers import Answer, GradedLeads, Trained
from pipeline.api.frame_scorer import FrameScorer
from pipeline.api.given import Given, frame_file, given_config
from pipeline.commands.check import run_check
from pipeline.commands.compare import run_compare
from pipeline.commands.score import quarantine_path, run_score
from pipeline.commands.sources import count_table
from pipeline.commands.train import run_train
from pipeline.config.config import Config
from pipeline.config.data import to_moment
from pipeline.errors import ConfigError
from pipeline.files.cell_text import restored
from pipeline.report.titles import title_of

Frames = Mapping[str, pd.DataFrame] | None


def run_checked(given: Given, frames: Frames) -> Answer:
    """As ``api.check``."""
    with given_config(given, frames) as config:
        found = run_check(config)
    suspects = pd.DataFrame([vars(one) for one in found.suspects]) if found.suspects else pd.DataFrame()
    absent = pd.DataFrame(
        {"feature": list(found.absent), "misses": [", ".join(names) for names in found.absent.values()]}
    )
    tables = {"sources": found.sources, "labels": found.labels, "suspects": suspects, "absent": absent}
    return Answer(_title(config, "check"), tables, found.notes)


def run_trained(given: Given, frames: Frames, *, record: bool) -> Trained:
    """As ``api.train``."""
    with given_config(given, frames) as config:
        training, validated = run_train(config, tracked=record)
    scorer = FrameScorer(
        training.shipped, f"the scorer of {config.name}, {training.shipped.fingerprint[:12]}"
    )
    tables = {"sources": count_table(validated), **training.evaluation.tables}
    return Trained(_title(config, "train"), tables, validated.warnings, scorer=scorer)


def run_graded(
    given: Given,
    frames: Frames,
    *,
    leads: Path | str | pd.DataFrame | None,
    as_of: datetime | str | None,
    reasons: int,
    model: str | None,
) -> GradedLeads:
    """As ``api.score``."""
    with ExitStack() as open_:
        config = open_.enter_context(given_config(given, frames))
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="leadgrade-")))
        out = folder / "graded.parquet"
        listed = frame_file(leads, folder, "leads") if isinstance(leads, pd.DataFrame) else leads
        told = run_score(
            config,
            None if listed is None else Path(listed),
            _instant(as_of, config),
            out,
            reasons=reasons,
            model=model,
        )
        left_out = pd.read_csv(quarantine_path(out), dtype="str").map(restored, na_action="ignore")
        tables = {"leads": pd.read_parquet(out), "left_out": left_out}
    notes = (f"as of {told.as_of:%Y-%m-%d %H:%M}Z", f"graded by {told.graded_by}")
    return GradedLeads(_title(config, "score"), tables, notes)


def run_compared(given: Given, frames: Frames, against: str | None, horizon: str | None) -> Answer:
    """As ``api.compare``."""
    with given_config(given, frames) as config:
        _, comparison = run_compare(config, against, horizon)
    return Answer(_title(config, "compare"), {"lines": comparison.lines, **comparison.tables})


def _title(config: Config, verb: str) -> str:
    return f"{verb}: {title_of(config.name, config.simulation)}"


def _instant(as_of: datetime | str | None, config: Config) -> datetime | None:
    if as_of is None or isinstance(as_of, str):
        try:
            return None if as_of is None else to_moment(as_of, config.timezone)
        except ValueError as error:
            raise ConfigError(f"as_of {as_of!r}: {error}") from None
    return as_of if as_of.tzinfo else as_of.replace(tzinfo=ZoneInfo(config.timezone))
