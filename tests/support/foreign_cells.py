"""Cells and files as other systems write them: times, money, durations and ids of a simulated world."""

import pandas as pd

from pipeline.simulation.world import TIMEZONE

# Files.


def csv_file(**options):
    def save(cells, path):
        cells.to_csv(path.with_suffix(".csv"), index=False, **options)
        return path.name + ".csv"

    return save


def excel_file(cells, path):
    with pd.ExcelWriter(path.with_suffix(".xlsx"), engine="xlsxwriter") as book:
        cells.to_excel(book, index=False)
    return path.name + ".xlsx"


def parquet_file(cells, path):
    cells.to_parquet(path.with_suffix(".parquet"), index=False)
    return path.name + ".parquet"


# Cells.


def as_it_is(value, *_):
    return value


def texts(values, written):
    return values.map(written, na_action="ignore")


def plain(values):
    return texts(values, lambda x: f"{x:.2f}".rstrip("0").rstrip("."))


def formatted(fmt):
    return lambda values: values.dt.strftime(fmt)


def serial(values):
    return (values - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)


def indian(amount):
    whole, cents = f"{amount:.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    groups = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return "Rs. " + ",".join([*groups, tail]) + "." + cents


def european(digits):
    def written(x):
        return f"{x:,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")

    return written


def chinese_time(values):
    parts = ("凌晨", "上午", "中午", "下午", "晚上")

    def written(at):
        part = parts[[at.hour < 6, at.hour < 12, at.hour < 13, at.hour < 18, True].index(True)]
        hour = at.hour % 12 or 12
        return f"{at.year}年{at.month}月{at.day}日 {part}{hour}:{at:%M:%S}"

    return texts(values, written)


def apart(values):
    return pd.DataFrame({"date": values.dt.strftime("%Y/%m/%d"), "time": values.dt.strftime("%H:%M:%S")})


def zoned(values):
    utc = values.dt.tz_localize(TIMEZONE, ambiguous=True).dt.tz_convert("UTC")
    return utc.dt.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def minutes_and_seconds(minute, second):
    def written(s):
        return (f"{int(s) // 60}{minute}" if s >= 60 else "") + f"{int(s) % 60}{second}"

    return lambda values: texts(values, written)


def iso_duration(values):
    return texts(values, lambda s: f"PT{int(s) // 60}M{int(s) % 60}S" if s >= 60 else f"PT{int(s)}S")


def salesforce_id(lead):
    """Fifteen characters, in which some ids differ by upper and lower case alone; three check them."""
    letters = [chr(ord("a") + int(digit) // 2) for digit in lead[-6:]]
    short = "00Q5g0000" + "".join(
        letter.upper() if int(digit) % 2 else letter for letter, digit in zip(letters, lead[-6:], strict=True)
    )
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    fives = [short[i : i + 5] for i in (0, 5, 10)]
    return short + "".join(alphabet[sum(c.isupper() << n for n, c in enumerate(five))] for five in fives)
