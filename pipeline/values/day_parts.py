"""Parts of the day before or after an hour, 下午3:05 and 3:05 PM alike, by a clock of 24 hours."""

import polars as pl

# Up to noon; from noon; and noon itself, which lies between 11 and 1.
_MORNING = "上午|凌晨|清晨|早上|早晨|午前|오전|a\\.?m\\.?"
_AFTERNOON = "下午|傍晚|晚上|夜间|晚间|午後|午后|오후|p\\.?m\\.?"
_EVENING = "傍晚|晚上|夜间|晚间"
_NOON = "中午|正午"
_PART = f"{_MORNING}|{_AFTERNOON}|{_NOON}"
_CLOCK = r"\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?"
_BEFORE = rf"(?i)^(.*?)\s*({_PART})\s*({_CLOCK})(.*)$"
_AFTER = rf"(?i)^(.*?)\s*\b({_CLOCK})\s*({_PART})(.*)$"


def on_24_hours(text: pl.Series) -> pl.Series:
    """Write times with a part of the day by a clock of 24 hours.

    Twelve in the morning is midnight and twelve in the afternoon noon, as clocks of twelve hours show it;
    an hour that does not lie in its part of the day (``上午15:00``, ``晚上12:00``) is missing.

    Args:
        text: times with ``:`` between hours and minutes.

    >>> on_24_hours(pl.Series(["2026-3-5 下午3:05", "2026-3-5 12:05 AM", "2026-3-5 16:03"])).to_list()
    ['2026-3-5 15:05', '2026-3-5 00:05', '2026-3-5 16:03']
    >>> on_24_hours(pl.Series(["2026-3-5 中午12:30", "2026-3-5 上午15:00", "2026-3-5 晚上12:00"])).to_list()
    ['2026-3-5 12:30', None, None]
    """
    before = text.str.extract_groups(_BEFORE).struct.unnest().get_columns()
    after = text.str.extract_groups(_AFTER).struct.unnest().get_columns()
    head, part, clock, tail = (
        b.zip_with(b.is_not_null(), a)
        for b, a in zip(before, (after[0], after[2], after[1], after[3]), strict=True)
    )
    hour = clock.str.extract(r"^(\d+)").cast(pl.Int64)
    rest = clock.str.extract(r"^\d+(.*)$")
    told = _hour(hour, part).cast(pl.String).str.pad_start(2, "0")
    return text.zip_with(
        part.is_null(), (head.str.strip_chars() + " " + told + rest + tail).str.strip_chars()
    )


def _hour(hour: pl.Series, part: pl.Series) -> pl.Series:
    """The hour of 24; missing where it does not lie in the part of the day."""
    after_noon = (hour % 12 + 12).set(~hour.is_between(1, 23) | (hour % 12 + 12 != hour) & (hour > 12), None)
    after_noon = after_noon.set(part.str.contains(_EVENING) & (hour == 12), None)
    morning = (hour % 12).set(hour > 12, None)
    noon = after_noon.set(~hour.is_in([11, 12, 13, 1, 14, 2]), None).set(hour == 11, 11)
    by_noon = noon.zip_with(part.str.contains(_NOON), after_noon)
    return morning.zip_with(part.str.contains(f"(?i){_MORNING}"), by_noon)
