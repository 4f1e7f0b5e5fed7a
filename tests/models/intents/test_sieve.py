"""The sieve never drops a text that matches, and reads each pattern or refuses it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.intents.sieve import MAX_PATTERNS, Sieve, needed

LETTERS = "abc不要"
ATOMS = st.one_of(
    st.sampled_from(LETTERS),
    st.sampled_from([".", "^", "$", r"\b", r"\d", "[ab]", "[^c]", "[a-c]", "[a-b不]"]),
)
TIMES = st.sampled_from(
    ["", "", "", "?", "*", "+", "??", "*?", "+?", "{0,2}", "{2}", "{1,2}", "{0,2}?", "{1,}"]
)


def patterns():
    def larger(inner):
        one = st.tuples(inner, TIMES).map(lambda x: f"(?:{x[0]}){x[1]}")
        return st.one_of(
            st.lists(one, min_size=1, max_size=3).map("".join), st.lists(inner, max_size=3).map("|".join)
        )

    plain = st.tuples(ATOMS, TIMES).map(lambda x: x[0] + (x[1] if x[0] not in ("^", "$", r"\b") else ""))
    return st.recursive(st.lists(plain, min_size=1, max_size=4).map("".join), larger, max_leaves=5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(patterns(), min_size=1, max_size=5),
    st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=8),
)
@example(["如何[^ ]{0,4}?收"], ["如何收", "收"])
def test_what_matches_is_kept(some, texts):
    sifted = Sieve.of(some).sift(texts)
    for number, pattern in enumerate(some):
        found = pc.match_substring_regex(pa.array(texts), pattern).to_numpy(zero_copy_only=False)
        kept = (sifted >> np.uint64(number) & np.uint64(1)).astype(bool)
        assert not (found & ~kept).any(), (pattern, texts)


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        ("要", {"要"}),
        ("不要|别", {"不要", "别"}),
        ("不?要", {"要"}),
        ("(?:a|b)+c{0,3}?", {"a", "b"}),
        ("[不别]再?", {"不", "别"}),
        ("a{2}b", {"a"}),
        ("a|", None),
        ("[^a]|b", None),
        (r"\bno\b", {"no"}),
        ("不(?:太)?贵吗", {"贵吗"}),
    ],
)
def test_what_a_pattern_needs(pattern, pieces):
    assert needed(pattern) == (None if pieces is None else frozenset(pieces))


@pytest.mark.parametrize(
    "pattern", ["(a)", "(?i)a", "a)", "(?:a", r"\pN", r"\Qa\E", "*", "a{x}", "[[:digit:]]", r"[\d]"]
)
def test_syntax_that_is_not_read_is_refused(pattern):
    with pytest.raises(ValueError, match="pattern"):
        needed(pattern)


def test_it_holds_so_many_patterns_and_no_more():
    sieve = Sieve.of(["a"] * MAX_PATTERNS)
    assert sieve.sift(["a", "b", ""]).tolist() == [2**MAX_PATTERNS - 1, 0, 0]
    assert sieve.sift([]).tolist() == []
    with pytest.raises(ValueError, match="a sieve holds 64"):
        Sieve.of(["a"] * (MAX_PATTERNS + 1))


def test_it_drops_most_of_what_does_not_match():
    said = [f"{first}{second}" for first in "今天气很好啊我们去吧" for second in "说话听见走路"]
    assert np.count_nonzero(Sieve.of(["价格|多少钱", "不(?:太|很)?贵"]).sift(said)) == 0
