"""Won leads without a date: few have no label, and where they are many the label is the final outcome."""

from dataclasses import dataclass

import pandas as pd
import polars as pl
import pytest
from support.command import leadgrade
from support.on_the_road import taken_from_files

from pipeline.commands.sources import learnable_outcomes
from pipeline.config.config import Cohort, read_config
from pipeline.config.grades import Capacity
from pipeline.config.undated import turned_to_final_outcome
from pipeline.errors import ConfigError, ToleranceError
from pipeline.evaluation.matured_promises import promise_note
from pipeline.matrix import dataset
from pipeline.outcomes.lacking_dates import asked_as
from pipeline.outcomes.matured import matured_note, won_without_date

TEAM = """
name: team
timezone: UTC
tolerance: 1.0
sources:
  leads: {path: leads.csv, exported_at: 2026-12-01}
label: {close: outcome, column: result, won_values: [won], closed_at: closed_on%s}
"""
HIDDEN, LOST = 24, 100


def team(folder, undated, won=100, label="", more=""):
    """Of 200 leads some are won: on their second day, or after five weeks; of some the date is not told."""
    folder.mkdir(exist_ok=True)
    rows = ["lead_id,created_at,result,closed_on"]
    for n in range(won + LOST):
        day = n % 20 + 1
        closed_on = f"2026-01-{day + 1:02d}" if n % 2 else f"2026-02-{day + 5:02d}"
        told = "" if n < undated or n >= won else closed_on
        rows.append(f"L{n},2026-01-{day:02d},{'won' if n < won else 'lost'},{told}")
    (folder / "leads.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM % label + more, encoding="utf-8")
    return read_config(folder / "team.yaml")


def learned(config):
    """The configuration that is learned by, the account, and the labels of the longest horizon by lead."""
    with taken_from_files(config) as taken:
        config, account = learnable_outcomes(config, taken)
        rows = dataset.training_rows(config, taken)
        note = matured_note(config, taken, rows)
    frame = rows.frame.unique("lead_id", keep="first", maintain_order=True)
    return config, account, dict(frame.select("lead_id", f"closed_{rows.horizons[-1]}").rows()), note


def test_where_many_of_the_won_have_no_date_the_label_is_their_final_outcome(tmp_path):
    config, account, labels, note = learned(team(tmp_path, undated=HIDDEN))
    assert (config.horizons_days, config.cohort.at, config.cohort.days) == ((180,), "after_creation", (7,))
    # None that was won is a "no"; who is known to have closed before the as-of is not asked about.
    early = {f"L{n}" for n in range(HIDDEN, 100) if n % 2}
    assert {lead for lead, label in labels.items() if label == 1} == {f"L{n}" for n in range(100)} - early
    assert {lead for lead, label in labels.items() if label == 0} == {f"L{n}" for n in range(100, 200)}
    counts = {name: number for name, number in account.counts.items() if number and name != "leads"}
    assert counts == {"told": 100, "used": 100, "undated": HIDDEN}
    assert ("of these without a date", HIDDEN) in account.lines()
    decided = account.notes[0]
    assert decided.startswith(
        "24 of 100 won leads (24.0%) have no date in closed_on, more than the outcome_tolerance of 5.0%: the "
        "label is the final outcome of leads that have matured, 180 days after their as-of. Of the won with "
        "a date 50.0% had closed 7 days after their creation"
    )
    assert "label.final_outcome: false keeps to the dates" in decided
    assert note == (
        "of 200 leads that have matured 50.0% closed in the end; of the rows that are learned from 38.3%"
    )


def test_a_close_that_is_known_to_have_come_too_late_is_none_by_then(tmp_path):
    config = team(tmp_path, undated=HIDDEN)
    leads = (tmp_path / "leads.csv").read_text(encoding="utf-8")
    # Seven days after creation it is looked at, and 180 more are the horizon.
    leads += "T1,2026-01-01,won,2026-07-06 23:00\nT2,2026-01-01,won,2026-07-07 00:00\nT3,2026-01-01,won,\n"
    (tmp_path / "leads.csv").write_text(leads, encoding="utf-8")
    _, _, labels, _ = learned(config)
    assert [labels[lead] for lead in ("T1", "T2", "T3")] == [1, 0, 1]


def test_closes_before_creation_are_told_beside_final_outcomes(tmp_path):
    config = team(tmp_path, undated=HIDDEN)
    leads = (tmp_path / "leads.csv").read_text(encoding="utf-8") + "E1,2026-01-10,won,2026-01-01\n"
    (tmp_path / "leads.csv").write_text(leads, encoding="utf-8")
    _, account, labels, _ = learned(config)
    assert [account.counts[name] for name in ("told", "used", "before_creation")] == [101, 100, 1]
    assert "E1" not in labels


def test_few_without_a_date_have_no_label_and_the_bias_is_said(tmp_path):
    config, account, labels, note = learned(team(tmp_path, undated=5))
    assert config.label.final_outcome is None
    assert {lead for lead, label in labels.items() if label is None} == {f"L{n}" for n in range(5)}
    (said,) = account.sentences()
    assert said.startswith("5 leads have no label")
    assert said.endswith("too low by at most 5.0% of themselves")
    # They closed all the same.
    assert note.startswith("of 200 leads that have matured 50.0% closed within 180 days;")


@pytest.mark.parametrize(("undated", "final"), [(5, None), (6, True)])
def test_the_tolerance_is_the_border(tmp_path, undated, final):
    config, _, _, _ = learned(team(tmp_path, undated=undated))
    assert config.label.final_outcome is final


def test_the_configuration_can_keep_to_the_dates(tmp_path):
    config, account, labels, _ = learned(team(tmp_path, undated=HIDDEN, label=", final_outcome: false"))
    assert config.horizons_days == (30, 90, 180)
    assert sum(label is None for label in labels.values()) == HIDDEN
    assert account.counts["without_date"] == HIDDEN
    assert "too low by at most 24.0%" in account.sentences()[0]


def test_keeping_to_the_dates_does_not_suffer_other_unused_outcomes(tmp_path):
    config = team(tmp_path, undated=HIDDEN, label=", final_outcome: false")
    leads = (tmp_path / "leads.csv").read_text(encoding="utf-8")
    leads += "".join(f"X{n},2026-01-05,won,someday\n" for n in range(10))
    (tmp_path / "leads.csv").write_text(leads, encoding="utf-8")
    with taken_from_files(config) as taken, pytest.raises(ToleranceError, match=r"\(10 quarantined\)"):
        learnable_outcomes(config, taken)


def test_few_without_a_date_and_few_unreadable_ones_stop_the_run_together(tmp_path):
    config = team(tmp_path, undated=4)
    leads = (tmp_path / "leads.csv").read_text(encoding="utf-8")
    leads += "".join(f"X{n},2026-01-05,won,someday\n" for n in range(4))
    (tmp_path / "leads.csv").write_text(leads, encoding="utf-8")
    told = r"7\.7% of the 104 won leads are not used \(4 quarantined, 4 without a date\)"
    with taken_from_files(config) as taken, pytest.raises(ToleranceError, match=told):
        learnable_outcomes(config, taken)


def test_the_configuration_can_ask_for_it(tmp_path):
    asked = team(tmp_path, undated=0, label=", final_outcome: true, matured_days: 90")
    config, account, labels, _ = learned(asked)
    assert (config.horizons_days, config.cohort.days) == ((90,), (7,))
    assert (account.counts["used"], account.counts["undated"]) == (100, 0)
    assert sum(labels.values()) == 50


@pytest.mark.parametrize(
    ("label", "more", "said"),
    [
        (", final_outcome: true", "horizons_days: [30, 90]\n", r"set horizons_days: \[30\]"),
        (", final_outcome: true", "cohort: {at: monthly}\n", "monthly needs the date of each close"),
        (", matured_days: 90", "", "or set final_outcome: true"),
        (", final_outcome: false, matured_days: 90", "", "or set final_outcome: true"),
    ],
)
def test_what_does_not_go_with_it_is_said(tmp_path, label, more, said):
    with pytest.raises(ConfigError, match=said):
        team(tmp_path, undated=0, label=label, more=more)


def test_final_outcome_needs_closes_that_could_have_a_date(tmp_path):
    config = team(tmp_path, undated=0)
    text = config.path.read_text(encoding="utf-8").replace("closed_at: closed_on", "final_outcome: true")
    config.path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="final_outcome is for close: outcome with closed_at"):
        read_config(config.path)


