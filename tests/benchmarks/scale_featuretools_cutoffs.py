"""The fifty features by Featuretools, each lead as of its own cut-off; runs in an environment of its own.

Whatever needs no time (who is connected, the local day) is a column before Featuretools begins, so that
all fifty can be expressed. A window holds for all features of one call, so that there is a call for each.
"""

import warnings
from pathlib import Path

import pandas as pd
from benchmarks.scale_names import NAMES
from benchmarks.scale_once import run

# Featuretools sets an option that pandas has since dropped.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import featuretools as ft
    from featuretools.primitives import (
        Count,
        Last,
        Max,
        Mean,
        Min,
        NumUnique,
        Sum,
        TimeSince,
        TimeSinceFirst,
        TimeSinceLast,
    )

CONNECTED = ["answered", "switchboard", "fax"]
DEAD = ["powered_off", "suspended", "empty_number"]
ZONE = "Asia/Shanghai"
SECONDS_PER_DAY = 86_400
COUNTED = (
    "calls",
    "answered_calls",
    "inbound_calls",
    "talk_s_30d",
    "talk_s_90d",
    "talk_s_total",
    "agents",
    "call_days",
    "intent_questions",
    "orders",
)


def read_leads(world: Path) -> pd.DataFrame:
    """The leads, times in UTC without a zone."""
    leads = pd.read_parquet(world / "leads.parquet")
    local = leads["created_at"].dt.tz_convert(ZONE)
    return leads.assign(
        created_at=leads["created_at"].dt.tz_localize(None),
        created_hour=local.dt.hour,
        created_weekday=local.dt.day_of_week + 1,
        owner_id=leads["customer_id"].fillna(leads["lead_id"]),
    ).drop(columns="customer_id")


def read_calls(world: Path, leads: pd.DataFrame) -> pd.DataFrame:
    """The calls, dated by their ends, with a column for each condition."""
    calls = pd.read_parquet(world / "calls.parquet").drop(columns="activity")
    day = calls["started_at"].dt.tz_convert(ZONE).dt.strftime("%Y-%m-%d")
    calls["started_at"] = calls["started_at"].dt.tz_localize(None)
    status, connected = calls["status"], calls["status"].isin(CONNECTED)
    created_at = calls["lead_id"].map(leads.set_index("lead_id")["created_at"])
    hung_up_by, refusals = calls["hung_up_by"], calls["refusals"]
    return calls.assign(
        known_at=calls["started_at"] + pd.to_timedelta(calls["duration_ms"].fillna(0), unit="ms"),
        local_day=day,
        waited_h=(calls["started_at"] - created_at).dt.floor("ms") / pd.Timedelta(hours=1),
        talk_s=(calls["duration_ms"] / 1000).where(connected),
        answered=connected.where(status.notna()).astype(float),
        connected=connected,
        inbound=calls["direction"] == "inbound",
        no_answer=status == "no_answer",
        dead_number=status.isin(DEAD),
        curious=calls["intent_questions"] > 0,
        accepted=calls["invitation"] == "accepted",
        callback=calls["asked_callback"].eq(True),
        hung_up=(hung_up_by == "customer").where(connected & hung_up_by.notna()).astype(float),
        refused=(refusals > 0).where(connected & refusals.notna()).astype(float),
        flow=(calls["flow_completion_ppm"] / 1_000_000).where(connected),
    ).drop(columns=["started_at", "duration_ms", "direction", "hung_up_by", "invitation", "asked_callback"])


def read_orders(world: Path) -> pd.DataFrame:
    """The orders, dated by when they were known."""
    orders = pd.read_parquet(world / "orders.parquet")
    known_at = orders[["ordered_at", "recorded_at"]].max(axis=1).dt.tz_localize(None)
    owner_id = orders["customer_id"].fillna(orders["lead_id"])
    return orders.assign(known_at=known_at, owner_id=owner_id, amount=orders["amount_minor"] / 100)[
        ["order_id", "owner_id", "known_at", "amount"]
    ]


def entities(world: Path) -> ft.EntitySet:
    """Owners over leads and orders, leads over calls.

    Leads are not dated: a window would leave out the older ones, with all their calls.
    """
    leads, orders = read_leads(world), read_orders(world)
    owners = pd.DataFrame({"owner_id": pd.concat([leads["owner_id"], orders["owner_id"]]).unique()})
    return ft.EntitySet(
        "world",
        {
            "owners": (owners, "owner_id"),
            "leads": (leads, "lead_id", None, {"channel": "Categorical", "region": "Categorical"}),
            "calls": (
                read_calls(world, leads),
                "call_id",
                "known_at",
                dict.fromkeys(("agent_id", "local_day", "status"), "Categorical"),
            ),
            "orders": (orders, "order_id", "known_at"),
        },
        [
            ("owners", "owner_id", "leads", "owner_id"),
            ("leads", "lead_id", "calls", "lead_id"),
            ("owners", "owner_id", "orders", "owner_id"),
        ],
    )


