"""What changed since the champion: AUC of both, grades that change, features that came and went."""

import pandas as pd

from pipeline.evaluation.since_champion import SinceChampion
from pipeline.language.catalogue import Language, translate
from pipeline.language.sentence import in_language
from pipeline.page.blocks import Block, Paragraph, Section, Table
from pipeline.page.columns import numbers, with_interval, words
from pipeline.page.words import horizon_words

# Features that are named; a team that changes its columns may have hundreds.
_NAMED = 20


def champion_section(found: SinceChampion | None, language: Language) -> Section:
    """The new scorer beside the champion, on leads that neither learned from."""
    title = translate("What changed since the champion", language)
    if found is None:
        said = translate("There is no champion yet: nothing grades leads so far.", language)
        return Section(title, [Paragraph(said)])
    blocks: list[Block] = [Paragraph(sentence) for sentence in _said(found, language)]
    if not found.board.empty:
        blocks.append(_measures(found.board, language))
    if len(found.changes):
        blocks.append(_changes(found.changes, language))
    return Section(title, blocks)


def _said(found: SinceChampion, language: Language) -> list[str]:
    said = [translate("The champion is {version}.", language, version=found.version)]
    if found.unfit:
        said.append(
            translate(
                "It cannot be compared on these leads: {reason}.",
                language,
                reason=in_language(found.unfit, language),
            )
        )
    else:
        moved = int(found.changes.loc[found.changes["from"] != found.changes["to"], "leads"].sum())
        said.append(
            translate(
                "Of {rows} rows that neither learned from, {moved} have another grade.",
                language,
                rows=f"{int(found.changes['leads'].sum()):,}",
                moved=f"{moved:,}",
            )
        )
    if found.gained:
        names = _names(found.gained)
        said.append(
            translate("New features ({count}): {names}", language, count=len(found.gained), names=names)
        )
    if found.lost:
        names = _names(found.lost)
        said.append(
            translate("Features gone ({count}): {names}", language, count=len(found.lost), names=names)
        )
    return said


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _measures(board: pd.DataFrame, language: Language) -> Table:
    own = board[(board["metric"] == "auc") & (board["leads_in"] == "all")]
    its = own[own["system"] == "champion"]
    mine = own[own["system"] == "model"]
    columns = [
        words(translate("closed", language), [horizon_words(one, language) for one in its["horizon"]]),
        numbers(translate("rows", language), its["rows"]),
        numbers(translate("closes", language), its["closes"]),
        with_interval(translate("champion's AUC", language), its, ("value", "low", "high"), "{:.3f}"),
        with_interval(translate("new AUC", language), mine, ("value", "low", "high"), "{:.3f}"),
        with_interval(
            translate("new better by", language), its, ("gain", "gain_low", "gain_high"), "{:+.3f}"
        ),
    ]
    return Table(translate("Champion and new scorer on the same leads", language), columns)


def _changes(changes: pd.DataFrame, language: Language) -> Table:
    wide = changes.pivot(index="from", columns="to", values="leads").fillna(0)
    head = translate("champion's grade (lines), new grade (columns)", language)
    columns = [words(head, wide.index), *(numbers(str(grade), wide[grade]) for grade in wide.columns)]
    return Table(translate("Rows by the grade they had and have", language), columns)
