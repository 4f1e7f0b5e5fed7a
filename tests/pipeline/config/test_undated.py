"""Closes without a date: what a configuration then means, and what does not go with it."""

import pytest

from pipeline.config.config import read_config
from pipeline.errors import ConfigError

BARE = "name: x\nsources: {leads: {path: l.csv}}\nlabel: {close: outcome, column: won%s}\n"


def read(folder, more="", label=""):
    path = folder / "c.yaml"
    path.write_text(BARE % label + more, encoding="utf-8")
    return read_config(path)


def test_a_bare_configuration_has_one_horizon_a_cohort_after_creation_and_grades_of_it(tmp_path):
    config = read(tmp_path)
    assert config.horizons_days == (180,)
    assert (config.cohort.at, config.cohort.days) == ("after_creation", (7,))
    assert {one.by_days for one in config.grades.values()} == {180}


@pytest.mark.parametrize(
    ("more", "label"),
    [("", ", matured_days: 90"), ("horizons_days: [90]\n", "")],
)
def test_when_leads_have_matured_is_the_horizon(tmp_path, more, label):
    assert read(tmp_path, more, label).horizons_days == (90,)


@pytest.mark.parametrize(
    ("more", "label", "said"),
    [
        ("horizons_days: [30, 90]\n", "", r"set horizons_days: \[30\]"),
        ("horizons_days: [30]\n", ", matured_days: 90", r"set horizons_days: \[90\]"),
        ("cohort: {at: monthly}\n", "", "cohort.at: monthly needs the date of each close"),
        ("grades: {A: {by_days: 30, at_least: 0.3}}\n", "", r"\[30\], which is \[180\]"),
        ("", ", closed_at: at, matured_days: 90", "matured_days is for close: outcome without closed_at"),
    ],
)
def test_what_does_not_go_with_it_is_said(tmp_path, more, label, said):
    with pytest.raises(ConfigError, match=said):
        read(tmp_path, more, label)


def test_dated_closes_and_flat_lists_are_left_alone(tmp_path):
    assert read(tmp_path, label=", closed_at: at").horizons_days == (30, 90, 180)
    assert read(tmp_path, "flat: true\ngrades: {A: {at_least: 0.3}}\n").cohort.at == "monthly"
