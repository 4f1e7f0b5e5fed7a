"""Texts looked up by their hashes are found exactly as a comparison of texts would find them."""

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from features.keys import Keys

WORDS = st.text("ab空", max_size=3)


@settings(deadline=None, derandomize=True)
@given(st.lists(WORDS, unique=True, max_size=12), st.lists(WORDS | st.none(), max_size=20))
def test_places_are_those_of_equal_texts(known, texts):
    found = Keys(pl.Series(known, dtype=pl.String)).places(pl.Series(texts, dtype=pl.String))
    assert found.to_list() == [known.index(text) if text in known else None for text in texts]


def same_hashes(patch, seeds):
    original = pl.Series.hash
    everything_equal = lambda self, seed=0: pl.Series(np.zeros(len(self), np.uint64))  # noqa: E731
    patch.setattr(
        pl.Series,
        "hash",
        lambda self, seed=0: everything_equal(self) if seed in seeds else original(self, seed=seed),
    )


def test_a_text_of_the_same_hash_is_not_taken_for_another(monkeypatch):
    same_hashes(monkeypatch, {0})
    assert Keys(pl.Series(["a"])).places(pl.Series(["b", "a"])).to_list() == [None, 0]


def test_another_seed_tells_keys_of_the_same_hash_apart(monkeypatch):
    same_hashes(monkeypatch, {0})
    assert Keys(pl.Series(["a", "b"])).places(pl.Series(["b", "c", "a"])).to_list() == [1, None, 0]


def test_keys_that_repeat_are_refused():
    with pytest.raises(ValueError, match="more than once"):
        Keys(pl.Series(["a", "a"]))
