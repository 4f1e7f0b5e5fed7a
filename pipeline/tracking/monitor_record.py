"""What a look at a scorer leaves in MLflow: thresholds, figures, tables and chart, no personal data."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from models.drift.column_checks import DISTRIBUTION
from models.drift.report import WATCH
from pipeline.config.config import Config
from pipeline.monitoring.monitor import Monitoring
from pipeline.tracking.champion import Chosen


def record_monitor(
    config: Config,
    found: Monitoring,
    chosen: Chosen,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure],
    saved: str,
) -> str:
    """Record a look at a scorer in MLflow: its thresholds, figures, tables and chart.

    Args:
        config: the configuration.
        found: what was seen.
        chosen: the scorer, with its version in the registry if it has one.
        tables: file name -> table, no personal data.
        figures: file name -> chart.
        saved: what is saved already, for the message of a store that fails.

    Returns:
        The run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    from pipeline.tracking import mlflow_runs  # noqa: PLC0415 - mlflow takes seconds to import

    params = {f"monitor.{name}": str(value) for name, value in config.monitor.model_dump().items()}
    tags = {
        "as_of": found.as_of.isoformat(),
        "scorer": chosen.scorer.fingerprint,
        "version": chosen.version or "",
        "alarm": str(bool(found.alarms)).lower(),
    }
    look = mlflow_runs.Look(params, monitor_metrics(found), tags, tables, figures)
    return mlflow_runs.log_monitor(config, look, saved)


def monitor_metrics(found: Monitoring) -> dict[str, float]:
    """The figures of a look, by name; what is not known has none."""
    distributions = found.drift[
        (found.drift["check"] == DISTRIBUTION) & ~found.drift["source"].str.contains(" of ")
    ]
    sources = distributions["source"].str.replace(" ", "_")
    named = {
        "psi_largest": distributions.groupby(sources)["effect"].max(),
        "share": found.grades.set_index("grade")["now"],
        "expected_auc": found.expected.set_index("by")["now"],
        "promised": found.realised.set_index("by")["promised"],
        "realised": found.realised.set_index("by")["realised"],
    }
    numbers = {
        "alarms": float(len(found.alarms)),
        "watches": float((found.drift["level"] == WATCH).sum()),
        "checks": float(len(found.drift)),
        "open_leads": float(found.leads),
    }
    for what, series in named.items():
        numbers |= {f"{what}_{name}": float(number) for name, number in series.dropna().to_dict().items()}
    return numbers
