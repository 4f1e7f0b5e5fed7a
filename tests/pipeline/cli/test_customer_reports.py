"""The reports that tell of customers, from the command to their files."""

import pandas as pd
import pytest
from support.command import assert_refused, leadgrade


def listed(team, name):
    (path,) = team.path("data").glob(f"{name}.csv*")
    return pd.read_csv(path, dtype=str)


def shown(verb, team, most=40):
    """What the verb shows in Chinese, within a screen."""
    answer = leadgrade(verb, team.config_path, "--language", "zh")
    assert (answer.code, answer.errors) == (0, [])
    assert len(answer.out.splitlines()) <= most
    english = leadgrade(verb, team.config_path)
    told = [line for line in english.out.splitlines() if not line.startswith("files in")]
    assert max(map(len, told)) <= 100
    for kind in ("xlsx", "html"):
        assert team.path(f"out/{verb}.{kind}").stat().st_size > 0
    return answer.out


@pytest.mark.parametrize("verb", ["complete", "profile"])
def test_a_flat_list_has_no_days_to_tell_of(verb, tmp_path):
    (tmp_path / "list.csv").write_text("lead_id,won\nL1,1\n")
    text = "name: f\nflat: true\nsources: {leads: {path: list.csv}}\nlabel: {close: outcome, column: won}\n"
    (tmp_path / "f.yaml").write_text(text)
    assert_refused(leadgrade(verb, tmp_path / "f.yaml"), 3, f"{verb} tells what a team does")


def test_every_cell_of_the_sources_is_counted(team):
    assert "信息完整度" in shown("complete", team)
    columns = pd.read_csv(team.path("out/complete.csv")).set_index("field")
    per_lead = pd.read_csv(team.path("out/complete_leads.csv"))
    leads = listed(team, "leads")
    facts = listed(team, "facts").sort_values("known_at").drop_duplicates(["lead_id", "field"], keep="last")
    assert sorted(per_lead["lead_id"]) == sorted(leads["lead_id"])
    assert columns["filled"].sum() == per_lead["filled"].sum()
    assert columns["filled"]["region"] == leads["region"].notna().sum()
    assert columns["filled"]["budget"] == leads["budget"].notna().sum()
    dated = columns[columns["source"] == "facts"]["filled"]
    assert dated.sum() == facts["value"].notna().sum()
    # What is entered later, or true at the export alone, is hindsight.
    assert columns["cost"][columns["source"] == "facts"].isna().all()


def test_a_profile_counts_each_ripe_lead_once_in_every_trait(team):
    told = shown("profile", team)
    assert "5W1H" not in told
    assert "成交客户画像" in told
    table = pd.read_csv(team.path("out/profile.csv"), dtype={"trait_value": str})
    totals = table.groupby("trait")[["closers", "rest"]].sum()
    assert totals.drop_duplicates().shape == (1, 2)
    leads = listed(team, "leads").set_index("lead_id")
    orders = listed(team, "orders").sort_values("ordered_at").drop_duplicates("lead_id")
    orders = orders[orders["lead_id"].isin(leads.index)].set_index("lead_id")["ordered_at"]
    born = pd.to_datetime(leads["created_at"])
    ripe = born[born <= pd.Timestamp("2026-07-01") - pd.Timedelta(days=90)]
    assert totals.sum(axis=1).iloc[0] == len(ripe)
    within = pd.to_datetime(orders).reindex(ripe.index) - ripe < pd.Timedelta(days=90)
    # Orders of merged leads, which name a key that nobody knows, close a few more.
    assert within.sum() <= totals["closers"].iloc[0] <= 1.05 * within.sum()
    assert "customer_status" not in set(table["trait"])  # true at the export alone: it knows the outcome
    team.configure("", "reports: {profile: {within_days: 3000}}")
    assert_refused(leadgrade("profile", team.config_path), 4, "is nobody to compare")
