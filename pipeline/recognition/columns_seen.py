"""A column of a file as it is seen: what its cells could be."""

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipeline.recognition.time_forms import TimeForm, time_form
from pipeline.values.durations import to_milliseconds
from pipeline.values.quantities import taken_apart
from pipeline.values.synonyms import BOOLEANS

# Distinct values that a look at a column takes in.
_LOOKED_AT = 1_000
_MOST = 0.95
_CLOCK = r"^(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?: ?[AaPp][Mm])?$"
_PHONE = r"^\+?[\d(][\d \-().]{6,18}\d$"
# With the country, with the zero before an area, or as Chinese mobile numbers are.
_DIALLED = r"^(?:\+\d[\d \-()]{7,18}|0\d{8,10}|1[3-9]\d{9})$"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_WORDED = r"[^\d.,:\s-]"
# What more than this different words are, is no list to choose from.
_MOST_WORDS = 60
# A word that fewer rows share may be somebody's.
SHARED_BY = 5
_LONG_TEXT = 30


def _power(asian: str, other: str) -> re.Pattern[str]:
    """Words for a power of ten where a header says its unit: at its end, before a currency, in brackets."""
    money = r"(?:元|圆|圓|円|원|人民币|人民幣|美元|港元|港币|日元|欧元|rmb|cny|usd|hkd|twd|jpy|krw)"
    sign = r"(?:[€$£¥₽₹]|eur|usd|gbp|chf|cny|rmb|inr|rs\.?|pln|rub|руб\.?|zł)"
    start = r"(?:[(（\[]|[,/]|_in_|[\s,]in )\s*"
    return re.compile(
        rf"(?i)(?:(?<![千万萬百十億亿]){asian}\s*{money}?\s*(?:[)）\]]|$)"
        rf"|{start}{sign}?\s*(?:{other})\.?\s*(?:of )?{sign}?\s*(?:[)）\]]|$))"
    )


# What stands first is looked for first.
_POWERS = (
    (12, _power("(?:万亿|萬億|兆)", "trillions?")),
    (9, _power("(?:十亿|十億|십억)", "billions?|bn|mrd|млрд|(?<=[€$£])b")),
    (8, _power("(?:亿|億|억)", "100 ?m")),
    (7, _power("(?:千万|千萬|천만)", "crores?|cr")),
    (6, _power("(?:百万|百萬|백만)", "millions?|mio|mn|mln|млн|(?<=[€$£])m|m(?=[ ]?[€$£])")),
    (5, _power("(?:十万|十萬|십만)", "lakhs?|lacs?")),
    (4, _power("(?:万|萬|만)", "10k|ten thousands?")),
    (3, _power("(?:千|천)", "thousands?|k|tsd|тыс|t(?=[ ]?(?:[€$£]|eur))|'?000s?|tys")),
)


