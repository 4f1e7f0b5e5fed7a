"""What ``leadgrade monitor`` shows."""

from typing import Any

import pandas as pd

from models.drift.reference import OPEN_LEADS
from models.drift.report import QUIET, ROWS
from pipeline.language.catalogue import look_up_word
from pipeline.language.reader import reader
from pipeline.language.sentence import Sentence
from pipeline.monitoring.callers import Callers
from pipeline.monitoring.monitor import Monitoring
from pipeline.report.tables import promise_summary
from pipeline.terminal import say, show
from pipeline.tracking.champion import Chosen

_TOLD = ["level", "source", "column", "check", "value", "before", "now", "effect", "size", "p_corrected"]


def monitored(found: Monitoring, chosen: Chosen, title: str, callers: Callers) -> None:
    """What changed, the grades, the AUC to be expected, and what became of the promises; agents by name."""
    say(
        Sentence(
            "{leads} open leads as of {as_of:%Y-%m-%d %H:%M}Z; graded by {scorer}",
            leads=found.leads,
            as_of=found.as_of,
            scorer=chosen.graded_by,
        )
    )
    changed = found.drift[found.drift["level"] != QUIET]
    if changed.empty:
        say(
            Sentence(
                "nothing changed beyond chance: {checks} checks of inputs, scores and grades",
                checks=len(found.drift),
            )
        )
    else:
        heading = Sentence("{title}: what changed, in {checks} checks", title=title, checks=len(found.drift))
        show(_readable(changed, callers), heading)
        for line in callers.words(changed["source"]):
            say(line)
    show(found.grades, Sentence("{title}: share of the grades, in training and now", title=title))
    auc = Sentence("{title}: AUC to be expected from the probabilities, in training and now", title=title)
    show(found.expected, auc)
    _outcomes(found, title)


def _outcomes(found: Monitoring, title: str) -> None:
    ripe = found.realised[found.realised["rows"] > 0]
    if ripe.empty:
        say(
            Sentence(
                "no outcome has ripened since the scorer was fitted: nothing realised to compare with yet"
            )
        )
        return
    show(
        ripe[["by", "rows", "expected", "closes", "gap", "gap_low", "gap_high", "p", "level"]],
        Sentence("{title}: closes of the newest ripe leads, promised and realised", title=title),
    )
    promises = found.promises[found.promises["leads"] > 0]
    shown = promise_summary(promises, reader()).assign(level=promises["level"])
    show(shown, Sentence("{title}: the grades' promises since the scorer was fitted", title=title))


def _readable(changed: pd.DataFrame, callers: Callers) -> pd.DataFrame:
    source = changed["source"].map(callers.readable)
    told = changed[_TOLD].assign(
        source=source.replace(OPEN_LEADS, look_up_word(OPEN_LEADS, reader())),
        column=changed["column"].replace(ROWS, look_up_word(ROWS, reader())),
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
