"""One run of ``leadgrade score`` or ``leadgrade matrix`` on a world, in a process of its own."""

import os
import time
from datetime import datetime
from pathlib import Path

from benchmarks.scale_once import run

from pipeline.config.config import read_config

_TWO_CORES = "--master local[2] --conf spark.ui.enabled=false pyspark-shell"


def work(world: Path, out: Path, verb: str, as_of: str, scorer: str = "") -> dict[str, object]:
    """Write the matrix, or the graded list; ``spark`` is ``score`` by that engine."""
    from pipeline.commands.matrix import run_matrix
    from pipeline.commands.score import run_score

    config = read_config(world / "scale.yaml").model_copy(update={"output_dir": str(out)})
    instant, began = datetime.fromisoformat(as_of), time.perf_counter()
    if verb == "matrix":
        return {"rows": run_matrix(config, instant, out / "matrix.parquet").rows}
    if verb == "spark":
        os.environ.setdefault("PYSPARK_SUBMIT_ARGS", _TWO_CORES)
        config = config.model_copy(update={"engine": "spark"})
    listed = run_score(config, None, instant, out / "list.parquet", reasons=0, model=scorer)
    return {"rows": listed.rows, "rate": listed.rows / (time.perf_counter() - began)}


if __name__ == "__main__":
    run(work)
