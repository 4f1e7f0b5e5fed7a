"""From a CRM's export to graded leads and back: init, check, matrix, train, score, with one line edited."""

import json

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal
from support.command import leadgrade
from support.compared_dialects import absent_columns, in_world_ids, own_matrices
from support.crm_exports import EXPORTS, keys_back, write_export

from features.families.frequency import FREQUENCY
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.reading.ingest import read_source
from pipeline.simulation.world import simulate

pytestmark = pytest.mark.slow

QUICK = "model: {threads: 1, max_trees: 40, early_stopping_trees: 10}\n"


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    return own_matrices(simulate(1500, 7), tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module", params=EXPORTS)
def proposed(request, worlds, tmp_path_factory):
    """An export, its folder with the configuration as init proposes it and one line more, and the world."""
    export = EXPORTS[request.param]
    world, due = worlds[export.minutes]
    folder = tmp_path_factory.mktemp(request.param)
    files = [folder / name for name in write_export(world, export, folder)]
    answer = leadgrade("init", *files, "--out", folder / "team.yaml")
    assert answer.code == 0, answer.err
    text = (folder / "team.yaml").read_text(encoding="utf-8")
    assert len(export.edits) <= 3
    for old, new in export.edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "team.yaml").write_text(text, encoding="utf-8")
    return export, folder, files, world, due


def _by_rule(export):
    """What a rule tells of a log that does not say who ended calls, as the features' meanings say."""
    if "hung_up_by" in export.headers["calls"]:
        return set()
    rule = "where it does not say who hung up"
    return {one.name for one in FREQUENCY if rule in one.meaning_en}


def test_the_matrix_is_the_demos_in_every_column_that_came_through(proposed):
    export, folder, _, world, due = proposed
    config = folder / "team.yaml"
    assert leadgrade("check", config).code == 0
    answer = leadgrade("matrix", config, "--cohort", "--out", folder / "rows.parquet")
    assert answer.code == 0, answer.err
    assert pl.read_csv(folder / "out/quarantine.csv", infer_schema=False).is_empty()
    found = in_world_ids(pl.read_parquet(folder / "rows.parquet"), keys_back(world, export))
    absent = absent_columns(due, found)
    # What did not come through is named: by check what a table lacks, by the configuration which attributes.
    told = json.loads(leadgrade("check", config, "--json").out)["absent"]
    shared = [name for name in due.columns if name not in {*absent, *told, *_by_rule(export)}]
    assert len(shared) > 60, absent
    for name in ("lead_id", "as_of", "channel", "region", "industry", "company_size", "budget", "calls_30d"):
        assert name in shared
    assert_frame_equal(found.select(shared), due.select(shared), check_dtypes=False)
    ours = set(yaml.safe_load(config.read_text(encoding="utf-8"))["attributes"])
    demo = yaml.safe_load(shipped("demo.yaml").read_text(encoding="utf-8"))["attributes"]
    lost = {"manual_grade", *(set(demo) - ours)}
    assert [one for one in absent if one not in told and not any(name in one for name in lost)] == []


def test_it_trains_and_its_list_goes_back(proposed):
    export, folder, files, _, _ = proposed
    config = folder / "quick.yaml"
    config.write_text((folder / "team.yaml").read_text(encoding="utf-8") + QUICK, encoding="utf-8")
    assert leadgrade("train", config).code == 0
    plain, back = folder / "plain.parquet", folder / "back.csv"
    assert leadgrade("score", config, "--out", plain).code == 0
    assert leadgrade("score", config, "--out", back, "--dialect", export.name).code == 0
    again = leadgrade("init", *files, back, "--out", folder / "again.yaml")
    assert again.code == 0, again.err
    graded = read_source(read_config(folder / "again.yaml"), "manual_grades")
    due = pl.read_parquet(plain)
    assert graded.frame["lead_id"].to_list() == due["lead_id"].to_list()
    assert graded.frame["grade"].to_list() == due["grade"].to_list()
