"""Numbers, money and shares as people write them, read exactly: no binary fractions on the way.

All functions take the different texts of a column, trimmed, and go by it where a cell does not tell.
"""

import re
from dataclasses import dataclass

import polars as pl

from pipeline.values.currencies import codes, foreign, has_decimal_point, is_currency, signs
from pipeline.values.marks import Decimal, narrow, plain_number, told_mark
from pipeline.values.scaled import scaled

# Powers of ten that are written as words.
_POWERS = {"千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12}
_CURRENCY = rf"(?:{'|'.join(map(re.escape, signs()))}|[a-z]{{3}})"
_POWER = "|".join(sorted(_POWERS, key=len, reverse=True))
_NUMBER = r"[\d.,'’ ]*\d[.,]?(?:e[+-]?\d{1,3})?"
_AMOUNT = (
    rf"(?i)^(\(?)([+-]?) ?({_CURRENCY})? ?([+-]?) ?({_NUMBER}) ?({_POWER})? ?({_CURRENCY})? ?(%)? ?(-?)(\)?)$"
)
_DIGITS = r"^-?\d+(?:\.\d+)?$"
_EXPONENT = r"(?i)e([+-]?\d{1,3})$"
# How people write that there are no cents: 1234.-, 1234,-- and 1234/-. It is no minus behind the number.
_NO_CENTS = r"(\d)(?:[.,](?:-{1,2}|–|—)|/-)(\D*)$"


@dataclass(frozen=True, slots=True)
class Amounts:
    """The different texts of a column, taken apart.

    Attributes:
        plain: the number as plain text with a decimal point; missing where the text is none.
        power: by which power of ten it is to be multiplied.
        mark: the currency that it names, empty where it names none.
        percent: whether it is a per cent.
    """

    plain: pl.Series
    power: pl.Series
    mark: pl.Series
    percent: pl.Series

    def without(self, wrong: pl.Series) -> "Amounts":
        """The same but for texts that are wrong."""
        return Amounts(self.plain.set(wrong.fill_null(False), None), self.power, self.mark, self.percent)


def taken_apart(text: pl.Series, decimal: Decimal, power: int = 0) -> Amounts:
    """Take numbers apart: sign or brackets, currency, digits, ``万``, per cent.

    ``power`` is the power of ten of numbers that have no word of their own and are no per cent.

    >>> parts = taken_apart(pl.Series(["￥1.2万", "(120.00)", "Rs. 1,25,000.00", "70%", "10-20万"]), ".")
    >>> parts.plain.to_list(), parts.mark.to_list()
    (['1.2', '-120.00', '125000.00', '70', None], ['¥', '', 'Rs.', '', ''])
    """
    if text.str.contains(_DIGITS).all():
        powers = pl.repeat(power, len(text), dtype=pl.Int64, eager=True)
        mark = pl.repeat("", len(text), eager=True)
        return Amounts(plain_number(text, decimal), powers, mark, mark != "")
    parts = _pieces(text)
    before, after, minus = parts["before"], parts["after"], parts["minus"]
    mark = before.zip_with(before != "", after)
    strange = mark.is_in([one for one in mark.unique() if one and not is_currency(one)])
    wrong = (
        strange
        | (
            (minus.str.len_chars() > 1)
            | (parts["behind"] == "+")
            | (parts["opened"].str.len_chars() != parts["closed"].str.len_chars())
        )
        | ((before != "") & (after != "") & ~_agree(before, after))
    )
    plain = plain_number(_bare(parts["number"]), decimal, _dotted(parts))
    signed = ("-" + plain).zip_with(minus.is_in(["-", "("]), plain)
    exponent = parts["number"].str.extract(_EXPONENT).cast(pl.Int64).fill_null(0)
    percent = parts["percent"] == "%"
    worded = parts["power"].replace_strict(_POWERS, default=power, return_dtype=pl.Int64)
    powers = worded.set(percent & (parts["power"] == ""), 0) + exponent
    return Amounts(signed.set(wrong, None), powers, mark.set(strange, ""), percent)


def _pieces(text: pl.Series) -> pl.DataFrame:
    """What stands in each text, by its place; empty where nothing does, or the text is no amount."""
    names = ("opened", "sign", "before", "sign2", "number", "power", "after", "percent", "behind", "closed")
    whole = narrow(text).str.replace(_NO_CENTS, "${1}${2}")
    parts = whole.str.extract_groups(_AMOUNT).struct.rename_fields(names).struct.unnest()
    minus = pl.concat_str("sign", "sign2", "behind", "opened").alias("minus")
    return parts.fill_null("").with_columns(minus)


def _bare(number: pl.Series) -> pl.Series:
    return number.str.replace(_EXPONENT, "").str.strip_chars()


def _dotted(parts: pl.DataFrame) -> pl.Series:
    """Which amounts have a decimal point, whatever the others have: of ``万``, or of some currencies."""
    mark = parts["before"].zip_with(parts["before"] != "", parts["after"])
    return (parts["power"] != "") | mark.is_in(
        [one for one in mark.unique() if one and has_decimal_point(one)]
    )


def column_mark(text: pl.Series) -> tuple[str, bool] | None:
    """Which decimal mark a column of amounts tells, as ``marks.told_mark``.

    >>> column_mark(pl.Series(["$ 1,234", "0.5"])), column_mark(pl.Series(["1,2万", "12"]))
    (('.', True), None)
    """
    if text.str.contains(_DIGITS).all():
        return told_mark(text)
    parts = _pieces(text)
    return told_mark(_bare(parts["number"]), _dotted(parts))


def _agree(before: pl.Series, after: pl.Series) -> pl.Series:
    """Whether what stands before and behind a number may be the same currency, as in ``¥5元``."""
    pairs = [bool(codes(one) & codes(other)) for one, other in zip(before, after, strict=True)]
    return pl.Series(pairs, dtype=pl.Boolean)


def in_currency(amounts: Amounts, currency: str) -> Amounts:
    """The amounts without those that name another currency than the configured one, or than each other."""
    named = [mark for mark in amounts.mark.unique(maintain_order=True) if mark]
    return amounts.without(amounts.mark.is_in(foreign(named, currency)))


def to_real(text: pl.Series, decimal: Decimal, currency: str = "", power: int = 0) -> pl.Series:
    """Read numbers as floats: with currency, ``万``, per cent or exponent too.

    Where some cells of a column are per cents, plain numbers beside them are missing: is 5 five per cent?

    >>> to_real(pl.Series(["1.5", "2e3", "-", "12.5万", "$ 9,500"]), ".", "USD").to_list()
    [1.5, 2000.0, None, 125000.0, 9500.0]
    >>> to_real(pl.Series(["70%", "5", "0"]), ".").to_list()
    [0.7, None, 0.0]
    """
    parts = in_currency(taken_apart(text, decimal, power), currency)
    if parts.percent.any():
        parts = parts.without(~parts.percent & ~parts.plain.str.contains(r"^[+-]?0*\.?0*$"))
    powers = parts.power - 2 * parts.percent.cast(pl.Int64)
    scientific = parts.plain + "e" + powers.cast(pl.String) if (powers != 0).any() else parts.plain
    reals = scientific.cast(pl.Float64, strict=False)
    return reals.set(reals.is_infinite(), None)


def to_whole(text: pl.Series, decimal: Decimal) -> pl.Series:
    """Read whole numbers; ``12.0`` is one, ``12.5`` is not.

    >>> to_whole(pl.Series(["12 ", "12.0", "12.5", "1.2万"]), ".").to_list()
    [12, 12, None, 12000]
    """
    parts = taken_apart(text, decimal)
    parts = parts.without(parts.percent | (parts.mark != "") | text.str.contains(r"(?i)\de[+-]?\d"))
    exact = scaled(parts.plain, 0)
    exact = exact.set(~parts.plain.str.contains(r"^[+-]?\d+\.?0*$").fill_null(False), None)
    return _by_power(parts, 0).zip_with(parts.power > 0, exact)


def to_minor_units(
    text: pl.Series, decimal: Decimal, digits: int, currency: str = "", power: int = 0
) -> pl.Series:
    """Read amounts of money as whole minor units.

    >>> to_minor_units(pl.Series(["￥1,234.50", "0.125", "12元", "1.2万元", "€ 5"]), ".", 2, "CNY").to_list()
    [123450, 12, 1200, 1200000, None]
    >>> to_minor_units(pl.Series(["€ 3.500,00", "1.500 €"]), "auto", 2).to_list()
    [350000, 150000]
    >>> to_minor_units(pl.Series(["12.5", "1.2万元"]), ".", 2, power=4).to_list()
    [12500000, 1200000]
    """
    parts = in_currency(taken_apart(text, decimal, power), currency)
    return _by_power(parts.without(parts.percent | text.str.contains(r"(?i)\de[+-]?\d")), digits)


def to_ppm(text: pl.Series, decimal: Decimal) -> pl.Series:
    """Read shares (0 to 1, or with a percent sign) as parts per million.

    >>> to_ppm(pl.Series(["0.7", "70%", "12.5 %"]), ".").to_list()
    [700000, 700000, 125000]
    """
    parts = taken_apart(text, decimal)
    parts = parts.without((parts.mark != "") | (parts.power != 0))
    return scaled(parts.plain, 4).zip_with(parts.percent, scaled(parts.plain, 6))


def _by_power(parts: Amounts, digits: int) -> pl.Series:
    read = pl.repeat(None, len(parts.plain), dtype=pl.Int64, eager=True)
    for power in parts.power.unique():
        read = scaled(parts.plain, digits + power).zip_with(parts.power == power, read)
    return read
