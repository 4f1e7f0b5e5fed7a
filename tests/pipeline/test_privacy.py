"""What is shown of a cell: no personal data however it is cut, and no longer for a longer cell."""

import time

import polars as pl
import pytest

from pipeline.privacy import MAX_CHARS, mask, mask_id
from pipeline.reading.quarantine import masked

LONG = 10_000_000
UNITS = ["a", "1", "a@", "a@a.", ".", "-", "1-", "1 ", "a ", "a.", "@", "中", "2024-01-01 ", "(", "\n"]


@pytest.mark.parametrize("start", ["", "a@", "1", "a@b."])
@pytest.mark.parametrize("unit", UNITS)
def test_a_cell_of_ten_megabytes_is_masked_at_once(unit, start):
    cell = start + unit * (LONG // len(unit))
    began = time.process_time()
    shown = mask(cell)
    assert time.process_time() - began < 0.3
    assert len(shown) <= MAX_CHARS


@pytest.mark.parametrize(
    ("secret", "parts"),
    [
        ("13800138021", ("8001", "0013", "8021")),
        ("+86 138-0013-8021", ("8-00", "0013", "8021")),
        ("li.lei.wang@example.com", ("li.", "lei", "wang")),
        ("13800138021@example.com", ("8001", "0013", "8021")),
    ],
)
@pytest.mark.parametrize("end", ["", " and then more" * 500])
def test_what_straddles_a_cut_is_masked_like_the_rest(secret, parts, end):
    """Addresses shrink when they are masked, so what stands far behind comes into view."""
    for before in range(1, 500):
        for start in ("n" * before + "@x.com ", "x " * before, "n" * before + "@x.com 2024-01-31 "):
            shown = mask(f"{start}{secret}{end}")
            assert not any(part in shown for part in parts), (before, start[:3], shown)


def test_what_was_cut_ends_in_dots():
    assert mask("word " * 5_000) == ("word " * 8)[: MAX_CHARS - 1] + "…"
    assert mask("a" * 60_000) == "a**…"
    assert mask("n" * 399 + "@x.com " + "z" * 500) == "n**…"
    assert mask(" " * 5_000 + "call me" + " " * 5_000) == "call me"
    assert mask_id("王小明" * 5_000) == "王**"


@pytest.mark.parametrize("name", ["王小明", "赵云", "Han Meimei", "Li Lei", "Jean-Luc Moreau"])
def test_a_name_where_none_is_expected_is_not_shown(name):
    assert masked(pl.Series([name, "tomorrow", None]), mask).to_list() == [f"{name[0]}**", "tomorrow", None]


def test_what_many_rows_hold_is_a_word_and_stays():
    assert masked(pl.Series(["Closed Won"] * 5 + ["Han Meimei"]), mask).to_list() == ["Closed Won"] * 5 + [
        "H**"
    ]
