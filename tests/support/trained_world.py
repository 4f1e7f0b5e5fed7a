"""A small simulated team, trained on once per process, for the tests of recording and serving."""

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.on_the_road import read_tables, training_rows

from pipeline.commands.sources import fingerprints
from pipeline.commands.train import TRAIN_PAGE, run_train
from pipeline.config.config import Config, read_config
from pipeline.config.shipped import shipped
from pipeline.evaluation import evaluate
from pipeline.evaluation.baselines import fit_baselines
from pipeline.matrix.dataset import Rows
from pipeline.reading.validate import Validated
from pipeline.simulation.world import World, simulate
from pipeline.tracking.training_record import record_training
from pipeline.training.train import Training

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

    @property
    def pages(self) -> dict[str, str]:
        """The page that the training wrote."""
        return {TRAIN_PAGE: self.config.output_path(TRAIN_PAGE).read_text(encoding="utf-8")}

    def record(self, config: Config) -> str:
        prints = fingerprints(self.config)
        folder = config.output_path("scorer")
        return record_training(config, self.training, self.rows, self.validated, prints, folder, self.pages)


@functools.cache
def trained() -> Trained:
    folder = Path(tempfile.mkdtemp(prefix="leadgrade-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    world = simulate(1500, 5)
    world.write(folder / "data")
    shutil.copyfile(shipped("demo.yaml"), folder / "demo.yaml")
    config = read_config(folder / "demo.yaml", QUICK)
    with pytest.MonkeyPatch.context() as patch:
        # With all rivals, also where the first test that asks does without them.
        patch.setattr(evaluate, "fit_baselines", fit_baselines)
        training, validated = run_train(config, tracked=False)
    return Trained(world, config, training, training_rows(config, read_tables(config).tables), validated)
