"""Data whose labels are known are read at once, to the same turns as the long way reads."""

import json

import polars as pl
import pytest
from benchmarks.label_styles import STYLES, lines_of

from pipeline.transcripts.data_turns import turns_of_data
from pipeline.transcripts.label_styles import LabelStyles
from pipeline.transcripts.turns import under_labels

CALLS = [
    [(turn["side"], turn["text"]) for turn in call["turns"]] for call in lines_of("calls.jsonl", "learn")
]
OF_DATA = {name: write for name, write in STYLES["label"].items() if "JSON" in name or name == "Python"}
# Words that the long way changes: quotes, times, breaks and signs.
STRANGE = [
    ("agent", "“您好”\n 在吗"),
    ("customer", "[00:05] how  much?"),
    ("agent", "-->"),
    ("customer", "role: agent"),
    ("agent", "10:30"),
    ("customer", "> 好\u2028的 |"),
    ("customer", ""),
]


def table(cells):
    return pl.DataFrame({"call": pl.Series(range(len(cells)), dtype=pl.UInt32), "text": cells})


def both(cells, styles=None):
    """What is read at once, and the same calls the long way."""
    styles = styles or LabelStyles()
    at_once = turns_of_data(table(cells), styles)
    found = under_labels(table(cells), styles).turns
    told = found.select("call", (pl.col("side") == "agent").alias("ours"), "said")
    mine = told.filter((pl.col("said") != "") & pl.col("call").is_in(at_once["call"].unique().implode()))
    return at_once.rows(), mine.rows()


@pytest.mark.parametrize("name", OF_DATA)
def test_calls_in_every_way_to_write_data(name):
    at_once, long = both([OF_DATA[name](call) for call in CALLS])
    assert at_once == long
    assert len({call for call, _, _ in at_once}) == len(CALLS)


def test_strange_words_come_out_as_the_long_way_leaves_them():
    at_once, long = both([json.dumps([{"role": side, "text": text} for side, text in STRANGE])])
    assert at_once == long
    assert len(at_once) >= 5


def test_what_is_not_certain_goes_the_long_way():
    calls = {
        "nobody": [("系统", "开始"), ("agent", "您好"), ("customer", "喂")],
        "who dialled": [("主叫", "您好"), ("被叫", "喂")],
        "one side": [("agent", "您好"), ("agent", "在吗")],
        "strange": [("A", "您好"), ("B", "喂")],
        "one strange": [("agent", "您好"), ("小李", "喂")],
        "tags": [("agent", "您好"), ("customer", "<b>喂</b>")],
    }
    cells = [json.dumps([{"role": r, "text": t} for r, t in call]) for call in calls.values()]
    assert turns_of_data(
        table([*cells, "[客户]: 多少钱", "{}", "[]", "[1]", '{"a": [']), LabelStyles()
    ).is_empty()
    own = LabelStyles.of(agent=["A"], customer=["B"])
    at_once, long = both(cells, own)
    assert at_once == long == [(3, True, "您好"), (3, False, "喂")]
