"""One run of ``leadgrade score`` or ``leadgrade matrix`` on a world, in a process of its own."""

import time
from datetime import datetime
from pathlib import Path

from benchmarks.scale_once import run

from pipeline.config import read_config


def work(world: Path, out: Path, verb: str, as_of: str, scorer: str = "") -> dict[str, object]:
    """Write the graded list, or its matrix."""
    from pipeline.matrix_run import run_matrix
    from pipeline.score_run import run_score

    config = read_config(world / "scale.yaml").model_copy(update={"output_dir": str(out)})
    instant, began = datetime.fromisoformat(as_of), time.perf_counter()
    if verb == "matrix":
        return {"rows": run_matrix(config, instant, out / "matrix.parquet").rows}
    listed = run_score(config, None, instant, out / "list.parquet", reasons=0, model=scorer)
    return {"rows": listed.rows, "rate": listed.rows / (time.perf_counter() - began)}


if __name__ == "__main__":
    run(work)
