"""The parts of a configuration that say how a scorer is learned, one strict and frozen model each."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.settings import Days, Strict

# How each window's hazard is calibrated; ``auto`` chooses by log-loss over time in the calibration period.
Calibration = Literal["auto", "none", "sigmoid", "beta", "isotonic", "venn_abers"]


class Model(Strict):
    """LightGBM's parameters; the defaults suit some thousands of leads.

    Chosen on simulated worlds other than those that the benchmarks judge: small trees, few features
    each and a slow rate come closest to the true probabilities.
    """

    learning_rate: Annotated[float, Field(gt=0.0, le=1.0)] = 0.03
    num_leaves: Annotated[int, Field(ge=2, le=1024)] = 7
    min_leads_in_leaf: Annotated[int, Field(ge=1)] = 50
    max_trees: Annotated[int, Field(ge=1, le=10_000)] = 2000
    early_stopping_trees: Annotated[int, Field(ge=1)] = 50
    feature_fraction: Annotated[float, Field(gt=0.0, le=1.0)] = 0.3
    extra_trees: bool = True
    l2: Annotated[float, Field(ge=0.0)] = 20.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 7
    threads: Annotated[int, Field(ge=1)] = 2


class Threshold(Strict):
    """A grade's condition: P(close within ``by_days``) is at least ``at_least``.

    Attributes:
        by_days: one of the horizons; left out in a flat list, which has only its own.
        at_least: the least chance.
    """

    by_days: Days | None = None
    at_least: Annotated[float, Field(gt=0.0, lt=1.0)]


class Intents(Strict):
    """What tells intents in the calls' transcripts, for the columns that the log does not keep.

    Attributes:
        recogniser: ``lexicon`` (the shipped one), or the folder of a trained one, relative to the
            configuration's file.
    """

    recogniser: Annotated[str, Field(min_length=1)] = "lexicon"


class Leaks(Strict):
    """What to do about columns and events that look as if they knew the outcome.

    Attributes:
        policy: ``warn`` says so, ``drop`` trains without what reads them, ``fail`` stops the training.
        trusted: names of suspects that the team has looked at and found honest.
    """

    policy: Literal["warn", "drop", "fail"] = "warn"
    trusted: tuple[str, ...] = ()


class Tracking(Strict):
    """Where runs are recorded."""

    uri: str | None = None
    experiment: str = "leadgrade"
    registered_model: str = "leadgrade"
