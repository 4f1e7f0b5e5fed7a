"""Closers beside all others: what is planted is found, what is chance is not, and every lead is counted."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config.customer_reports import Profile
from pipeline.team.completeness import Field
from pipeline.team.profile import EMPTY, FEW, profile, traits

REGION = Field("region", "leads", numeric=False, at_creation=True)


def drawn(seed, lift, leads=3000):
    """Leads with twelve traits of four values each; in one region more of them close."""
    rng = np.random.default_rng(seed)
    names = [f"trait{n}" for n in range(11)]
    told = pl.DataFrame({name: rng.choice(list("abcd"), leads) for name in ("region", *names)})
    chance = 0.2 + lift * (told["region"] == "a").to_numpy()
    ids = pl.Series("lead_id", [f"L{n}" for n in range(leads)])
    closed = pl.DataFrame([ids, pl.Series("closed", (rng.random(leads) < chance).astype(int))])
    return told.select(ids, pl.all()), closed


def named(seed, lift):
    table = profile(*drawn(seed, lift)[:1], [REGION], drawn(seed, lift)[1], Profile())
    return {tuple(row) for row in table.filter("beyond_chance").select("trait", "trait_value").rows()}


def test_a_planted_difference_is_named_and_chance_is_not():
    assert all(("region", "a") in named(seed, 0.2) for seed in range(5))
    # Of 48 comparisons in each of twenty worlds without any difference, one world at most is named.
    assert sum(bool(named(seed, 0.0)) for seed in range(20)) <= 2


def test_the_interval_holds_the_difference_of_the_shares_and_the_question_is_the_configuration_s():
    told, closed = drawn(1, 0.2)
    table = profile(told, [REGION], closed, Profile())
    row = table.row(by_predicate=(pl.col("trait") == "region") & (pl.col("trait_value") == "a"), named=True)
    won = told.join(closed.filter(pl.col("closed") == 1), on="lead_id")
    assert row["closers"] == (won["region"] == "a").sum()
    assert row["closers_share"] == row["closers"] / won.height
    assert row["from"] < row["difference"] == row["closers_share"] - row["rest_share"] < row["until"]
    assert (row["question"], row["at_creation"]) == ("where", True)
    assert set(table.filter(pl.col("trait") == "trait1")["question"]) == {"who"}


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.booleans()), min_size=1, max_size=60))
def test_the_values_of_a_trait_are_those_of_all_leads(rows):
    ids = [f"L{n}" for n in range(len(rows))]
    told = pl.DataFrame(
        {"lead_id": ids, "region": [value for value, _ in rows]}, {"lead_id": pl.String, "region": pl.String}
    )
    closed = pl.DataFrame({"lead_id": ids, "closed": [int(won) for _, won in rows]})
    table = profile(told, [REGION], closed, Profile(least=5))
    assert table["closers"].sum() == sum(won for _, won in rows)
    assert table["closers"].sum() + table["rest"].sum() == len(rows)
    kept = table.filter(~pl.col("trait_value").is_in([EMPTY, FEW]))
    assert (kept["closers"] + kept["rest"] >= 5).all()


def test_numbers_stand_as_quarters_and_the_hours_of_creation_together():
    leads = pl.DataFrame({"lead_id": ["L1", "L2", "L3", "L4", "L5"], "budget": [1.0, 2.0, 3.0, 4.0, None]})
    born = leads.with_columns(pl.lit(3).alias("local_weekday"), pl.lit(10).alias("local_hour"))
    told = traits({"leads": born}, [Field("budget", "leads", numeric=True, at_creation=True)])
    assert told["budget"].to_list() == ["<= 2", "<= 2", "2 - 3", "> 3", None]
    assert told.row(0)[2:] == ("3", "09:00-12:00")
