"""How well and how fast intents are recognised, on a public corpus of Chinese call-robot utterances.

The lexicon never saw the corpus's test split; the trained recogniser is fitted on its training split.
The reference is a linear SVM on TF-IDF of character 1-4-grams, fitted in the same run. Quality is macro-F1
over the families with at least ten test rows; the gain over the reference has a paired bootstrap interval.
Speed is over utterances that are all different, and over a million transcripts of our own invented phrases,
made and heard some at a time so that memory stays flat; only the hearing is timed.
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

from models.intents.families import CODE, FAMILY_NAMES, intent_family_of, names, recognise_all
from models.intents.lexicon import Lexicon
from models.intents.trained import TrainedIntents
from pipeline.simulation import phrases
from pipeline.terminal import show
from pipeline.transcripts.hearing import CALLS_AT_A_TIME, Hearing, hear

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
    return frame.assign(family=frame["label"].map(intent_family_of))


def main() -> None:
    """Print tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate on the training split instead")
    parser.add_argument("--unique", type=int, default=300_000, help="different utterances to time")
    parser.add_argument("--calls", type=int, default=1_000_000, help=f"transcripts of {TURNS} turns to time")
    parser.add_argument("--out", type=Path, default=Path("out/bench/intents.json"))
    options = parser.parse_args()
    corpus = need(CORPUS)
    train = read_corpus(corpus, "train")
    quality = judge(folds(train, options.folds) if options.folds else [(train, read_corpus(corpus, "test"))])
    speed = time_all(train, options.unique, options.calls)
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
    kept = [name for name in FAMILY_NAMES if rows.get(name, 0) >= MIN_ROWS]
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
        reference=[intent_family_of(label) for label in said],
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
    n = len(FAMILY_NAMES)
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


def time_all(train: pd.DataFrame, unique: int, calls: int) -> list[dict[str, object]]:
    """Utterances a second: all different (the worst case), and in transcripts, where short ones repeat."""
    said = np.resize(train["text"].to_numpy(object), unique)
    texts = [f"{text}{number}" for number, text in enumerate(said)]
    trained = TrainedIntents.fit(train["text"].tolist(), train["label"].tolist())
    lexicon = Lexicon.shipped()
    records = []
    for one in (lexicon, trained):
        watch = Watch()
        watch.time(partial(recognise_all, one, texts))
        records.append(watch.record(f"{one.source}, all different", len(texts)))
    watches = {one.source: Watch() for one in (lexicon, trained)}
    for part in made_up_calls(calls):
        for one in (lexicon, trained):
            watches[one.source].time(partial(hear, part, Hearing(one, lexicon)))
    return records + [
        watch.record(f"{source}, {calls:,} calls of {TURNS} turns", calls * TURNS)
        for source, watch in watches.items()
    ]


def made_up_calls(n: int) -> Iterator[pl.DataFrame]:
    """Calls of our own invented phrases, some at a time; every fifth turn is one that no other call has."""
    groups = [group for group in vars(phrases).values() if isinstance(group, tuple)]
    questions = (phrases.INTENT_QUESTION_TEXTS, phrases.OTHER_QUESTIONS)
    groups += [group for by_family in questions for group in by_family.values()]
    said = pl.Series([phrase for group in groups for phrase in group if isinstance(phrase, str)])
    sides = pl.Series(("坐席: ", "客户: ") * (TURNS // 2))
    rng = np.random.default_rng(0)
    for start in range(0, n, CALLS_AT_A_TIME):
        size = min(CALLS_AT_A_TIME, n - start)
        turns = pl.DataFrame({"said": said.gather(rng.integers(0, len(said), size * TURNS))})
        number = pl.int_range(start * TURNS, (start + size) * TURNS)
        only_here = pl.when(number % 5 == 0).then(number.cast(pl.String)).otherwise(pl.lit(""))
        lines = turns.select(
            (number // TURNS).cast(pl.String).alias("call_id"),
            pl.concat_str(sides.gather(np.tile(np.arange(TURNS), size)), "said", only_here).alias("line"),
        )
        yield lines.group_by("call_id", maintain_order=True).agg(
            pl.col("line").str.join("\n").alias("transcript")
        )


class Watch:
    """Wall and processor time of some work, and the memory that it needs beyond what was needed before."""

    def __init__(self) -> None:
        self.wall, self.cpu, self.before = 0.0, 0.0, peak_mib()

    def time(self, work: Callable[[], object]) -> None:
        """Do the work, and add its time."""
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu

    def record(self, name: str, utterances: int) -> dict[str, object]:
        """What the work took."""
        return {
            "recogniser": name,
            "utterances": utterances,
            "seconds": round(self.wall, 1),
            "utterances/s": round(utterances / self.wall),
            "utterances per processor second": round(utterances / self.cpu),
            "more memory, MiB": round(peak_mib() - self.before),
        }


def peak_mib() -> float:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
