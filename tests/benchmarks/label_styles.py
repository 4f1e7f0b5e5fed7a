"""How well transcripts are read in the label styles of the hand-written corpus, and in styles of its calls.

For each half of ``tests/hearing_corpus/label_styles.jsonl``: how many styles are read right (turns and
sides), refused aloud, or wrong, by what tells their sides; a style without sides is right where it is
refused. Then
each half's calls are written in the styles below, a log in each, and read as a log is: first each call by
itself, then with what the whole log tells of its labels. Of the half that judges only counts are shown. Run
from the project's folder: ``make bench``.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd
import polars as pl

from pipeline.terminal import show
from pipeline.transcripts.reader import ReadCalls, Reader, log_sides

CORPUS = Path(__file__).parents[1] / "hearing_corpus"
HALVES = ("learn", "judge")
Turns = Sequence[tuple[str, str]]
Writer = Callable[[Turns], str]


def main() -> None:
    """Print tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bench/label_styles.json"))
    options = parser.parse_args()
    styles = pd.DataFrame([row for half in HALVES for row in judge_styles(half)])
    calls = pd.DataFrame([row for half in HALVES for row in judge_calls(half)])
    show(styles, "label styles of the corpus")
    show(summary(calls), "calls of the corpus in every style")
    learn = calls[
        (calls["half"] == "learn") & ((calls["wrong"] > 0) | (calls["right"] < 0.9 * calls["calls"]))
    ]
    show(learn, "styles of the half to learn from in which calls are wrong, or fewer than 90 % right")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    records = {"styles": styles.to_dict("records"), "calls": calls.to_dict("records")}
    options.out.write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def lines_of(name: str, half: str) -> list[dict[str, object]]:
    """The rows of a half of a file of the corpus."""
    text = (CORPUS / name).read_text(encoding="utf-8")
    return [row for line in text.splitlines() if (row := json.loads(line))["half"] == half]


def judge_styles(half: str) -> list[dict[str, object]]:
    """Right, refused and wrong by what tells the sides, a row each."""
    counts: dict[str, Counter[str]] = {}
    for style in lines_of("label_styles.jsonl", half):
        true = list(zip(style["sides"], map(unspaced, style["texts"]), strict=True))
        verdict = verdicts(read([style["rendering"]]), [true])[0]
        if style["told_by"] == "none":
            verdict = "right" if verdict == "refused" else "wrong"
        counts.setdefault(style["told_by"], Counter())[verdict] += 1
    return [
        {"half": half, "sides told by": told, "styles": count.total(), **kinds(count)}
        for told, count in counts.items()
    ]


def judge_calls(half: str) -> list[dict[str, object]]:
    """Right, refused and wrong calls in each style, a row each."""
    logs = [
        [(turn["side"], turn["text"]) for turn in call["turns"]] for call in lines_of("calls.jsonl", half)
    ]
    rows = []
    for group, styles in STYLES.items():
        for name, write in styles.items():
            count = Counter(verdicts(read_log([write(turns) for turns in logs]), logs))
            rows.append({"half": half, "told by": group, "style": name, "calls": len(logs), **kinds(count)})
    return rows


def kinds(count: Counter[str]) -> dict[str, int]:
    """The three verdicts."""
    return {kind: count[kind] for kind in ("right", "refused", "wrong")}


def summary(calls: pd.DataFrame) -> pd.DataFrame:
    """Over styles: shares of calls, and how many styles have at least 90 % of their calls right."""
    rows = []
    for (half, group), some in calls.groupby(["half", "told by"], sort=False):
        shares = {kind: some[kind].sum() / some["calls"].sum() for kind in ("right", "refused", "wrong")}
        claimed = int((some["right"] >= 0.9 * some["calls"]).sum())
        rows.append(
            {"half": half, "told by": group, "styles": len(some), "at least 90 % right": claimed, **shares}
        )
    return pd.DataFrame(rows)


def read(cells: Sequence[str], reader: Reader | None = None) -> ReadCalls:
    """Read cells by themselves."""
    calls = pl.DataFrame({"call": pl.Series(range(len(cells)), dtype=pl.UInt32), "text": list(cells)})
    return (reader or Reader()).read(calls)


def read_log(cells: Sequence[str]) -> ReadCalls:
    """Read cells as a log is read."""
    return read(cells, Reader(log=log_sides([read(cells).account])))


def verdicts(found: ReadCalls, true: Sequence[Turns]) -> list[str]:
    """Whether each call is right, refused or wrong."""
    untold = set(found.untold["call"])
    turns: dict[int, list[tuple[str, str]]] = {}
    for call, ours, said in found.turns.rows():
        turns.setdefault(call, []).append(("agent" if ours else "customer", unspaced(said)))
    wanted = [[(side, unspaced(text)) for side, text in call] for call in true]
    return [
        "refused" if call in untold else "right" if turns.get(call, []) == one else "wrong"
        for call, one in enumerate(wanted)
    ]


