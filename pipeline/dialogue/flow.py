"""The script that we walk: which of its steps we said, and which of those the customer answered.

A step is known by the lines that say it. A line of ours is that of the step whose line it resembles most,
by the characters and pairs that both hold, if it resembles one enough. A step that was said counts as
completed where the customer answered it before the next one, and before refusing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from models.arrays import Ints
from models.intents.ngrams import Ngrams

# The cosine of two lines' characters and pairs from which one is taken for the other.
LINES_ALIKE = 0.6
PPM = 1_000_000


@dataclass(frozen=True)
class Flow:
    """A script.

    Attributes:
        steps: our steps in their order, each with the lines that say it; empty for none.

    >>> flow = Flow((("您在找工作吗",), ("明天来面试可以吗",)))
    >>> flow.find(["请问您在找工作吗", "明天过来面试可以吗", "好的再见"])
    array([ 0,  1, -1])
    """

    steps: tuple[tuple[str, ...], ...] = ()

    def find(self, texts: Sequence[str]) -> Ints:
        """The step that each of our lines says, -1 for none."""
        alike = (self._ngrams.matrix(texts) @ self._lines.T).toarray()
        best = alike.argmax(axis=1)
        found: Ints = np.where(alike.max(axis=1) >= LINES_ALIKE, self._step_of[best], -1)
        return found

    @cached_property
    def _said(self) -> list[str]:
        return [line for step in self.steps for line in step]

    @cached_property
    def _step_of(self) -> Ints:
        return np.repeat(np.arange(len(self.steps)), [len(step) for step in self.steps])

    @cached_property
    def _ngrams(self) -> Ngrams:
        return Ngrams.learn(self._said)

    @cached_property
    def _lines(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return self._ngrams.matrix(self._said)


def completion(turns: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """``flow_completion_ppm`` of each call, in millionths of the script's steps.

    Args:
        turns: the turns in their order, with ``replies`` and ``refuses``.
        flow: a script with steps.
    """
    ours = turns.filter("ours")["said"].unique(maintain_order=True)
    steps = pl.DataFrame({"said": ours, "step": flow.find(ours.to_list())}).with_columns(ours=pl.lit(True))
    known = turns.join(
        steps.filter(pl.col("step") >= 0), on=["said", "ours"], how="left", maintain_order="left"
    )
    walked = known.with_columns(pl.col("step").forward_fill().over("__call")).filter(~pl.col("ours"))
    refused = pl.col("refuses").cast(pl.Int32).cum_sum().over("__call", "step") > 0
    answered = walked.with_columns(refused=refused).filter(pl.col("replies") & ~pl.col("refused"))
    share = (pl.col("step").drop_nulls().n_unique() * PPM / len(flow.steps)).round().cast(pl.Int64)
    told = answered.group_by("__call").agg(share.alias("flow_completion_ppm"))
    calls = turns.select("__call").unique(maintain_order=True)
    return calls.join(told, on="__call", how="left").with_columns(pl.col("flow_completion_ppm").fill_null(0))
