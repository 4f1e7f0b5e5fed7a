"""Numbers, durations, money and shares as people write them, read exactly: no binary fractions on the way."""

import polars as pl

_WIDE = dict(zip("０１２３４５６７８９．，－＋％：（）￥", "0123456789.,-+%:()¥", strict=True))
_CURRENCY = r"^([+-]?) ?(?:RMB|CNY|USD|EUR|[¥$€£元]) ?|\s?(?:RMB|CNY|USD|EUR|[¥$€£元])$"
_PLAIN = {".": r"^[+-]?(?:\d+\.?\d*|\.\d+)$", ",": r"^[+-]?(?:\d+,?\d*|,\d+)$"}
_GROUPED = {
    ".": r"^[+-]?\d{1,3}(?:[, '’]\d{3})+(?:\.\d*)?$",
    ",": r"^[+-]?\d{1,3}(?:[. '’]\d{3})+(?:,\d*)?$",
}
_EXPONENT = r"^[+-]?\d+(?:\.\d*)?[eE][+-]?\d{1,3}$"
_CLOCK = r"^(?:(1899-12-3[01]|1900-01-\d\d) )?(?:(\d{1,4}):)?(\d{1,4}):([0-5]\d)(?:\.(\d{1,6})\d*)?$"
_NANO_PLACES = 9
_MAX_NANO = 10**18


def plain_number(text: pl.Series, decimal: str) -> pl.Series:
    """Return numbers as plain text with a decimal point; missing where the text is no number.

    Thousands may be grouped by the other mark, a space or an apostrophe, in threes only.

    >>> plain_number(pl.Series(["1,234.50", "１２", "12,5", "twelve"]), ".").to_list()
    ['1234.50', '12', None, None]
    >>> plain_number(pl.Series(["1.234,50", "12,5"]), ",").to_list()
    ['1234.50', '12.5']
    """
    narrow = _narrow(text)
    grouped = narrow.str.contains(_GROUPED[decimal])
    bare = narrow.str.replace_all(r"[ '’,]" if decimal == "." else r"[ '’.]", "").zip_with(grouped, narrow)
    numbers = bare.str.contains(_PLAIN[decimal]) & bare.str.contains(r"\d")
    pointed = bare.str.replace(",", ".", literal=True)
    return pointed.set(~numbers, None)


def to_real(text: pl.Series, decimal: str) -> pl.Series:
    """Read numbers as floats; scientific notation counts too.

    >>> to_real(pl.Series(["1.5", "2e3", "-", "70%"]), ".").to_list()
    [1.5, 2000.0, None, None]
    """
    plain = plain_number(text, decimal)
    scientific = _narrow(text).str.replace(decimal, ".", literal=True)
    scientific = scientific.set(~scientific.str.contains(_EXPONENT), None)
    reals = plain.zip_with(plain.is_not_null(), scientific).cast(pl.Float64, strict=False)
    return reals.set(reals.is_infinite(), None)


def to_whole(text: pl.Series, decimal: str) -> pl.Series:
    """Read whole numbers; ``12.0`` is one, ``12.5`` is not.

    >>> to_whole(pl.Series(["12 ", "12.0", "12.5"]), ".").to_list()
    [12, 12, None]
    """
    plain = plain_number(text, decimal)
    whole = plain.str.contains(r"^[+-]?\d+\.?0*$")
    return (
        plain.str.replace(r"\.0*$", "").set(~whole, None).str.strip_prefix("+").cast(pl.Int64, strict=False)
    )


def to_minor_units(text: pl.Series, decimal: str, digits: int) -> pl.Series:
    """Read amounts of money as whole minor units; a currency sign before or after is dropped.

    >>> to_minor_units(pl.Series(["￥1,234.50", "0.125", "12元"]), ".", 2).to_list()
    [123450, 12, 1200]
    """
    bare = _narrow(text).str.replace_all(_CURRENCY, "$1")
    return _scaled(plain_number(bare, decimal), digits)


def to_milliseconds(text: pl.Series, decimal: str, unit: str) -> pl.Series:
    """Read durations in ms, s, min, or as ``hh:mm:ss`` / ``mm:ss`` (clock), as whole milliseconds.

    >>> to_milliseconds(pl.Series(["1:02:03", "75:30"]), ".", "clock").to_list()
    [3723000, 4530000]
    >>> to_milliseconds(pl.Series(["0.5", "1.0000249"]), ".", "min").to_list()
    [30000, 60001]
    """
    if unit == "clock":
        return _clock(_narrow(text))
    plain = plain_number(text, decimal)
    if unit == "min":  # 60,000 ms a minute = 6 / 100,000 of a nano-minute
        nano_minutes = _scaled(plain, _NANO_PLACES)
        return _halved_to_even(nano_minutes.set(nano_minutes.abs() > _MAX_NANO, None) * 6, 100_000)
    return _scaled(plain, {"ms": 0, "s": 3}[unit])


def to_ppm(text: pl.Series, decimal: str) -> pl.Series:
    """Read shares (0 to 1, or with a percent sign) as parts per million.

    >>> to_ppm(pl.Series(["0.7", "70%", "12.5 %"]), ".").to_list()
    [700000, 700000, 125000]
    """
    narrow = _narrow(text)
    percent = narrow.str.ends_with("%")
    plain = plain_number(narrow.str.replace(r" ?%$", ""), decimal)
    return _scaled(plain, 4).zip_with(percent, _scaled(plain, 6))


def _narrow(text: pl.Series) -> pl.Series:
    """Full-width signs to ASCII, every kind of space to one kind."""
    ascii_only = text.str.len_bytes().eq_missing(text.str.len_chars()).all()
    narrow = (
        text if ascii_only else text.str.replace_many(_WIDE).str.replace_all(r"[\u00a0\u202f\u3000]", " ")
    )
    return narrow.str.strip_chars()


def _scaled(plain: pl.Series, places: int) -> pl.Series:
    """Multiply plain decimal text by ``10**places``, rounded half to even; missing when too large."""
    negative = plain.str.starts_with("-")
    bare = plain.str.strip_chars_start("+-")
    point = bare.str.splitn(".", 2).struct.unnest()
    fraction = point["field_1"].fill_null("")
    kept = (point["field_0"] + fraction.str.slice(0, places).str.pad_end(places, "0")).cast(
        pl.Int64, strict=False
    )
    # Digits compare as text: what is cut off lies above, at or below one half.
    rest = fraction.str.slice(places).str.strip_chars_end("0")
    up = (rest > "5") | ((rest == "5") & (kept % 2 == 1))
    rounded = kept + up.cast(pl.Int64)
    return (-rounded).zip_with(negative.fill_null(False), rounded)


def _halved_to_even(numbers: pl.Series, divisor: int) -> pl.Series:
    quotient, rest = numbers // divisor, numbers % divisor
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    return quotient + up.cast(pl.Int64)


def _clock(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_CLOCK).struct.unnest()
    day, hours, minutes, seconds, fraction = (parts[name] for name in parts.columns)
    # Excel keeps a duration as a date: whole days are the day of January 1900.
    days = day.str.extract(r"1900-01-(\d\d)").fill_null("0").cast(pl.Int64)
    units = [days * 24 + hours.fill_null("0").cast(pl.Int64), minutes.cast(pl.Int64), seconds.cast(pl.Int64)]
    whole = (units[0] * 60 + units[1]) * 60 + units[2]
    valid = hours.is_null() | (units[1] < 60)
    milliseconds = _scaled(whole.cast(pl.String) + "." + fraction.fill_null("0"), 3)
    return milliseconds.set(~valid, None)
