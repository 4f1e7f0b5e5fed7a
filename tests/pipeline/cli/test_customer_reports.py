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
    assert max(map(len, english.out.splitlines())) <= 200
    for kind in ("xlsx", "html"):
        assert team.path(f"out/{verb}.{kind}").stat().st_size > 0
    return answer.out


@pytest.mark.parametrize("verb", ["complete"])
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
