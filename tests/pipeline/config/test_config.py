"""Configurations: what is read, and how a wrong one is told."""

from datetime import UTC, datetime

import pytest

from pipeline.config.config import read_config
from pipeline.config.grades import Capacity
from pipeline.errors import ConfigError

GOOD = """
name: spring list
timezone: Asia/Shanghai
sources:
  leads: {path: leads.csv, exported_at: 2024-06-01}
  calls: {path: calls.csv, exported_at: 2024-06-01 18:30, values: {asked_sms: {yes: 'true', 1: 'true'}}}
label: {close: first_order, observed_until: '2024-06-01T12:00:00+02:00'}
horizons_days: [30, 90, 180]
"""


def write(tmp_path, text):
    path = tmp_path / "team.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        read_config(write(tmp_path, text))
    message = str(caught.value)
    assert "\n" not in message
    assert "team.yaml" in message
    return message


def test_a_date_is_midnight_in_the_configurations_zone_and_comes_back_in_utc(tmp_path):
    config = read_config(write(tmp_path, GOOD))
    assert config.sources["leads"].exported_at == datetime(2024, 5, 31, 16, tzinfo=UTC)
    assert config.sources["leads"].exported_at.tzinfo is UTC
    assert config.sources["calls"].exported_at == datetime(2024, 6, 1, 10, 30, tzinfo=UTC)
    assert config.label.observed_until == datetime(2024, 6, 1, 10, tzinfo=UTC)
    assert config.horizons_days == (30, 90, 180)


def test_keys_stay_as_written_though_yaml_reads_yes_and_1_otherwise(tmp_path):
    config = read_config(write(tmp_path, GOOD))
    assert config.sources["calls"].values == {"asked_sms": {"yes": "true", "1": "true"}}


def test_split_takes_dates_and_row_numbers(tmp_path):
    dated = read_config(
        write(tmp_path, GOOD + "split: {calibrate_from: 2024-03-01, test_from: 2024-04-01}\n")
    )
    assert dated.split.test_from == datetime(2024, 3, 31, 16, tzinfo=UTC)
    counted = read_config(write(tmp_path, GOOD + "split: {calibrate_from: 100, test_from: 200}\n"))
    assert counted.split.test_from == 200


def test_paths_stand_beside_the_configuration(tmp_path, monkeypatch):
    monkeypatch.delenv("LEADGRADE_DATA", raising=False)
    config = read_config(write(tmp_path, GOOD + "data_dir: raw\noutput_dir: graded\n"))
    assert config.path == tmp_path / "team.yaml"
    assert config.data_path("leads.csv") == tmp_path / "raw" / "leads.csv"
    assert config.output_path("quarantine.csv") == tmp_path / "graded" / "quarantine.csv"
    assert config.data_path("/elsewhere/x.csv").as_posix() == "/elsewhere/x.csv"


def test_environment_overrides_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LEADGRADE_DATA", str(tmp_path / "other"))
    config = read_config(write(tmp_path, GOOD + "data_dir: raw\n"))
    assert config.data_path("leads.csv") == tmp_path / "other" / "leads.csv"


def test_overrides_replace_by_dotted_key_and_merge_mappings(tmp_path):
    path = write(tmp_path, GOOD + "model: {seed: 1, threads: 1}\n")
    config = read_config(
        path,
        {
            "model.seed": 3,
            "sources.leads.path": "new.csv",
            "model": {"threads": 2},
            "horizons_days": (30, 90, 180),
        },
    )
    assert (config.model.seed, config.model.threads) == (3, 2)
    assert config.sources["leads"].path == "new.csv"
    assert config.sources["leads"].exported_at is not None


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (
            GOOD.replace("path: leads.csv", "path: leads.csv, delimeter: ';'"),
            "sources.leads.delimeter",
            "'delimiter'",
        ),
        (GOOD + "horizon_days: [30]\n", "horizon_days", "'horizons_days'"),
        (GOOD + "path: x\n", "path", "unknown key"),
        (GOOD.replace("  calls:", "  call:"), "sources.call", "did you mean 'calls'"),
        (GOOD.replace("[30, 90, 180]", "[30, ninety]"), "horizons_days.1", "whole number"),
        (GOOD.replace("[30, 90, 180]", "30"), "horizons_days", "list"),
        (GOOD + "simulation: 'yes'\n", "simulation", "true or false"),
        (GOOD + "currency: 7\n", "currency", "quotes"),
        (GOOD + "tolerance: .nan\n", "tolerance", "finite"),
        (GOOD.replace("first_order", "first_oder"), "label.close", "'first_order'"),
        (GOOD.replace("close: first_order", "close: won_stage"), "label", "needs won_stages"),
        (GOOD.replace("Asia/Shanghai", "Asia/Shangai"), "timezone", "unknown time zone"),
        (
            GOOD.replace("exported_at: 2024-06-01}", "exported_at: 1.6.2024}"),
            "sources.leads.exported_at",
            "2024-01-31",
        ),
        (
            GOOD.replace("exported_at: 2024-06-01}", "timezone: Mars/X}"),
            "sources.leads.timezone",
            "unknown time zone",
        ),
        (
            GOOD.replace("exported_at: 2024-06-01}", "delimiter: ';;'}"),
            "sources.leads.delimiter",
            "one ASCII character",
        ),
        (GOOD + "split: {calibrate_from: soon, test_from: 2}\n", "split.calibrate_from", "not a date"),
        (GOOD.replace("name: spring list", ""), "name", "missing"),
        ("name: x\nlabel: {close: first_order}\n", "sources", "missing"),
        (GOOD + "name: again\n", "line 9", "'name' stands here a second time"),
        (GOOD.replace("path: leads.csv", "path: a, path: b"), "line 5", "second time"),
        ("", "empty", "name, sources and label"),
        ("# nothing\n", "empty", "name"),
        ("- a\n- b\n", "mapping", "name:"),
        ("just words", "mapping", "name:"),
        ("name: x\n\tlabel: y\n", "line 2", "tab"),
        ("a: [1, 2", "line", ""),
        ("a: &a [*a]", "line 1", "recursive"),
        ("name: \x01", "team.yaml", ""),
        ("? [a]\n: b\n", "line 1", "key must be text"),
    ],
)
def test_a_wrong_configuration_is_told_in_one_line(tmp_path, text, where, what):
    message = refusal(tmp_path, text)
    assert where in message
    assert what in message


