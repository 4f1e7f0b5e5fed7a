"""What a training run leaves in MLflow: parameters, tables and charts, no personal data."""

import base64
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from features.labels import closed_column
from models.arrays import Floats
from models.grades.policy import GradeThreshold
from pipeline.config.config import Config
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import few
from pipeline.files.cell_text import csv_text
from pipeline.fitting.search import Searched
from pipeline.language.reader import reader
from pipeline.language.sentence import in_language
from pipeline.leaks.sentinel import suspect_table
from pipeline.matrix.dataset import Rows
from pipeline.reading.validate import Validated
from pipeline.report import charts
from pipeline.report.lettering import drawn_language
from pipeline.report.titles import title_of
from pipeline.tracking.description import description
from pipeline.tracking.unrecorded import Unrecorded, record_now
from pipeline.tracking.versions import tag_text
from pipeline.training.backtest import Backtest
from pipeline.training.train import Training


def record_training(
    config: Config,
    training: Training,
    rows: Rows,
    validated: Validated,
    prints: Mapping[str, str],
    scorer_folder: Path,
    pages: Mapping[str, str],
) -> str:
    """Record a training in MLflow, with its settings, fingerprints, tables and charts.

    All of it is kept beside the scorer until the store has it, for ``unrecorded.record_again``.

    Args:
        config: the configuration.
        training: what was trained and evaluated.
        rows: the matrix it learned from.
        validated: the sources as read.
        prints: SHA-256 of each source file.
        scorer_folder: the saved scorer.
        pages: what people read of it, file name -> HTML, no personal data.

    Returns:
        The parent run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    from pipeline.tracking import mlflow_runs  # noqa: PLC0415 - mlflow takes seconds to import

    tables = _tables(training, rows)
    told = Unrecorded(
        name=config.name,
        simulation=config.simulation,
        scorer=training.shipped.fingerprint,
        fitted_until=tag_text(training.shipped_periods.test_from),
        params=_params(config, training, rows, validated, prints),
        kinds={system.name: system.kind for system in training.evaluation.systems},
        metrics=mlflow_runs.metrics_of(training),
        tables={name: csv_text(table) for name, table in tables.items()},
        charts={
            name: _png(chart) for name, chart in figures(config, training.evaluation, rows.horizons).items()
        },
        pages=dict(pages),
        note=description(config, training, validated),
    )
    told.keep(config)
    return record_now(config, told, scorer_folder)


def check_recordable(config: Config) -> None:
    """Ask whether the store is there to record in, before any work.

    Raises:
        OutputError: it does not answer within seconds, or cannot be written.
    """
    from pipeline.tracking import store  # noqa: PLC0415 - mlflow takes seconds to import

    store.check_store(config)


def _tables(training: Training, rows: Rows) -> dict[str, pd.DataFrame]:
    evaluation = training.evaluation
    return {
        "leaderboard.csv": evaluation.board,
        "grades.csv": evaluation.grades,
        "calibration.csv": evaluation.calibration,
        "calibration_choice.csv": evaluation.choices,
        "promises.csv": evaluation.promises,
        "features.csv": _feature_list(rows),
        "leaks.csv": suspect_table(training.suspects),
        **_trials(training.searched),
    }


def _png(chart: Figure) -> str:
    drawn = BytesIO()
    chart.savefig(drawn, format="png")
    return base64.b64encode(drawn.getvalue()).decode()


def record_backtest(
    config: Config,
    found: Backtest,
    plan: Mapping[str, str],
    validated: Validated,
    prints: Mapping[str, str],
    saved: str,
) -> str:
    """Record a backtest in MLflow: its settings, fingerprints and tables, without the predictions.

    Args:
        config: the configuration.
        found: from ``backtest.backtest_rows``.
        plan: how it went forward.
        validated: the sources as read.
        prints: SHA-256 of each source file.
        saved: what is saved already, for the message of a store that fails.

    Returns:
        The run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    params = {
        **_settings(config, found.searched),
        **_sources(validated, prints),
        **{f"backtest.{name}": value for name, value in plan.items()},
        "origins": str(found.predictions["origin"].nunique()),
        "predictions": str(len(found.predictions)),
    }
    tables = {"leaderboard.csv": found.board, "by_period.csv": found.by_period, **_trials(found.searched)}
    if not found.by_days.empty:
        tables["by_days.csv"] = found.by_days
    from pipeline.tracking import mlflow_runs  # noqa: PLC0415 - mlflow takes seconds to import

    return mlflow_runs.log_backtest(config, params, found.board, tables, saved)


