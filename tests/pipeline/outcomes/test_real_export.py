"""A CRM's export: undated outcomes, calls by contact, money as text; trained by configuration alone."""

import pytest
from benchmarks.real_export import WORLDS, figures
from support.command import leadgrade
from support.real_export import export_of

from pipeline.commands import monitor

QUICK = ", max_trees: 60, early_stopping_trees: 20"


@pytest.fixture(scope="module")
def export():
    return export_of(1_500, 41)


@pytest.mark.slow
def test_it_is_trained_and_judged_with_the_dates_that_it_never_saw(export, tmp_path):
    found = {one["world"]: one for one in figures(tmp_path, export, 30, QUICK)}
    assert list(found) == list(WORLDS)
    dated, undated, third, after = found.values()
    # Leads had closed by their as-of, which nobody can tell where there are no dates.
    assert dated["closed before"] == 0.0
    assert undated["closed before"] > third["closed before"] > 0.02
    assert min(undated["AUC"], third["AUC"]) > dated["AUC"] - 0.06
    # They make chances too high; the dates that there are lessen that.
    assert undated["promised"] > third["promised"] > dated["promised"]
    assert [one["named"] for one in (undated, third, after)] == [False, False, True]


@pytest.fixture
def unwatched(monkeypatch, untracked, few_rivals):
    """Nothing is recorded, and there are few rivals: both have tests of their own."""
    monkeypatch.setattr(monitor, "record_monitor", lambda *_: "")


def test_nothing_but_the_configuration_is_needed_and_nothing_is_lost(export, tmp_path, unwatched):
    path = export.write(tmp_path, 30, dates=0.6, model=QUICK)
    answer = leadgrade("train", path)
    assert (answer.code, answer.errors) == (0, []), answer.err
    won = len(export.closed_at)
    undated = won - round(0.6 * won)
    said = answer.out.splitlines()
    assert any(
        line.startswith(f"{undated:,} of {won:,} won leads ({undated / won:.1%}) have no date in 成交时间")
        for line in said
    )
    assert "label.final_outcome: false keeps to the dates" in answer.out
    assert f"won leads used as the final outcome of a lead {won}" in " ".join(answer.out.split())
    assert (tmp_path / "out/quarantine.csv").read_text(encoding="utf-8").count("\n") == 1
    # What compares and watches decides as training did.
    for verb in ("compare", "monitor"):
        answer = leadgrade(verb, path)
        assert answer.code == 0, answer.err
        assert f"{undated:,} of {won:,} won leads" in answer.err
    graded = leadgrade("score", path, "--out", tmp_path / "graded.csv")
    assert (graded.code, graded.errors) == (0, []), graded.err
    listed = (tmp_path / "graded.csv").read_text(encoding="utf-8")
    assert not any(lead in listed for lead in export.closed_at.index)