class Declared:
    """Features of an entity set by name; ``windows`` holds them by the days that they look back."""

    def __init__(self, world: ft.EntitySet) -> None:
        self.world = world
        self.windows: dict[int | None, list[ft.FeatureBase]] = {}

    def lead(self, column: str, primitive: type | None = None, name: str = "") -> None:
        """A column of the lead itself, or what a primitive makes of it."""
        base = ft.Feature(self.world["leads"].ww[column])
        feature = ft.Feature(base, primitive=primitive) if primitive else base
        self._add(feature, name or column, None)

    def calls(
        self, name: str, primitive: type, column: str = "call_id", where: str = "", days: int | None = None
    ) -> None:
        """A reduction of the lead's calls."""
        condition = ft.Feature(self.world["calls"].ww[where]) == True if where else None  # noqa: E712
        base = ft.Feature(self.world["calls"].ww[column])
        kept = {"where": condition} if where else {}
        self._add(ft.Feature(base, parent_dataframe_name="leads", primitive=primitive, **kept), name, days)

    def orders(self, name: str, primitive: type, column: str = "order_id", days: int | None = None) -> None:
        """A reduction of the orders of the lead's owner."""
        base = ft.Feature(self.world["orders"].ww[column])
        of_owner = ft.Feature(base, parent_dataframe_name="owners", primitive=primitive)
        self._add(ft.Feature(of_owner, "leads"), name, days)

    def _add(self, feature: ft.FeatureBase, name: str, days: int | None) -> None:
        self.windows.setdefault(days, []).append(feature.rename(name))


def declare(world: ft.EntitySet) -> dict[int | None, list[ft.FeatureBase]]:
    """The fifty, by window; times since are in seconds."""
    told = Declared(world)
    for column in ("created_hour", "created_weekday", "channel", "region", "budget"):
        told.lead(column)
    told.lead("created_at", TimeSince, "days_since_created")
    told.calls("days_since_call", TimeSinceLast, "known_at")
    told.calls("days_since_first_call", TimeSinceFirst, "known_at")
    told.calls("days_since_answered_call", TimeSinceLast, "known_at", "connected")
    told.calls("days_since_intent_question", TimeSinceLast, "known_at", "curious")
    told.calls("hours_to_first_call", Min, "waited_h")
    for days in (7, 30, 90, None):
        end = f"{days}d" if days else "total"
        told.calls(f"calls_{end}", Count, days=days)
        told.calls(f"answered_calls_{end}", Count, where="connected", days=days)
        if days != 7:
            told.calls(f"talk_s_{end}", Sum, "talk_s", days=days)
            told.calls(f"intent_questions_{end}", Sum, "intent_questions", days=days)
        if days in (90, None):
            told.calls(f"inbound_calls_{end}", Count, where="inbound", days=days)
            told.calls(f"answered_share_{end}", Mean, "answered", days=days)
    told.calls("mean_talk_s_90d", Mean, "talk_s", days=90)
    told.calls("call_days_90d", NumUnique, "local_day", days=90)
    told.calls("no_answer_calls_total", Count, where="no_answer")
    told.calls("dead_number_calls_total", Count, where="dead_number")
    told.calls("max_talk_s_total", Max, "talk_s")
    told.calls("agents_total", NumUnique, "agent_id")
    told.calls("customer_hangup_share_total", Mean, "hung_up")
    told.calls("last_call_status", Last, "status")
    told.calls("talk_s_last_call", Last, "talk_s", "connected")
    told.calls("max_intent_questions_total", Max, "intent_questions")
    told.calls("refusals_total", Sum, "refusals")
    told.calls("refused_call_share_total", Mean, "refused")
    told.calls("invitations_accepted_total", Count, where="accepted")
    told.calls("asked_callback_total", Count, where="callback")
    told.calls("mean_flow_completion_total", Mean, "flow")
    told.calls("dialogue_turns_total", Sum, "dialogue_turns")
    told.orders("orders_365d", Count, days=365)
    told.orders("orders_total", Count)
    told.orders("amount_total", Sum, "amount")
    told.orders("days_since_order", TimeSinceLast, "known_at")
    told.orders("last_amount", Last, "amount")
    return told.windows


def write_features(world: Path, out: Path, days: str, until: str) -> dict[str, int]:
    """A row for each lead so many days after its creation, if that is before ``until``."""
    world_set = entities(world)
    leads = world_set["leads"]
    cutoffs = pd.DataFrame(
        {"lead_id": leads["lead_id"], "time": leads["created_at"] + pd.Timedelta(days=int(days))}
    )
    cutoffs = cutoffs[cutoffs["time"] <= pd.Timestamp(until).tz_convert("UTC").tz_localize(None)]
    parts = [
        ft.calculate_feature_matrix(
            features,
            world_set,
            cutoffs,
            training_window=f"{window} days" if window else None,
            include_cutoff_time=False,
        )
        for window, features in declare(world_set).items()
    ]
    table = pd.concat(parts, axis=1)[list(NAMES)]
    # Featuretools leaves a count or sum missing where a window holds no row.
    counted = [name for name in NAMES if name.startswith(COUNTED)]
    table[counted] = table[counted].fillna(0)
    since = [name for name in NAMES if name.startswith("days_since")]
    table[since] = table[since] / SECONDS_PER_DAY
    table.reset_index().to_parquet(out / "features.parquet", index=False)
    return {"rows": len(table)}


if __name__ == "__main__":
    # Warnings of Featuretools about pandas, which neither a user nor we can mend.
    warnings.simplefilter("ignore")
    run(write_features)
