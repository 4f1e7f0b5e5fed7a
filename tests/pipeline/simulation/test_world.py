"""The simulated world is what it says: seeded, labelled, and with truly exact probabilities."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.simulation import laws, phrases
from pipeline.simulation.truth import truth
from pipeline.simulation.world import simulate

CONFIG = shipped("demo.yaml")
HORIZONS = (30, 90, 180)


@pytest.fixture(scope="module")
def small():
    return simulate(n_leads=600, seed=3)


@pytest.fixture(scope="module")
def big():
    return simulate(n_leads=20_000, seed=11)


def ends(world):
    last = world.stages[world.stages["stage"].isin([laws.WON, laws.LOST])].set_index("lead_id")["entered_at"]
    return world.leads["lead_id"].map(last)


def monthly(world, max_age_days=365):
    over = ends(world)
    parts = []
    for as_of in pd.date_range(world.start, world.end, freq="MS", unit="s")[1:]:
        age = as_of - world.leads["created_at"]
        on = (age > pd.Timedelta(0)) & (age <= pd.Timedelta(days=max_age_days)) & ~(over < as_of)
        parts.append(pd.DataFrame({"lead_id": world.leads["lead_id"][on], "as_of": as_of}))
    return pd.concat(parts, ignore_index=True)


def one_each(world, spine, seed=0):
    """At most one as-of per lead, so that rows are independent: its n-th month, drawn before its fate."""
    n_th = np.floor(12 * np.random.default_rng(seed).beta(1, 2, len(world.leads)))
    drawn = spine["lead_id"].map(pd.Series(n_th, index=world.leads["lead_id"]))
    return spine[drawn == spine.groupby("lead_id").cumcount()].reset_index(drop=True)


def outcomes(world, spine, days):
    """1 closed within the horizon, 0 not, NaN where the window is not over at the export."""
    first = world.orders.dropna(subset=["lead_id"]).groupby("lead_id")["ordered_at"].min()
    wait = spine["lead_id"].map(first) - spine["as_of"]
    closed = ((wait >= pd.Timedelta(0)) & (wait < pd.Timedelta(days=days))).astype(float)
    return closed.where(spine["as_of"] + pd.Timedelta(days=days) <= world.end)


def gaps(p, y, groups):
    """Standardised gap between closes and promised closes in each group of at least 50 rows."""
    rows = pd.DataFrame({"gap": y - p, "var": p * (1 - p), "group": np.asarray(groups)}).dropna()
    sums = rows.groupby("group").agg(gap=("gap", "sum"), var=("var", "sum"), n=("gap", "size"))
    sums = sums[(sums["n"] >= 50) & (sums["var"] > 1)]
    return (sums["gap"] / np.sqrt(sums["var"])).to_numpy()


# Entered from the log and chance: beside the true probability they tell nothing more.
FURTHER = (
    "purchase_likelihood",
    "agreed",
    "contract_signed",
    "refusal_reason",
    "product_accepted",
    "price_dispute",
    "service_open",
    "joint_plans",
    "personality_cue",
)


def subgroups(world, spine):
    """What a lead's log shows before the as-of, in several ways."""
    calls = spine.merge(world.calls.drop(columns="transcript"), on="lead_id")
    calls = calls[calls["started_at"] + pd.to_timedelta(calls["duration"], unit="s") < calls["as_of"]]
    facts = spine.merge(world.facts[world.facts["field"] == "need"], on="lead_id").query("known_at < as_of")
    stages = spine.merge(world.stages, on="lead_id").query("entered_at < as_of")
    grades = spine.merge(world.manual_grades, on="lead_id").query("graded_at < as_of")
    entered = spine.merge(world.facts, on="lead_id").query("known_at < as_of")
    lead = spine["lead_id"]

    def latest(field):
        said = entered[entered["field"] == field].groupby("lead_id")["value"].last()
        return lead.map(said).fillna("-")

    inbound = calls[calls["direction"] == "呼入"].groupby("lead_id").size()
    questions = calls.groupby("lead_id")["intent_questions"].sum()
    orders = world.orders.merge(spine.merge(world.leads, on="lead_id"), on="customer_id")
    earlier = orders[orders["ordered_at"] < orders["created_at"]].groupby("lead_id_y").size()
    leads = world.leads.set_index("lead_id")
    return {
        "channel": lead.map(leads["channel"]),
        "budget": pd.qcut(lead.map(leads["budget"]), 5, labels=False).fillna(-1),
        "inbound": lead.map(inbound).fillna(0).clip(upper=2),
        "calls": lead.map(calls.groupby("lead_id").size()).fillna(0).clip(upper=20),
        "questions": lead.map(questions).fillna(-1).clip(upper=8),
        "last_status": lead.map(calls.sort_values("started_at").groupby("lead_id")["status"].last()).fillna(
            "-"
        ),
        "need": lead.map(facts.groupby("lead_id")["value"].last()).fillna("-"),
        "stage": lead.map(stages.groupby("lead_id")["stage"].last()),
        "grade": lead.map(grades.groupby("lead_id")["grade"].last()).fillna("-"),
        "orders": lead.map(earlier).fillna(0).clip(upper=2),
        "age": ((spine["as_of"] - lead.map(leads["created_at"])).dt.days // 60),
        "month": spine["as_of"],
        **{field: latest(field) for field in FURTHER},
    }


def standardised(world, spine):
    """All gaps: by bin of the true probability and by subgroup, for each horizon."""
    answers = truth(world, spine, HORIZONS)
    groups = subgroups(world, spine)
    found = []
    for days in HORIZONS:
        p, y = answers[f"true_close_{days}d"], outcomes(world, spine, days)
        bins = pd.qcut(p, 12, labels=False, duplicates="drop")
        found += [gaps(p, y, by) for by in (np.zeros(len(p)), bins, *groups.values())]
    return np.concatenate(found)


def test_monthly_truth_agrees_with_what_happens_in_every_bin_and_subgroup(big):
    z = standardised(big, one_each(big, monthly(big)))
    assert len(z) > 150
    assert np.abs(z).max() < 4.5
    assert np.mean(z**2) < 1.5


def test_truth_one_day_after_creation_agrees_with_what_happens(big):
    created = big.leads["created_at"]
    spine = pd.DataFrame({"lead_id": big.leads["lead_id"], "as_of": created + pd.Timedelta(days=1)})
    still_open = ~(ends(big) < spine["as_of"])
    z = standardised(big, spine[still_open].reset_index(drop=True))
    assert np.abs(z).max() < 4.5
    assert np.mean(z**2) < 1.5


@pytest.mark.parametrize("law", ["CLOSE_RATE", "INTENT_QUESTIONS"])
def test_the_gaps_convict_an_oracle_with_a_wrong_law(big, law, monkeypatch):
    monkeypatch.setattr(laws, law, getattr(laws, law) * 1.5)
    assert np.abs(standardised(big, one_each(big, monthly(big)))).max() > 6


LAWS = [
    "STATUS",
    "TALK",
    "REFUSALS",
    "INVITATION",
    "ASKS_WECHAT",
    "INBOUND_RATE",
    "NEED",
    "EXPECTED",
    "ADVANCE",
]


@pytest.fixture(scope="module")
def exact(big):
    return truth(big, monthly(big), (90,))


@pytest.mark.parametrize("law", LAWS)
def test_what_happens_is_likelier_than_under_an_oracle_that_forgets_a_law(big, exact, law, monkeypatch):
    table = getattr(laws, law)
    monkeypatch.setattr(laws, law, np.broadcast_to(table.mean(axis=0), table.shape).copy())
    blind = truth(big, exact, (90,))
    y, p, q = outcomes(big, exact, 90), exact["true_close_90d"], blind["true_close_90d"]
    gain = np.log(p / q).where(y == 1, np.log((1 - p) / (1 - q))).where(y.notna())
    by_lead = gain.groupby(exact["lead_id"]).sum()
    assert by_lead.sum() / np.sqrt((by_lead**2).sum()) > 2


def test_truth_does_not_see_the_future(small):
    as_of = pd.Timestamp("2025-03-01")
    open_now = (small.leads["created_at"] < as_of) & ~(ends(small) < as_of)
    spine = pd.DataFrame({"lead_id": small.leads["lead_id"][open_now], "as_of": as_of})
    over = small.calls["started_at"] + pd.to_timedelta(small.calls["duration"], unit="s")
    past = replace(
        small,
        calls=small.calls[over < as_of],
        orders=small.orders[small.orders["ordered_at"] < as_of],
        stages=small.stages[small.stages["entered_at"] < as_of],
        facts=small.facts[small.facts["known_at"] < as_of],
        manual_grades=small.manual_grades[small.manual_grades["graded_at"] < as_of],
    )
    pd.testing.assert_frame_equal(truth(past, spine), truth(small, spine), rtol=1e-9)


def test_truth_grows_with_the_horizon_and_ignores_how_the_instant_is_written(small):
    spine = monthly(small)
    answers = truth(small, spine, HORIZONS)
    p = answers[[f"true_close_{d}d" for d in HORIZONS]].to_numpy()
    assert ((p > 0) & (p < 1)).all()
    assert (np.diff(p, axis=1) > 0).all()
    aware = spine.assign(as_of=spine["as_of"].dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC"))
    assert np.array_equal(truth(small, aware, HORIZONS).iloc[:, 2:].to_numpy(), p)


def test_truth_is_missing_for_leads_that_are_not_open_and_refuses_strangers(small):
    over = ends(small)
    gone = pd.DataFrame({"lead_id": small.leads["lead_id"], "as_of": over + pd.Timedelta(seconds=1)}).dropna()
    unborn = small.leads[["lead_id"]].assign(as_of=small.leads["created_at"])
    assert truth(small, gone, (30,))["true_close_30d"].isna().all()
    assert truth(small, unborn, (30,))["true_close_30d"].isna().all()
    with pytest.raises(ValueError, match="SIM-L999999"):
        truth(small, pd.DataFrame({"lead_id": ["SIM-L999999"], "as_of": [small.end]}))


def test_a_silent_lead_follows_the_closed_form(small):
    """Before its first call a lead's chances follow from the prior and the two hazards alone."""
    first = small.leads["lead_id"].map(small.calls.groupby("lead_id")["started_at"].min())
    world = small
    lead = world.leads[first.isna() | (first.dt.normalize() > world.leads["created_at"])].iloc[[0]]
    as_of = lead["created_at"].dt.normalize() + pd.Timedelta(days=1)
    got = truth(world, pd.DataFrame({"lead_id": lead["lead_id"], "as_of": as_of}), (30,))
    created = laws.local_seconds(lead["created_at"])
    mine = world.orders[world.orders["customer_id"] == lead["customer_id"].iloc[0]]
    past = (lead["created_at"].iloc[0] - mine["ordered_at"]).dt.total_seconds() / 86_400
    past = past[past > 0]
    days = np.array([past.min() if len(past) else np.nan])
    prior = np.exp(laws.log_prior(lead, created, int(world.start.timestamp()), np.array([len(past)]), days))[
        0
    ]
    start = laws.working_days(laws.local_seconds(as_of)) - laws.working_days(created)
    end = laws.working_days(laws.local_seconds(as_of) + 30 * 86_400) - laws.working_days(created)
    leave = laws.CLOSE_RATE + laws.LOSS_RATE
    alive = prior * np.exp(-laws.pace(start) * leave - start * laws.INBOUND_RATE)
    closes = laws.CLOSE_RATE / leave * (1 - np.exp(-(laws.pace(end) - laws.pace(start)) * leave))
    assert got["true_close_30d"].iloc[0] == pytest.approx((alive * closes).sum() / alive.sum(), rel=1e-9)


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        simulate(n_leads=120, seed=seed).write(tmp_path / name)
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == [
        "calls.csv.gz",
        "facts.csv",
        "leads.csv",
        "manual_grades.csv",
        "orders.csv",
        "stages.csv",
    ]
    same = [(tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files]
    other = [(tmp_path / "a" / f).read_bytes() == (tmp_path / "c" / f).read_bytes() for f in files]
    assert all(same)
    assert not any(other)


def test_everything_is_labelled_as_simulated_and_nothing_tells_the_class(small):
    for frame, key in ((small.leads, "lead_id"), (small.calls, "call_id"), (small.orders, "order_id")):
        assert frame[key].str.startswith("SIM-").all()
        assert frame[key].is_unique
    assert small.leads["phone"].astype(str).str.fullmatch(r"199000\d{5}").all()
    columns = {c for f in (small.leads, small.calls, small.stages, small.facts) for c in f.columns}
    assert not columns & {"cls", "class", "closed_s", "lost_s"}
    assert not any(small.leads[c].isin(laws.CLASSES).any() for c in small.leads)


def test_nothing_happens_before_creation_after_the_end_or_outside_the_world(small):
    born = small.leads.set_index("lead_id")["created_at"]
    over = pd.Series(ends(small).to_numpy(), index=small.leads["lead_id"])
    calls = small.calls
    assert (calls["started_at"] >= calls["lead_id"].map(born)).all()
    assert not (calls["started_at"] >= calls["lead_id"].map(over)).any()
    assert small.stages["entered_at"].max() < small.end
    assert calls["started_at"].max() < small.end
    own = small.orders.dropna(subset=["lead_id"])
    assert (own["ordered_at"] > own["lead_id"].map(born)).all()
    old = small.orders[small.orders["lead_id"].isna()]
    first = small.leads.groupby("customer_id")["created_at"].min()
    assert (old["ordered_at"] < old["customer_id"].map(first)).all()


def test_a_transcript_says_what_the_counts_say(small):
    calls = small.calls[small.calls["asked_callback"] == 0]
    asked = {p for family in phrases.INTENT_QUESTION_TEXTS.values() for p in family}
    other = {p for family in phrases.OTHER_QUESTIONS.values() for p in family}
    said = [Counter(t.removeprefix("客户: ") for t in text.split("\n")) for text in calls["transcript"]]

    def times(wanted):
        return [sum(n for phrase, n in counter.items() if phrase in wanted) for counter in said]

    assert times(asked) == calls["intent_questions"].tolist()
    assert times(asked | other) == calls["questions"].tolist()
    assert times(phrases.REFUSAL_TEXTS) == calls["refusals"].tolist()
    assert times(phrases.ACCEPTING_TEXTS) == (calls["invitation"] == "接受").astype(int).tolist()
    assert times(phrases.WECHAT_TEXTS) == calls["asked_wechat"].tolist()
    assert ((calls["transcript"] == "") == (calls["status"] != "接通")).all()


def test_the_world_is_plausible(big):
    calls_per_lead = len(big.calls) / len(big.leads)
    reached = big.calls[big.calls["status"] == "接通"]["lead_id"].nunique() / len(big.leads)
    rows = monthly(big)
    base = {days: outcomes(big, rows, days).mean() for days in HORIZONS}
    assert 7 < calls_per_lead < 10
    assert 0.8 < reached < 0.92
    assert 0.045 < base[30] < 0.08
    assert 0.12 < base[180] < 0.20
    assert set(big.manual_grades["grade"]) == set("ABCDE")


def test_the_shipped_configuration_names_the_columns_that_are_written(small):
    config = read_config(CONFIG)
    assert config.simulation
    lead_columns = [n for n, a in config.attributes.items() if a.known != "dated"]
    assert set(lead_columns) <= set(small.leads.columns)
    assert "phone" not in config.attributes
    fields = {n for n, a in config.attributes.items() if a.known == "dated"}
    assert fields <= set(small.facts["field"])
    for column in ("status", "direction", "invitation", "hung_up_by"):
        assert set(small.calls[column].unique()) - {""} <= set(config.sources["calls"].values[column])
    assert set(config.label.lost_stages) <= set(small.stages["stage"])


def test_an_empty_world_is_refused():
    with pytest.raises(ValueError, match="at least one lead"):
        simulate(n_leads=0)
