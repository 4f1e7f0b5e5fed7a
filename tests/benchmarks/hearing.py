"""How well a simulated world's transcripts are heard, column by column.

The world writes the calls' intent columns itself: they are dropped from the log, heard in its transcripts
by the shipped lexicon, and compared with the world's own, over the calls that have a transcript. Beside the
share that agrees stands the commonest value's, which a lazy guess would reach. A world draws who hung up
apart from the order of the turns, so its last words tell nothing. Run from
the project's folder: ``make bench``.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd
import polars as pl

from models.intents.lexicon import Lexicon
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.reading.ingest import read_source
from pipeline.simulation.world import simulate
from pipeline.terminal import show
from pipeline.transcripts.hearing import HEARD, Hearing, hear


def main() -> None:
    """Print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--leads", type=int, default=2_000)
    parser.add_argument("--out", type=Path, default=Path("out/bench/hearing.json"))
    options = parser.parse_args()
    records = judge(world_calls(options.leads, options.seed))
    show(pd.DataFrame(records), f"transcripts heard (simulation), {options.leads} leads, seed {options.seed}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def world_calls(n_leads: int, seed: int) -> pl.DataFrame:
    """A world's calls as the program reads them."""
    with tempfile.TemporaryDirectory() as folder:
        simulate(n_leads, seed).write(Path(folder) / "data")
        shutil.copyfile(shipped("demo.yaml"), Path(folder) / "demo.yaml")
        return read_source(read_config(Path(folder) / "demo.yaml"), "calls").frame


def judge(log: pl.DataFrame) -> list[dict[str, object]]:
    """Agreement of heard and own columns, a record each."""
    lexicon = Lexicon.shipped()
    there = [name for name in HEARD if name in log.columns]
    told = hear(log.drop(*there, "hung_up_by"), Hearing(lexicon, lexicon))
    spoken = log["transcript"].fill_null("").str.contains(r"\S")
    own, heard = log.filter(spoken), told.filter(spoken)
    records = [agreement(name, own[name], heard[name]) for name in there]
    by_customer = own["hung_up_by"] == "customer"
    return [*records, agreement("hung up, from last words", by_customer, heard["ends_refusing"])]


def agreement(name: str, own: pl.Series, heard: pl.Series) -> dict[str, object]:
    """Exact agreement where the world says something, and the correlation of numbers."""
    known = own.is_not_null()
    own, heard = own.filter(known), heard.filter(known)
    same = (own == heard).fill_null(False)
    numbers = None
    if own.dtype != pl.String:
        numbers = pl.select(pl.corr(own.cast(pl.Float64), heard.cast(pl.Float64))).item()
    return {
        "column": name,
        "calls": own.len(),
        "agree": same.mean(),
        "commonest value": own.value_counts()["count"].max() / own.len(),
        "correlation": numbers,
        "own mean": own.cast(pl.Float64).mean() if own.dtype != pl.String else None,
        "heard mean": heard.cast(pl.Float64).mean() if own.dtype != pl.String else None,
    }


if __name__ == "__main__":
    sys.exit(main())
