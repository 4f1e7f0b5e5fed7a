"""The cross table: how many leads have each label and each learned grade, and how many of them closed."""

import pandas as pd

from models.baselines.rule_grades import NO_GRADE
from pipeline.comparison.comparison import Comparison
from pipeline.comparison.sides import Sides
from pipeline.language.catalogue import Language, translate
from pipeline.page.blocks import Block, Column, Paragraph, Section, Table
from pipeline.page.columns import words
from pipeline.page.words import horizon_words, system_words


def cross_section(found: Comparison, against: Sides, language: Language) -> Section:
    """Every pair of label and learned grade, with what one must know to read it."""
    own = found.cross[found.cross["system"] == against.name]
    name, everything = system_words(against.name, language), translate("all", language)
    labels = [*against.labels, everything]
    columns = [words(name, [_label(label, language) for label in labels])]
    for grade in (*against.grades, everything):
        cells = own if grade == everything else own[own["learned_grade"] == grade]
        columns.append(_cells(grade, [cells if one == everything else _of(cells, one) for one in labels]))
    caption = translate(
        "{name} (lines) and learned grade (columns): leads at a date, and how many of them closed {by}",
        language,
        name=name,
        by=horizon_words(against.horizon, language),
    )
    blocks: list[Block] = [Paragraph(note) for note in _notes(against, language)]
    title = translate("Learned grades and {name}", language, name=name)
    return Section(title, [*blocks, Table(caption, columns)])


def _of(cells: pd.DataFrame, label: str) -> pd.DataFrame:
    return cells[cells["its_label"] == label]


def _cells(head: str, parts: list[pd.DataFrame]) -> Column:
    """Rows and close rate of each part; sorted by the rows."""
    counts = [int(part["rows"].sum()) for part in parts]
    ripe = [int(part["ripe"].sum()) for part in parts]
    shares = [part["closes"].sum() / n if n else None for part, n in zip(parts, ripe, strict=True)]
    told = [f"{n:,}" if one is None else f"{n:,} · {one:.1%}" for n, one in zip(counts, shares, strict=True)]
    return Column(head, told, [float(count) for count in counts])


def _label(label: str, language: Language) -> str:
    return translate("ungraded", language) if label == NO_GRADE else label


def _notes(against: Sides, language: Language) -> list[str]:
    """What one must know to read the tables."""
    if against.kind == "hindsight":
        return [
            translate(
                "These grades have no date: given after the outcome was known, they may know it, and show "
                "what hindsight sees, not what was told at the time.",
                language,
            )
        ]
    if against.kind == "manual":
        return [
            translate(
                "Agents call their own As more: a manual grade partly causes the close that it foretells.",
                language,
            )
        ]
    if against.same_scale:
        return []
    said = translate(
        "Its labels are no grades of the policy: where grades part, each is worth its learned close rate.",
        language,
    )
    return [said]
