"""``split.gap_rows``: a flat list's rows just before the test period, or an origin, teach nothing."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml
from support.command import leadgrade

from models.scorer import LeadScorer

SITE, VISITS = "site_s", "visits"
CONFIG = {
    "name": "flat",
    "flat": True,
    "sources": {"leads": {"path": "leads.csv", "exported_at": "2026-05-01"}},
    "attributes": {VISITS: {"kind": "numeric"}, SITE: {"kind": "numeric"}},
    "label": {"close": "outcome", "column": "won", "won_values": ["1"]},
    "grades": {"A": {"at_least": 0.6}, "B": {"at_least": 0.3}, "C": {"at_least": 0.1}},
    "model": {"threads": 1, "max_trees": 20, "learning_rate": 0.1, "min_leads_in_leaf": 10},
}


def made_list(n=700, seed=3):
    rng = np.random.default_rng(seed)
    site = rng.integers(0, 2000, n)
    won = rng.random(n) < 1.0 / (1.0 + np.exp(3.0 - site / 300.0))
    names = [f"P{place}" for place in range(n)]
    return pd.DataFrame(
        {"lead_id": names, "won": won.astype(int), VISITS: rng.integers(0, 20, n), SITE: site}
    )


class Flat:
    """A folder with a flat list and its configuration."""

    def __init__(self, folder, rows, **changes):
        folder.mkdir(exist_ok=True)
        self.folder, self.config = folder, folder / "flat.yaml"
        rows.to_csv(folder / "leads.csv", index=False)
        text = yaml.safe_dump(CONFIG | changes, allow_unicode=True, sort_keys=False)
        self.config.write_text(text, encoding="utf-8")

    def path(self, name):
        return self.folder / name

    def told(self, verb, *args):
        answer = leadgrade(verb, self.config, *args)
        assert (answer.code, answer.errors) == (0, []), answer.err
        return answer.out

    def scorer(self):
        """What was learned, whatever file it was learned from."""
        return LeadScorer.load(self.path("out/scorer")).with_origin("", "")


GAP, FROM, TEST = 40, 400, 550
GAPPED = {"split": {"calibrate_from": FROM + 1, "test_from": TEST + 1, "gap_rows": GAP}}
IN_GAP = range(TEST - GAP, TEST)


def turned(places):
    """The list with other outcomes at these places."""
    rows = made_list()
    rows.loc[list(places), "won"] = 1 - rows.loc[list(places), "won"]
    return rows


def learned(folder, places=(), **changes):
    """What a training of the list says and learns when these rows' outcomes are others."""
    flat = Flat(folder, turned(places), **(GAPPED | changes))
    told = json.loads(flat.told("train", "--json"))
    told.pop("scorer")
    return told, flat.scorer()


@pytest.fixture(scope="module")
def gapped(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.commands.train.record_training", lambda *_: "")
        return learned(tmp_path_factory.mktemp("gap") / "team")


@pytest.mark.usefixtures("untracked")
def test_no_outcome_in_a_gap_is_learned_from(tmp_path, gapped):
    told, scorer = learned(tmp_path / "team", IN_GAP)
    assert scorer.fingerprint == gapped[1].fingerprint
    # How many were won is told of all rows, as it should be.
    assert told | {"outcomes": None} == gapped[0] | {"outcomes": None}


@pytest.mark.usefixtures("untracked")
@pytest.mark.parametrize("end", [FROM, TEST - GAP])
def test_the_rows_before_a_gap_are_learned_from(tmp_path, gapped, end):
    _, scorer = learned(tmp_path / "team", range(end - 10, end))
    assert scorer.fingerprint != gapped[1].fingerprint
    assert scorer.model.text_ != gapped[1].model.text_


@pytest.mark.usefixtures("untracked", "few_rivals")
@pytest.mark.parametrize(
    "changes", [{"refit": True}, {"search": {"trials": 2, "folds": 1}}], ids=["refit", "search"]
)
def test_no_refit_and_no_search_learns_from_a_gap(tmp_path, changes):
    # A refit learns from the test's rows too, but for the gap at their end.
    gap = range(700 - GAP, 700) if "refit" in changes else IN_GAP
    plain, other = learned(tmp_path / "plain", **changes), learned(tmp_path / "other", gap, **changes)
    assert other[1].fingerprint == plain[1].fingerprint
    assert other[0]["search"] == plain[0]["search"]


def test_a_backtest_leaves_out_the_gap_before_each_origin(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.commands.backtest.record_backtest", lambda *_: "")
    predicted = [
        backtested(tmp_path / name, places)
        for name, places in {"plain": (), "gap": range(600 - GAP, 600), "before": range(550, 560)}.items()
    ]
    assert predicted[1] == predicted[0]
    assert predicted[2] != predicted[0]


def backtested(folder, places):
    flat = Flat(folder, turned(places), **GAPPED)
    flat.told("backtest", "--window", "500", "--step", "100", "--last", "100")
    return pd.read_csv(flat.path("out/backtest.csv"))["p_outcome"].to_list()