MANY = "horizons_days: [30, 90]\ncohort: {at: monthly, min_calls: 0, sample_leads: 150}\n"
GRADES = "grades: {A: {by_days: 30, at_least: 0.3}, B: {by_days: 90, at_least: 0.3}}\n"


def test_what_was_given_and_cannot_be_kept_is_said(tmp_path):
    config, account, _, _ = learned(team(tmp_path, undated=HIDDEN, more=MANY + GRADES))
    assert "instead of horizons_days: [30, 90] and cohort.at: monthly and grades" in account.notes[0]
    assert (config.horizons_days, config.cohort.sample_leads) == ((90,), 150)
    assert {one.by_days for one in config.grades.values()} == {90}
    assert [one.at_least for one in config.grades.values()] == [0.5, 0.3, 0.2, 0.1]


def test_what_goes_with_it_stays(tmp_path):
    more = "cohort: {at: after_creation, days: [1, 3]}\nhorizons_days: [90]\n"
    config, account, _, _ = learned(
        team(tmp_path, undated=HIDDEN, more=more + "grades: {A: {by_days: 90, at_least: 0.4}}\n")
    )
    assert config.cohort == Cohort(at="after_creation", days=(1, 3))
    assert [one.at_least for one in config.grades.values()] == [0.4]
    assert "instead of" not in account.notes[0]
    shares = team(tmp_path, undated=0, more="grades: {policy: capacity, by_days: 30, shares: {A: 0.1}}\n")
    turned, changed = turned_to_final_outcome(shares)
    assert turned.grades == Capacity(policy="capacity", by_days=180, shares={"A": 0.1})
    assert changed == ("grades",)


