"""Contracts of the source tables: each column's type, unit, meaning and domain, declared once.

A *canonical* table is what ingestion hands on: columns named and typed as below, instants in UTC,
durations as integer milliseconds, money as integer minor units (cents, fen), shares as integer
parts per million, so that every later sum is exact. Only a table's key and its time are required;
what is absent makes the features that read it absent, by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Optional

import pandera.polars as pa
import polars as pl

# The source tables there are; ``CONTRACTS`` says what each is.
TableName = Literal["leads", "calls", "orders", "stages", "facts", "manual_grades"]

UTC_DATETIME = pl.Datetime("us", "UTC")
Instant = Annotated[pl.Datetime, "us", "UTC"]

CONNECTED_STATUSES = ("answered", "switchboard", "fax")
UNREACHED_STATUSES = ("no_answer", "busy", "unreachable", "voicemail")
DEAD_NUMBER_STATUSES = ("powered_off", "suspended", "empty_number")
CALL_STATUSES = CONNECTED_STATUSES + UNREACHED_STATUSES + DEAD_NUMBER_STATUSES
DIRECTIONS = ("inbound", "outbound")
HANGUP_PARTIES = ("customer", "agent", "robot", "timeout")
INVITATIONS = ("accepted", "declined", "none")

MAX_CALL_MS = 24 * 3600 * 1000


def _field(meaning: str, unit: str = "", **checks: Any) -> Any:  # noqa: ANN401 - pandera's own
    return pa.Field(description=meaning, metadata={"unit": unit}, **checks)


class Leads(pa.DataFrameModel):
    """One row per lead; further columns are the attributes that the configuration declares."""

    lead_id: str = _field("the lead's key", str_length={"min_value": 1})
    created_at: Instant = _field("when the lead entered the list", "UTC")
    customer_id: Optional[str] = _field("the customer the lead belongs to", nullable=True)
    order_day: Optional[Instant] = _field(
        "a day on which it ordered, beside the order table", "UTC", nullable=True
    )


class Calls(pa.DataFrameModel):
    """One row per call attempt; known when it ends."""

    call_id: str = _field("the call's key", str_length={"min_value": 1})
    lead_id: str = _field("the lead that was called")
    started_at: Instant = _field("when the call began", "UTC")
    agent_id: Optional[str] = _field("the person or robot on our side", nullable=True)
    duration_ms: Optional[int] = _field("length of the call", "ms", nullable=True, ge=0, le=MAX_CALL_MS)
    activity: Optional[str] = _field("what the call was for", nullable=True)
    direction: Optional[str] = _field("who called whom", nullable=True, isin=DIRECTIONS)
    status: Optional[str] = _field("how the call ended up", nullable=True, isin=CALL_STATUSES)
    hung_up_by: Optional[str] = _field("who ended the call", nullable=True, isin=HANGUP_PARTIES)
    questions: Optional[int] = _field(
        "questions of any kind the customer asked", "questions", nullable=True, ge=0, le=1000
    )
    intent_questions: Optional[int] = _field(
        "questions that show buying interest", "questions", nullable=True, ge=0, le=1000
    )
    refusals: Optional[int] = _field(
        "times the customer refused in a row", "refusals", nullable=True, ge=0, le=1000
    )
    substantive_replies: Optional[int] = _field(
        "questions and answers of substance; no refusal, filler or busy excuse",
        "replies",
        nullable=True,
        ge=0,
        le=1000,
    )
    affirmative_answers: Optional[int] = _field(
        "affirmative answers to questions of the script", "answers", nullable=True, ge=0, le=1000
    )
    negative_answers: Optional[int] = _field(
        "negative answers to questions of the script", "answers", nullable=True, ge=0, le=1000
    )
    dialogue_turns: Optional[int] = _field("turns of the dialogue", "turns", nullable=True, ge=0, le=100_000)
    flow_completion_ppm: Optional[int] = _field(
        "share of the script's main flow that was completed", "ppm", nullable=True, ge=0, le=1_000_000
    )
    invitation: Optional[str] = _field("outcome of the invitation", nullable=True, isin=INVITATIONS)
    asked_sms: Optional[bool] = _field("the customer asked for a text message", nullable=True)
    asked_wechat: Optional[bool] = _field("the customer asked to connect on WeChat", nullable=True)
    asked_callback: Optional[bool] = _field(
        "the customer was busy or asked to be called later", nullable=True
    )
    transcript: Optional[str] = _field("what was said", nullable=True)


class Orders(pa.DataFrameModel):
    """One row per order of a lead or of a customer; known when recorded, never before it was placed."""

    order_id: str = _field("the order's key", str_length={"min_value": 1})
    ordered_at: Instant = _field("when the order was placed", "UTC")
    lead_id: Optional[str] = _field("the lead the order closed", nullable=True)
    customer_id: Optional[str] = _field("the customer who ordered", nullable=True)
    recorded_at: Optional[Instant] = _field("when the order was entered, if later", "UTC", nullable=True)
    amount_minor: Optional[int] = _field(
        "amount of the order; below 0 a refund", "minor units", nullable=True, ge=-(10**15), le=10**15
    )


class Stages(pa.DataFrameModel):
    """One row per stage a lead entered."""

    lead_id: str = _field("the lead that moved")
    entered_at: Instant = _field("when it entered the stage", "UTC")
    stage: str = _field("the stage entered", str_length={"min_value": 1})


class Facts(pa.DataFrameModel):
    """One row per dated fact: a value that people entered about a lead at some time."""

    lead_id: str = _field("the lead the fact is about")
    known_at: Instant = _field("when the fact was entered", "UTC")
    field: str = _field("which fact", str_length={"min_value": 1})
    value: Optional[str] = _field("its value, as text", nullable=True)
    old_value: Optional[str] = _field("what its value was before, as text", nullable=True)


class ManualGrades(pa.DataFrameModel):
    """One row per grade an agent gave; without a date it is hindsight."""

    lead_id: str = _field("the lead that was graded")
    grade: str = _field("the grade given", str_length={"min_value": 1})
    graded_at: Optional[Instant] = _field("when it was given", "UTC", nullable=True)
    agent_id: Optional[str] = _field("who gave it", nullable=True)


@dataclass(frozen=True, slots=True)
class Contract:
    """How a table is keyed, dated and ordered.

    Attributes:
        model: the pandera model of its columns.
        key: columns that identify a row; two rows with one key and different content conflict.
        time: the instant a row is about; required unless the table says otherwise.
        tie_break: columns that order rows known at the same instant.
        joined_by: the staged column that names the lead, or the customer or lead that owns the row.
    """

    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    time: str
    tie_break: tuple[str, ...]
    joined_by: str = "lead_id"


CONTRACTS: Mapping[str, Contract] = {
    "leads": Contract(Leads, ("lead_id",), "created_at", ("lead_id",)),
    "calls": Contract(Calls, ("call_id",), "started_at", ("started_at", "call_id")),
    "orders": Contract(Orders, ("order_id",), "ordered_at", ("ordered_at", "order_id"), "owner_id"),
    "stages": Contract(Stages, ("lead_id", "entered_at", "stage"), "entered_at", ("stage",)),
    "facts": Contract(Facts, ("lead_id", "known_at", "field"), "known_at", ("field",)),
    "manual_grades": Contract(ManualGrades, ("lead_id", "graded_at"), "graded_at", ("grade",)),
}
