import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.hazard_world import simulate
from support.small_scorer import HORIZONS, files_of, rewrite, train, with_orders

from models.calibration.hazard_calibration import HazardCalibration
from models.close.amount_model import ValueModel
from models.grades.learned_policies import value_policy
from models.grades.score_bands import ScoreBands
from models.grades.value_tiers import Valuation
from models.metrics.rates import Rate
from models.scorer import LeadScorer


@pytest.fixture(scope="module")
def scorer() -> LeadScorer:
    return train()


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return with_orders(simulate(leads=80, seed=4))


@pytest.fixture
def folder(scorer, tmp_path):
    scorer.save(tmp_path / "scorer")
    return tmp_path / "scorer"


def test_scores_have_the_frames_index_and_these_columns(scorer, frame):
    scored = scorer.score(frame.set_index(frame.index * 3 + 5))
    chances = [
        f"p_{horizon}{end}" for horizon in HORIZONS for end in ("", "_sensitivity_low", "_sensitivity_high")
    ]
    expected = [*chances, "score", "grade", "rfm_r", "rfm_f", "rfm_m"]
    assert list(scored.columns) == expected
    assert list(scored.index) == [i * 3 + 5 for i in range(len(frame))]
    assert (scored["p_30d"] <= scored["p_90d"]).all()
    assert (scored["p_90d"] <= scored["p_180d"]).all()
    assert set(scored["grade"]) <= set("ABCD")
    assert scored["grade"].nunique() > 1
    assert (scored["rfm_f"].isna().to_numpy() == (frame["orders_total"] == 0.0).to_numpy()).all()


def test_the_grade_is_the_policys_and_the_score_is_raw(scorer, frame):
    scored = scorer.score(frame)
    assert (scored["grade"] == "A").equals(scored["p_30d"] >= 0.3)
    raw = 1.0 - np.prod(1.0 - scorer.raw_hazards(frame), axis=1)
    assert np.allclose(scored["score"], raw)
    assert not np.allclose(scored["score"], scored["p_180d"])


def test_hazards_that_are_known_already_score_alike(scorer, frame):
    pd.testing.assert_frame_equal(
        scorer.score(frame, scorer.raw_hazards(frame)), scorer.score(frame), check_exact=True
    )
    assert (scorer.calibration.chances(scorer.raw_hazards(frame))[:, 0] == scorer.score(frame)["p_30d"]).all()


def test_a_lead_alone_is_scored_as_among_others_to_the_last_bit(scorer, frame):
    among = scorer.score(frame)
    for place in range(0, len(frame), 5):
        pd.testing.assert_frame_equal(
            scorer.score(frame.iloc[[place]]), among.iloc[[place]], check_exact=True, rtol=0, atol=0
        )


def test_order_of_rows_and_columns_plays_no_part(scorer, frame):
    shuffled = frame.sample(frac=1.0, random_state=2)[sorted(frame.columns)]
    pd.testing.assert_frame_equal(scorer.score(shuffled).sort_index(), scorer.score(frame), check_exact=True)


def test_columns_are_checked_by_name(scorer, frame):
    scorer.check_columns(frame.assign(more="x"))
    with pytest.raises(ValueError, match="columns missing: calls_30d, orders_total"):
        scorer.score(frame.drop(columns=["orders_total", "calls_30d"]))
    with pytest.raises(ValueError, match="numbers expected in: calls_30d"):
        scorer.check_columns(frame.assign(calls_30d="many"))


def test_no_leads_give_no_scores(scorer, frame):
    assert scorer.score(frame.iloc[:0]).shape == (0, 14)


def test_a_saved_scorer_answers_bit_for_bit(scorer, frame, folder):
    again = LeadScorer.load(folder)
    pd.testing.assert_frame_equal(again.score(frame), scorer.score(frame), check_exact=True)
    assert again.fingerprint == scorer.fingerprint
    assert again.policy == scorer.policy
    assert (again.name, again.simulation, again.data_fingerprint) == ("模拟 team", True, "abc")
    again.save(folder.with_name("copy"))
    assert files_of(folder.with_name("copy")) == files_of(folder)