def unspaced(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def written(
    line: str, ours: str = "坐席", theirs: str = "客户", between: str = "\n", head: str = ""
) -> Writer:
    """A style with a line a turn: ``{l}`` is the label, ``{t}`` the text, ``{n}`` a number, ``{m}`` a
    time."""

    def write(turns: Turns) -> str:
        return head + between.join(
            line.format(
                l=ours if side == "agent" else theirs, t=text, n=n + 1, m=f"00:{n // 15:02d}:{4 * n % 60:02d}"
            )
            for n, (side, text) in enumerate(turns)
        )

    return write


def as_json(
    turn: Callable[[str, str, int], object], around: Callable[[object], object] = lambda list_: list_
) -> Writer:
    """A style in JSON."""
    return lambda turns: json.dumps(
        around([turn(side, text, n) for n, (side, text) in enumerate(turns)]), ensure_ascii=False
    )


def named(pairs: Iterable[str]) -> dict[str, Writer]:
    """A style a pair of labels, ours first."""
    return {pair: written("{l}：{t}", *pair.split("/")) for pair in pairs}


_SIDES = {"agent": "坐席", "customer": "客户"}
_LABELS = (
    "客服小刘/客户王先生 话务员/客户(138****0000) AI/用户 机器人/客户 顾问张三/家长 坐席001/客户001 "
    "销售-小李/客户-王女士 "
    "客服/王先生 小刘/客户 主叫/被叫 我方/对方 招生老师/学员 置业顾问/业主 電銷/客人 專員/客戶 "
    "Agent/Customer Rep/Prospect "
    "Sales/Lead Agent_1/Customer_1 Bot/Human Assistant/User Operator/Caller Caller/Callee AGENT/CUSTOMER "
    "Advisor/Student "
    "A(客服)/B(客户) 系统/客户 外呼机器人/被叫用户"
)
_STRANGE = "A/B B/A 甲/乙 说话人1/说话人2 说话人2/说话人1 SPEAKER_00/SPEAKER_01 左声道/右声道 Q/A 问/答 "
"答/问 小李/王女士 张丽/刘总 1/2"
STYLES: dict[str, dict[str, Writer]] = {
    "label": {
        "plain": written("{l}：{t}"),
        "numbers": written("{n}. {l}：{t}"),
        "time before": written("[{m}] {l}: {t}"),
        "time range before": written("{m} --> {m} {l}：{t}"),
        "time after": written("{l} {m} {t}"),
        "time after, words below": written("{l} {m}\n{t}\n"),
        "time at the end": written("{l}：{t} ({m})"),
        "bold": written("**{l}：** {t}"),
        "bullets": written("• {l}：{t}"),
        "brackets": written("【{l}】{t}"),
        "time in brackets": written("[{l} {m}] {t}"),
        "dash": written("{l} - {t}"),
        "arrow": written("{l} -> {t}"),
        "tabs": written("{m}\t{l}\t{t}"),
        "commas": written("{m},{l},{t}"),
        "table": written("| {m} | {l} | {t} |", head="| 时间 | 角色 | 内容 |\n|---|---|---|\n"),
        "headings": written("### {l}\n{t}\n"),
        "blank": written("{l} {t}"),
        "semicolons": written("{l}:{t}", between="; "),
        "bars": written("{l}：{t}", between=" | "),
        "breaks": written("{l}：{t}", between="<br/>"),
        "written breaks": written("{l}：{t}", between="\\n"),
        "blanks between": written("{l}: {t}", between=" "),
        "run on": written("{l}：{t}", between=""),
        "tags": written('<turn speaker="{l}">{t}</turn>', between=""),
        "SRT": written("{n}\n{m},000 --> {m},900\n{l}：{t}\n"),
        "VTT voices": written("{m}.000 --> {m}.900\n<v {l}>{t}</v>\n", head="WEBVTT\n\n"),
        "YAML": written("- speaker: {l}\n  text: {t}"),
        "a heading": written("{l}：{t}", head="通话记录\n客户姓名：王**\n通话时长：00:45\n"),
        "JSON": as_json(lambda side, text, _: {"role": side, "content": text}),
        "JSON in Chinese": as_json(lambda side, text, _: {"角色": _SIDES[side], "内容": text}),
        "JSON within": as_json(
            lambda side, text, n: {"speaker": side, "start": n, "text": text}, lambda x: {"data": x}
        ),
        "JSON of pairs": as_json(lambda side, text, _: [side, text]),
        "JSON lines": lambda turns: "\n".join(
            json.dumps({"speaker": side, "text": text}) for side, text in turns
        ),
        "Python": lambda turns: str([{"role": side, "content": text} for side, text in turns]),
        **named(_LABELS.split()),
        **named(["Sales Rep/Potential Customer", "Customer Service Representative/Customer"]),
    },
    "words": {
        **named(_STRANGE.split()),
        **named(["Speaker 1/Speaker 2", "Speaker 2/Speaker 1", "Channel 0/Channel 1", "Emma/Mr Smith"]),
        "words below a time": written("{l} {m}\n{t}\n", "说话人1", "说话人2"),
        "one line": written("{l}: {t}", "A", "B", between=" | "),
        "arrows": written("{l} {t}", ">>", "<<"),
        "JSON channels": as_json(lambda side, text, _: {"channel": int(side == "agent"), "text": text}),
        "SRT of speakers": written("{n}\n{m},000 --> {m},900\n{l}: {t}\n", "Speaker 1", "Speaker 2"),
    },
    "nothing": {
        "prose": written("{t}", between=" "),
        "lines": written("{t}"),
        "dashes": written("- {t}"),
        "only numbers": written("{n}. {t}"),
        "only times": written("[{m}] {t}"),
        "SRT without labels": written("{n}\n{m},000 --> {m},900\n{t}\n"),
        "JSON without speakers": as_json(lambda _, text, n: {"start": n, "text": text}),
        "one speaker": written("说话人1：{t}", "", ""),
        "quotes": written("“{t}”"),
    },
}

if __name__ == "__main__":
    sys.exit(main())
