"""Hypothesis strategies for small canonical worlds, dense in ties and edges."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from features.families.attributes import DeclaredAttribute
from features.tables import CALL_STATUSES, CONTRACTS, DIRECTIONS, HANGUP_PARTIES, INVITATIONS, UTC_DATETIME

START = datetime(2024, 3, 30, 21, tzinfo=UTC)
ATTRIBUTES = (
    DeclaredAttribute("region", "categorical"),
    DeclaredAttribute("budget", "numeric"),
    DeclaredAttribute("note", "text"),
    DeclaredAttribute("due", "date"),
    DeclaredAttribute("need", "categorical", dated=True),
    DeclaredAttribute("score", "numeric", dated=True),
    DeclaredAttribute("visit", "date", dated=True),
)
TIMEZONE = "Europe/Amsterdam"

# Few instants, so that equal times and as-ofs on the very instant of a row are common.
instants = st.one_of(
    st.integers(0, 3).map(lambda n: START + timedelta(days=n)),
    st.integers(0, 24).map(lambda n: START + timedelta(hours=6 * n)),
    st.integers(0, 100).map(lambda n: START + timedelta(days=n)),
)


def optional(values):
    return st.none() | values


def rows(table, columns, max_size):
    """A list of rows of one table."""
    return st.lists(st.fixed_dictionaries(columns), max_size=max_size)


lead_columns = {
    "created_at": st.just(START) | instants,
    "customer_id": optional(st.sampled_from(["c1", "c2"])),
    "region": optional(st.sampled_from(["north", "south"])),
    "budget": optional(st.floats(-1e6, 1e6)),
    "note": optional(st.text("ab好", max_size=4)),
    # Midnight that opens a month for the team, and an hour earlier.
    "due": optional(instants | st.sampled_from([START + timedelta(hours=25), START + timedelta(hours=24)])),
}
call_columns = {
    "started_at": instants,
    "agent_id": optional(st.sampled_from(["a1", "a2"])),
    "duration_ms": st.sampled_from([None, 0, 0, 4_999, 5_000, 5_001, 21_600_000]) | st.integers(0, 10**7),
    "activity": optional(st.sampled_from(["offer", "welcome"])),
    "direction": optional(st.sampled_from(DIRECTIONS)),
    "status": optional(st.sampled_from(CALL_STATUSES)),
    "hung_up_by": optional(st.sampled_from(HANGUP_PARTIES)),
    "questions": optional(st.integers(0, 4)),
    "intent_questions": optional(st.integers(0, 4)),
    "refusals": optional(st.integers(0, 3)),
    "substantive_replies": optional(st.integers(0, 4)),
    "affirmative_answers": optional(st.integers(0, 4)),
    "negative_answers": optional(st.integers(0, 3)),
    "dialogue_turns": optional(st.integers(0, 30)),
    "flow_completion_ppm": optional(st.integers(0, 1_000_000)),
    "invitation": optional(st.sampled_from(INVITATIONS)),
    "asked_sms": optional(st.booleans()),
    "asked_wechat": optional(st.booleans()),
    "asked_callback": optional(st.booleans()),
}
order_columns = {
    "ordered_at": instants,
    "customer_id": optional(st.sampled_from(["c1", "c2", "c3"])),
    "recorded_at": optional(instants),
    "amount_minor": optional(st.integers(0, 10**12)),
}
stage_columns = {"entered_at": instants, "stage": st.sampled_from(["new", "offer", "won", "lost"])}
fact_columns = {
    "known_at": instants,
    "field": st.sampled_from(["need", "score", "visit", "quotation_sent", "personality_cue"]),
    "value": optional(
        st.sampled_from(["explicit", "latent", "3.5", "-2", "2024-04-30T22:30:00Z", "2024-10-26T22:00:00Z"])
        | st.sampled_from(["yes", "no", "dominant", "amiable", "expressive", "analytical"])
    ),
}
EXTRA = {"region": pl.String, "budget": pl.Float64, "note": pl.String, "due": UTC_DATETIME}


def frame(table, dicts):
    """Rows as a canonical frame, without the transcript, one row per key."""
    contract = CONTRACTS[table]
    schema = {name: column.dtype.type for name, column in contract.model.to_schema().columns.items()}
    schema.pop("transcript", None)
    if table == "leads":
        schema |= EXTRA
    return pl.DataFrame(dicts, schema=schema, orient="row").unique(
        list(contract.key), keep="first", maintain_order=True
    )


@st.composite
def worlds(draw, max_leads=4, max_rows=12):
    """Canonical tables and a spine over them."""
    leads = [
        {"lead_id": f"L{i}", **draw(st.fixed_dictionaries(lead_columns))}
        for i in range(draw(st.integers(1, max_leads)))
    ]
    ids = st.sampled_from([lead["lead_id"] for lead in leads])

    def with_lead(columns, number, key=None):
        drawn = draw(rows("", {"lead_id": ids, **columns}, number))
        return [{key: f"{key[0]}{i}", **row} if key else row for i, row in enumerate(drawn)]

    tables = {
        "leads": frame("leads", leads),
        "calls": frame("calls", with_lead(call_columns, max_rows, "call_id")),
        "orders": frame("orders", with_lead(order_columns, max_rows // 2, "order_id")),
        "stages": frame("stages", with_lead(stage_columns, max_rows // 2)),
        "facts": frame("facts", with_lead(fact_columns, max_rows // 2)),
    }
    asked = draw(st.lists(st.tuples(ids, instants), min_size=1, max_size=6, unique=True))
    owners = {
        lead["lead_id"]: f"customer:{lead['customer_id']}"
        if lead["customer_id"]
        else f"lead:{lead['lead_id']}"
        for lead in leads
    }
    spine = pl.DataFrame(
        [{"lead_id": lead, "owner_id": owners[lead], "as_of": as_of} for lead, as_of in asked],
        schema={"lead_id": pl.String, "owner_id": pl.String, "as_of": pl.Datetime("us", "UTC")},
        orient="row",
    )
    return tables, spine
