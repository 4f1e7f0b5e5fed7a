"""Values as people read them: numbers with six digits, whole ones without a point, a dash for missing."""

import polars as pl

MISSING = "-"

# Within these, a number with six digits needs no exponent, and none is rounded up into one.
_LEAST, _MOST = 1e-3, 999_999.0
# A number so near the middle of two others is rounded by its exact value.
_NEAR = 1e-6


def value_texts(values: pl.Series) -> pl.Series:
    """Each value as text; the same text whatever the other values.

    Example:
        >>> value_texts(pl.Series([12.0, 0.1 + 0.2, 1234567.8, None])).to_list()
        ['12', '0.3', '1234568', '-']
    """
    if values.dtype.is_float():
        return _numbers(values.cast(pl.Float64) + 0.0)
    if values.dtype == pl.String:
        return values.fill_null(MISSING)
    return pl.Series([MISSING if value is None else str(value) for value in values], dtype=pl.String)


def _numbers(values: pl.Series) -> pl.Series:
    values = values.fill_nan(None)
    if ((values == values.floor()) & (values.abs() < _MOST)).all():
        return values.cast(pl.Int64).cast(pl.String).fill_null(MISSING)
    return _fractions(values)


def _fractions(values: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"value": values})
    size = pl.col("value").abs()
    decimals = 5 - size.log10().floor()
    scaled = frame.with_columns(decimals=decimals, scaled=pl.col("value") * 10.0**decimals)
    beyond = (pl.col("scaled").abs() % 1.0 - 0.5).abs() < _NEAR
    plain = (size >= _LEAST) & (size < _MOST) & ~beyond | (size == 0.0)
    rounded = pl.when(size == 0.0).then(0.0).otherwise(pl.col("scaled").round() / 10.0 ** pl.col("decimals"))
    text = pl.when(plain).then(rounded).cast(pl.String).str.strip_suffix(".0")
    told = scaled.select(text=text, left=~plain.fill_null(True))
    texts, rest = told["text"].fill_null(MISSING), told["left"].arg_true()
    return texts.scatter(rest, [_number(value) for value in values.gather(rest)]) if len(rest) else texts


def _number(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
