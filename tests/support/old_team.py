"""The team that revision 8638148 left behind, unpacked anywhere: see ``tests/fixtures/make_old_team.py``."""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

PACKED = Path(__file__).parents[1] / "fixtures" / "old_team.tar.xz"
HOME = "/tmp/old_team"
# Where MLflow's store says in which folder it lies.
PLACES = (
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "storage_location"),
    ("experiments", "artifact_location"),
)


def unpack(folder):
    """The team in a new folder, its registries at home there."""
    with tarfile.open(PACKED) as packed:
        packed.extractall(folder, filter="data")
    for path in folder.glob("out*/mlflow.db"):
        with closing(sqlite3.connect(path, isolation_level=None)) as store:
            for table, column in PLACES:
                store.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (HOME, str(folder)))
    return folder