def test_a_list_is_asked_about_as_its_scorer_was_taught(tmp_path):
    config = team(tmp_path, undated=HIDDEN)
    assert asked_as(config, ("30d", "90d", "180d")) is config
    assert asked_as(config, ("180d",)).label.final_outcome
    assert asked_as(config, ("90d",)) is config  # which the check of the scorer refuses
    asked = team(tmp_path / "b", undated=HIDDEN, label=", final_outcome: false")
    assert asked_as(asked, ("180d",)) is asked


def test_who_is_won_is_not_graded_whether_dated_or_not(tmp_path):
    config = asked_as(team(tmp_path, undated=HIDDEN), ("180d",))
    with taken_from_files(config) as taken:
        asked = dataset.ListRows.of(config, taken.heads, config.sources["leads"].exported_at)
        rows = asked.rows(taken.tables(0))
        left = dict(asked.left_out(taken.tables(0), rows).select("lead_id", "reason").rows())
    assert set(rows["lead_id"]) == {f"L{n}" for n in range(100, 200)}
    assert left.keys() == {f"L{n}" for n in range(100)}
    undated = {lead for lead, why in left.items() if why == "won, nobody knows when: nothing to score"}
    assert undated == {f"L{n}" for n in range(HIDDEN)}


def test_the_matrix_of_the_cohort_has_the_same_labels(tmp_path):
    config = team(tmp_path, undated=HIDDEN, more="output_dir: out\n")
    answer = leadgrade("matrix", config.path, "--cohort", "--out", tmp_path / "rows.parquet")
    assert answer.code == 0, answer.err
    assert "24 of 100 won leads (24.0%) have no date" in answer.err
    written = pl.read_parquet(tmp_path / "rows.parquet")
    _, _, labels, _ = learned(config)
    assert dict(written.select("lead_id", "closed_180d").rows()) == labels


