"""Calls are heard by former versions exactly as those heard them, whatever was learned since."""

import hashlib

import polars as pl
import pytest
from benchmarks.label_styles import lines_of

from models.intents.versions import lexicon_of
from pipeline.transcripts.hearing import Hearing, hear

SIDES = {"agent": "坐席", "customer": "客户"}
# SHA-256 of what the last revision of each version heard in the calls below: never changed.
HEARD_THEN = {2: "705e47a1551fca77", 3: "72f9f3b83f71d691", 4: "8efb7cffaf441095"}


def cells():
    """The calls of the learning half in the plainest style, and its label styles."""
    calls = [
        "\n".join(f"{SIDES[turn['side']]}: {turn['text']}" for turn in call["turns"])
        for call in lines_of("calls.jsonl", "learn")
    ]
    return [*calls, *(style["rendering"] for style in lines_of("label_styles.jsonl", "learn"))]


def digest(version):
    """Of every column that is heard, in CSV."""
    lexicon = lexicon_of(version)
    calls = pl.DataFrame({"transcript": cells()})
    heard = hear(calls, Hearing(lexicon, lexicon, version)).drop("transcript")
    return hashlib.sha256(heard.select(sorted(heard.columns)).write_csv().encode()).hexdigest()[:16]


@pytest.mark.parametrize("version", HEARD_THEN)
def test_a_former_version_hears_what_it_heard(version):
    assert digest(version) == HEARD_THEN[version]


def test_the_versions_hear_differently():
    assert len({digest(version) for version in (2, 3, 4, 5)}) == 4
