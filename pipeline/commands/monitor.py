"""What ``leadgrade monitor`` does, from configuration to files and a recorded run."""

from datetime import UTC, datetime

import pandas as pd

from pipeline import terminal
from pipeline.commands.sources import as_learned, training_sources
from pipeline.config.config import Config
from pipeline.language.reader import reader
from pipeline.language.sentence import Sentence
from pipeline.matrix.as_of import check_as_of, export_time
from pipeline.monitoring.callers import Callers, callers_of
from pipeline.monitoring.monitor import Monitoring, look, reference_of, watch
from pipeline.output import write_figure, write_table
from pipeline.report.monitor_chart import monitor_chart
from pipeline.report.titles import title_of
from pipeline.targets import FETCHED, QUARANTINE, STORE, Outputs
from pipeline.tracking.champion import Chosen, scorer_for
from pipeline.tracking.monitor_record import record_monitor
from pipeline.tracking.saved_scorer import check_recogniser, load_scorer
from pipeline.tracking.training_record import check_recordable
from pipeline.transcripts.heard_as import heard_as

MONITOR = "monitor.csv"
CHART = "monitor.png"

# Written below ``output_dir``.
WRITES = (
    QUARANTINE,
    ".monitor.work",
    MONITOR,
    "monitor_grades.csv",
    "monitor_auc.csv",
    "monitor_realised.csv",
    "monitor_promises.csv",
    CHART,
    FETCHED,
    *STORE,
)


def run_monitor(
    config: Config, as_of: datetime | None, model: str | None = None, *, tracked: bool = True
) -> tuple[Monitoring, Chosen, Callers]:
    """Look at a scorer's inputs, answers and outcomes, write tables and chart, record the run.

    Returns what was found, the scorer, and who the agents are that stand by other names in it.

    Args:
        config: the configuration.
        as_of: the instant to look at; that of the export when left out.
        model: names the scorer as ``champion.scorer_for`` reads it: the champion when left out.
        tracked: whether to record the run in MLflow.

    Raises:
        ConfigError: the instant is in the future or one that the scorer learned from, or the list is flat.
        ScoringError: there is no such scorer, it has no reference, or it does not fit the data.
        OutputError: a result cannot be written or recorded, or would replace what is read.
    """
    outputs = Outputs(config, WRITES)
    if as_of is not None:
        check_as_of(config, as_of)
    chosen = scorer_for(config, model, lambda: load_scorer(config))
    config = heard_as(config, chosen.scorer.recogniser)
    if tracked:
        check_recordable(config)
    with training_sources(config, "monitor", chosen.scorer.speakers) as taken:
        check_recogniser(config, chosen.scorer, taken.validated)
        config = as_learned(config, taken)
        instant = as_of or export_time(config, taken.latest, datetime.now(UTC))
        callers, reference = callers_of(config, reference_of(config, chosen.scorer, instant))
        with terminal.working(Sentence("building the matrix")):
            seen = look(config, taken, chosen.scorer, reference, instant, callers)
    with terminal.working(Sentence("comparing")):
        found = watch(
            config.monitor, chosen.scorer, reference, seen, config.model.seed, config.privacy.rare_below
        )
        chart = monitor_chart(found, title_of(config.name, config.simulation), reader())
    for name, table in tables_of(found).items():
        write_table(table, outputs.named(name), escape=config.escape_cells)
    write_figure(chart, outputs.named(CHART))
    if tracked:
        with terminal.working(Sentence("recording the run")):
            saved = f"the tables are in {config.output_path()}"
            record_monitor(config, found, chosen, tables_of(found), {CHART: chart}, saved)
    return found, chosen, callers


def tables_of(found: Monitoring) -> dict[str, pd.DataFrame]:
    """The tables of a look, by file name."""
    return {
        MONITOR: found.drift,
        "monitor_grades.csv": found.grades,
        "monitor_auc.csv": found.expected,
        "monitor_realised.csv": found.realised,
        "monitor_promises.csv": found.promises,
    }