def test_further_errors_are_counted(tmp_path):
    assert "(and 1 more)" in refusal(tmp_path, GOOD + "foo: 1\nbar: 2\n")


def test_values_in_messages_are_masked(tmp_path):
    assert "138******21" in refusal(tmp_path, GOOD + "currency: 13800138021\n")


def test_an_attribute_may_not_be_the_outcome(tmp_path):
    text = GOOD.replace("close: first_order", "close: outcome, column: won") + "attributes: {won: {}}\n"
    assert "outcome" in refusal(tmp_path, text)


def test_missing_file_and_folder_and_wrong_encoding(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        read_config(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config(tmp_path)
    (tmp_path / "gb.yaml").write_bytes("name: 名单".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_config(tmp_path / "gb.yaml")


def test_scheme_parameters_are_read_by_scheme_and_name_and_keep_their_type(tmp_path):
    changed = "{robot_intent: {many_questions: 3}, region: {local_region: 华东}}"
    text = GOOD + f"schemes: [all]\nscheme_parameters: {changed}\n"
    config = read_config(write(tmp_path, text))
    assert config.scheme_parameters == {
        "robot_intent": {"many_questions": 3},
        "region": {"local_region": "华东"},
    }
    assert "scheme_parameters" in refusal(tmp_path, GOOD + "scheme_parameters: {robot_intent: [3]}\n")
    assert "scheme_parameters" in refusal(tmp_path, GOOD + "scheme_parameters: {robot_intent: {many: [3]}}\n")


CAPACITY = "grades: {policy: capacity, by_days: 90, shares: {A: 0.1, B: 0.2}}\n"


def test_grades_may_be_a_policy(tmp_path):
    grades = read_config(write(tmp_path, GOOD + CAPACITY)).grades
    assert grades == Capacity(policy="capacity", by_days=90, shares={"A": 0.1, "B": 0.2})
    value = "grades: {policy: value, cost_per_lead: 80, at_least: {A: 2000, B: 0}}\n"
    assert read_config(write(tmp_path, GOOD + value)).grades.at_least == {"A": 2000.0, "B": 0.0}


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("capacity", "capacities", "grades", "unknown policy 'capacities'; did you mean 'capacity'?"),
        ("capacity", "7", "grades", "known: capacity, as_scheme, value"),
        ("by_days", "by_day", "grades.by_day", "did you mean 'by_days'"),
        ("by_days: 90, ", "", "grades", "need by_days"),
        ("90", "60", "grades", "not in horizons_days: [60]"),
        ("A: 0.1", "A: ten", "grades.shares.A", "must be a number"),
        ("A: 0.1", "A: 0", "grades.shares.A", "greater than 0"),
        ("A: 0.1", "C: 0.1", "grades: shares", "A, B in this order"),
        ("A: 0.1", "A: 0.8", "grades: shares", "less than 1"),
        ("{A: 0.1, B: 0.2}", "{}", "grades.shares", "at least 1"),
        ("shares", "at_least", "grades.shares", "missing"),
        (CAPACITY[8:-1], "{policy: value, at_least: {A: 1, B: 2}}", "grades: at_least", "fall from grade"),
        (CAPACITY[8:-1], "{policy: as_scheme, by_days: 30}", "grades.scheme", "missing"),
    ],
)
def test_a_wrong_policy_is_told_by_its_key(tmp_path, old, new, where, what):
    message = refusal(tmp_path, GOOD + CAPACITY.replace(old, new))
    assert where in message
    assert what in message
