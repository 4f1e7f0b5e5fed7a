"""How well callers are heard outside the corpus of a recogniser: the hand-written second corpus.

Utterances: macro-F1 over all twenty families, by language and half, for the shipped lexicon and for a
recogniser fitted on the public call-robot corpus together with the half to learn from and the neighbours
("outside" is fitted on the public one alone). An answer that is any of an utterance's families is right;
another counts against the first. Calls: the share in which turns, intent questions, the longest run of
refusals and the invitation are heard as they are told, and in which a robot scheme gives the grade of the
true counts. Only counts are printed, never a row of the half that judges. Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.second_corpus``; ``--half learn`` leaves the judging half unread,
``--wrong`` lists what is misheard in the half to learn from.
"""

import argparse
import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from benchmarks.intents import find_corpus, read_corpus
from laws.golden_leads import shipped_scheme

from features.schemes.compiled import grade_frame
from models.intents.families import CODE, FAMILY_NAMES, INTENT_QUESTIONS, Recogniser, names
from models.intents.lexicon import Lexicon
from pipeline.terminal import show
from pipeline.transcripts.hearing import Hearing, hear

CORPUS = Path(__file__).parents[1] / "hearing_corpus"
LANGUAGES = ("zh", "zh_hant", "en", "mixed", "asr")
ROBOTS = ("robot_intent", "robot_dialogue", "robot_flow")
SIDES = {"agent": "坐席", "customer": "客户"}
# What is heard, and the name of its truth.
COUNTS = {
    "dialogue_turns": "customer_turns",
    "questions": "questions",
    "intent_questions": "intent_questions",
    "refusals": "refusals_in_a_row",
    "invitation": "invitation",
    "affirmative_answers": "affirmative",
    "negative_answers": "negative",
    "substantive_replies": "substantive",
    "asked_sms": "asked_sms",
    "asked_wechat": "asked_wechat",
    "asked_callback": "asked_callback",
    "flow_completion_ppm": "flow_completed",
}
MUST_SHOW = ("dialogue_turns", "intent_questions", "refusals", "invitation")


def main() -> None:
    """Print tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("learn", "judge"), help="one half only")
    parser.add_argument("--lexicon", action="store_true", help="the lexicon only")
    parser.add_argument(
        "--wrong", action="store_true", help="list what is misheard, of the half to learn from"
    )
    parser.add_argument("--out", type=Path, default=Path("out/bench/second_corpus.json"))
    options = parser.parse_args()
    halves = [options.half] if options.half else ["learn", "judge"]
    recognisers = {"lexicon": Lexicon.shipped()} | ({} if options.lexicon else fitted())
    said = [quality(one, name, half) for half in halves for name, one in recognisers.items()]
    heard = [dialogue(one, name, half) for half in halves for name, one in recognisers.items()]
    show(pd.DataFrame(said), "utterances of the second corpus")
    show(pd.DataFrame(heard), "calls of the second corpus: share heard as told")
    if options.wrong:
        list_wrong(recognisers)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps({"utterances": said, "calls": heard}, indent=2) + "\n", encoding="utf-8"
    )


def fitted() -> dict[str, Recogniser]:
    """A recogniser fitted on the public corpus, and one fitted on the half to learn from besides."""
    from models.intents.trained import TrainedIntents

    path = find_corpus()
    if path is None:
        return {}
    public = read_corpus(path, "train")
    mine, near = utterances("learn"), neighbours()
    texts = [*public["text"], *mine["text"], *near["text"]]
    both = texts, [*public["label"], *mine["first"], *near["family"]]
    return {
        "trained outside": TrainedIntents.fit(public["text"].tolist(), public["label"].tolist()),
        "trained": TrainedIntents.fit(*both),
    }


def utterances(half: str) -> pd.DataFrame:
    """The utterances of a half: ``text``, ``language``, ``families``, ``first``."""
    with (CORPUS / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["half"] == half
        ]
    frame = pd.DataFrame(rows)
    return frame.assign(families=frame["family"].str.split(";"), first=frame["family"].str.split(";").str[0])


def neighbours() -> pd.DataFrame:
    """Further utterances to learn from: ``text`` and ``family``."""
    return pd.read_csv(CORPUS / "neighbours.tsv", sep="\t", quoting=csv.QUOTE_NONE, keep_default_na=False)


def quality(recogniser: Recogniser, name: str, half: str) -> dict[str, object]:
    """A record: macro-F1 in all and by language, recall of intent questions, refusals heard in questions."""
    rows = utterances(half)
    said = np.array(names(recogniser.recognise(rows["text"].tolist())))
    true = told(rows["families"], said)
    asks = np.array([INTENT_QUESTIONS[CODE[first]] for first in rows["first"]])
    heard = np.array([INTENT_QUESTIONS[CODE[one]] for one in said])
    questions = np.array([first in QUESTION_NAMES for first in rows["first"]])
    return {
        "half": half,
        "recogniser": name,
        "rows": len(rows),
        "macro-F1": macro_f1(true, said),
        **{
            language: macro_f1(true[rows["language"] == language], said[rows["language"] == language])
            for language in LANGUAGES
        },
        "right": float((true == said).mean()),
        "intent question recall": float(heard[asks].mean()),
        "refusals in questions": float((said[questions] == "refusal").mean()),
        **{f"F1 {family}": round(f1(true, said, family), 3) for family in FAMILY_NAMES},
    }


QUESTION_NAMES = frozenset(
    ("price", "discount", "procedure", "details", "contact", "time_place", "company", "duration", "robot")
) | {"number_source"}


def told(families: Iterable[Sequence[str]], said: np.ndarray) -> np.ndarray:
    """What an answer is held against: itself where it is one of the families, else the first."""
    return np.array([one if one in some else some[0] for some, one in zip(families, said, strict=True)])


def f1(true: np.ndarray, said: np.ndarray, family: str) -> float:
    """F1 of a family."""
    hits = ((true == family) & (said == family)).sum()
    return float(2 * hits / max((true == family).sum() + (said == family).sum(), 1))


def macro_f1(true: np.ndarray, said: np.ndarray) -> float:
    """The mean over the families that are there."""
    return round(
        float(np.mean([f1(true, said, family) for family in FAMILY_NAMES if (true == family).any()])), 3
    )


def calls(half: str) -> list[dict]:
    """The calls of a half."""
    lines = (CORPUS / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [call for call in map(json.loads, lines) if call["half"] == half]


def transcript(call: dict) -> str:
    """A call as a log's cell."""
    return "\n".join(f"{SIDES[turn['side']]}: {turn['text']}" for turn in call["turns"])


