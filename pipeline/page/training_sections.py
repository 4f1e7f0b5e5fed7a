"""What a training tells of itself: what was trained, on what, how good it is, what may know the outcome."""

from datetime import datetime

from pipeline.evaluation.verdict import is_constant
from pipeline.language.catalogue import Language, translate
from pipeline.leaks.sentinel import suspect_table
from pipeline.page.blocks import Block, Paragraph, Section, Table
from pipeline.page.columns import words
from pipeline.page.words import horizon_words
from pipeline.training.train import Training


def summary_section(training: Training, language: Language) -> Section:
    """What was trained, on what, and how good it is, in a few sentences."""
    said = [*_warnings(training, language), _what(training, language), *_how_good(training, language)]
    if training.shipped is not training.scorer:
        said.append(
            translate(
                "The scorer that grades leads was fitted again afterwards, with all periods moved forward: "
                "the test period taught it too.",
                language,
            )
        )
    return Section(translate("In short", language), [Paragraph(sentence) for sentence in said])


def _warnings(training: Training, language: Language) -> list[str]:
    if is_constant(training.evaluation.systems[0]):
        return [translate("The model is constant: it gives every lead the same chance.", language)]
    return []


def _what(training: Training, language: Language) -> str:
    evaluation = training.evaluation
    return translate(
        "Scorer {scorer}: {trees} trees over {features} features. It learned from the leads before {test}; "
        "those from {calibrate} on also calibrated it. It was tested on {rows} rows of {leads} leads since.",
        language,
        scorer=training.shipped.fingerprint[:12],
        trees=f"{training.scorer.model.trees_:,}",
        features=f"{len(training.scorer.columns):,}",
        rows=f"{len(evaluation.rows):,}",
        leads=f"{evaluation.rows['lead_id'].nunique():,}",
        test=_day(evaluation.periods.test_from),
        calibrate=_day(evaluation.periods.calibrate_from),
    )


def _how_good(training: Training, language: Language) -> list[str]:
    board = training.evaluation.board
    if board.empty:
        return []
    own = board[(board["system"] == "model") & (board["metric"] == "auc") & (board["leads_in"] == "all")]
    return [
        translate(
            "Closed {by}: {closes} of {rows}; AUC {auc} ({low} – {high}).",
            language,
            by=horizon_words(row["horizon"], language),
            closes=f"{row['closes']:,}",
            rows=f"{row['rows']:,}",
            **{name: f"{row[column]:.3f}" for name, column in _AUC.items()},
        )
        for row in own.to_dict("records")
    ]


_AUC = {"auc": "value", "low": "low", "high": "high"}


def leak_section(training: Training, language: Language) -> Section:
    """The columns and events that look as if they knew the outcome."""
    title = translate("What may know the outcome", language)
    told = suspect_table(training.suspects)
    if told.empty:
        said = translate("No column and no event looks as if it knew the outcome.", language)
        return Section(title, [Paragraph(said)])
    dropped = set(training.scorer.dropped)
    standing = {"suspect": translate("suspect", language), "question": translate("question", language)}
    use = {True: translate("left out of the model", language), False: translate("in the model", language)}
    columns = [
        words(translate("column or event", language), told["name"]),
        words(translate("standing", language), [standing[one] for one in told["standing"]]),
        words(
            translate("use", language),
            [use[bool(one.features) and set(one.features) <= dropped] for one in training.suspects],
        ),
        words(translate("why it is suspected", language), told[f"sentence_{language}"]),
    ]
    explained = translate(
        "A suspect tells the outcome too well to be known before it: ask whether it was filled in before or "
        "after the close. A question may as well be honest.",
        language,
    )
    blocks: list[Block] = [Paragraph(explained)]
    return Section(title, [*blocks, Table(translate("Suspects and questions", language), columns)])


def _day(instant: datetime | int) -> str:
    return f"{instant:%Y-%m-%d}" if isinstance(instant, datetime) else str(instant)
