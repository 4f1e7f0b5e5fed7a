"""Who inflates grades is named, who is honest is not; drawn worlds of which the truth is known."""

import pandas as pd
import pytest
from support.audited_worlds import graded_world

from pipeline.config.reports import Audit
from pipeline.team.standards import FEWER_CLOSES, MORE_LEADS, standards


def named(world, rules=None):
    told = standards(world, rules or Audit())
    return set(told.loc[told["look_at"] != "", "agent"])


@pytest.mark.parametrize("seed", range(4))
def test_an_agent_who_inflates_grades_is_named_and_nobody_else(seed):
    planted = f"agent-{seed:02d}"
    assert named(graded_world(seed, planted)) == {planted}


def test_hardly_anybody_is_named_in_honest_teams():
    assert sum(len(named(graded_world(2000 + seed))) for seed in range(5)) == 0


def test_too_few_leads_name_nobody():
    assert named(graded_world(0, "agent-00"), Audit(least=251)) == set()


def test_leads_whose_facts_are_made_up_close_less_than_these_promise():
    world = graded_world(3)
    theirs = world["agent"] == "agent-05"
    given = theirs & world["grade"].isin(["A", "B"])
    # What was entered makes chances of .4, and the grades fit them; nobody buys.
    world.loc[given, ["chance_A", "chance_B"]] = 0.4
    world.loc[given, ["closed_A", "closed_B"]] = 0.0
    told = standards(world, Audit()).set_index(["agent", "grade"])["look_at"]
    assert FEWER_CLOSES in told["agent-05", "B"]
    assert MORE_LEADS not in told["agent-05", "B"]


def test_a_row_counts_each_lead_once_at_its_best_grade_and_ripe_leads_alone():
    graded = pd.DataFrame(
        [
            ("L1", 1, "Li", "C", 0.1, 0.0),
            ("L1", 2, "Li", "A", 0.3, 1.0),
            ("L1", 3, "Li", "A", 0.4, 0.0),
            ("L2", 1, "Li", "B", 0.2, 0.0),
            ("L3", 1, "Li", "A", 0.5, None),
            ("L1", 4, "Wang", "D", 0.1, 0.0),
        ],
        columns=["lead_id", "at", "agent", "grade", "chance_A", "closed_A"],
    ).assign(chance_B=0.5, closed_B=1.0)
    told = standards(graded, Audit()).set_index(["agent", "grade"])
    row = told.loc["Li", "A"]
    assert (row["graded"], row["leads"], row["ripe"], row["closes"]) == (3, 2, 1, 1)
    assert row["expected"] == pytest.approx(0.3)
    assert told.loc["Li", "B"]["leads"] == 3
    assert told.loc["Wang", "B"]["leads"] == 0