@dataclass(frozen=True)
class SeenColumn:
    """A column of a file.

    Attributes:
        name: its header.
        cells: as trimmed text; missing where empty.
    """

    name: str
    cells: pl.Series

    @cached_property
    def filled(self) -> pl.Series:
        """The cells that hold something."""
        return self.cells.drop_nulls()

    @cached_property
    def counts(self) -> dict[str, int]:
        """Each value and how often it stands there, in the order of the values."""
        frame = self.filled.rename("v").to_frame().group_by("v").len().sort("v")
        return dict(zip(frame["v"].to_list(), frame["len"].to_list(), strict=True))

    @cached_property
    def sample(self) -> pl.Series:
        """Different values from all over the column."""
        values = self.filled.unique(maintain_order=True)
        return values.gather_every(max(1, len(values) // _LOOKED_AT))

    @cached_property
    def is_key(self) -> bool:
        """Whether every row has a value of its own."""
        return len(self.filled) == len(self.cells) > 0 and len(self.counts) == len(self.cells)

    @cached_property
    def is_almost_key(self) -> bool:
        """The same but for a few rows that were exported twice."""
        return len(self.filled) == len(self.cells) and len(self.counts) >= 0.98 * len(self.cells)

    @cached_property
    def time(self) -> TimeForm | None:
        """How its times are written, if it holds times."""
        return None if self.is_clock else time_form(self.sample)

    @cached_property
    def is_clock(self) -> bool:
        """Whether it holds times of day, or durations that look so."""
        return self._all(_CLOCK)

    @cached_property
    def is_number(self) -> bool:
        """Whether it holds numbers or amounts of money."""
        if self.sample.is_empty():
            return False
        return _most(taken_apart(self.sample, "auto").plain.is_not_null())

    @cached_property
    def is_plain_number(self) -> bool:
        """Whether it holds digits only."""
        return self._all(r"^-?\d+(?:[.,]\d+)?$")

    @cached_property
    def is_duration(self) -> bool:
        """Whether it holds durations that say their unit, or hours, minutes and seconds."""
        told = to_milliseconds(self.sample, "auto", "clock")
        return _most(told.is_not_null())

    @cached_property
    def is_private(self) -> bool:
        """Whether it holds telephone numbers or addresses."""
        return self._all(_EMAIL) or (self._all(_PHONE) and not self.is_number)

    @cached_property
    def is_phone(self) -> bool:
        """Whether it holds what can only be telephone numbers, digits alone too."""
        return self._all(_DIALLED)

    @cached_property
    def is_yes_no(self) -> bool:
        """Whether it holds yes and no only."""
        return 0 < len(self.counts) <= 3 and {value.casefold() for value in self.counts} <= set(BOOLEANS)

    @cached_property
    def is_words(self) -> bool:
        """Whether it holds words that many rows share."""
        if not 0 < len(self.counts) <= _MOST_WORDS or self.time or self.is_clock:
            return False
        return len(self.filled) >= 2 * len(self.counts) or len(self.filled) < 2 * SHARED_BY

    @cached_property
    def is_text(self) -> bool:
        """Whether people wrote sentences there."""
        if self.sample.is_empty() or self.is_words or self.time or self.is_number:
            return False
        # A long name of a thing, as a GUID is, has no blanks; Chinese sentences have none either.
        spoken = self._share(r"\s|[^\x00-\x7f]")
        length = float(self.sample.str.len_chars().sum()) / len(self.sample)
        return (length >= _LONG_TEXT and spoken > 0.5) or self._share(r"\s\S+\s") > 0.5

    @property
    def shared_words(self) -> list[str]:
        """The words that enough rows share to be shown."""
        return [value for value, count in self.counts.items() if count >= SHARED_BY]

    def _all(self, pattern: str) -> bool:
        return not self.sample.is_empty() and self._share(pattern) >= _MOST

    def _share(self, pattern: str) -> float:
        return float(self.sample.str.contains(pattern).sum()) / max(len(self.sample), 1)


def _most(which: pl.Series) -> bool:
    return not which.is_empty() and int(which.sum()) >= _MOST * len(which)


def power_told(header: str) -> int:
    """The power of ten that a header tells of its numbers; 0 where it tells none.

    >>> [power_told(one) for one in ("金额(万元)", "预算（万）", "Budget (k€)", "Umsatz in Mio. EUR")]
    [4, 4, 3, 6]
    >>> [power_told(one) for one in ("金额(元)", "千万别打", "Customers (known)", "Plan (m)")]
    [0, 0, 0, 0]
    """
    return next((power for power, words in _POWERS if words.search(header)), 0)


def unit_told(header: str) -> str | None:
    """The unit of durations that a header names.

    >>> unit_told("Call Duration (in seconds)"), unit_told("时长(分钟)"), unit_told("Dauer")
    ('s', 'min', None)
    """
    if re.search(r"(?i)\bms\b|millisec|毫秒|ミリ秒", header):
        return "ms"
    if re.search(r"(?i)sec|sek|seg|\bs\b|秒|초|сек", header):
        return "s"
    return "min" if re.search(r"(?i)min|分|분|мин", header) else None
