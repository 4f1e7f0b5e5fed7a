"""What a configuration says of columns, before a file is opened: names and words that are none of ours."""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from features.tables import CONTRACTS, TableName
from pipeline.config.config import Config
from pipeline.config.mistakes import all_of
from pipeline.errors import ConfigError
from pipeline.reading.columns import names_of, wanted_columns


def check_column_names(config: Config, tables: Iterable[TableName], *, outcome: bool) -> None:
    """Refuse column names in the configuration that are none of ours, and words that a column cannot hold.

    Args:
        config: the configuration.
        tables: which of its sources to look at.
        outcome: whether the columns of the label and the cohort must be there.

    Raises:
        ConfigError: names every such key, and the closest name that there is.
    """
    wrong = [told for table in tables for told in _mistakes(config, table, outcome=outcome)]
    if wrong:
        raise ConfigError(f"{config.path}: {all_of(wrong)}")


def _mistakes(config: Config, table: TableName, *, outcome: bool) -> Iterator[str]:
    source = config.sources[table]
    ours = [name for wanted in wanted_columns(config, table, outcome) for name in names_of(wanted)]
    for key, names in (("columns", source.columns), ("values", source.values)):
        for name in names:
            if name not in ours:
                yield f"sources.{table}.{key}.{name}: unknown column; {_nearest(name, ours)}"
    amounts = [name for name in ours if name == "amount" or _is_numeric(config, name)]
    for name in source.multiply:
        if name not in amounts:
            where = f"sources.{table}.multiply.{name}"
            yield f"{where}: is no amount and no numeric attribute; {_nearest(name, amounts)}"
    for name, words in source.values.items():
        allowed = _allowed(table, name)
        for theirs, word in words.items():
            if allowed and word and word not in allowed:
                where = f"sources.{table}.values.{name}.{theirs}"
                yield f"{where}: {name} is never {word!r}; {_nearest(word, allowed)}"


def _is_numeric(config: Config, name: str) -> bool:
    """Whether an attribute is a number that the table alone tells: its history would not be multiplied."""
    told = config.attributes.get(name)
    return told is not None and told.kind == "numeric" and told.known != "dated"


def _allowed(table: TableName, name: str) -> Sequence[str]:
    """The words that a column may hold; none where it may hold any."""
    column = CONTRACTS[table].model.to_schema().columns.get(name)
    checks = [] if column is None else column.checks
    return next((one.statistics["allowed_values"] for one in checks if one.name == "isin"), ())


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known) or 'none'}"