def hear_calls(recogniser: Recogniser, some: list[dict]) -> pl.DataFrame:
    """What is heard in calls, a row each; each script is heard by itself."""
    scripts = json.loads((CORPUS / "scripts.json").read_text(encoding="utf-8"))
    heard = []
    for call in some:
        flow = tuple(tuple(step["lines"]) for step in scripts[call["script"]]) if "script" in call else ()
        table = pl.DataFrame({"call_id": [call["id"]], "transcript": [transcript(call)]})
        heard.append(hear(table, hearing(recogniser, flow)))
    return pl.concat(heard, how="diagonal")


def hearing(recogniser: Recogniser, flow: tuple) -> Hearing:
    """What hears calls that walk a script."""
    return Hearing(recogniser, Lexicon.shipped(), flow=flow)


def truth(some: list[dict]) -> pl.DataFrame:
    """What should be heard, under the same names; an open invitation was not answered, as one that none
    made."""
    rows = []
    for call in some:
        row = {name: call["truth"].get(key) for name, key in COUNTS.items()}
        row["invitation"] = "none" if row["invitation"] == "open" else row["invitation"]
        if row["flow_completion_ppm"] is not None:
            row["flow_completion_ppm"] = round(row["flow_completion_ppm"] * 1_000_000)
        mailbox = all("voicemail" in t["families"] for t in call["turns"] if t["side"] == "customer")
        rows.append(row | {"status": "voicemail" if mailbox else "answered"})
    return pl.DataFrame(rows)


def agree(true: pl.DataFrame, heard: pl.DataFrame) -> dict[str, pl.Series]:
    """Whether each call's columns are heard as told; a share of the flow may be rounded."""
    same = {}
    for name in COUNTS:
        if name not in heard.columns:
            same[name] = pl.Series([False] * heard.height)
        elif name == "flow_completion_ppm":
            same[name] = ((true[name] - heard[name]).abs() <= 100).filter(true[name].is_not_null())
        else:
            same[name] = (true[name] == heard[name]).fill_null(False)
    return same


def dialogue(recogniser: Recogniser, name: str, half: str) -> dict[str, object]:
    """A record: the share of calls of which each column is heard as told, and each robot's grade equal."""
    some = calls(half)
    true, heard = truth(some), hear_calls(recogniser, some)
    same = agree(true, heard)
    every = np.logical_and.reduce([same[column].to_numpy() for column in MUST_SHOW])
    grades = {robot: (grade(true, robot) == grade(heard, robot)).mean() for robot in ROBOTS}
    return {
        "half": half,
        "recogniser": name,
        "calls": len(some),
        **{column: round(float(column_same.mean() or 0), 3) for column, column_same in same.items()},
        "the four of them": float(every.mean()),
        **{robot: round(float(share), 3) for robot, share in grades.items()},
    }


def grade(counts: pl.DataFrame, robot: str) -> np.ndarray:
    """A robot scheme's grade of calls that are the only ones of their leads."""
    connected = counts["status"] != "voicemail"
    lead = {
        "last_call_status": counts["status"],
        "status_last_connected_call": counts["status"].zip_with(
            connected, pl.Series([None], dtype=pl.String)
        ),
        "hung_up_by_last_call": pl.Series(["customer"] * counts.height),
        "talk_s_last_call": pl.Series([60.0] * counts.height),
    }
    for name in COUNTS:
        if name in counts.columns:
            column = "flow_completion_last_call" if name.startswith("flow") else f"{name}_last_call"
            lead[column] = counts[name] / 1e6 if name.startswith("flow") else counts[name]
    scheme = shipped_scheme(robot)
    frame = pl.DataFrame(lead).to_pandas().reindex(columns=scheme.columns)
    for column in frame.columns:
        text = column in (
            "last_call_status",
            "status_last_connected_call",
            "hung_up_by_last_call",
            "invitation_last_call",
        )
        frame[column] = frame[column].astype("str" if text else "float64")
    return grade_frame(frame, [scheme])[f"scheme_{robot}"].to_numpy(object)


def list_wrong(recognisers: dict[str, Recogniser]) -> None:
    """What is misheard in the half to learn from, row by row."""
    rows, some = utterances("learn"), calls("learn")
    for name, recogniser in recognisers.items():
        said = names(recogniser.recognise(rows["text"].tolist()))
        for row, one in zip(rows.itertuples(), said, strict=True):
            if one not in row.families:
                print(name, row.id, row.language, row.family, "heard as", one, "|", row.text)
        true, heard = truth(some), hear_calls(recogniser, some)
        for number, call in enumerate(some):
            wrong = {
                column: (true[column][number], heard[column][number])
                for column in COUNTS
                if column in heard.columns
                and true[column][number] is not None
                and true[column][number] != heard[column][number]
            }
            if wrong:
                print(name, call["id"], wrong)


if __name__ == "__main__":
    main()
