"""A seeded telesales world whose true close probabilities are known.

``simulate`` draws leads, robot and agent calls, orders, stages, facts and agents' grades over some
years and returns them as a team would export them: local times without an offset, Chinese words for
statuses, durations in seconds. The hidden class of a lead is not in it: ``pipeline.simulation.truth`` infers
from these frames, and the laws behind them, what can be known. Every key begins with ``SIM-``.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Ints
from pipeline.simulation import facts as world_facts
from pipeline.simulation import laws, phrases
from pipeline.simulation.calls import CallColumns, Log, simulate_calls, start_state
from pipeline.simulation.laws import INBOUND, ROBOT
from pipeline.simulation.leads import draw_fates, draw_leads, ids

TIMEZONE = "Asia/Shanghai"
_FORMAT = "%Y-%m-%d %H:%M:%S"
_HUNG_UP = np.array(["客户", "坐席", "超时", ""])
_LOST_REASONS = ("没有预算", "选择了别家", "需求取消", "联系不上", "无此需求")
_COUNTS = (
    "questions",
    "intent_questions",
    "refusals",
    "dialogue_turns",
    "asked_sms",
    "asked_wechat",
    "asked_callback",
)
_STATUS_NOW = ("跟进中", "已成交", "已流失")


@dataclass(frozen=True, slots=True)
class World:
    """The exported tables of a simulated team.

    Attributes:
        leads: lead_id, created_at, customer_id, channel, region, industry, company_size, budget (yuan),
            years_in_business, note, phone (obviously made up), customer_status (as of the export),
            project_area_m2, project_value (yuan), project_owners, project_ownership, project_source.
        calls: call_id, lead_id, agent_id, started_at, duration (s), direction, status, hung_up_by,
            questions, intent_questions, refusals, dialogue_turns, flow_completion (share), invitation,
            asked_sms, asked_wechat, asked_callback (0/1), negative_answers, affirmative_answers,
            substantive_replies, transcript.
        orders: order_id, lead_id (empty: older than the customer's leads), customer_id, ordered_at,
            amount (yuan).
        stages: lead_id, entered_at, stage.
        facts: lead_id, known_at, field, value.
        manual_grades: lead_id, graded_at, grade, agent_id.
        start, end: the world's first instant, and the export (local).
    """

    leads: pd.DataFrame
    calls: pd.DataFrame
    orders: pd.DataFrame
    stages: pd.DataFrame
    facts: pd.DataFrame
    manual_grades: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp

    def write(self, folder: Path) -> None:
        """Write the six tables as UTF-8 CSV (calls gzipped); the same world gives the same bytes."""
        for name in ("leads", "calls", "orders", "stages", "facts", "manual_grades"):
            self.write_table(name, folder)

    def write_table(self, name: str, folder: Path) -> None:
        """Write one of the tables."""
        folder.mkdir(parents=True, exist_ok=True)
        table: pd.DataFrame = getattr(self, name)
        zipped = {"method": "gzip", "compresslevel": 6, "mtime": 0} if name == "calls" else None
        table.to_csv(
            folder / (f"{name}.csv.gz" if zipped else f"{name}.csv"),
            index=False,
            date_format=_FORMAT,
            lineterminator="\n",
            compression=zipped,
        )


def simulate(n_leads: int = 5000, seed: int = 7, months: int = 36, end: str = "2026-07-01") -> World:
    """Draw a world; the seed changes the draw, never the laws.

    Args:
        n_leads: leads created over the whole span; about eight times as many calls follow.
        seed: the same seed gives the same world.
        months: length of the world.
        end: local date of the export; nothing happens from then on.

    Raises:
        ValueError: no leads or no months.

    >>> world = simulate(n_leads=50, seed=1)
    >>> len(world.leads), world.leads["lead_id"].iloc[0], str(world.start.date())
    (50, 'SIM-L000001', '2023-07-01')
    """
    if n_leads < 1 or months < 1:
        raise ValueError("a world needs at least one lead and one month")
    rng = np.random.default_rng(seed)
    last = pd.Timestamp(end).as_unit("s")
    first = last - pd.DateOffset(months=months)
    start_s, end_s = int(first.timestamp()), int(last.timestamp())
    leads = draw_leads(n_leads, start_s, end_s, rng)
    cls, closed_s, lost_s, orders = draw_fates(leads, start_s, end_s, rng)
    ended_clock = laws.working_days(np.minimum(np.minimum(closed_s, lost_s), end_s))
    state = start_state(laws.working_days(leads["created_s"]), ended_clock, cls, rng)
    log = simulate_calls(state, rng)
    names = leads["lead_id"].to_numpy()
    calls, ordered = _call_frame(log, names, rng), _order_frame(orders, leads, rng)
    lead_frame = _lead_frame(leads, closed_s < end_s, lost_s < end_s)
    facts = _fact_frame(log, names, lost_s, end_s, rng)
    # What follows from the log and from chance has a stream of its own: the draws above do not move.
    own = np.random.default_rng([seed, 1])
    further = world_facts.further_facts(calls, lead_frame, ordered, facts, own)
    return World(
        leads=world_facts.with_projects(lead_frame, own),
        calls=world_facts.with_answers(calls),
        orders=ordered,
        stages=_stage_frame(log, leads, closed_s, lost_s, end_s),
        facts=_in_order(pd.concat([facts, further], ignore_index=True)),
        manual_grades=_grade_frame(log, names),
        start=first,
        end=last,
    )


def _joined(rows: list[CallColumns], names: npt.NDArray[np.str_]) -> pd.DataFrame:
    columns = {key: np.concatenate([part[key] for part in rows]) for key in rows[0]}
    return pd.DataFrame(columns | {"lead_id": names[columns["lead"].astype(np.int64)]})


def _times(at_s: npt.ArrayLike) -> pd.Series:
    return pd.Series(np.asarray(at_s, dtype=np.int64).astype("datetime64[s]"))


def _lead_frame(leads: pd.DataFrame, won: npt.NDArray[np.bool_], lost: npt.NDArray[np.bool_]) -> pd.DataFrame:
    frame = leads.drop(columns=["created_s", "customer"])
    frame.insert(1, "created_at", _times(leads["created_s"]))
    frame["customer_status"] = np.select([won, lost], _STATUS_NOW[1:], _STATUS_NOW[0])
    return frame


def _call_frame(log: Log, names: npt.NDArray[np.str_], rng: np.random.Generator) -> pd.DataFrame:
    rows = _joined(log.calls, names).sort_values(["start_s", "lead"], kind="stable", ignore_index=True)
    robot = rows["kind"] == ROBOT
    number = (rows["agent"] + 1).astype(str).str.zfill(2)
    frame = pd.DataFrame(
        {
            "call_id": ids("C", len(rows)),
            "lead_id": rows["lead_id"],
            "agent_id": np.where(robot, "robot-", "agent-") + number,
            "started_at": _times(rows["start_s"]),
            "duration": rows["duration"],
            "direction": np.where(rows["kind"] == INBOUND, "呼入", "呼出"),
            "status": np.array(laws.STATUSES)[rows["status"]],
            "hung_up_by": np.where((rows["hung_up"] == 1) & robot, "机器人", _HUNG_UP[rows["hung_up"]]),
            "flow_completion": rows["flow_percent"] / 100,
            "invitation": np.array(laws.INVITATION_WORDS)[rows["invitation"]],
        }
    )
    frame[list(_COUNTS)] = rows[list(_COUNTS)]
    frame["transcript"] = phrases.transcripts(frame, rng)
    return frame


def _order_frame(orders: dict[str, Ints], leads: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    by_customer = leads.drop_duplicates("customer").set_index("customer")["customer_id"]
    frame = pd.DataFrame(
        {
            "lead_id": leads["lead_id"].reindex(orders["lead"]).to_numpy(),
            "customer_id": by_customer.reindex(orders["customer"]).to_numpy(),
            "ordered_at": _times(orders["at_s"]),
        }
    )
    budget = leads["budget"].fillna(leads["budget"].median()).to_numpy()[orders["lead"]]
    typical = np.where(orders["lead"] < 0, 30_000.0, 0.5 * budget)
    frame["amount"] = np.rint(typical * rng.lognormal(0.0, 0.5, len(frame)) * 100) / 100
    frame = frame.sort_values(["ordered_at", "customer_id"], kind="stable", ignore_index=True)
    frame.insert(0, "order_id", ids("O", len(frame)))
    return frame


def _stage_frame(log: Log, leads: pd.DataFrame, closed_s: Ints, lost_s: Ints, end_s: int) -> pd.DataFrame:
    names = leads["lead_id"].to_numpy()
    moves = _joined(log.stages, names)
    final = [(closed_s, laws.WON), (lost_s, laws.LOST)]
    parts = [
        pd.DataFrame(
            {"lead_id": names, "entered_at": _times(leads["created_s"]), "stage": laws.STAGE_WORDS[0]}
        ),
        pd.DataFrame(
            {
                "lead_id": moves["lead_id"],
                "entered_at": _times(moves["at_s"]),
                "stage": np.array(laws.STAGE_WORDS)[moves["stage"]],
            }
        ),
    ]
    for at_s, stage in final:
        on = at_s < end_s
        parts.append(pd.DataFrame({"lead_id": names[on], "entered_at": _times(at_s[on]), "stage": stage}))
    return pd.concat(parts).sort_values(["entered_at", "lead_id"], kind="stable", ignore_index=True)


def _fact_frame(
    log: Log, names: npt.NDArray[np.str_], lost_s: Ints, end_s: int, rng: np.random.Generator
) -> pd.DataFrame:
    rows = _joined(log.facts, names)
    code = rows["code"].to_numpy()
    dates = np.datetime_as_string(code.astype("datetime64[D]"))
    yes_no = np.where(code > 0, "yes", "no")
    needs = np.array(laws.NEEDS)[np.minimum(code, len(laws.NEEDS) - 1)]
    value = np.select(
        [rows["field"] == "need", rows["field"] == "expected_close_date"], [needs, dates], yes_no
    )
    said = pd.DataFrame(
        {"lead_id": rows["lead_id"], "known_at": _times(rows["at_s"]), "field": rows["field"], "value": value}
    )
    on = lost_s < end_s
    reason = np.array(_LOST_REASONS)[rng.integers(0, len(_LOST_REASONS), int(on.sum()))]
    lost = pd.DataFrame(
        {"lead_id": names[on], "known_at": _times(lost_s[on]), "field": "lost_reason", "value": reason}
    )
    return _in_order(pd.concat([said, lost]))


def _in_order(facts: pd.DataFrame) -> pd.DataFrame:
    return facts.sort_values(["known_at", "lead_id", "field"], kind="stable", ignore_index=True)


def _grade_frame(log: Log, names: npt.NDArray[np.str_]) -> pd.DataFrame:
    rows = _joined(log.grades, names).sort_values(["at_s", "lead"], kind="stable", ignore_index=True)
    agent = "agent-" + (rows["agent"] + 1).astype(str).str.zfill(2)
    return pd.DataFrame(
        {
            "lead_id": rows["lead_id"],
            "graded_at": _times(rows["at_s"]),
            "grade": np.array(list("ABCDE"))[rows["grade"]],
            "agent_id": agent,
        }
    )
