"""A team's sources as Parquet files."""

import pandas as pd

TABLES = ("leads", "calls", "orders", "stages", "facts", "manual_grades")


def as_parquet(team):
    """The team's sources as Parquet, the calls as a folder of files."""
    data = team.path("data")
    for table in TABLES:
        name = "calls.csv.gz" if table == "calls" else f"{table}.csv"
        frame = pd.read_csv(data / name, dtype=str)
        (data / name).unlink()
        if table == "calls":
            (data / "calls.parquet").mkdir()
            for number, at in enumerate(range(0, len(frame), 5000)):
                part = frame.iloc[at : at + 5000]
                part.to_parquet(data / "calls.parquet" / f"part-{number:03d}.parquet", index=False)
        else:
            frame.to_parquet(data / f"{table}.parquet", index=False)
        team.configure(f"path: {name}", f"path: {table}.parquet")
    return team