def test_two_trainings_save_the_same_bytes(scorer, folder, tmp_path):
    other = train()
    other.save(tmp_path / "other")
    assert files_of(tmp_path / "other") == files_of(folder)
    assert other.fingerprint == scorer.fingerprint
    assert train(seed=1).fingerprint != scorer.fingerprint


def test_the_folder_holds_two_text_files(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["model.txt", "scorer.json"]
    state = json.loads((folder / "scorer.json").read_text("utf-8"))
    digest = hashlib.sha256((folder / "model.txt").read_bytes()).hexdigest()
    assert (state["format"], state["version"], state["model_sha256"]) == ("leadgrade-scorer", 3, digest)
    assert (folder / "scorer.json").read_text("utf-8").endswith("}\n")


def test_an_existing_folder_is_not_overwritten(scorer, folder):
    before = files_of(folder)
    with pytest.raises(ValueError, match="exists already"):
        scorer.save(folder)
    assert files_of(folder) == before


def test_a_failed_save_leaves_nothing(scorer, tmp_path, monkeypatch):
    write_text = Path.write_text

    def full(path, *args, **options):
        if path.name == "scorer.json":
            raise OSError("disk full")
        return write_text(path, *args, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="disk full"):
        scorer.save(tmp_path / "new" / "scorer")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("name", ["model.txt", "scorer.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ValueError, match=f"{name} cannot be read: No such file"):
        LeadScorer.load(folder)


@pytest.mark.parametrize("name", ["model.txt", "scorer.json"])
def test_any_damage_is_one_line_and_never_a_crash(folder, name):
    saved = LeadScorer.load(folder)
    whole, rng = (folder / name).read_bytes(), random.Random(3)
    for _ in range(60):
        place = rng.randrange(len(whole))
        changed = bytes([whole[place] ^ (1 << rng.randrange(8))])
        for damaged in (whole[:place], whole[:place] + changed + whole[place + 1 :]):
            (folder / name).write_bytes(damaged)
            told = _error_of(folder)
            if told is None:  # a number may be written in two ways, 1e-05 and 1E-05: that is no damage
                assert LeadScorer.load(folder).fingerprint == saved.fingerprint
            else:
                assert name in told
                assert "\n" not in told


def _error_of(folder):
    try:
        LeadScorer.load(folder)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "has version 2, not 3"),
        ({"format": "other"}, "no scorer of this program"),
        ({"horizons": ["30d", "90d"]}, "horizons"),
        ({"horizons": None}, "no valid scorer"),
        ({"calibration": {"windows": [], "bounds": [], "choices": []}}, "a calibration of 0"),
        ({"calibration": {"windows": [{"method": "pickle"}]}}, "'pickle' is none of none, sigmoid"),
        ({"rfm_edges": {"recency_edge_1": "x"}}, "no valid scorer"),
        ({"rfm_edges": []}, "no valid scorer"),
        ({"policy": {}}, "conditions"),
        (
            {
                "model": {
                    "parameters": {"threads": 1},
                    "columns": ["a"],
                    "categories": {},
                    "levels": [0.0, 0.0, 0.0],
                    "trees": 1,
                }
            },
            "inputs",
        ),
        ({"model": {"parameters": {"code": "x"}}}, "code"),
    ],
)
def test_wrong_content_under_a_right_digest_is_refused(folder, change, message):
    rewrite(folder, change)
    with pytest.raises(ValueError, match=message) as caught:
        LeadScorer.load(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "[" * 100_000, '{"a": NaN}', '{"a": "\\ud800"}', "import os"]
)
def test_what_is_no_scorer_is_refused(folder, text):
    (folder / "scorer.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="no scorer"):
        LeadScorer.load(folder)


def test_a_model_text_of_another_kind_under_a_right_digest_is_refused(folder):
    for text in ("", "tree\n", "import os", "tree\nversion=v4\nend of trees\n"):
        (folder / "model.txt").write_text(text, encoding="utf-8", newline="\n")
        rewrite(folder, {"model_sha256": hashlib.sha256(text.encode()).hexdigest()})
        with pytest.raises(ValueError, match="model text"):
            LeadScorer.load(folder)


def test_parts_that_do_not_fit_are_refused(scorer):
    with pytest.raises(ValueError, match="but grades for"):
        LeadScorer("x", ("30d", "90d"), scorer.model, scorer.calibration, scorer.policy)
    with pytest.raises(ValueError, match="a calibration of 0"):
        LeadScorer("x", HORIZONS, scorer.model, HazardCalibration((), ()), scorer.policy)


@pytest.fixture(scope="module")
def valued(scorer) -> LeadScorer:
    world = with_orders(simulate(seed=0))
    rng = np.random.default_rng(2)
    amount = 1000.0 * (1.0 + world["calls_30d"].fillna(0.0)) * np.exp(rng.normal(0.0, 0.3, len(world)))
    model = ValueModel(max_trees=20, threads=1).fit(world[list(scorer.columns)], amount, world["lead_id"])
    value = scorer.score(world)["p_180d"].to_numpy() * model.predict(world[list(scorer.columns)])
    graded = value_policy({"A": 1000.0, "B": 300.0}, 50.0, HORIZONS)
    return replace(scorer, valuation=Valuation.learn(model, value)).with_policy(graded)


def test_value_columns_and_grades_by_value(valued, frame):
    scored = valued.score(frame)
    assert np.array_equal(scored["expected_value"], scored["p_180d"] * scored["expected_amount"])
    assert set(scored["value_tier_learned"]) == {"high", "medium", "low"}
    assert (scored["grade"] == "A").equals(scored["expected_value"] - 50.0 >= 1000.0)
    for place in range(0, len(frame), 9):
        alone = valued.score(frame.iloc[[place]])
        pd.testing.assert_frame_equal(alone, scored.iloc[[place]], check_exact=True, rtol=0, atol=0)
    assert valued.score(frame.iloc[:0]).shape == (0, len(scored.columns))


def test_a_scorer_with_value_is_three_text_files(valued, frame, tmp_path):
    folder = tmp_path / "scorer"
    valued.save(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["model.txt", "model_value.txt", "scorer.json"]
    again = LeadScorer.load(folder)
    pd.testing.assert_frame_equal(again.score(frame), valued.score(frame), check_exact=True)
    assert again.fingerprint == valued.fingerprint
    (folder / "model_value.txt").write_text("tree\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"model_value\.txt is not the file that was saved"):
        LeadScorer.load(folder)
    (folder / "model_value.txt").unlink()
    with pytest.raises(ValueError, match=r"model_value\.txt cannot be read"):
        LeadScorer.load(folder)


def test_grades_by_value_need_a_value_model(valued):
    with pytest.raises(ValueError, match="need a value model"):
        replace(valued, valuation=None)


def test_without_edges_there_are_no_levels(scorer, frame):
    plain = LeadScorer("x", HORIZONS, scorer.model, scorer.calibration, scorer.policy)
    assert not [c for c in plain.score(frame).columns if c.startswith("rfm")]


# What is there only where it is there ----------------------------------------------------------------------


def test_a_scorer_says_the_band_of_each_lead_and_what_it_learned_from(scorer, frame, tmp_path):
    two = (Rate(0.1, 100.0), Rate(0.5, 40.0))
    bands = ScoreBands((0.2,), {"30d": two, "180d": two})
    other = replace(scorer.with_bands(bands), learned_from={"max_age_days": 365})
    scored = other.score(frame)
    assert (scored["band"] == 1 + (scored["p_180d"] >= 0.2)).all()
    assert scored["band"].nunique() == 2
    assert scored.loc[scored["band"] == 2, "band_30d"].eq(0.5).all()
    assert set(other.answers) <= set(scored.columns)
    pd.testing.assert_frame_equal(scored[scorer.score(frame).columns], scorer.score(frame))
    other.save(tmp_path / "other")
    again = LeadScorer.load(tmp_path / "other")
    assert (again.bands, again.learned_from) == (bands, {"max_age_days": 365})
    pd.testing.assert_frame_equal(again.score(frame), scored)  # its columns in their order too
    assert again.fingerprint == other.fingerprint != scorer.fingerprint


def test_a_scorer_without_them_is_written_as_it_was(scorer):
    assert not {"bands", "learned_from"} & scorer._to_dict().keys()
