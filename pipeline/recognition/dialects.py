"""What systems call things: one file a dialect below ``configs/dialects``, the common one among them."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from pipeline.config.shipped import shipped
from pipeline.config.strict import Strict
from pipeline.config.yaml_file import load_yaml, to_json
from pipeline.errors import ConfigError

ANY_SYSTEM = "common"

# ``deals`` are orders where a lead list stands beside them, and else the leads.
TableKind = Literal["leads", "calls", "orders", "deals", "stages", "facts", "manual_grades"]

Words = tuple[str, ...]
_LISTED = ("lead_id", "grade", "chance", "reason", "next_action", "as_of")


class TableWords(Strict):
    """How a system's table is known.

    Attributes:
        columns: our column -> the system's header words for it, the surest first.
        attributes: our name of a customer attribute -> header words.
        others: header words that tell the table, and are not read.
    """

    columns: dict[str, Words]
    attributes: dict[str, Words] = Field(default={})
    others: Words = ()


class ImportForm(Strict):
    """What the system's own import takes.

    Attributes:
        columns: what is written -> the system's header word.
        encoding: of the file.
        date: the strptime form of dates.
        language: of reasons and next actions.
    """

    columns: dict[str, str]
    encoding: Literal["utf-8", "gb18030"] = "utf-8"
    date: str
    language: Literal["en", "zh"] = "en"

    @model_validator(mode="after")
    def _whole(self) -> "ImportForm":
        if set(self.columns) != set(_LISTED):
            raise ValueError(f"an import has the columns {', '.join(_LISTED)}")
        return self


class ScoreTable(Strict):
    """The table that a system has for scores of one's own model.

    Attributes:
        columns: what is written -> the column's name.
        entity: what its records are.
        grades: the number of each grade, best first; what comes after the last has the last.
        unknown_trend: the number of a trend that is not known.
    """

    columns: dict[str, str]
    entity: str
    grades: Annotated[tuple[int, ...], Field(min_length=2)]
    unknown_trend: int


class Dialect(Strict):
    """What a system calls things, and how it writes them.

    Attributes:
        title, title_zh: what people call the system.
        told_by: where its words are known from.
        tables: its tables.
        times: forms of times that no cell tells for certain, the likeliest first.
        currency, timezone: what its files are in where they do not say.
        duration_unit: of plain numbers.
        words: of calls, column -> our word -> the system's.
        names: the columns in their order, of a file without a header.
        legs: whether rows of one call are its legs.
        file_words: table -> what files that hold it are called, of the common dialect.
        private, late, won, lost, unwanted: header words and values that mean so, of the common dialect.
        imported: what its import takes, if it has one.
        scores: its table of scores, if it has one.
    """

    title: str
    title_zh: str = ""
    told_by: str
    tables: dict[TableKind, TableWords]
    times: Words = ()
    currency: str = ""
    timezone: str | None = None
    duration_unit: Literal["ms", "s", "min", "clock"] | None = None
    words: dict[str, dict[str, Words]] = Field(default={})
    names: Words = ()
    legs: bool = False
    file_words: dict[TableKind, Words] = Field(default={})
    private: Words = ()
    late: Words = ()
    won: Words = ()
    lost: Words = ()
    unwanted: Words = ()
    imported: ImportForm | None = Field(default=None, alias="import")
    scores: ScoreTable | None = None


@cache
def dialects() -> Mapping[str, Dialect]:
    """All dialects that are shipped, by name, in the order of their names; the common one last.

    >>> list(dialects())[:3], list(dialects())[-1]
    (['aircall', 'asterisk', 'dynamics'], 'common')
    """
    names = sorted(path.stem for path in shipped("dialects").glob("*.yaml"))
    return {name: _read(name) for name in sorted(names, key=lambda name: (name == ANY_SYSTEM, name))}


def _read(name: str) -> Dialect:
    path = shipped(f"dialects/{name}.yaml")
    try:
        return _with_own_list(Dialect.model_validate_json(to_json(load_yaml(path))))
    except ValidationError as error:
        raise ConfigError(f"{path}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from None


def _with_own_list(one: Dialect) -> Dialect:
    """The dialect, which knows the list that is written for it when it comes back, as grades given."""
    if one.imported is None:
        return one
    told = one.imported.columns
    columns: dict[str, Words] = {
        "lead_id": (told["lead_id"],),
        "grade": (told["grade"],),
        "graded_at": (told["as_of"],),
    }
    others = (told["chance"], told["reason"], told["next_action"])
    grades = TableWords(columns=columns, others=others)
    return one.model_copy(update={"tables": {**one.tables, "manual_grades": grades}})


def importing(name: str) -> Dialect:
    """The dialect of a system that imports lists.

    Raises:
        ConfigError: there is none of that name; the message lists those that there are.
    """
    able = {name: one for name, one in dialects().items() if one.imported}
    if name not in able:
        raise ConfigError(f"--dialect {name}: no such dialect of a CRM; use one of {', '.join(able)}")
    return able[name]
