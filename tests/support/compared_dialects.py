"""The matrix of a world's export in a dialect, beside that of the demo's own files."""

import polars as pl
from support.command import leadgrade
from support.dialects import in_minutes, ours_of, write_dialect

from pipeline.config.shipped import shipped


def own_matrices(world, folder):
    """The demo's own matrices by whether times have no seconds, and the worlds that they are of."""
    found = {}
    for minutes, one in {False: world, True: in_minutes(world)}.items():
        place = folder / ("minutes" if minutes else "seconds")
        one.write(place / "data")
        (place / "team.yaml").write_text(shipped("demo.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        found[minutes] = (one, in_world_ids(_matrix(place), {}))
    return found


def dialect_matrix(world, dialect, folder):
    """The matrix of a dialect's files, with the world's own ids."""
    write_dialect(world, dialect, folder)
    return in_world_ids(_matrix(folder), ours_of(world, dialect))


def absent_columns(due, found):
    """The columns of the demo's matrix that another lacks."""
    return [name for name in due.columns if name not in found.columns]


def _matrix(folder):
    """What ``leadgrade matrix --cohort`` writes; no row may be lost on the way."""
    answer = leadgrade("matrix", folder / "team.yaml", "--cohort", "--out", folder / "rows.parquet")
    assert answer.code == 0, answer.err
    lost = pl.read_csv(folder / "out/quarantine.csv", infer_schema=False)
    assert lost.is_empty(), lost
    return pl.read_parquet(folder / "rows.parquet")


def in_world_ids(matrix, keys):
    """A matrix with the world's own ids, in one order."""
    ids = pl.col("lead_id").replace(keys)
    owner = pl.col("owner_id").str.replace("^lead:.*", "")
    return matrix.with_columns(ids, owner).sort("as_of", "lead_id")
