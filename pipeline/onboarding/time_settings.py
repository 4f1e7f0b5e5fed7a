"""How the times of a source are written: their forms, and where the time of day stands apart."""

from collections.abc import Iterable, Mapping
from itertools import takewhile

from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.settings import Settings
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import dialects
from pipeline.recognition.header_words import is_one_of, likeness
from pipeline.recognition.tables_told import Table
from pipeline.recognition.time_forms import TimeForm

_CLOCKS = (
    "time",
    "time of day",
    "hour",
    "时间",
    "时刻",
    "時間",
    "uhrzeit",
    "zeit",
    "heure",
    "hora",
    "ora",
    "время",
    "時刻",
)


def say_times(table: Table, columns: Mapping[str, SeenColumn], found: Settings, language: Language) -> None:
    """Say in which forms the times of a source are, where the usual ones do not read them."""
    forms = [one.time for ours, one in columns.items() if one.time and is_read_as_time(table, ours, one)]
    formats: list[str] = []
    for form in forms:
        chosen, sure = chosen_formats(form, forms, table)
        formats += [fmt for fmt in chosen if fmt not in formats]
        if not sure:
            found.unsure.append(
                translate(
                    "{title}: no date tells whether the day or the month stands first; read as {form}",
                    language,
                    title=table.sheet.title,
                    form=chosen[0],
                )
            )
    if formats:
        found.told["time_formats"] = formats


def is_read_as_time(table: Table, ours: str, column: SeenColumn) -> bool:
    """Whether a column is read as times."""
    if ours in table.roles:
        return ours.endswith("_at")
    return column.time is not None and not column.time.numbers


def chosen_formats(form: TimeForm, beside: Iterable[TimeForm], table: Table) -> tuple[tuple[str, ...], bool]:
    """The formats of a column, and whether the order of day and month is told, by others of the sheet too."""
    if form.is_sure:
        return form.formats, True
    orders = {
        one.formats[0][:2]
        for one in beside
        if one.is_sure and one.formats and one.formats[0][:2] in ("%d", "%m")
    }
    if len(orders) == 1:
        (first,) = orders
        return (form.formats if form.formats[0].startswith(first) else form.or_else), True
    usual = [fmt for fmt in dialects()[table.dialect].times if fmt in (*form.formats, *form.or_else)]
    return ((usual[0],) if usual else form.formats), False


def clock_of(table: Table, ours: str, column: SeenColumn) -> SeenColumn | None:
    """The column with the time of day, of a time that has days only."""
    if ours not in table.roles or column.time is None or not column.time.days:
        return None
    used = {one.column.name for one in table.roles.values()}
    clocks = [one for one in table.sheet.columns if one.is_clock and one.name not in used]
    stem = [one for one in clocks if _share_a_stem(one.name, column.name)]
    named = [one for one in clocks if is_one_of(one.name, _CLOCKS) or likeness(one.name, _CLOCKS) > 0.7]
    return next(iter([*stem, *named, *(clocks if len(clocks) == 1 else [])]), None)


def _share_a_stem(one: str, other: str) -> bool:
    """Whether names begin alike, as ``Created date`` and ``Created time`` do."""
    pairs = zip(one.casefold(), other.casefold(), strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return shared >= (4 if one.isascii() else 2)
