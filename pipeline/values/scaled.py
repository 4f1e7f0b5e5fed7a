"""Decimal text as whole multiples of a power of ten, read exactly: no binary fractions on the way."""

import polars as pl


def scaled(plain: pl.Series, places: int) -> pl.Series:
    """Multiply plain decimal text by ``10**places``, rounded half to even; missing when too large.

    >>> scaled(pl.Series(["12.345", "0.125", "-1"]), 2).to_list()
    [1234, 12, -100]
    """
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


def halved_to_even(numbers: pl.Series, divisor: int) -> pl.Series:
    """Divide whole numbers, rounded half to even.

    >>> halved_to_even(pl.Series([25, 35, 26]), 10).to_list()
    [2, 4, 3]
    """
    quotient, rest = numbers // divisor, numbers % divisor
    up = (2 * rest > divisor) | ((2 * rest == divisor) & (quotient % 2 == 1))
    return quotient + up.cast(pl.Int64)
