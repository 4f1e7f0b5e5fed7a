"""What is said of a proposal beside its keys."""

from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.attributes_told import Attribute
from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.recognition.sheets_seen import ROWS_LOOKED_AT, SeenSheet
from pipeline.recognition.tables_told import Table


def recognised_as(table: Table, language: Language) -> str:
    """As what a sheet was recognised."""
    if table.dialect == ANY_SYSTEM:
        return translate("{title}: {table}", language, title=table.sheet.title, table=table.name)
    return translate(
        "{title}: {table} as {system} exports them",
        language,
        title=table.sheet.title,
        table=table.name,
        system=system_title(table.dialect, language),
    )


def system_title(name: str, language: Language) -> str:
    """What people call a system."""
    one = dialects()[name]
    return one.title_zh if language == "zh" and one.title_zh else one.title


def unsure_of(table: Table, language: Language) -> list[str]:
    """What is to be looked at in a table as a whole."""
    title, found = table.sheet.title, []
    if table.sheet.repeated:
        sentence = translate(
            "{title}: columns of one name cannot be told apart and are not read: {names}",
            language,
            title=title,
            names=", ".join(table.sheet.repeated),
        )
        found.append(sentence)
    if table.joined < 0.5:
        share = f"{table.joined:.0%}"
        found.append(
            translate(
                "{title}: only {share} of its keys are on the lead list", language, title=title, share=share
            )
        )
    if table.sheet.rows >= ROWS_LOOKED_AT:
        rows = f"{table.sheet.rows:,}"
        found.append(
            translate("{title}: only its first {rows} rows were looked at", language, title=title, rows=rows)
        )
    return found


def why_unused(sheet: SeenSheet, why: str, language: Language) -> str:
    """Why a sheet is no source."""
    match why:
        case "unjoined":
            return translate(
                "{title}: not used, since no column of it shares values with the lead list's key",
                language,
                title=sheet.title,
            )
        case "second":
            return translate(
                "{title}: not used, since a source is one file: put files of one kind together",
                language,
                title=sheet.title,
            )
        case _:
            return translate("{title}: not used, since nothing tells what it is", language, title=sheet.title)


def why_late(one: Attribute, language: Language) -> str:
    """Why an attribute is shown, and never learned from."""
    if one.late == "knows":
        return translate(
            "{name} is not learned from: it looks as if it were written when a lead closed",
            language,
            name=one.name,
        )
    return translate(
        "{name} is not learned from: such columns are changed as a lead goes on (known: snapshot)",
        language,
        name=one.name,
    )
