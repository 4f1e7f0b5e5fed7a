"""The slow reference: every feature of every row, computed one row at a time in plain Python.

It shares only the declarations with the fast engine. Derived columns, dating, order, windows and
reducers are written a second time here, the plain way, so that it can convict the fast one.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

DAY_US = 86_400_000_000
MILLI = timedelta(milliseconds=1)
CONNECTED = {"answered", "switchboard", "fax"}
TIES = {
    "leads": ["lead_id"],
    "calls": ["started_at", "call_id"],
    "orders": ["ordered_at", "order_id"],
    "stages": ["stage"],
    "facts": ["field"],
}


def microseconds(delta):
    return delta // timedelta(microseconds=1)


def records(frame):
    """Rows as dicts with None for what is missing."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.rows()]


def owner(lead):
    customer = lead.get("customer_id")
    return f"customer:{customer}" if customer is not None else f"lead:{lead['lead_id']}"


def staged_rows(tables, timezone):
    """Each table's rows with what the features read, dated, in order."""
    zone = ZoneInfo(timezone)
    leads = {row["lead_id"]: row for row in records(tables["leads"])}
    staged = {name: [dict(row) for row in records(frame)] for name, frame in tables.items()}
    for row in staged["leads"]:
        local = row["created_at"].astimezone(zone)
        row.update(known_at=row["created_at"], key=row["lead_id"], local_hour=local.hour)
        row["local_weekday"] = local.isoweekday()
        for name in list(row):
            row[f"{name}_characters"] = len(row[name]) if isinstance(row[name], str) else None
            row[f"{name}_local"] = row[name].astimezone(zone) if isinstance(row[name], datetime) else None
    for row in staged.get("calls", []):
        add_call_columns(row, leads[row["lead_id"]], zone)
    for row in staged.get("orders", []):
        lead = leads.get(row.get("lead_id"))
        named = row.get("customer_id")
        row["key"] = f"customer:{named}" if named is not None else owner(lead)
        row["known_at"] = max(row["ordered_at"], row.get("recorded_at") or row["ordered_at"])
        local = row["ordered_at"].astimezone(zone)
        row["local_month"] = (local.year, local.month)
    for row in staged.get("stages", []):
        row.update(known_at=row["entered_at"], key=row["lead_id"])
    for row in staged.get("facts", []):
        row["key"] = row["lead_id"]
        add_fact_columns(row, zone)
    for name, rows in staged.items():
        rows.sort(key=lambda row, ties=TIES[name]: (row["known_at"], *(row[tie] for tie in ties)))
    add_transitions(staged.get("stages", []))
    return staged


def add_call_columns(row, lead, zone):
    row["key"] = row["lead_id"]
    row["known_at"] = row["started_at"] + (row.get("duration_ms") or 0) * MILLI
    row["after_creation_ms"] = milliseconds(row["started_at"] - lead["created_at"])
    row["local_day"] = row["started_at"].astimezone(zone).date()
    status, duration = row.get("status"), row.get("duration_ms")
    if "hung_up_by" not in row:
        add_hangup(row, status, duration)
    hung_up_by = row.get("hung_up_by")
    row["is_connected"] = None if status is None else status in CONNECTED
    row["is_unreached"] = None if status is None else status not in CONNECTED
    row["is_dead_number"] = None if status is None else status in ("powered_off", "suspended", "empty_number")
    if "is_customer_hangup" not in row:
        row["is_customer_hangup"] = None if hung_up_by is None else hung_up_by == "customer"
    parts = [row["is_connected"], row["is_customer_hangup"], None if duration is None else duration <= 5000]
    row["is_quick_hangup"] = False if False in parts else None if None in parts else True
    invitation = row.get("invitation")
    row["is_accepted"] = None if invitation is None else invitation == "accepted"
    for flag, column in [("has_intent_question", "intent_questions"), ("has_refusal", "refusals")]:
        row[flag] = None if row.get(column) is None else row[column] > 0


def add_hangup(row, status, duration):
    """Who hung up, where the log does not say it."""
    signs = [None if duration is None else duration <= 5000, row.get("ends_refusing", False)]
    sign = True if True in signs else None if None in signs else False
    answered = None if status is None else status == "answered"
    told = False if False in (answered, sign) else None if None in (answered, sign) else True
    row["is_customer_hangup"] = told
    row["hung_up_by"] = "customer" if told else None


def milliseconds(delta):
    """Whole milliseconds, cut towards zero."""
    us = microseconds(delta)
    return us // 1000 if us >= 0 else -(-us // 1000)


def add_fact_columns(row, zone):
    value = row.get("value")
    try:
        row["value_number"] = float(value)
    except (TypeError, ValueError):
        row["value_number"] = None
    try:
        row["value_time"] = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        row["value_time"] = None
    row["value_local"] = None if row["value_time"] is None else row["value_time"].astimezone(zone)
    row["value_characters"] = None if value is None else len(value)


def add_transitions(rows):
    previous = {}
    for row in rows:
        before = previous.get(row["lead_id"])
        row["transition"] = None if before is None else f"{before['stage']}>{row['stage']}"
        row["previous_stage_ms"] = (
            None if before is None else milliseconds(row["entered_at"] - before["entered_at"])
        )
        previous[row["lead_id"]] = row


def compute(tables, spine, features, timezone="UTC"):
    """A pandas frame of the features, one row per row of the spine."""
    staged = staged_rows(tables, timezone)
    answers = []
    for ask in records(spine):
        answer = {}
        for feature in features:
            key = ask["owner_id"] if feature.table == "orders" else ask["lead_id"]
            rows = [row for row in staged[feature.table] if row["key"] == key]
            answer[feature.name] = one_feature(feature, rows, ask["as_of"])
        answers.append(answer)
    return pd.DataFrame(answers, columns=[feature.name for feature in features], dtype=object)


def one_feature(feature, rows, as_of):
    if feature.table != "leads":
        rows = [row for row in rows if row["known_at"] < as_of]
    if feature.window_days is not None:
        rows = [row for row in rows if as_of - row["known_at"] <= timedelta(days=feature.window_days)]
    for condition in feature.where:
        rows = [row for row in rows if row[condition.column] == condition.equals]
    result = reduce_rows(feature, rows, as_of)
    scaled = result is not None and feature.reducer != "mean" and feature.per != 1
    return result / feature.per if scaled else result


def reduce_rows(feature, rows, as_of):
    values = [row[feature.value] for row in rows] if feature.value else []
    there = [value for value in values if value is not None]
    match feature.reducer:
        case "count":
            return len(rows)
        case "sum":
            return sum(there)
        case "mean":
            return sum(there) / (len(there) * feature.per) if there else None
        case "min":
            return min(there, default=None)
        case "max":
            return max(there, default=None)
        case "last":
            return values[-1] if values else None
        case "n_unique":
            return len(set(there))
        case "trailing_run":
            run = 0
            while run < len(values) and values[-1 - run]:
                run += 1
            return run
        case "days_since_last":
            return microseconds(as_of - rows[-1]["known_at"]) / DAY_US if rows else None
        case "days_since_first":
            return microseconds(as_of - rows[0]["known_at"]) / DAY_US if rows else None
        case "days_since_value":
            return microseconds(as_of - values[-1]) / DAY_US if values and values[-1] is not None else None
        case "days_until_value":
            return microseconds(values[-1] - as_of) / DAY_US if values and values[-1] is not None else None
        case "months_until_value":
            if not values or values[-1] is None:
                return None
            later, now = values[-1], as_of.astimezone(values[-1].tzinfo)
            return (later.year - now.year) * 12 + later.month - now.month
