"""One world, exported by seven systems, has one matrix; what a system's files cannot hold is named."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.command import leadgrade
from support.dialects import DIALECTS, in_minutes, ours_of, write_dialect

from pipeline.config.shipped import shipped
from pipeline.simulation.world import simulate

N_LEADS, SEED = 150, 31


@pytest.fixture(scope="module")
def worlds():
    world = simulate(N_LEADS, SEED)
    return {False: world, True: in_minutes(world)}


@pytest.fixture(scope="module")
def matrices(worlds, tmp_path_factory):
    """The demo's own matrices, with seconds and without."""
    found = {}
    for minutes, world in worlds.items():
        folder = tmp_path_factory.mktemp("demo")
        world.write(folder / "data")
        (folder / "team.yaml").write_text(shipped("demo.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        found[minutes] = matrix(folder)
    return found


def matrix(folder):
    """What ``leadgrade matrix --cohort`` writes; no row may be lost on the way."""
    answer = leadgrade("matrix", folder / "team.yaml", "--cohort", "--out", folder / "rows.parquet")
    assert answer.code == 0, answer.err
    lost = pl.read_csv(folder / "out/quarantine.csv", infer_schema=False)
    assert lost.is_empty(), lost
    return pl.read_parquet(folder / "rows.parquet").sort("as_of", "lead_id")


@pytest.mark.slow
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_the_matrix_of_a_dialect_is_the_demos_own_cell_by_cell(dialect, worlds, matrices, tmp_path):
    world = worlds[dialect.minutes]
    write_dialect(world, dialect, tmp_path)
    found = matrix(tmp_path)
    keys = ours_of(world, dialect)
    ours = pl.col("lead_id").replace_strict(keys)
    owner = pl.col("owner_id").str.replace("^lead:.*", "")
    due = matrices[dialect.minutes]
    found = found.with_columns(ours, owner).sort("as_of", "lead_id")
    # What its files cannot hold is named, and nothing else is missing.
    lost = [name for name in due.columns if name not in found.columns]
    assert lost == [name for name in due.columns if name.removesuffix("_characters") in dialect.lost]
    assert_frame_equal(found, due.with_columns(owner).drop(lost), check_exact=True, check_column_order=False)
