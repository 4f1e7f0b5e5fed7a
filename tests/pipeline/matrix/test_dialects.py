"""One world, exported by seven systems, has one matrix; what a system's files cannot hold is named."""

import pytest
from polars.testing import assert_frame_equal
from support.compared_dialects import absent_columns, dialect_matrix, own_matrices
from support.dialects import DIALECTS

from pipeline.simulation.world import simulate

N_LEADS, SEED = 80, 31


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    return own_matrices(simulate(N_LEADS, SEED), tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_the_matrix_of_a_dialect_is_the_demos_own_cell_by_cell(dialect, own, tmp_path):
    world, due = own[dialect.minutes]
    found = dialect_matrix(world, dialect, tmp_path)
    assert due.height > N_LEADS
    lost = absent_columns(due, found)
    # What the files cannot hold is named, and is not there; nothing else is missing.
    assert set(lost) == {"note_characters"} & {f"{name}_characters" for name in dialect.lost}
    assert_frame_equal(found, due.drop(lost), check_exact=True, check_column_order=False)
