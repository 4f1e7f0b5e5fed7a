"""What ``leadgrade compare`` does: learned grades beside those of rules and people, lead by lead."""

from pipeline import terminal
from pipeline.commands.sources import as_learned, training_sources
from pipeline.commands.train import write_evaluation
from pipeline.comparison.comparison import Comparison, compare_grades, row_keys
from pipeline.config.config import Config
from pipeline.evaluation.evaluate import Evaluation, evaluate
from pipeline.language.sentence import Sentence
from pipeline.matrix import dataset
from pipeline.output import write_table, write_text
from pipeline.page.pages import compare_page
from pipeline.report.titles import title_of
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.scoring.grader import check_rows_fit
from pipeline.targets import EVALUATION, QUARANTINE, Outputs
from pipeline.tracking.saved_scorer import EVALUATED, check_recogniser, load_scorer
from pipeline.transcripts.heard_as import heard_as

COMPARED = "compare.csv"
COMPARE_PAGE = "compare.html"
_TABLES = ("cross", "agreement", "swaps", "capacity", "slices", "sharpest")

# Written below ``output_dir``.
WRITES = (
    QUARANTINE,
    ".compare.work",
    *EVALUATION,
    COMPARED,
    COMPARE_PAGE,
    *(f"compare_{name}.csv" for name in _TABLES),
)


def run_compare(
    config: Config, against: str | None = None, horizon: str | None = None
) -> tuple[Evaluation, Comparison]:
    """Evaluate the saved scorer beside its rivals; write both sides' grades of every row and what they tell.

    Args:
        config: the configuration.
        against: as of ``compare_grades``.
        horizon: likewise.
    """
    outputs = Outputs(config, WRITES)
    scorer = load_scorer(config, EVALUATED)
    config = heard_as(config, scorer.recogniser)
    with training_sources(config, "compare", scorer.speakers) as taken:
        check_recogniser(config, scorer, taken.validated)
        config = as_learned(config, taken)
        with terminal.working(Sentence("building the matrix")):
            rows = dataset.training_rows(config, taken)
    check_rows_fit(config, rows, scorer)
    with terminal.working(Sentence("comparing")):
        evaluation = evaluate(config, rows, scorer, checked_schemes(config))
        comparison = compare_grades(config, evaluation, scorer, against, horizon)
    write_table(comparison.lines, outputs.named(COMPARED), escape=config.escape_cells)
    for name, table in comparison.tables.items():
        write_table(table, outputs.named(f"compare_{name}.csv"), escape=config.escape_cells)
    write_evaluation(outputs, evaluation, escape=config.escape_cells)
    keys, title = row_keys(config, evaluation.rows), title_of(config.name, config.simulation)
    write_text(
        compare_page(title, comparison, evaluation, scorer.horizons, keys), outputs.named(COMPARE_PAGE)
    )
    return evaluation, comparison
