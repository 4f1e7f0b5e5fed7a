"""What few leads share gets into no scorer: texts and numbers planted in a list that trains in a second."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from support.command import leadgrade
from support.tiny_list import tiny_in

RARE_NAMES = ("王小明", "Li Lei", "Han Meimei", "赵钱孙")


@pytest.fixture
def planted(tmp_path):
    """The tiny list with a town of five leads and four of fewer, and numbers like those of phones."""
    config = tiny_in(tmp_path)
    listed = pd.read_csv(tmp_path / "list.csv")
    towns = np.random.default_rng(1).choice(["Jinan", "Qufu"], len(listed)).astype(object)
    places = iter(range(0, 400, 7))
    for town, times in (("Five", 5), *zip(RARE_NAMES, (4, 3, 2, 1), strict=True)):
        for _ in range(times):
            towns[next(places)] = town
    number = 13_000_000_000 + np.random.default_rng(2).integers(0, 10**9, len(listed)) * 1.0
    listed.assign(town=towns, x=number).to_csv(tmp_path / "list.csv", index=False)
    text = config.read_text(encoding="utf-8").replace("z: {kind: numeric}", "town: {kind: categorical}")
    config.write_text(
        text.replace("x > 0", "x > 13500000000") + "privacy: {allowed: [x]}\n", encoding="utf-8"
    )
    return config, listed.assign(x=number)


def train(config):
    answer = leadgrade("train", config)
    assert answer.code == 0, answer.err
    folder = config.parent / "out"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("scorer*/*")]
    return "".join(texts), json.loads((folder / "scorer" / "scorer.json").read_text(encoding="utf-8"))


def test_values_of_few_leads_are_rare_and_numbers_are_rounded(planted, untracked):
    config, listed = planted
    text, scorer = train(config)
    assert scorer["model"]["categories"]["town"] == [" the rest", "Five", "Jinan", "Qufu"]
    assert not [name for name in RARE_NAMES if name in text]
    numbers = {f"{number:.0f}" for number in listed["x"]}
    assert not numbers & set(re.findall(r"\d{11}", text))
    # A value that was rare, and one that nobody had, are graded as one.
    lines = [["A", RARE_NAMES[0]], ["B", "从未见过"], ["C", "Jinan"]]
    new = pd.DataFrame(lines, columns=["lead_id", "town"]).assign(x=13_500_000_000.0)
    new.to_csv(config.parent / "new.csv", index=False)
    out = config.parent / "graded.csv"
    answer = leadgrade("score", config, "--leads", config.parent / "new.csv", "--out", out)
    assert answer.code == 0, answer.err
    graded = pd.read_csv(out).set_index("lead_id")
    assert graded.loc["A", "score"] == graded.loc["B", "score"]
    assert graded["model_version"].str.fullmatch("m[0-9a-f]{12}").all()


def test_who_wants_every_value_named_says_so(planted, untracked):
    config, _ = planted
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("allowed: [x]", "allowed: [x], rare_below: 1"), encoding="utf-8")
    _, scorer = train(config)
    assert set(RARE_NAMES) <= set(scorer["model"]["categories"]["town"])
