"""A job's configuration survives being written into its work folder and read back, whatever it holds."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.intake.work_folder import Work
from pipeline.jobs.request import Job

NOW = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)

# What YAML or JSON could take for something else, beside any text at all.
ODD = [
    "no",
    "on",
    "yes",
    "~",
    "null",
    "007",
    "1e5",
    "1.0",
    "2026-03-05",
    "12:30",
    "a: b",
    "#x",
    "{x}",
    "[y]",
    '"',
    "'",
    "年收入：去年",
]
TEXTS = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
).filter(lambda text: text.strip() == text)

ATTRIBUTES = st.dictionaries(
    TEXTS.filter(lambda name: name not in {"won", "lead_id"}),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["numeric", "categorical", "date"])}, optional={"meaning": TEXTS}
    ),
    max_size=4,
)
COMMON = {
    "attributes": ATTRIBUTES,
    "timezone": st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
    "currency": TEXTS,
    "currency_digits": st.integers(0, 4),
    "tolerance": st.floats(0.0, 1.0),
    "refit": st.booleans(),
    "model": st.fixed_dictionaries({}, optional={"seed": st.integers(0, 9), "max_trees": st.integers(1, 99)}),
    "schemes": st.lists(st.sampled_from(["rfm", "close_window", "robot_intent"]), unique=True),
    "scheme_parameters": st.dictionaries(
        TEXTS, st.dictionaries(TEXTS, st.one_of(st.booleans(), st.integers(), TEXTS), max_size=2), max_size=2
    ),
}
SOURCE = st.fixed_dictionaries(
    {"path": TEXTS.map(lambda text: f"{text}.csv")},
    optional={"null_values": st.lists(TEXTS, max_size=3), "tolerance": st.floats(0.0, 1.0)},
)
OUTCOME = {"close": "outcome", "column": "won", "won_values": ["1", "yes"]}
FLAT = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "flat": st.just(True),
        "sources": st.fixed_dictionaries({"leads": SOURCE}),
        "label": st.just(OUTCOME),
        "grades": st.just({"A": {"at_least": 0.5}, "B": {"at_least": 0.1}}),
    },
    optional=COMMON | {"split": st.fixed_dictionaries({}, optional={"gap_rows": st.integers(0, 50)})},
)
DATED = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "sources": st.fixed_dictionaries({"leads": SOURCE, "orders": SOURCE}),
        "label": st.fixed_dictionaries(
            {"close": st.just("first_order")},
            optional={"observed_until": st.sampled_from(["2026-03-05", "2026-03-05T12:30:00+08:00"])},
        ),
    },
    optional=COMMON
    | {
        "cohort": st.fixed_dictionaries(
            {"at": st.just("monthly")}, optional={"max_age_days": st.integers(1, 900)}
        ),
        "split": st.just({"calibrate_from": "2025-08-01", "test_from": "2025-11-01"}),
    },
)


def read_back(config, folder):
    """The configuration as a worker reads it from the work folder."""
    work = Work(folder)
    work.keep_words("job", Job(config, True, NOW).words())
    return Job.from_words(work.find_words("job")).config


@pytest.mark.parametrize("kind", [FLAT, DATED], ids=["flat", "dated"])
def test_any_configuration_is_read_back_as_it_was(kind, tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")

    @settings(max_examples=60, deadline=None)
    @given(kind)
    def law(raw):
        path = folder / "team.yaml"
        path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
        config = read_config(path)
        again = read_back(config, folder)
        assert again == config
        assert again.model_fields_set - {"path"} == config.model_fields_set - {"path"}
        # Their order is the order of columns and of grades.
        assert list(again.attributes) == list(config.attributes)
        assert list(again.sources) == list(config.sources)

    law()


@pytest.mark.parametrize(
    "path", sorted(shipped("demo.yaml").parent.glob("*.yaml")), ids=lambda path: path.stem
)
def test_shipped_configurations_are_read_back_as_they_were(path, tmp_path):
    config = read_config(path)
    again = read_back(config, tmp_path)
    assert again == config
    assert again.path == Path(path).absolute()


def test_a_list_that_replaces_the_configured_one_is_read_back(tmp_path):
    config = read_config(shipped("demo.yaml")).with_leads(tmp_path / "new 名单.csv")
    assert read_back(config, tmp_path) == config.model_copy(update={"path": config.path.absolute()})


@pytest.mark.parametrize("column", ["closed", "closed_at", "won"])
def test_a_flat_outcome_called_like_ours_is_read_back(column, tmp_path):
    path = tmp_path / "flat.yaml"
    path.write_text(
        "name: x\nflat: true\nsources: {leads: {path: l.csv}}\ngrades: {A: {at_least: 0.3}}\n"
        f"label: {{close: outcome, column: {column}}}\n",
        encoding="utf-8",
    )
    config = read_config(path)
    assert read_back(config, tmp_path) == config


def test_words_are_plain_json(tmp_path):
    work = Work(tmp_path)
    work.keep_words("job", Job(read_config(shipped("demo.yaml")), True, NOW).words())
    json.loads((tmp_path / "job.json").read_text(encoding="ascii"))