def figures(config: Config, evaluation: Evaluation, horizons: tuple[str, ...]) -> dict[str, Figure]:
    """The charts of an evaluation, by file name, in the reader's language."""
    closed = closed_labels(evaluation.rows, horizons)
    leads = evaluation.rows["lead_id"].to_numpy(dtype=object)
    language = drawn_language(reader())
    name = in_language(title_of(config.name, config.simulation), language)
    model, *rivals = evaluation.systems
    known = few([rival.name for rival in rivals])
    systems = [model, *(rival for rival in rivals if rival.name in known)]
    return {
        "calibration.png": charts.reliability_chart(
            model, closed, leads, horizons, name, evaluation.raw, language
        ),
        "gains.png": charts.gains_chart(systems, closed, horizons, name, language),
        "lift.png": charts.lift_chart(systems, closed, horizons, name, language),
    }


def closed_labels(rows: pd.DataFrame, horizons: tuple[str, ...]) -> Floats:
    """The labels (rows, horizons) as numbers, NaN where not ripe."""
    columns = [closed_column(horizon) for horizon in horizons]
    return rows[columns].to_numpy(dtype=np.float64, na_value=np.nan)


def _feature_list(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame({"name": f.name, "unit": f.unit, "meaning": f.meaning_en} for f in rows.features)


def _trials(searched: Searched | None) -> dict[str, pd.DataFrame]:
    return {} if searched is None else {"search.csv": searched.trials}


def _settings(config: Config, searched: Searched | None) -> dict[str, str]:
    """Cohort, label and split, the model's parameters as it was fitted, and the budget of their search."""
    parts = {
        "model": config.model if searched is None else searched.model,
        "search": config.search,
        "cohort": config.cohort,
        "label": config.label,
        "split": config.split,
    }
    return {
        f"{part}.{name}": str(value)
        for part, settings in parts.items()
        for name, value in settings.model_dump(mode="json").items()
    }


def _sources(validated: Validated, prints: Mapping[str, str]) -> dict[str, str]:
    return {
        **{f"rows.{name}": str(count.rows_used) for name, count in validated.counts.items()},
        **{f"sha256.{name}": digest for name, digest in prints.items()},
        **{f"source.calls.{name}": source for name, source in validated.call_sources.items()},
    }


def _params(
    config: Config, training: Training, rows: Rows, validated: Validated, prints: Mapping[str, str]
) -> dict[str, str]:
    policy = training.shipped.policy
    grades = {f"grade.{one.grade}": _condition(one, policy.kind) for one in policy.conditions}
    windows = zip(rows.horizons, training.shipped.calibration.windows, strict=True)
    return {
        **_settings(config, training.searched),
        **_sources(validated, prints),
        "grades.policy": policy.kind,
        **grades,
        **{f"calibration.{horizon}": window.method for horizon, window in windows},
        "rows.matrix": str(rows.frame.height),
        "horizons": ",".join(rows.horizons),
        "features": str(len(rows.features)),
        "trees": str(training.shipped.model.trees_),
        "calibrate_from": str(training.shipped_periods.calibrate_from),
        "test_from": str(training.shipped_periods.test_from),
        "observed_until": str(rows.observed_until),
        "refit": str(config.refit),
        "leaks.policy": config.leaks.policy,
        "leaks.suspects": str(len(training.suspects)),
        "scorer": training.shipped.fingerprint,
        "intents.recogniser": config.intents.recogniser,
        "sha256.recogniser": validated.recogniser or "none: the log tells all",
    }


def _condition(condition: GradeThreshold, kind: str) -> str:
    what = "net value" if kind == "value" else f"chance by {condition.by}"
    return f"{what} of at least {condition.at_least:g}"
