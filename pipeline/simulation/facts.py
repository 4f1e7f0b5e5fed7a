"""What the simulated team enters besides need and dates: material, rivals, disputes, cues, projects.

All of it is drawn from the finished log (this talk, the talks before it, the customer's earlier orders)
and from a stream of chance of its own, never from the hidden class. So it tells nothing that the log
does not, the oracle needs no law for it, and the draws of the log stay as they are.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Flags
from pipeline.simulation import phrases

_REFUSAL_REASONS = ("价格太高", "已有供应商", "暂无预算", "不再需要")
_LEVELS = ("staff", "key_people", "top_management")
_CUES = ("dominant", "amiable", "expressive", "analytical")
_AFFIRMATIVE = frozenset(phrases.AFFIRMATIVE) | frozenset(phrases.ACCEPTING_TEXTS)
_NEGATIVE = frozenset(phrases.DECLINED)


def with_answers(calls: pd.DataFrame) -> pd.DataFrame:
    """Add how the customer answered the script, counted in the transcripts.

    Returns:
        The calls with ``affirmative_answers``, ``negative_answers`` and ``substantive_replies``
        (questions, answers and wishes; no refusal, filler or busy excuse).
    """
    said = [
        [line.removeprefix("客户: ") for line in text.split("\n") if line.startswith("客户: ")]
        for text in calls["transcript"]
    ]
    yes, no = (
        np.array([sum(line in words for line in lines) for lines in said], dtype=np.int64)
        for words in (_AFFIRMATIVE, _NEGATIVE)
    )
    wishes = calls["asked_sms"] + calls["asked_wechat"]
    place = list(calls.columns).index("transcript")
    answered = calls.copy()
    answered.insert(place, "substantive_replies", calls["questions"] + yes + no + wishes)
    answered.insert(place, "affirmative_answers", yes)
    answered.insert(place, "negative_answers", no)
    return answered


def with_projects(leads: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add the project of which a lead tells at its creation; about half tell of one.

    Returns:
        The leads with ``project_area_m2``, ``project_value`` (yuan), ``project_owners``,
        ``project_ownership`` and ``project_source``, each missing for some.
    """
    n = len(leads)
    told = rng.random(n) < 0.5
    area = np.rint(np.exp(rng.normal(9.6, 0.8, n)) / 100) * 100
    value = np.rint(np.exp(rng.normal(13.2, 0.8, n)) / 1000) * 1000
    return leads.assign(
        project_area_m2=np.where(told & (rng.random(n) < 0.8), area, np.nan),
        project_value=np.where(told & (rng.random(n) < 0.8), value, np.nan),
        project_owners=_some(told, ("one", "several"), (0.6, 0.4), rng),
        project_ownership=_some(told, ("private", "state"), (0.6, 0.4), rng),
        project_source=_some(
            told, ("direct", "government", "friend", "web", "press"), (0.2, 0.1, 0.2, 0.4, 0.1), rng
        ),
    )


def _some(
    told: Flags, words: Sequence[str], shares: Sequence[float], rng: np.random.Generator
) -> npt.NDArray[np.str_]:
    return np.where(told, rng.choice(np.array(words), len(told), p=np.array(shares)), "")


