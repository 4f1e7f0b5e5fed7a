"""``leadgrade train``."""

from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath, Json


def train(
    config: ConfigPath,
    refit: Annotated[
        bool, typer.Option("--refit", help="After evaluation, fit again on all periods moved forward.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fit, calibrate, grade and evaluate by time; save the scorer and record the run in MLflow."""
    from pipeline import terminal
    from pipeline.cli.screens import evaluation as evaluation_screen
    from pipeline.cli.screens import sources as sources_screen
    from pipeline.commands.sources import count_table, outcome_table
    from pipeline.commands.train import TRAIN_PAGE, run_train
    from pipeline.config.config import read_config
    from pipeline.evaluation.verdict import first_words
    from pipeline.language.sentence import Sentence
    from pipeline.leaks.sentinel import suspect_table
    from pipeline.report.titles import title_of
    from pipeline.tracking.saved_scorer import SCORER

    settings = read_config(config, {"refit": True} if refit else None)
    training, validated = run_train(settings)
    evaluation = training.evaluation
    warnings = first_words(evaluation, at_least=training.scorer.model.at_least_)
    told = training.outcomes
    if as_json:
        terminal.print_json(
            {
                "warnings": list(warnings),
                "outcomes": None if told is None else outcome_table(told),
                **evaluation.tables,
                "scorer": training.shipped.fingerprint,
                "suspects": suspect_table(training.suspects),
                "dropped": list(training.shipped.dropped),
                "search": None if training.searched is None else training.searched.trials,
            }
        )
        return
    for sentence in warnings:
        terminal.say(sentence)
    if told is not None:
        sources_screen.outcome_lines(told)
    sources_screen.counts(count_table(validated), validated.hearing)
    sources_screen.warn_of(training.suspects, training.shipped.dropped)
    title = title_of(settings.name, settings.simulation)
    evaluation_screen.searched(training.searched, title)
    evaluation_screen.results(evaluation, title, whole=False)
    if settings.refit:
        terminal.say(
            Sentence(
                "refitted: all periods moved forward by one; the scorer that ships was calibrated on leads "
                "from {since}, which the one above was tested on",
                since=training.shipped_periods.calibrate_from,
            )
        )
    scorer, path = training.shipped.fingerprint[:12], settings.output_path(SCORER)
    page = settings.output_path(TRAIN_PAGE)
    terminal.say(Sentence("scorer {scorer} in {path}; to open: {page}", scorer=scorer, path=path, page=page))
    terminal.say(
        Sentence(
            "it is the challenger now: leadgrade promote {config} compares it with the champion",
            config=config,
        )
    )
