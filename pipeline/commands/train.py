"""What ``leadgrade train`` does, from configuration to a saved scorer and a recorded run."""

from dataclasses import replace

from pipeline import terminal
from pipeline.commands.sources import fingerprints, joined, learnable_outcomes, training_sources
from pipeline.comparison.comparison import row_keys
from pipeline.config.config import Config
from pipeline.errors import LeadgradeError
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.matured_promises import promise_note
from pipeline.evaluation.since_champion import SinceChampion, since_champion
from pipeline.fitting.grade_policy import check_scheme
from pipeline.intake.taken_in import TakenIn
from pipeline.language.sentence import Sentence
from pipeline.leaks.sentinel import find_suspects
from pipeline.matrix import dataset
from pipeline.matrix.early_calls import early_calls_note
from pipeline.matrix.scheme_words import unmatched_words
from pipeline.matrix.turnover_notes import turnover_notes
from pipeline.monitoring.callers import Callers
from pipeline.monitoring.reference import with_reference
from pipeline.outcomes.account import with_notes
from pipeline.outcomes.first_cohorts import first_cohorts_note
from pipeline.outcomes.matured import matured_note, won_without_date
from pipeline.output import write_table, write_text
from pipeline.page.pages import train_page
from pipeline.people.identifying import refuse_identifying
from pipeline.people.key import check_key, team_key
from pipeline.reading.validate import Validated
from pipeline.report.titles import title_of
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.targets import EVALUATION, FETCHED, QUARANTINE, STORE, Outputs
from pipeline.tracking.champion import champion_of
from pipeline.tracking.saved_scorer import EVALUATED, SCORER, check_replaceable, replace_scorer
from pipeline.tracking.training_record import check_recordable, record_training
from pipeline.tracking.unrecorded import UNRECORDED
from pipeline.training.train import Training, train_rows

SEARCH = "search.csv"
TRAIN_PAGE = "train.html"

# Written below ``output_dir``.
WRITES = (
    QUARANTINE,
    ".train.work",
    *EVALUATION,
    SEARCH,
    TRAIN_PAGE,
    SCORER,
    EVALUATED,
    UNRECORDED,
    FETCHED,
    *STORE,
)


def run_train(config: Config, *, tracked: bool = True) -> tuple[Training, Validated]:
    """Train, evaluate, save the scorer and record the run."""
    outputs = Outputs(config, WRITES)
    check_replaceable(config.output_path(SCORER), config.output_path(EVALUATED))
    schemes = checked_schemes(config)
    check_scheme(config, schemes)
    if tracked:
        check_recordable(config)
    if "calls" in config.sources:
        check_key(config)
    with training_sources(config, "train") as taken:
        validated, prints = taken.validated, fingerprints(config)
        config, account = learnable_outcomes(config, taken)
        with terminal.working(Sentence("building the matrix")):
            rows = dataset.training_rows(config, taken)
        refuse_identifying(config, rows.frame)
        warnings = (
            *validated.warnings,
            *unmatched_words(schemes, rows.frame),
            *early_calls_note(rows.frame),
            *turnover_notes(rows),
        )
        for warning in warnings:
            terminal.note(warning)
        account = with_notes(account, first_cohorts_note(config, rows), matured_note(config, taken, rows))
        with terminal.working(Sentence("looking for leaks")):
            suspects = find_suspects(config, rows, taken)
        with terminal.working(Sentence("training")):
            training = train_rows(
                config, rows, schemes, joined(prints), validated.recogniser, suspects, validated.speakers
            )
            # Only here: a run that is refused leaves no key.
            callers = Callers(team_key(config) if "calls" in config.sources else None)
            training = with_reference(config, training, rows, taken, callers)
        missed = _missed(config, taken, rows, training)
    training = replace(training, outcomes=with_notes(account, missed))
    page = _page(config, training, tracked=tracked)
    _save(outputs, training, escape=config.escape_cells)
    write_text(page, outputs.named(TRAIN_PAGE))
    if tracked:
        with terminal.working(Sentence("recording the run")):
            record_training(
                config, training, rows, validated, prints, config.output_path(SCORER), {TRAIN_PAGE: page}
            )
    return training, validated


def _missed(config: Config, taken: TakenIn, rows: dataset.Rows, training: Training) -> str | None:
    """What is to be said of promises that were not kept as a whole."""
    if training.scorer.reference is None:
        return None
    learned = training.scorer.reference.promised[rows.horizons[-1]]
    return promise_note(config, rows, training.evaluation, learned, won_without_date(config, taken))


def _page(config: Config, training: Training, *, tracked: bool) -> str:
    title = title_of(config.name, config.simulation)
    rows, since = training.evaluation.rows, _since_champion(config, training) if tracked else None
    return train_page(title, training, row_keys(config, rows), since)


def _since_champion(config: Config, training: Training) -> SinceChampion | None:
    try:
        found = champion_of(config)
    except LeadgradeError:  # a page never costs a training
        return SinceChampion("?", unfit=Sentence("the registry did not answer, or it is damaged"))
    if found is None:
        return None
    version, champion = found
    evaluation, seed = training.evaluation, config.model.seed
    return since_champion(str(version), champion, version.fitted_until, evaluation, training.scorer, seed)


def _save(outputs: Outputs, training: Training, *, escape: bool) -> None:
    replace_scorer(training.shipped, outputs.named(SCORER))
    replace_scorer(training.scorer, outputs.named(EVALUATED))
    write_evaluation(outputs, training.evaluation, escape=escape)
    if training.searched is not None:
        write_table(training.searched.trials, outputs.named(SEARCH), escape=escape)
    else:
        outputs.named(SEARCH).unlink(missing_ok=True)  # of an earlier training


def write_evaluation(outputs: Outputs, evaluation: Evaluation, *, escape: bool) -> None:
    """Write the tables of an evaluation, a CSV file each."""
    for name, table in evaluation.tables.items():
        write_table(table, outputs.named(f"{name}.csv"), escape=escape)
