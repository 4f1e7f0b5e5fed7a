"""Tables to be handed on: who stands in them stands there by a pseudonym, the rest is as it was."""

import re
from dataclasses import dataclass

import pandas as pd

from features.tables import CONTRACTS
from pipeline.config.config import Config
from pipeline.people.identifying import is_called_so, looks_like
from pipeline.people.key import pseudonym

# Columns that say who a row is about, or who gave it, by our names.
_KEYS = {"lead_id", "owner_id", "customer_id", "agent_id", "manual_grade_agent"}
_KEYS |= {name for contract in CONTRACTS.values() for name in contract.key if name.endswith("_id")}
_AGENTS = re.compile(
    r"(?<![a-z])(?:agent|owner|seller|sales ?(?:man|person|rep)|consultant|caller)s?(?![a-z])"
    r"|坐席|座席|客服|销售|顾问|跟进人|负责人|业务员",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pseudonymised:
    """Gives tables on without ids, phone numbers, names and agents.

    Attributes:
        key: by which they are told apart.
        config: says which columns are attributes, and what they are called.
    """

    key: bytes
    config: Config

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The table with pseudonyms for ids, names and agents, and for what looks like somebody's number.

        A column of numbers has none of these instead. Missing values stay missing. Two tables by one key have
        one word for one value.
        """
        names = [str(name) for name in frame.columns]
        return frame.assign(**{name: self._column(name, frame[name]) for name in names if self._asks(name)})

    def _asks(self, name: str) -> bool:
        return name in _KEYS or name in self.config.attributes

    def _column(self, name: str, values: pd.Series) -> pd.Series:
        whole = name in _KEYS or is_called_so(name, self.config) or _AGENTS.search(name) is not None
        if pd.api.types.is_numeric_dtype(values.dtype):
            return values.where(~values.map(lambda one: whole or looks_like(_text(one))))
        words = {value: self._word(value, whole=whole) for value in values.dropna().unique()}
        return values.map(words, na_action="ignore").astype("str")

    def _word(self, value: object, *, whole: bool) -> str:
        text = _text(value)
        return pseudonym(self.key, text) if whole or looks_like(text) else text


def _text(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
