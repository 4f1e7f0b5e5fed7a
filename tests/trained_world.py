"""A small simulated team, trained on once per process, for the tests of recording and serving."""

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from on_the_road import read_tables, training_rows

from pipeline import runs
from pipeline.config import Config, read_config
from pipeline.dataset import Rows
from pipeline.demo import SHIPPED_CONFIG
from pipeline.recording import record_training
from pipeline.train import Training
from pipeline.validate import Validated
from pipeline.world import World, simulate

QUICK = {
    "model.max_trees": 40,
    "model.early_stopping_trees": 10,
    "model.threads": 1,
    "schemes": ["close_window"],
}


@dataclass(frozen=True)
class Trained:
    world: World
    config: Config
    training: Training
    rows: Rows
    validated: Validated

    def config_in(self, folder: Path, uri: str | None = None) -> Config:
        """The configuration with another output folder, which holds the saved scorer."""
        self.training.shipped.save(folder / "scorer")
        tracking = self.config.tracking.model_copy(update={"uri": uri})
        return self.config.model_copy(update={"output_dir": str(folder), "tracking": tracking})

    def record(self, config: Config) -> str:
        prints = runs.fingerprints(self.config)
        folder = config.output_path("scorer")
        return record_training(config, self.training, self.rows, self.validated, prints, folder)


@functools.cache
def trained() -> Trained:
    folder = Path(tempfile.mkdtemp(prefix="leadgrade-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    world = simulate(1500, 5)
    world.write(folder / "data")
    shutil.copyfile(SHIPPED_CONFIG, folder / "demo.yaml")
    config = read_config(folder / "demo.yaml", QUICK)
    training, validated = runs.run_train(config, tracked=False)
    return Trained(world, config, training, training_rows(config, read_tables(config).tables), validated)