def test_check_says_first_what_was_decided(tmp_path):
    answer = leadgrade("check", team(tmp_path, undated=HIDDEN).path)
    assert answer.code == 0, answer.err
    assert answer.out.startswith("24 of 100 won leads (24.0%) have no date in closed_on")
    assert "won leads used as the final outcome of a lead" in answer.out


@pytest.mark.parametrize("after", [True, False])
def test_calls_after_the_close_are_named_by_the_dates_that_there_are(tmp_path, after):
    """Every fifth of those who bought on their second day is called on the fourth, or one of them is."""
    config = team(tmp_path, undated=HIDDEN)
    calls = ["lead_id,started_at"]
    for n in range(200):
        day = n % 20 + 1
        early = HIDDEN <= n < 100 and n % 2
        since = n % 5 == 0 if after else n == 95
        calls += [f"L{n},2026-01-{day + (3 if since else 0):02d} 09:00"] if early and n % 5 == 0 else []
        calls += [] if early else [f"L{n},2026-01-{day + 3:02d} 09:00"]
    (tmp_path / "calls.csv").write_text("\n".join(calls), encoding="utf-8")
    text = config.path.read_text(encoding="utf-8")
    config.path.write_text(text.replace("label:", "  calls: {path: calls.csv}\nlabel:"), encoding="utf-8")
    _, account, _, _ = learned(read_config(config.path))
    said = account.sentences()[-1]
    assert ("Leak suspect: of 38 leads that closed before their as-of, by the dates" in said) is after
    assert ("8 were called between" in said) is after
    assert ("At no age are winners called much more than others." in said) is not after


@dataclass
class Evaluated:
    rows: pd.DataFrame


@dataclass
class Learned:
    horizons: tuple[str, ...]
    observed_until: pd.Timestamp


def period(promised, closes, undated):
    """Rows of the test period that have matured, of which some closed, and some did nobody knows when."""
    leads = 400
    labels = [1.0] * closes + [None] * undated + [0.0] * (leads - closes - undated)
    as_of = pd.Timestamp("2026-01-05", tz="UTC")
    return Evaluated(
        pd.DataFrame(
            {
                "lead_id": [f"L{n}" for n in range(leads)],
                "as_of": as_of,
                "closed_180d": labels,
                "p_180d": promised,
            }
        )
    )


@pytest.mark.parametrize(
    ("promised", "closes", "undated", "until", "said"),
    [
        (0.2, 80, 0, "2026-12-01", None),
        (0.2, 80, 60, "2026-12-01", "35.0% closed by 180d, and 20.0% were promised"),
        (0.4, 80, 0, "2026-12-01", "20.0% closed by 180d, and 40.0% were promised"),
        (0.2, 80, 60, "2026-06-01", None),  # those without a date have not matured
    ],
)
def test_promises_that_miss_the_rate_of_matured_leads_are_said(
    tmp_path, promised, closes, undated, until, said
):
    config = team(tmp_path, undated=0)
    rows = Learned(("180d",), pd.Timestamp(until, tz="UTC"))
    bought = [f"L{n}" for n in range(closes, closes + undated)]
    note = promise_note(config, rows, period(promised, closes, undated), (promised, 2_000.0), bought)
    assert (note is None) if said is None else note.endswith(said)


def test_won_leads_without_a_date_are_known_as_such(tmp_path):
    config = team(tmp_path, undated=3)
    with taken_from_files(config) as taken:
        assert won_without_date(config, taken) == {"L0", "L1", "L2"}
        assert won_without_date(asked_as(config, ("180d",)), taken) == frozenset()
