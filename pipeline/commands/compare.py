"""What ``leadgrade compare`` does: learned and rule grades side by side, lead by lead."""

import pandas as pd

from pipeline import terminal
from pipeline.commands.sources import training_sources
from pipeline.commands.train import write_evaluation
from pipeline.config.config import Config
from pipeline.evaluation import disagreements
from pipeline.evaluation.evaluate import Evaluation, evaluate
from pipeline.matrix import dataset
from pipeline.output import write_table
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.scoring.grader import check_rows_fit
from pipeline.targets import EVALUATION, QUARANTINE, Outputs
from pipeline.tracking.saved_scorer import EVALUATED, check_recogniser, load_scorer
from pipeline.transcripts.heard_as import heard_as

COMPARED = "compare.csv"

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".compare.work", *EVALUATION, COMPARED)


def run_compare(config: Config) -> tuple[Evaluation, pd.DataFrame, pd.DataFrame]:
    """Evaluate the saved scorer beside its rivals; write where they part, lead by lead."""
    outputs = Outputs(config, WRITES)
    scorer = load_scorer(config, EVALUATED)
    config = heard_as(config, scorer.recogniser)
    with training_sources(config, "compare", scorer.speakers) as taken:
        check_recogniser(config, scorer, taken.validated)
        with terminal.working("building the matrix"):
            rows = dataset.training_rows(config, taken)
    check_rows_fit(config, rows, scorer)
    with terminal.working("comparing"):
        evaluation = evaluate(config, rows, scorer, checked_schemes(config))
    parted = disagreements.differences(evaluation, scorer.policy, rows.horizons)
    write_table(parted, outputs.named(COMPARED))
    write_evaluation(outputs, evaluation)
    return evaluation, parted, disagreements.summary(parted, len(evaluation.rows), rows.horizons)
