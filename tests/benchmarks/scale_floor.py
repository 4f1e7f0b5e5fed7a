"""The floor of scoring: what LightGBM alone needs for the answers of a saved scorer's close model.

Rows are encoded beforehand, once for each window, as the scorer hands them to ``Booster.predict``;
reading and encoding are not counted.
"""

import time
from pathlib import Path

import lightgbm as lgb
import polars as pl

from models.close.training_pairs import with_window
from models.scorer import LeadScorer
from pipeline.matrix.dataset import to_pandas

_ROWS = 100_000


def predict_floor(scorer_folder: Path, matrix: Path, threads: int = 2) -> dict[str, float]:
    """Time ``predict`` of the scorer's trees on a matrix.

    Args:
        scorer_folder: a saved scorer, with ``model.txt``.
        matrix: Parquet with the scorer's columns; a pattern such as ``matrix/*.parquet`` is read as one.
        threads: of LightGBM.

    Returns:
        ``rows``, ``windows``, ``trees``, ``features``, ``seconds`` of all predictions together, and
        ``rows_per_s``: leads, each with all its windows.
    """
    scorer = LeadScorer.load(scorer_folder)
    inputs, windows = scorer.model.inputs_, scorer.model.windows_
    booster = lgb.Booster(model_file=scorer_folder / "model.txt")
    seconds, rows = 0.0, 0
    for part in pl.read_parquet(matrix, columns=list(scorer.columns)).iter_slices(_ROWS):
        x = inputs.encode(to_pandas(part))
        rows += len(x)
        for window in range(windows):
            asked = with_window(x, window, windows)
            began = time.perf_counter()
            booster.predict(asked, raw_score=True, num_threads=threads)
            seconds += time.perf_counter() - began
    return {
        "rows": rows,
        "windows": windows,
        "trees": booster.num_trees(),
        "features": x.shape[1],
        "seconds": seconds,
        "rows_per_s": rows / seconds,
    }
