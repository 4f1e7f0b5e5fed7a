"""In which units the durations and numbers of a source are."""

from collections.abc import Mapping, Sequence

from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.attributes_told import Attribute
from pipeline.onboarding.settings import Settings
from pipeline.recognition.columns_seen import SeenColumn, power_told, unit_told
from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.recognition.tables_told import Table
from pipeline.values.marks import is_undecided
from pipeline.values.quantities import column_mark, taken_apart

_COMMAS = ("€", "EUR", "kr", "zł", "R$", "₽", "руб")
_MONEY = ("amount",)


def say_duration(table: Table, column: SeenColumn, found: Settings, language: Language) -> None:
    """Say the unit of durations that are plain numbers."""
    unit = unit_told(column.name)
    if column.is_plain_number:
        declared = dialects()[table.dialect].duration_unit
        chosen = unit or declared or "s"
        if chosen != "s":
            found.told["duration_unit"] = chosen
        if not unit and not declared and table.dialect == ANY_SYSTEM:
            found.unsure.append(
                translate(
                    "{title}: {column} is taken for seconds (duration_unit)",
                    language,
                    title=table.sheet.title,
                    column=column.name,
                )
            )
    elif column.sample.str.contains(r"^\d{1,4}:[0-5]\d$").any():
        found.told["duration_unit"] = "clock"


def say_decimal(table: Table, columns: Mapping[str, SeenColumn], found: Settings, language: Language) -> None:
    """Where no number of a column tells the decimal mark, the others of the sheet do, or the currency."""
    numbers = [
        one for ours, one in columns.items() if one.is_number and not one.time and ours not in table.roles
    ]
    numbers += [columns[ours] for ours in _MONEY if ours in columns]
    marks = {told[0] for one in numbers if (told := column_mark(one.sample))}
    if not any(column_mark(one.sample) is None and is_undecided(one.sample).any() for one in numbers):
        return
    comma = any(value.endswith(_COMMAS) for one in numbers for value in one.counts)
    found.told["decimal"] = next(iter(marks)) if len(marks) == 1 else ("," if comma else ".")
    found.unsure.append(
        translate(
            "{title}: no number tells the decimal mark; read with {mark}",
            language,
            title=table.sheet.title,
            mark=found.told["decimal"],
        )
    )


def say_factors(table: Table, attributes: Sequence[Attribute], found: Settings, language: Language) -> None:
    """Say by how much numbers are multiplied whose header tells it, where cells do not tell it themselves.

    Facts tell the history of a dated attribute, in whatever unit: it is read as it stands, and that is said.
    """
    title, factors = table.sheet.title, dict[str, int]()
    columns = {ours: table.roles[ours].column for ours in _MONEY if ours in table.roles}
    columns |= {one.name: one.column for one in attributes if one.column and one.kind == "numeric"}
    dated = {one.name for one in attributes if one.known == "dated"}
    for ours, column in columns.items():
        power = power_told(column.name)
        if not power or not _is_plain(column):
            continue
        if ours in dated:
            found.unsure.append(
                translate(
                    "{title}: numbers of {column} are read as they stand, although its header tells a factor",
                    language,
                    title=title,
                    column=column.name,
                )
            )
            continue
        factors[ours] = 10**power
        found.unsure.append(
            translate(
                "{title}: numbers of {column} are taken times {factor}, as its header says (multiply)",
                language,
                title=title,
                column=column.name,
                factor=f"{factors[ours]:,}",
            )
        )
    if factors:
        found.told["multiply"] = factors


def _is_plain(column: SeenColumn) -> bool:
    """Whether numbers stand there without a word as ``万`` of their own."""
    return (
        column.is_number and not column.time and bool((taken_apart(column.sample, "auto").power == 0).any())
    )
