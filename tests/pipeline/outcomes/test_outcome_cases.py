"""Outcomes as people of the trade met them: the cases that are kept beside the project."""

import shutil
from pathlib import Path

import pytest
from support.on_the_road import taken_from_files

from pipeline.config.config import read_config
from pipeline.errors import TrainingError
from pipeline.matrix import dataset
from pipeline.outcomes.account import account_for, check_some_closes

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not in {CASES}")


def case(folder, name):
    """A copy of a case's configuration; leads are looked at on their creation, closes known for long."""
    shutil.copytree(CASES / Path(name).parent, folder / "case")
    path = folder / "case" / Path(name).name
    text = path.read_text(encoding="utf-8")
    if "flat: true" not in text:
        text = text.replace("label: {", "label: {observed_until: 2026-11-20, ")
        text += "cohort: {at: after_creation, days: [0]}\n"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def told(config):
    with taken_from_files(config) as taken:
        account = account_for(config, taken)
        rows = dataset.training_rows(config, taken)
    labels = dict(rows.frame.select("lead_id", f"closed_{rows.horizons[-1]}").rows())
    return {name: number for name, number in account.counts.items() if number and name != "leads"}, labels


def test_refunds(tmp_path):
    counts, labels = told(case(tmp_path, "refunds/case.yaml"))
    assert counts == {"told": 3, "used": 2, "no_lead": 1, "refunds": 2}
    assert labels == {"L1": 1, "L2": 0, "L3": 1}


def test_label_time_by_orders(tmp_path):
    """O1 is older than its lead L1; O4 names a merged lead of K3, who has L3; L4 was created in no hour."""
    counts, labels = told(case(tmp_path, "label_time/case.yaml"))
    assert counts["before_creation"] == counts["by_customer"] == counts["no_lead"] == 1
    assert labels == {"L2": 1, "L3": 1, "L5": None, "L6": 0}


def test_label_time_by_stages(tmp_path):
    counts, labels = told(case(tmp_path, "label_time/stage.yaml"))
    assert counts == {"told": 3, "used": 2, "before_creation": 1, "reopened": 1, "undone": 1}
    assert labels["L2"] == labels["L3"] == 1


def test_label_time_with_a_word_that_no_row_holds(tmp_path):
    config = case(tmp_path, "label_time/typo.yaml")
    with taken_from_files(config) as taken, pytest.raises(TrainingError, match="'Won', 'Working', 'Lost'"):
        check_some_closes(config, account_for(config, taken))


def test_a_deal_of_two_contacts(tmp_path):
    counts, labels = told(case(tmp_path, "deal_of_two_contacts/case.yaml"))
    assert labels == {"101": None, "102": None, "103": 1}
    assert counts == {"told": 2, "used": 1, "quarantined": 1, "unknown": 2}


def test_label_words(tmp_path):
    counts, _ = told(case(tmp_path, "label_words/case.yaml"))
    assert counts == {"told": 171, "used": 171, "no_outcome": 86}


@pytest.mark.parametrize(("name", "won"), [("pct", 459), ("allwon", 1500)])
def test_words_of_won_leads(tmp_path, name, won):
    counts, _ = told(case(tmp_path, f"always_won/{name}.yaml"))
    assert counts["used"] == counts["told"] == won


def test_none_won(tmp_path):
    config = case(tmp_path, "always_won/nonewon.yaml")
    with taken_from_files(config) as taken, pytest.raises(TrainingError, match="the column holds '0'"):
        check_some_closes(config, account_for(config, taken))
