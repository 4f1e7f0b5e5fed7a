"""How well and how fast intents are recognised, on a public corpus of Chinese call-robot utterances.

The lexicon never saw the corpus's test split; the trained recogniser is fitted on its training split.
The reference is a linear SVM on TF-IDF of character 1-4-grams, fitted in the same run. Quality is macro-F1
over the families with at least ten test rows; the gain over the reference has a paired bootstrap interval.
Run from the project's folder: ``python tests/benchmarks/intents.py``. ``--folds`` cross-validates on the
training split instead and does not touch the test split.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from benchmarks.real_data import find, need
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from models.intents import CODE, NAMES, family_of, names, recognise_all
from models.lexicon import Lexicon
from models.trained_intents import TrainedIntents
from pipeline import phrases
from pipeline.hearing import Hearing, hear
from pipeline.present import show

CORPUS = Path("telemarketing_intent_cn") / "utterances.jsonl"
MIN_ROWS = 10
DRAWS = 1000
TURNS = 20


def find_corpus() -> Path | None:
    """The corpus, as ``real_data.find`` finds it; none if absent."""
    return find(CORPUS)


def read_corpus(path: Path, split: str) -> pd.DataFrame:
    """Rows of one split: ``text``, ``label``, ``family``."""
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["split"] == split]
    frame = pd.DataFrame(rows)[["text", "label"]]
    return frame.assign(family=frame["label"].map(family_of))


def main() -> None:
    """Print tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate on the training split instead")
    parser.add_argument("--unique", type=int, default=300_000, help="utterances to time")
    parser.add_argument("--out", type=Path, default=Path("out/bench/intents.json"))
    options = parser.parse_args()
    corpus = need(CORPUS)
    train = read_corpus(corpus, "train")
    quality = judge(folds(train, options.folds) if options.folds else [(train, read_corpus(corpus, "test"))])
    speed = time_all(train, options.unique)
    show(
        pd.DataFrame(quality),
        "families and fine labels, test split" if not options.folds else "cross-validated",
    )
    show(pd.DataFrame(speed), f"speed, two threads on {os.cpu_count()} cores")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(
        json.dumps({"quality": quality, "speed": speed}, indent=2) + "\n", encoding="utf-8"
    )


