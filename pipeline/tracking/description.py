"""What a run says of itself in MLflow: what was trained, on what, how good it is, and where to look."""

from datetime import datetime

import pandas as pd

from pipeline.config.config import Config
from pipeline.reading.validate import Validated
from pipeline.report.titles import title_of
from pipeline.training.train import Training


def description(config: Config, training: Training, validated: Validated) -> str:
    """The lines of a training's description, in Markdown; none of them personal data.

    Args:
        config: the configuration.
        training: what was trained and evaluated.
        validated: the sources as read.
    """
    tested, periods = training.evaluation.rows, training.evaluation.periods
    read = ", ".join(f"{count.rows_used:,} {name}" for name, count in validated.counts.items())
    lines = [
        f"**{title_of(config.name, config.simulation)}**: scorer {training.shipped.fingerprint[:12]}, "
        f"{training.shipped.model.trees_:,} trees over {len(training.shipped.columns):,} features.",
        f"Taught by the leads before {_day(periods.test_from)}, calibrated on those from "
        f"{_day(periods.calibrate_from)} on, tested on {len(tested):,} rows of "
        f"{tested['lead_id'].nunique():,} leads since. Rows read: {read}.",
        *_how_good(training.evaluation.board),
        _promises(training.evaluation.promises),
        _suspects(training),
        *_refit(config, training),
        "Look first at train.html (artefacts, both languages); then leaderboard.csv, promises.csv, "
        "leaks.csv. Each nested run is a way of grading with its measures on the same leads.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def registered_as(name: str, number: str, logged: str) -> str:
    """The line that names the registered and the logged model.

    >>> registered_as("leadgrade", "3", "models:/m-1")
    '- Registered as leadgrade, version 3 (models:/leadgrade/3), logged as models:/m-1.'
    """
    return f"- Registered as {name}, version {number} (models:/{name}/{number}), logged as {logged}."


def _how_good(board: pd.DataFrame) -> list[str]:
    if board.empty:
        return ["No leaderboard: the test period has too few closes yet."]
    told = board[(board["metric"] == "auc") & (board["leads_in"] == "all") & board["value"].notna()]
    return [_horizon(str(horizon), part) for horizon, part in told.groupby("horizon", sort=False)]


def _horizon(horizon: str, part: pd.DataFrame) -> str:
    own = part[part["kind"] == "model"].iloc[0]
    said = (
        f"Closed by {horizon}: {own['closes']:,} of {own['rows']:,}; AUC {own['value']:.3f} "
        f"({own['low']:.3f} to {own['high']:.3f})"
    )
    others = part[~part["kind"].isin(["model", "hindsight"])]
    if others.empty:
        return f"{said}."
    best = others.sort_values("value").iloc[-1]
    return f"{said}; the best other, {best['system']}, {best['value']:.3f}."


def _promises(promises: pd.DataFrame) -> str:
    found = promises["verdict"].value_counts(sort=False)
    return f"Promises: {', '.join(f'{count} {verdict}' for verdict, count in found.items())}."


def _suspects(training: Training) -> str:
    suspects = [one for one in training.suspects if not one.is_question]
    questions = len(training.suspects) - len(suspects)
    return (
        f"Columns or events that may know the outcome: {len(suspects)} suspects, {questions} questions; "
        f"{len(training.shipped.dropped)} features left out for it."
    )


def _refit(config: Config, training: Training) -> list[str]:
    if not config.refit:
        return []
    shipped = training.shipped_periods
    return [f"Fitted again afterwards on the leads before {_day(shipped.test_from)}: that scorer is logged."]


def _day(instant: datetime | int) -> str:
    return f"{instant:%Y-%m-%d}" if isinstance(instant, datetime) else f"row {instant}"
