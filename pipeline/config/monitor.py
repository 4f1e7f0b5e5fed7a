"""What the monitor calls drift: the part ``monitor`` of a configuration."""

from typing import Annotated

from pydantic import Field

from pipeline.config.data import Strict

Positive = Annotated[float, Field(gt=0.0)]
Risk = Annotated[float, Field(gt=0.0, lt=0.5)]
WholeShare = Annotated[float, Field(gt=0.0, le=1.0)]
Times = Annotated[float, Field(gt=1.0)]


class Monitor(Strict):
    """When ``leadgrade monitor`` raises an alarm: what changed must be large, and beyond chance.

    Attributes:
        period_days: events of so many days before an instant have come in since the last look; the
            scorer learns its reference so, and keeps it.
        family_error: risk that a look at inputs, scores and grades of an unchanged world gives any alarm,
            however many columns there are (Holm); also of any promise called broken (Bonferroni).
        outcome_error: risk that a look at realised closes of an unchanged world gives an alarm.
        watch_at: part of an alarm's size from which a change is shown as ``watch``, without an alarm.
        psi_alarm: population stability index of a column, less what chance makes of it.
        ratio_alarm: how many times larger or smaller the mean of a number, or a close rate, must be.
        fill_alarm: change of the share of rows that have a value.
        category_alarm: share of rows with values never seen before, or of a value that vanished.
        volume_alarm: how many times more or fewer rows must have come in.
        auc_alarm: fall of the AUC that the probabilities promise.
        exact_below: with fewer rows than this a column's tests are exact.
        min_rows: with fewer rows than this a column is not tested.
        ignored: columns that you know to change: shown, never an alarm.
    """

    period_days: Annotated[int, Field(ge=1, le=366)] = 30
    family_error: Risk = 0.01
    outcome_error: Risk = 0.02
    watch_at: WholeShare = 0.4
    psi_alarm: Positive = 0.25
    ratio_alarm: Times = 1.5
    fill_alarm: WholeShare = 0.2
    category_alarm: WholeShare = 0.05
    volume_alarm: Times = 2.0
    auc_alarm: WholeShare = 0.05
    exact_below: Annotated[int, Field(ge=0, le=100_000)] = 200
    min_rows: Annotated[int, Field(ge=1)] = 20
    ignored: tuple[str, ...] = ()
