"""The parts of a configuration that say how a scorer is learned, one strict and frozen model each."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from pipeline.config.data import Days, Share
from pipeline.config.strict import Strict

SpeakerLabel = Annotated[str, Field(min_length=1, max_length=40)]

# How each window's hazard is calibrated; ``auto`` chooses by log-loss over time in the calibration period.
Calibration = Literal["auto", "none", "sigmoid", "beta", "isotonic", "venn_abers"]


class Model(Strict):
    """LightGBM's parameters; the defaults suit some thousands of leads.

    Chosen on simulated worlds other than those that the benchmarks judge: small trees, few features
    each and a slow rate come closest to the true probabilities.

    Attributes:
        recency_half_life_days: a training row counts half for each so many days that it is older than
            the latest one; all count alike when left out. Calibration always counts them alike.
        recency_half_life_rows: the same for a flat list, in rows.
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
    threads: Annotated[int, Field(ge=1, le=1024)] = 2
    recency_half_life_days: Annotated[float, Field(gt=0.0)] | None = None
    recency_half_life_rows: Annotated[float, Field(gt=0.0)] | None = None

    def for_boosting(self) -> dict[str, Any]:
        """What ``models.close.close_model.CloseModel`` is made with."""
        return self.model_dump(exclude={"recency_half_life_days", "recency_half_life_rows"})


class Search(Strict):
    """The search for ``model``'s parameters inside the training period; off by default.

    Attributes:
        trials: how many sets of parameters to try, the configured ones first; 0 keeps those.
        timeout_s: no new trial begins after so many seconds; how many there are then depends on the
            machine, and two runs may choose differently.
        folds: how many later parts of the training period judge what was learned before them.
        seed: of the draws.
    """

    trials: Annotated[int, Field(ge=0, le=1000)] = 0
    timeout_s: Annotated[float, Field(gt=0.0)] | None = None
    folds: Annotated[int, Field(ge=1, le=10)] = 3
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 7


class Threshold(Strict):
    """A grade's condition: P(close within ``by_days``) is at least ``at_least``.

    Attributes:
        by_days: one of the horizons; left out in a flat list, which has only its own.
        at_least: the least chance.
    """

    by_days: Days | None = None
    at_least: Annotated[float, Field(gt=0.0, lt=1.0)]


class Speakers(Strict):
    """Labels that stand before turns in transcripts, beside those that are known.

    Attributes:
        customer: labels of the customer.
        agent: labels of ours, whether a person's or a robot's.
    """

    customer: tuple[SpeakerLabel, ...] = ()
    agent: tuple[SpeakerLabel, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        both = sorted({word.lower() for word in self.customer} & {word.lower() for word in self.agent})
        if both:
            raise ValueError(f"a label is one side's: {both[0]!r} stands under customer and agent")
        return self


_Line = Annotated[str, Field(min_length=2)]


class Intents(Strict):
    """What tells intents in the calls' transcripts, for the columns that the log does not keep.

    Attributes:
        recogniser: ``lexicon`` (the shipped one), or the folder of a trained one, relative to the
            configuration's file.
        version: of the words and rules by which calls are heard; today's when left out. A scorer that was
            trained by former ones hears by them, whatever stands here.
        speakers: labels of turns that are not known.
        tolerance: share of the calls with a transcript whose sides may remain untold before the run stops.
        flow: the script that we walk: our steps in their order, each the line that says it, or several
            lines that do. The share that a customer completes is heard by it.
    """

    recogniser: Annotated[str, Field(min_length=1)] = "lexicon"
    version: Literal[2, 3, 4] | None = None
    speakers: Speakers = Speakers()
    tolerance: Share = 0.2
    flow: tuple[_Line | Annotated[tuple[_Line, ...], Field(min_length=1)], ...] = ()

    @property
    def flow_lines(self) -> tuple[tuple[str, ...], ...]:
        """The lines of each step."""
        return tuple((step,) if isinstance(step, str) else step for step in self.flow)


class Leaks(Strict):
    """What to do about columns and events that look as if they knew the outcome.

    Attributes:
        policy: ``warn`` says so, ``drop`` trains without what reads them, ``fail`` stops the training.
        trusted: names of suspects that the team has looked at and found honest.
    """

    policy: Literal["warn", "drop", "fail"] = "warn"
    trusted: tuple[str, ...] = ()


class PromotionGate(Strict):
    """What a challenger must show before it takes the champion's place, on rows that neither learned from.

    Attributes:
        capacity: the share of rows that the team has time to call; closes among the best so many count.
        min_closes: a horizon with fewer closes in those rows decides nothing.
        log_loss_slack: how much higher than the champion's the challenger's log-loss may be, as the mean
            over horizons, beyond what chance may do (1.645 standard errors).
        beat_rules: whether its AUC must be higher than that of the best rule scheme, beyond chance.
    """

    capacity: Annotated[float, Field(gt=0.0, le=1.0)] = 0.2
    min_closes: Annotated[int, Field(ge=1)] = 20
    log_loss_slack: Annotated[float, Field(ge=0.0)] = 0.0
    beat_rules: bool = True


class Tracking(Strict):
    """Where runs are recorded."""

    uri: str | None = None
    experiment: str = "leadgrade"
    registered_model: str = "leadgrade"
