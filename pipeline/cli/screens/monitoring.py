"""What ``leadgrade monitor`` shows."""

from typing import Any

import pandas as pd

from models.drift.report import QUIET
from pipeline.monitoring.callers import Callers
from pipeline.monitoring.monitor import Monitoring
from pipeline.report.tables import promise_summary
from pipeline.terminal import say, show
from pipeline.tracking.champion import Chosen

_TOLD = ["level", "source", "column", "check", "value", "before", "now", "effect", "size", "p_corrected"]


def monitored(found: Monitoring, chosen: Chosen, title: str, callers: Callers) -> None:
    """What changed, the grades, the AUC to be expected, and what became of the promises; agents by name."""
    say(f"{found.leads} open leads as of {found.as_of:%Y-%m-%d %H:%M}Z; graded by {chosen.graded_by}")
    changed = found.drift[found.drift["level"] != QUIET]
    if changed.empty:
        say(f"nothing changed beyond chance: {len(found.drift)} checks of inputs, scores and grades")
    else:
        show(_readable(changed, callers), f"{title}: what changed, in {len(found.drift)} checks")
    show(found.grades, f"{title}: share of the grades, in training and now")
    show(found.expected, f"{title}: AUC to be expected from the probabilities, in training and now")
    _outcomes(found, title)


def _outcomes(found: Monitoring, title: str) -> None:
    ripe = found.realised[found.realised["rows"] > 0]
    if ripe.empty:
        say("no outcome has ripened since the scorer was fitted: nothing realised to compare with yet")
        return
    show(
        ripe[["by", "rows", "expected", "closes", "gap", "gap_low", "gap_high", "p", "level"]],
        f"{title}: closes of the newest ripe leads, promised and realised",
    )
    promises = found.promises[found.promises["leads"] > 0]
    shown = promise_summary(promises).assign(level=promises["level"])
    show(shown, f"{title}: the grades' promises since the scorer was fitted")


def _readable(changed: pd.DataFrame, callers: Callers) -> pd.DataFrame:
    told = changed[_TOLD].assign(
        source=changed["source"].map(callers.readable),
        p_corrected=[f"{p:.1g}" for p in changed["p_corrected"]],
    )
    return told.rename(columns={"p_corrected": "p, corrected"})


def monitor_tables(found: Monitoring, chosen: Chosen) -> dict[str, Any]:
    """The results for a script."""
    return {
        "as_of": found.as_of.isoformat(),
        "scorer": chosen.scorer.fingerprint,
        "version": chosen.version,
        "leads": found.leads,
        "alarms": list(found.alarms),
        "drift": found.drift,
        "grades": found.grades,
        "expected_auc": found.expected,
        "realised": found.realised,
        "promises": found.promises,
    }