def folds(train: pd.DataFrame, n: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Train and judge parts of the training split."""
    for learn, judged in StratifiedKFold(n, shuffle=True, random_state=0).split(train, train["family"]):
        yield train.iloc[learn], train.iloc[judged]


def judge(parts: list | Iterator) -> list[dict[str, object]]:
    """Quality of the recognisers and the reference, a record each."""
    answers = pd.concat([answer(train, test) for train, test in parts], ignore_index=True)
    rows = answers["family"].value_counts()
    kept = [name for name in NAMES if rows.get(name, 0) >= MIN_ROWS]
    fine = {"lexicon": None, "trained": "trained_label", "reference": "reference_label"}
    records = []
    for name, label in fine.items():
        records.append(
            {
                "recogniser": name,
                "macro-F1": f1(answers, name, kept),
                **gain(answers, name, kept),
                "fine accuracy": float((answers[label] == answers["label"]).mean()) if label else None,
                "families": len(kept),
                "rows": len(answers),
                **{f"F1 {k}": round(v, 3) for k, v in by_family(answers, name, kept).items()},
            }
        )
    return records


def answer(train: pd.DataFrame, test: pd.DataFrame) -> pd.DataFrame:
    """What each recogniser says about the judged rows."""
    texts = test["text"].tolist()
    trained = TrainedIntents.fit(train["text"].tolist(), train["label"].tolist())
    reference = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 4)), LinearSVC(random_state=0))
    said = reference.fit(train["text"], train["label"]).predict(texts)
    return test.assign(
        lexicon=names(Lexicon.shipped().recognise(texts)),
        trained=names(trained.recognise(texts)),
        trained_label=trained.label(texts),
        reference=[family_of(label) for label in said],
        reference_label=said,
    )


def f1(answers: pd.DataFrame, name: str, kept: list[str]) -> float:
    """Macro-F1 over the families with enough rows."""
    return float(np.mean(list(by_family(answers, name, kept).values())))


def by_family(answers: pd.DataFrame, name: str, kept: list[str]) -> dict[str, float]:
    """F1 of each family."""
    true, said = (answers[column].map(CODE).to_numpy() for column in ("family", name))
    return dict(zip(kept, scores(true, said, kept).tolist(), strict=True))


def scores(true: np.ndarray, said: np.ndarray, kept: list[str]) -> np.ndarray:
    """F1 of each family, from codes."""
    n = len(NAMES)
    hits, trues, saids = (np.bincount(x, minlength=n) for x in (true[true == said], true, said))
    return (2 * hits / np.maximum(trues + saids, 1))[[CODE[name] for name in kept]]


def gain(answers: pd.DataFrame, name: str, kept: list[str]) -> dict[str, float | None]:
    """Macro-F1 above the reference's, with a paired 95 % interval over draws of the rows."""
    if name == "reference":
        return {"gain": None, "gain low": None, "gain high": None}
    rng = np.random.default_rng(0)
    true, ours, theirs = (answers[c].map(CODE).to_numpy() for c in ("family", name, "reference"))
    draws = []
    for _ in range(DRAWS):
        at = rng.integers(0, len(answers), len(answers))
        draws.append(scores(true[at], ours[at], kept).mean() - scores(true[at], theirs[at], kept).mean())
    low, high = np.quantile(draws, [0.025, 0.975])
    return {
        "gain": f1(answers, name, kept) - f1(answers, "reference", kept),
        "gain low": float(low),
        "gain high": float(high),
    }


def time_all(train: pd.DataFrame, unique: int) -> list[dict[str, object]]:
    """Utterances a second: all different (the worst case), and in transcripts, where short ones repeat."""
    texts = [
        f"{text}{number}" for number, text in enumerate(np.resize(train["text"].to_numpy(object), unique))
    ]
    trained = TrainedIntents.fit(train["text"].tolist(), train["label"].tolist())
    lexicon = Lexicon.shipped()
    return [
        timed("lexicon, all different", lambda: recognise_all(lexicon, texts), len(texts)),
        timed("trained, all different", lambda: recognise_all(trained, texts), len(texts)),
        *(
            timed(
                f"{one.source}, calls of {TURNS} turns",
                partial(hear, calls, Hearing(one, lexicon)),
                len(calls) * TURNS,
            )
            for calls in [made_up_calls(unique // TURNS)]
            for one in (lexicon, trained)
        ),
    ]


def made_up_calls(n: int) -> pl.DataFrame:
    """Calls of our own invented phrases; every fifth turn is one that no other call has."""
    said = [
        p for group in vars(phrases).values() if isinstance(group, tuple) for p in group if isinstance(p, str)
    ]
    said += [
        p
        for group in (phrases.INTENT_QUESTIONS, phrases.OTHER_QUESTIONS)
        for ps in group.values()
        for p in ps
    ]
    picks = np.random.default_rng(0).integers(0, len(said), n * TURNS).tolist()
    turns = [said[pick] if i % 5 else f"{said[pick]}{i}" for i, pick in enumerate(picks)]
    sides = ("坐席", "客户") * (TURNS // 2)
    texts = [
        "\n".join(f"{side}: {turn}" for side, turn in zip(sides, turns[i : i + TURNS], strict=True))
        for i in range(0, n * TURNS, TURNS)
    ]
    return pl.DataFrame({"call_id": [str(i) for i in range(n)], "transcript": texts})


def timed(name: str, work: Callable[[], object], utterances: int) -> dict[str, object]:
    """Wall and processor time of some work."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "recogniser": name,
        "utterances": utterances,
        "utterances/s": round(utterances / wall),
        "utterances per processor second": round(utterances / cpu),
        "more memory, MiB": round((after - before) / 1024),
    }


if __name__ == "__main__":
    main()
