"""What the words of a source mean, and which of its rows are wanted."""

from collections.abc import Sequence

from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.closes_told import Closes, words_among
from pipeline.onboarding.settings import Settings
from pipeline.recognition.columns_seen import SHARED_BY
from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.recognition.roles import known_words, told_by
from pipeline.recognition.tables_told import Table
from pipeline.values.synonyms import WORDS

# Of a column's cells, so many must have known words.
_LEAST_KNOWN = 0.5


def say_words(table: Table, found: Settings, language: Language) -> None:
    """Their words for ours; what is no known word is missing, or the column is not read."""
    values: dict[str, dict[str, str]] = {}
    nulls: list[str] = []
    for ours in WORDS:
        if ours not in table.roles:
            continue
        column = table.roles[ours].column
        known = known_words(ours, told_by(table.dialect))
        unknown = [word for word in column.counts if word.casefold() not in known]
        share = sum(column.counts[word] for word in unknown) / max(len(column.filled), 1)
        if share > 1.0 - _LEAST_KNOWN and column.name.casefold() != ours:
            _leave_out(table, ours, found, language)
            continue
        told = {
            word: known[word.casefold()]
            for word in column.counts
            if word.casefold() in known and WORDS[ours].get(word.casefold()) != known[word.casefold()]
        }
        if told:
            values[ours] = told
        if unknown:
            # What few rows hold may be anybody's: it is not written down, and a bad cell.
            few = SHARED_BY if len(column.cells) >= 10 * SHARED_BY else 1
            nulls += [word for word in unknown if word not in nulls and column.counts[word] >= few]
            found.unsure.append(
                translate(
                    "{title}: {count} words of {column} are not known, and read as missing (null_values)",
                    language,
                    title=table.sheet.title,
                    count=len(unknown),
                    column=column.name,
                )
            )
    if values:
        found.told["values"] = values
    if nulls:
        found.told["null_values"] = nulls


def _leave_out(table: Table, ours: str, found: Settings, language: Language) -> None:
    column = table.roles[ours].column
    columns = found.told.get("columns")
    if isinstance(columns, dict):
        columns.pop(ours, None)
    found.unsure.append(
        translate(
            "{title}: {column} holds no words that are known for {ours}; map them under values to read it",
            language,
            title=table.sheet.title,
            column=column.name,
            ours=f"{table.name}.{ours}",
        )
    )


def say_rows(table: Table, closes: Closes, found: Settings) -> None:
    """Say which rows of a source are wanted, and where several are one; what may be unwanted is a comment."""
    if table.first_by:
        found.told["first_by"] = table.first_by.name
    if table.separator:
        found.told["separator"] = table.separator
    key = table.roles.get("call_id")
    if key and dialects()[table.dialect].legs and not key.column.is_almost_key:
        found.told["legs"] = True
    order = table.roles.get("order_id")
    if table.name == "orders" and order and not order.column.is_almost_key:
        found.told["order_lines"] = "sum"
    if table.name == "orders" and closes.wanted:
        found.told["where"] = closes.wanted
    used = {one.column.name for one in table.roles.values()}
    for column in table.sheet.columns:
        unwanted = words_among(column, dialects()[ANY_SYSTEM].unwanted) if column.is_words else []
        if unwanted and (column.name not in used or table.name != "calls") and "where" not in found.told:
            found.commented.append(f"where: {_not_these(column.name, unwanted)}")


def _not_these(name: str, words: Sequence[str]) -> str:
    quoted = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f'"\\"{name}\\" NOT IN ({quoted})"'
