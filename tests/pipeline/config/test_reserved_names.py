"""A file's outcome may be called like a column of the program's own: it is read all the same."""

import re

import pytest
from support.command import assert_refused, leadgrade

from pipeline.config.config import read_config
from pipeline.reading.ingest import read_source

OURS = ["closed", "closed_at", "lost", "lost_at", "row_number", "known_at", "as_of", "owner_id", "local_hour"]
OURS += ["period", "seen", "score", "grade", "closed_30d", "window_30d", "closed_outcome", "__bucket"]
DATED = """\
name: t
sources: {leads: {path: leads.csv, values: {WHETHER: {gewonnen: 'yes'}}}}
attributes: {channel: {}}
label: {close: outcome, column: WHETHER, closed_at: WHEN, observed_until: 2025-06-01}
cohort: {at: column, column: MET}
horizons_days: [20]
grades: {A: {by_days: 20, at_least: 0.3}}
"""
FLAT = """\
name: t
flat: true
sources: {leads: {path: leads.csv}}
attributes: {channel: {}}
label: {close: outcome, column: WHETHER, won_values: [gewonnen]}
grades: {A: {at_least: 0.3}}
"""


def team(folder, config, renamed=None, **names):
    """A team whose columns have other names; the configuration may tell them instead of using them."""
    header = "lead_id,created_at,channel,WHETHER,WHEN,MET\n"
    rows = [
        f"L{i},2024-{i % 12 + 1:02}-01,{'abc'[i % 3]},{won},{'2025-03-20' if won else ''},2025-03-10\n"
        for i in range(300)
        for won in ("gewonnen" if i % 4 == 0 else "",)
    ]
    for old, new in names.items():
        header, config = header.replace(old, new), config.replace(old, new)
    (folder / "leads.csv").write_text(header + "".join(rows))
    (folder / "t.yaml").write_text(config)
    return folder / "t.yaml"


def told(path):
    answer = leadgrade("check", path)
    assert (answer.code, answer.errors) == (0, []), answer.err
    return answer.out


@pytest.mark.parametrize("config", [DATED, FLAT], ids=["dated", "flat"])
@pytest.mark.parametrize("which", ["WHETHER", "WHEN", "MET"])
def test_an_outcome_called_like_ours_is_read_like_any_other(tmp_path, config, which):
    # A flat list has neither WHEN nor MET: whatever else is in the file is only left out.
    plain = told(team(tmp_path, config))
    assert re.search(r"closes", plain)
    for name in OURS:
        ours = told(team(tmp_path, config, **{which: name}))
        assert ours.replace(name, "") == plain.replace(which, "").replace(name, ""), name


@pytest.mark.parametrize("name", ["closed", "deal"])
@pytest.mark.parametrize("mapped", [False, True])
def test_a_list_to_be_scored_need_not_have_the_outcome_yet(tmp_path, name, mapped):
    config = (
        DATED.replace("path: leads.csv", f"path: leads.csv, columns: {{{name}: Deal}}") if mapped else DATED
    )
    path = team(tmp_path, config, WHETHER=name)
    (tmp_path / "leads.csv").write_text("lead_id,created_at,channel\nL1,2024-05-01,a\n")
    assert read_source(read_config(path), "leads", outcome=False).frame["lead_id"].to_list() == ["L1"]
    said = f"set sources.leads.columns.{'crm_closed' if name == 'closed' else name}"
    assert_refused(leadgrade("check", path), 4, f"no column '{'Deal' if mapped else name}'", said)


def test_an_attribute_may_not_stand_for_the_outcome_under_its_other_name(tmp_path):
    config = DATED.replace("{channel: {}}", "{channel: {}, crm_closed: {}}")
    path = team(
        tmp_path, config.replace("leads.csv", "leads.csv, columns: {crm_closed: closed}"), WHETHER="closed"
    )
    assert_refused(leadgrade("check", path), 3, "attributes.crm_closed", "rename the attribute")
