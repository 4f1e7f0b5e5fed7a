"""The fifty features as one hand-written DuckDB query over the Parquet files.

Times are compared as whole microseconds: arithmetic on zoned timestamps would go through the calendar row
by row. Shanghai's clock is eight hours ahead all year. Distinct values are told apart before they are
counted: quicker than ``count(DISTINCT ...)`` among the other aggregates.
"""

from datetime import datetime
from pathlib import Path

import duckdb
from benchmarks.scale_once import run

QUERY = """
WITH calls AS (
    SELECT
        lead_id, agent_id, duration_ms, direction, status, hung_up_by, intent_questions, refusals,
        dialogue_turns, flow_completion_ppm, invitation, asked_callback,
        epoch_us(started_at) AS started_us,
        epoch_us(started_at) + 1000 * coalesce(duration_ms, 0) AS known_us,
        status IN ('answered', 'switchboard', 'fax') AS connected,
        (epoch_us(started_at) + 28800000000) // 86400000000 AS local_day
    FROM read_parquet('{world}/calls.parquet')
    WHERE epoch_us(started_at) + 1000 * coalesce(duration_ms, 0) < {as_of}
),
by_lead AS (
    SELECT
        lead_id,
        max(known_us) AS last_us,
        min(known_us) AS first_us,
        max(known_us) FILTER (connected) AS last_connected_us,
        max(known_us) FILTER (intent_questions > 0) AS last_intent_us,
        min(started_us) AS first_started_us,
        count(*) FILTER (known_us >= {days_7}) AS calls_7d,
        count(*) FILTER (known_us >= {days_30}) AS calls_30d,
        count(*) FILTER (known_us >= {days_90}) AS calls_90d,
        count(*) AS calls_total,
        count(*) FILTER (connected AND known_us >= {days_7}) AS answered_calls_7d,
        count(*) FILTER (connected AND known_us >= {days_30}) AS answered_calls_30d,
        count(*) FILTER (connected AND known_us >= {days_90}) AS answered_calls_90d,
        count(*) FILTER (connected) AS answered_calls_total,
        count(*) FILTER (direction = 'inbound' AND known_us >= {days_90}) AS inbound_calls_90d,
        count(*) FILTER (direction = 'inbound') AS inbound_calls_total,
        count(status) FILTER (known_us >= {days_90}) AS with_status_90d,
        count(status) AS with_status,
        count(*) FILTER (status = 'no_answer') AS no_answer_calls_total,
        count(*) FILTER (status IN ('powered_off', 'suspended', 'empty_number')) AS dead_number_calls_total,
        sum(duration_ms) FILTER (connected AND known_us >= {days_30}) AS talk_ms_30d,
        sum(duration_ms) FILTER (connected AND known_us >= {days_90}) AS talk_ms_90d,
        sum(duration_ms) FILTER (connected) AS talk_ms,
        count(duration_ms) FILTER (connected AND known_us >= {days_90}) AS talks_90d,
        max(duration_ms) FILTER (connected) AS max_talk_ms,
        count(*) FILTER (connected AND hung_up_by = 'customer') AS customer_hangups,
        count(hung_up_by) FILTER (connected) AS hangups,
        arg_max_null(status, known_us) AS last_call_status,
        arg_max_null(duration_ms, known_us) FILTER (connected) AS last_talk_ms,
        sum(intent_questions) FILTER (known_us >= {days_30}) AS intent_questions_30d,
        sum(intent_questions) FILTER (known_us >= {days_90}) AS intent_questions_90d,
        sum(intent_questions) AS intent_questions_total,
        max(intent_questions) AS max_intent_questions_total,
        sum(refusals) AS refusals_total,
        count(*) FILTER (connected AND refusals > 0) AS refused,
        count(refusals) FILTER (connected) AS with_refusals,
        count(*) FILTER (invitation = 'accepted') AS invitations_accepted_total,
        count(*) FILTER (asked_callback) AS asked_callback_total,
        sum(flow_completion_ppm) FILTER (connected) AS flow_ppm,
        count(flow_completion_ppm) FILTER (connected) AS flows,
        sum(dialogue_turns) AS dialogue_turns_total
    FROM calls
    GROUP BY lead_id
),
agents AS (
    SELECT lead_id, count(agent_id) AS agents_total
    FROM (SELECT DISTINCT lead_id, agent_id FROM calls)
    GROUP BY lead_id
),
days AS (
    SELECT lead_id, count(*) AS call_days_90d
    FROM (SELECT DISTINCT lead_id, local_day FROM calls WHERE known_us >= {days_90})
    GROUP BY lead_id
),
by_owner AS (
    SELECT
        coalesce(customer_id, lead_id) AS owner_id,
        count(*) FILTER (known_us >= {days_365}) AS orders_365d,
        count(*) AS orders_total,
        sum(amount_minor) AS amount_minor,
        max(known_us) AS last_us,
        arg_max_null(amount_minor, known_us) AS last_amount_minor
    FROM (
        SELECT *, epoch_us(greatest(ordered_at, recorded_at)) AS known_us
        FROM read_parquet('{world}/orders.parquet')
    )
    WHERE known_us < {as_of}
    GROUP BY owner_id
),
leads AS (
    SELECT
        *,
        coalesce(customer_id, lead_id) AS owner_id,
        timezone('Asia/Shanghai', created_at) AS local_created
    FROM read_parquet('{world}/leads.parquet')
    WHERE epoch_us(created_at) <= {as_of}
)
SELECT
    lead_id,
    ({as_of} - epoch_us(created_at)) / 86400000000 AS days_since_created,
    hour(local_created) AS created_hour,
    isodow(local_created) AS created_weekday,
    channel,
    region,
    budget,
    ({as_of} - c.last_us) / 86400000000 AS days_since_call,
    ({as_of} - first_us) / 86400000000 AS days_since_first_call,
    ({as_of} - last_connected_us) / 86400000000 AS days_since_answered_call,
    ({as_of} - last_intent_us) / 86400000000 AS days_since_intent_question,
    ((first_started_us - epoch_us(created_at)) // 1000) / 3600000 AS hours_to_first_call,
    coalesce(calls_7d, 0) AS calls_7d,
    coalesce(calls_30d, 0) AS calls_30d,
    coalesce(calls_90d, 0) AS calls_90d,
    coalesce(calls_total, 0) AS calls_total,
    coalesce(answered_calls_7d, 0) AS answered_calls_7d,
    coalesce(answered_calls_30d, 0) AS answered_calls_30d,
    coalesce(answered_calls_90d, 0) AS answered_calls_90d,
    coalesce(answered_calls_total, 0) AS answered_calls_total,
    coalesce(inbound_calls_90d, 0) AS inbound_calls_90d,
    coalesce(inbound_calls_total, 0) AS inbound_calls_total,
    answered_calls_90d / nullif(with_status_90d, 0) AS answered_share_90d,
    answered_calls_total / nullif(with_status, 0) AS answered_share_total,
    coalesce(no_answer_calls_total, 0) AS no_answer_calls_total,
    coalesce(dead_number_calls_total, 0) AS dead_number_calls_total,
    coalesce(talk_ms_30d, 0) / 1000 AS talk_s_30d,
    coalesce(talk_ms_90d, 0) / 1000 AS talk_s_90d,
    coalesce(talk_ms, 0) / 1000 AS talk_s_total,
    talk_ms_90d / (1000 * nullif(talks_90d, 0)) AS mean_talk_s_90d,
    max_talk_ms / 1000 AS max_talk_s_total,
    coalesce(agents_total, 0) AS agents_total,
    coalesce(call_days_90d, 0) AS call_days_90d,
    customer_hangups / nullif(hangups, 0) AS customer_hangup_share_total,
    last_call_status,
    last_talk_ms / 1000 AS talk_s_last_call,
    coalesce(intent_questions_30d, 0) AS intent_questions_30d,
    coalesce(intent_questions_90d, 0) AS intent_questions_90d,
    coalesce(intent_questions_total, 0) AS intent_questions_total,
    max_intent_questions_total,
    coalesce(refusals_total, 0) AS refusals_total,
    refused / nullif(with_refusals, 0) AS refused_call_share_total,
    coalesce(invitations_accepted_total, 0) AS invitations_accepted_total,
    coalesce(asked_callback_total, 0) AS asked_callback_total,
    flow_ppm / (1000000 * nullif(flows, 0)) AS mean_flow_completion_total,
    coalesce(dialogue_turns_total, 0) AS dialogue_turns_total,
    coalesce(orders_365d, 0) AS orders_365d,
    coalesce(orders_total, 0) AS orders_total,
    coalesce(amount_minor, 0) / 100 AS amount_total,
    ({as_of} - o.last_us) / 86400000000 AS days_since_order,
    last_amount_minor / 100 AS last_amount
FROM leads
LEFT JOIN by_lead AS c USING (lead_id)
LEFT JOIN agents USING (lead_id)
LEFT JOIN days USING (lead_id)
LEFT JOIN by_owner AS o USING (owner_id)
"""
_DAY_US = 86_400_000_000


def write_features(world: Path, out: Path, as_of: str) -> None:
    """Features of all leads that exist as of an instant, to one Parquet file in ``out``."""
    instant = int(datetime.fromisoformat(as_of).timestamp()) * 1_000_000
    ends = {f"days_{days}": instant - days * _DAY_US for days in (7, 30, 90, 365)}
    query = QUERY.format(world=world, as_of=instant, **ends)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2; SET preserve_insertion_order = false")
        connection.execute(f"COPY ({query}) TO '{out}/features.parquet' (FORMAT parquet)")


if __name__ == "__main__":
    run(write_features)