def further_facts(
    calls: pd.DataFrame,
    leads: pd.DataFrame,
    orders: pd.DataFrame,
    facts: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What agents enter after their talks, besides need, expected date, quotation and key person.

    Args:
        calls: the exported calls.
        leads: the exported leads.
        orders: the exported orders.
        facts: the facts entered so far; a planned purchase date stays near the expected close date.
        rng: of this module alone.

    Returns:
        Further rows of the facts table: ``lead_id``, ``known_at``, ``field``, ``value``.
    """
    talks = _talks(calls, leads, orders)
    parts = [*_after_talks(talks, rng), *_dispute(talks, rng), _cues(talks, rng), _planned(facts, rng)]
    # From a stream of their own: everything else that is drawn is the same without them.
    parts += _wishes(talks, rng.spawn(1)[0])
    return pd.concat(parts, ignore_index=True)


def _talks(calls: pd.DataFrame, leads: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Dialogues with a person, in order, with their number and whether the customer had ordered before."""
    person = ~calls["agent_id"].str.startswith("robot") & (calls["status"] == "接通")
    talks = calls[person & (calls["asked_callback"] == 0) & (calls["dialogue_turns"] > 1)]
    ended = talks["started_at"] + pd.to_timedelta(talks["duration"], unit="s")
    talks = talks.assign(
        known_at=ended.dt.as_unit("s"),
        number=talks.groupby("lead_id").cumcount(),
        accepted=talks["invitation"] == "接受",
    )
    first = orders.groupby("customer_id")["ordered_at"].min()
    ordered_at = talks["lead_id"].map(leads.set_index("lead_id")["customer_id"]).map(first)
    return talks.assign(bought=(ordered_at < talks["started_at"]).to_numpy())


def _rows(talks: pd.DataFrame, on: Flags, field: str, value: str | npt.NDArray[np.str_]) -> pd.DataFrame:
    frame = talks.loc[on, ["lead_id", "known_at"]]
    return frame.assign(field=field, value=value if isinstance(value, str) else value[on])


def _after_talks(talks: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    n = len(talks)
    first = (talks["number"] == 0).to_numpy()
    intent, refusals, turns = (
        talks[name].to_numpy() for name in ("intent_questions", "refusals", "dialogue_turns")
    )
    accepted, bought = talks["accepted"].to_numpy(), talks["bought"].to_numpy()

    def chance(share: float) -> Flags:
        return np.asarray(rng.random(n) < share)

    def words(options: Sequence[str], shares: Sequence[float]) -> npt.NDArray[np.str_]:
        return rng.choice(np.array(options), n, p=np.array(shares))

    warmth = 0.8 * intent + 1.5 * accepted - refusals + rng.normal(0.0, 1.0, n)
    likelihood = np.array(["low", "medium", "high"])[(warmth > 0.8).astype(int) + (warmth > 2.5)]
    asked = (intent >= 1) & chance(0.4)
    agreed = accepted & (intent >= 2) & chance(0.25)
    yes_no = ("yes", "no")
    choices: list[tuple[Flags, str, str | npt.NDArray[np.str_]]] = [
        (first | chance(0.3), "purchase_likelihood", likelihood),
        (first & chance(0.7), "able_to_buy", words(yes_no, (0.7, 0.3))),
        ((turns >= 6) & chance(0.6), "product_introduced", "yes"),
        (first, "contact_kept", words(yes_no, (0.75, 0.25))),
        (asked, "material_asked", "yes"),
        (asked & chance(0.8), "material_sent", "yes"),
        (~first & chance(0.3), "rivals_known", words(yes_no, (0.7, 0.3))),
        (accepted & chance(0.4), "product_accepted", "yes"),
        (agreed, "agreed", "yes"),
        (agreed & chance(0.3), "contract_signed", "yes"),
        ((refusals >= 2) & chance(0.5), "refusal_reason", words(_REFUSAL_REASONS, (0.4, 0.3, 0.2, 0.1))),
        (first | (bought & chance(0.3)), "service_open", np.where(bought & chance(0.4), "yes", "no")),
        (first | chance(0.1), "contact_level", words(_LEVELS, (0.55, 0.35, 0.1))),
        (first & chance(0.7), "information_shared", words(yes_no, (0.3, 0.7))),
        (~first & chance(0.2), "joint_plans", words(("none", "plans", "equity"), (0.7, 0.25, 0.05))),
        (first & chance(0.6), "economic_strength", words(("strong", "medium", "weak"), (0.3, 0.5, 0.2))),
        (first & chance(0.6), "credit", words(("good", "fair", "poor"), (0.6, 0.3, 0.1))),
    ]
    return [_rows(talks, on, field, value) for on, field, value in choices]


def _wishes(talks: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    """What customers ask to have or to see, what matters to them, and that nothing will come of it."""
    n = len(talks)
    first, keen = (talks["number"] == 0).to_numpy(), (talks["intent_questions"] >= 2).to_numpy()
    denied = (talks["refusals"] >= 2).to_numpy() & ~keen
    matters = rng.choice(np.array(("safety", "quality", "worth")), n, p=np.array((0.3, 0.4, 0.3)))
    choices: list[tuple[Flags, float, str, str | npt.NDArray[np.str_]]] = [
        (keen, 0.15, "samples_asked", "yes"),
        (keen, 0.15, "quotation_asked", "yes"),
        (talks["accepted"].to_numpy(), 0.3, "viewing", "yes"),
        (keen, 0.15, "home_named", "yes"),
        (first, 0.3, "matters_most", matters),
        (denied, 0.2, "no_chance", "yes"),
    ]
    return [_rows(talks, on & (rng.random(n) < share), field, value) for on, share, field, value in choices]


def _dispute(talks: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    """A term is disputed at some keen talk, and often settled at a later one."""
    keen = (talks["intent_questions"] >= 2).to_numpy() & (rng.random(len(talks)) < 0.2)
    disputed = pd.Series(keen, index=talks.index).groupby(talks["lead_id"]).cumsum().to_numpy() > 0
    settled = disputed & ~keen & (rng.random(len(talks)) < 0.6)
    return [_rows(talks, keen, "price_dispute", "open"), _rows(talks, settled, "price_dispute", "settled")]


def _cues(talks: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Cues of a person's own type, mixed with others."""
    people, person = np.unique(talks["lead_id"].to_numpy(dtype=str), return_inverse=True)
    own = rng.integers(0, len(_CUES), len(people))[person]
    shown = np.where(rng.random(len(talks)) < 0.6, own, rng.integers(0, len(_CUES), len(talks)))
    noted = np.asarray(rng.random(len(talks)) < 0.9)
    return _rows(talks, noted, "personality_cue", np.array(_CUES)[shown])


def _planned(facts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    dated = facts[facts["field"] == "expected_close_date"]
    dated = dated[rng.random(len(dated)) < 0.7]
    shift = pd.to_timedelta(rng.integers(-10, 31, len(dated)), unit="D")
    day = (pd.to_datetime(dated["value"]) + shift).dt.strftime("%Y-%m-%d")
    return dated.assign(field="planned_purchase_date", value=day)
