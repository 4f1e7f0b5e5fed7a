"""Attributes that identify single leads are told; what only looks a little like it is left alone."""

import numpy as np
import polars as pl
import pytest
from support.command import assert_refused, leadgrade
from support.tiny_list import tiny_in

from pipeline.config.config import Config, LabelSettings, Source
from pipeline.people.identifying import find_identifying

ROWS = 200
RNG = np.random.default_rng(6)


def with_check_digit(digits):
    doubled = [2 * int(d) for d in digits[-1::-2]]
    total = sum(int(d) for d in digits[-2::-2]) + sum(n - 9 if n > 9 else n for n in doubled)
    return digits + str(-total % 10)


def id_card(number):
    digits = f"110105{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11]


IDENTIFYING = {
    "contact": (lambda i: f"138 0013 {8000 + i}", "phone numbers"),
    "reach": (lambda i: f"+49 30 {1_000_000 + i}", "phone numbers"),
    "who": (id_card, "ID card numbers"),
    "paid_by": (lambda i: with_check_digit(f"622202{i:012d}"), "bank card numbers"),
    "writes_to": (lambda i: f"kunde{i % 9}@example.com", "e-mail addresses"),
    "contact_name": (lambda i: f"Li {i // 3}", "names"),
    "姓名": (lambda i: f"王{i // 3}", "names"),
    "order_ref": (lambda i: f"R/{i}/x", "keys"),
}
HARMLESS = {
    "channel": lambda i: ("web", "fair", "referral")[i % 3],
    "campaign_name": lambda i: f"spring {i % 12}",
    "phone": lambda i: ("yes", "no")[i % 2],
    "town": lambda i: f"town {i // 3}",
    "mostly_empty": lambda i: f"note {i}" if i < 10 else None,
}


def found_in(columns, kind="categorical", **privacy):
    frame = pl.DataFrame({"lead_id": [f"L{i}" for i in range(ROWS)]} | columns)
    attributes = {name: {"kind": kind} for name in columns}
    config = Config(
        name="x",
        sources={"leads": Source(path="l.csv")},
        label=LabelSettings(close="first_order"),
        attributes=attributes,
        privacy=privacy,
    )
    return {one.name: one.what for one in find_identifying(config, frame)}


@pytest.mark.parametrize("name", IDENTIFYING)
def test_what_names_single_leads_is_found(name):
    make, what = IDENTIFYING[name]
    values = [make(i) for i in range(ROWS)]
    assert found_in({name: values}) == {name: what}
    assert found_in({name: values}, allowed=(name,)) == {}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_many_leads_share_is_left_alone(name):
    assert found_in({name: [HARMLESS[name](i) for i in range(ROWS)]}) == {}


def test_numbers_are_told_by_what_they_are_and_not_by_being_unique():
    budgets = RNG.lognormal(9, 1, ROWS).round(2).tolist()
    phones = [float(13_800_000_000 + i) for i in range(ROWS)]
    assert found_in({"budget": budgets, "reach": phones}, kind="numeric") == {"reach": "phone numbers"}


def test_a_lead_at_many_instants_is_one_lead():
    numbers = [i % 40 for i in range(400)]
    frame = pl.DataFrame({"lead_id": [f"L{i}" for i in numbers], "ref": [f"R{i}" for i in numbers]})
    config = Config(
        name="x",
        sources={"leads": Source(path="l.csv")},
        label=LabelSettings(close="first_order"),
        attributes={"ref": {"kind": "categorical"}},
    )
    assert [one.what for one in find_identifying(config, frame)] == ["keys"]


def test_check_names_the_column_and_train_refuses_it_until_it_is_told(tmp_path):
    config = tiny_in(tmp_path)
    listed = (tmp_path / "list.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{line},1380013{8000 + i}" for i, line in enumerate(listed[1:])]
    (tmp_path / "list.csv").write_text("\n".join([f"{listed[0]},ring", *lines]), encoding="utf-8")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("z: {kind: numeric}", "ring: {kind: categorical}"), encoding="utf-8")
    line = "attributes.ring names single leads: 100 % of its values look like phone numbers"
    checked = leadgrade("check", config)
    assert checked.code == 0
    assert line in checked.out + checked.err
    refused = assert_refused(leadgrade("train", config), 3, line, "add it to privacy.allowed")
    assert "13800138" not in refused
    assert not (tmp_path / "out" / "scorer").exists()
