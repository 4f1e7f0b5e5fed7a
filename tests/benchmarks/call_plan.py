"""How long a day takes to plan: 50,000 leads with their calls, 40 agents.

.venv/bin/python tests/benchmarks/call_plan.py
"""

import sys
import time
from datetime import UTC, date, datetime

import numpy as np
import polars as pl

from pipeline.config.reports import CallPlan
from pipeline.team.plan.call_plan import call_plan
from pipeline.team.plan.day_lists import call_list, held_list
from pipeline.team.plan.standing import standing
from pipeline.team.plan.working_day import WorkingDay

LEADS, CALLS, AGENTS = 50_000, 500_000, 40
NOW = datetime(2026, 7, 1, 16, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")


def tables(rng):
    lead_ids = np.array([f"L{n:06d}" for n in range(LEADS)])
    who = [f"agent-{n:02d}" for n in range(AGENTS)] + ["robot-1"]
    ago = np.sort(rng.integers(1, 120 * 86_400, CALLS))[::-1]
    started = pl.lit(NOW).cast(TIME) - pl.duration(seconds=pl.col("ago"))
    calls = pl.DataFrame(
        {
            "lead_id": rng.choice(lead_ids, CALLS),
            "ago": ago,
            "status": rng.choice(["answered", "no_answer", "busy", "powered_off"], CALLS),
            "agent_id": rng.choice(who, CALLS),
            "asked_callback": rng.random(CALLS) < 0.05,
        }
    ).with_columns(
        started.alias("started_at"),
        started.alias("known_at"),
        (pl.col("status") == "answered").alias("is_connected"),
    )
    promised = rng.choice(lead_ids, 1000, replace=False)
    at = pl.lit(NOW).cast(TIME) + pl.duration(minutes=pl.Series(rng.integers(-600, 1800, 1000)))
    facts = pl.DataFrame({"lead_id": promised}).with_columns(
        at.alias("value_time"),
        (pl.lit(NOW).cast(TIME) - pl.duration(days=1)).alias("known_at"),
        pl.lit("callback_at").alias("field"),
        pl.lit("").alias("value"),
    )
    leads = pl.DataFrame({"lead_id": lead_ids}).with_columns(("lead:" + pl.col("lead_id")).alias("owner_id"))
    graded = leads.select("lead_id").with_columns(
        pl.Series("grade", rng.choice(list("ABCDE"), LEADS)),
        pl.Series("score", rng.random(LEADS)),
        pl.Series("rank", np.arange(1, LEADS + 1)),
    )
    return graded, {"leads": leads, "calls": calls, "facts": facts}


def main():
    graded, known = tables(np.random.default_rng(0))
    start = time.perf_counter()
    rules = CallPlan()
    leads = standing(graded, known, rules, NOW)
    day = WorkingDay.of(rules, date(2026, 7, 2), "Asia/Shanghai")
    found = call_plan(leads, [f"agent-{n:02d}" for n in range(AGENTS)], rules, day)
    calls = call_list(found, leads, {"A": {"en": "close", "zh": "成交"}}, "Asia/Shanghai")
    held = held_list(found, leads, "Asia/Shanghai")
    took = time.perf_counter() - start
    print(f"{LEADS:,} leads, {CALLS:,} calls, {AGENTS} agents: {took:.2f} s")
    print(calls.group_by("kind").len().sort("kind"), held.group_by("held").len().sort("held"))
    sys.exit(0 if took < 10 and calls.height + held.height == LEADS else 1)


if __name__ == "__main__":
    main()
