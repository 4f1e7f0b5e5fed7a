"""A small team with two scorers: one trained as it should be, one on labels dealt out at random."""

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from support.command import leadgrade
from support.trained_world import QUICK, Trained, trained

from pipeline.config.config import Config, read_config
from pipeline.config.shipped import shipped
from pipeline.config.yaml_file import load_yaml, to_json, with_override
from pipeline.fitting.fit import fit_scorer, in_periods
from pipeline.fitting.split import find_periods
from pipeline.schemes.scheme_files import schemes_of
from pipeline.tracking.registry import opened_registry
from pipeline.tracking.training_record import record_training


@functools.cache
def shuffled() -> Trained:
    """The same team, its scorer learned from labels dealt out at random."""
    world = trained()
    frame = world.rows.frame
    order = np.random.default_rng(4).permutation(frame.height)
    labels = [name for name in frame.columns if name.startswith(("closed_", "window_"))]
    rows = replace(world.rows, frame=frame.with_columns(frame[name].gather(order) for name in labels))
    periods = find_periods(rows.frame, world.config.split)
    frame = in_periods(world.config, rows, periods)
    worse = fit_scorer(world.config, rows, frame, schemes_of(world.config)).scorer
    return replace(world, training=replace(world.training, shipped=worse))


@dataclass(frozen=True)
class Team:
    """A folder with a configuration of its own on the shared data, and a registry."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "demo.yaml"

    @property
    def config(self) -> Config:
        return read_config(self.path)

    def train(self, world: Trained) -> None:
        """Record a training that was done before, as ``train`` does."""
        scorer = self.config.output_path("scorer")
        if not scorer.exists():
            world.training.shipped.save(scorer)
        saved = self.folder / f"trained-{world.training.shipped.fingerprint[:6]}"
        if not saved.exists():
            world.training.shipped.save(saved)
        record_training(self.config, world.training, world.rows, world.validated, {}, saved, {})

    def version(self, wanted: str):
        with opened_registry(self.config, AssertionError, "") as versions:
            return versions.find(wanted)

    def run(self, verb, *more):
        return leadgrade(verb, self.path, *more)


def team_in(folder: Path, uri: str | None = None, **overrides: object) -> Team:
    raw = load_yaml(shipped("demo.yaml"))
    data = str(trained().config.data_path())
    for key, value in {**QUICK, "data_dir": data, "tracking.uri": uri, **overrides}.items():
        raw = with_override(raw, key, value)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.yaml").write_text(to_json(raw), encoding="utf-8")
    return Team(folder)
