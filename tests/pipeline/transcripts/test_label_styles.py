"""Transcripts in many label styles: turns and sides right, or nothing and the reason said."""

import json

import polars as pl
import pytest
from benchmarks.label_styles import judge_calls, judge_styles, lines_of, read, unspaced, verdicts

from pipeline.transcripts.label_styles import LabelStyles
from pipeline.transcripts.reader import Account, Reader
from pipeline.transcripts.sides import sides_over_log

LEARN = lines_of("label_styles.jsonl", "learn")
OPENS = "您好，我们是做贷款的，请问您需要资金周转吗？"
# Words that look like what stands around a label, and must stay as they are.
TRAPS = ["上午10:30可以", "你们客服说可以的", "客户经理是谁", "价格（含税）是多少", "A套餐还是B套餐"]


def turns_of(cell, reader=None):
    return [("a" if ours else "c", said) for _, ours, said in read([cell], reader).turns.rows()]


def why(cell):
    return dict(read([cell]).account.untold)


@pytest.mark.parametrize("style", LEARN, ids=[style["name"] for style in LEARN])
def test_a_style_of_the_learning_half_is_read_right_or_refused_where_it_has_no_sides(style):
    true = list(zip(style["sides"], map(unspaced, style["texts"]), strict=True))
    wanted = "refused" if style["told_by"] == "none" else "right"
    assert verdicts(read([style["rendering"]]), [true]) == [wanted]


# The ways to write a call down that were misread before.
MISREAD = {
    "A:/B:": "A: {}\nB: {}\nA: {}",
    "time in brackets": "[00:12] 坐席: {}\n[00:15] 顾客: {}\n[00:19] 坐席: {}",
    "time before": "00:12 坐席：{}\n00:15 客户：{}\n00:19 坐席：{}",
    "number behind": "坐席(8001):{}\n客户(138…):{}\n坐席(8001):{}",
    "black brackets": "【坐席】{}\n【客户】{}\n【坐席】{}",
    "who dialled": "主叫：{}\n被叫：{}\n主叫：{}",
    "Speaker 1": "Speaker 1: {}\nSpeaker 2: {}\nSpeaker 1: {}",
    "说话人1": "说话人1：{}\n说话人2：{}\n说话人1：{}",
    "names": "小刘：{}\n王先生：{}\n小刘：{}",
    "bullets": "- 坐席：{}\n- 客户：{}\n- 坐席：{}",
    "numbers": "1. 坐席：{}\n2. 客户：{}\n3. 坐席：{}",
    "bold": "**坐席**: {}\n**客户**: {}\n**坐席**: {}",
    "JSON list": '[{{"role": "agent", "content": "{}"}}, {{"role": "customer", "content": "{}"}},'
    ' {{"role": "agent", "content": "{}"}}]',
    "JSON lines": '{{"speaker": "坐席", "text": "{}"}}\n{{"speaker": "客户", "text": "{}"}}\n'
    '{{"speaker": "坐席", "text": "{}"}}',
    "SRT": "1\n00:00:01,000 --> 00:00:02,000\n坐席：{}\n\n2\n00:00:03,000 --> 00:00:04,000\n客户：{}\n\n"
    "3\n00:00:05,000 --> 00:00:06,000\n坐席：{}",
    ";": "坐席：{}; 客户：{}; 坐席：{}",
    "|": "坐席：{} | 客户：{} | 坐席：{}",
    "<br>": "坐席：{}<br>客户：{}<br>坐席：{}",
    "a written line break": "坐席：{}\\n客户：{}\\n坐席：{}",
    "顾问": "顾问：{}\n客户：{}\n顾问：{}",
    "话务员": "话务员：{}\n客户：{}\n话务员：{}",
    "AI": "AI：{}\n客户：{}\nAI：{}",
    "Salesperson": "Salesperson: {}\nCustomer: {}\nSalesperson: {}",
    "Rep/Prospect": "Rep: {}\nProspect: {}\nRep: {}",
}


@pytest.mark.parametrize("style", MISREAD.values(), ids=MISREAD)
@pytest.mark.parametrize("said", ["不需要", *TRAPS])
def test_what_was_misread_is_read_and_words_like_labels_stay(style, said):
    assert turns_of(style.format(OPENS, said, "好的，打扰您了")) == [
        ("a", OPENS),
        ("c", said),
        ("a", "好的，打扰您了"),
    ]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("您好，请问您需要贷款吗\n不需要", "without labels"),
        ("- 您好\n- 喂", "without labels"),
        ("[00:02] 您好\n[00:05] 喂", "without labels"),
        ("00:02 您好\n00:05 下午3:30可以", "without labels"),
        ('{"text": "您好 喂", "duration": 3.5}', "without labels"),
        ("[" * 5_000, "without labels"),
        ("客户意向：高\n通话摘要：客户说考虑", "without labels"),
        ("坐席：您好\n坐席：喂？", "with our lines only"),
        ("坐席：您好", "with our lines only"),
        ("A：嗯\nB：哦\nA：嗯\nB：哦", "with labels that do not tell the sides"),
        ("A：您好，请问您需要吗\nB：不用\nC：谁呀\nA：打扰了", "with labels that do not tell the sides"),
    ],
)
def test_what_has_no_sides_is_refused_with_its_reason(cell, reason):
    assert turns_of(cell) == []
    assert why(cell) == {reason: 1}


def test_a_call_of_the_customers_own_contradicts_who_dialled():
    question = "你好，我想咨询一下你们的课程多少钱"
    cell = f"主叫：{question}\n被叫：您好，我们这边是少儿编程中心，请问孩子几年级？\n主叫：三年级"
    assert why(cell) == {"with labels that do not tell the sides": 1}
    assert turns_of(cell.replace("被叫", "客服"))[0] == ("c", question)


def test_who_speaks_first_is_not_therefore_ours():
    cell = "Speaker 1: 喂\nSpeaker 2: 您好，我们是做贷款的，请问您需要吗\nSpeaker 1: 利息多少"
    assert [side for side, _ in turns_of(cell)] == ["c", "a", "c"]


def test_a_heading_is_nobodys_and_a_line_without_a_label_goes_on():
    head = "客户姓名：王**\n时长：00:45\n"
    cell = f"{head}坐席：您好，\n请问您是业主吗\n系统：静音3秒\n客户：是\n----\n通话结束"
    assert turns_of(cell) == [("a", "您好，请问您是业主吗"), ("c", "是")]


def test_labels_of_a_teams_own_come_before_the_known_ones():
    cell = "阿宝：您好\n小主：价格呢"
    assert turns_of(cell) == []
    reader = Reader(LabelStyles.of(customer=["小主"], agent=["阿宝"]))
    assert turns_of(cell, reader) == [("a", "您好"), ("c", "价格呢")]
    swapped = Reader(LabelStyles.of(customer=["A"], agent=["B", "用户"]))
    assert turns_of("A: 哦\nB: 嗯", swapped) == [("c", "哦"), ("a", "嗯")]
    assert turns_of("用户: 哦\n客户: 嗯", swapped) == [("a", "哦"), ("c", "嗯")]


@pytest.mark.parametrize("label", ["客户经理", "Customer Service", "客户代表小王", "用户顾问"])
def test_ours_may_be_named_for_the_customer(label):
    assert LabelStyles().side(label) == "agent"


def test_the_log_tells_what_a_call_does_not_and_a_contradiction_is_refused():
    log = {"a": "agent"}
    assert turns_of("A：嗯\nB：哦", Reader(log=log)) == [("a", "嗯"), ("c", "哦")]
    assert turns_of(f"B：{OPENS}\nA：不需要", Reader()) == [("a", OPENS), ("c", "不需要")]
    assert turns_of(f"B：{OPENS}\nA：不需要", Reader(log=log)) == []
    assert turns_of("小刘：嗯\n王先生：哦", Reader(log=log)) == []


def test_a_label_has_a_side_over_the_log_only_where_many_calls_agree():
    told = {
        "a": {"agent": 19, "customer": 0},
        "b": {"agent": 3, "customer": 40},
        "c": {"agent": 0, "customer": 20},
    }
    assert sides_over_log(told) == {"c": "customer"}


def test_names_are_never_told_over_the_log():
    cells = [f"小刘：{OPENS}\n王先生：不需要"] * 30 + [f"A：{OPENS}\nB：不需要"] * 30
    account = read(cells).account
    assert set(account.evidence) == {"a", "b"}
    assert account.evidence["a"] == {"agent": 30, "customer": 0, "untold": 0}


def test_accounts_add_up_and_go_through_json():
    cells = ["坐席：您好\n客户：喂", "您好", f"A：{OPENS}\nB：不需要", "坐席：您好", None, " "]
    parts = [read(cells[:2]).account, read(cells[2:]).account]
    whole = Account.sum_of(parts)
    assert (whole.calls, whole.missing, whole.by_words) == (4, 2, 1)
    assert Account(**json.loads(json.dumps(whole.words()))) == whole == read(cells).account


def test_calls_are_read_by_themselves():
    cells = [style["rendering"] for style in LEARN]
    together = read(cells)
    alone = [turns_of(cell) for cell in cells]
    told = [
        [("a" if ours else "c", said) for _, ours, said in together.turns.filter(call=n).rows()]
        for n in range(len(cells))
    ]
    assert told == alone
    assert together.turns["call"].is_sorted()


def test_text_of_odd_signs_is_no_error():
    cells = [
        "\x01\x02",
        "::::",
        "{",
        '"',
        "'",
        "<<<",
        "客户：" * 500,
        "：" * 3000,
        "\\",
        "[[1]]",
        "[]",
        "{}",
        "{'a'",
        "null",
    ]
    assert read(cells).turns.filter(~pl.col("ours") & (pl.col("said") == "")).is_empty()


@pytest.mark.parametrize("half", ["learn", "judge"])
def test_no_style_of_the_corpus_is_read_wrong_way_round(half):
    rows = {row["sides told by"]: row for row in judge_styles(half)}
    assert sum(row["wrong"] for row in rows.values()) == 0
    for told, least in {"label": 0.9, "content": 0.7, "none": 1.0}.items():
        assert rows[told]["right"] >= least * rows[told]["styles"], told


@pytest.mark.slow
@pytest.mark.parametrize("half", ["learn", "judge"])
def test_calls_in_every_style_that_is_claimed_are_read_right(half):
    for row in judge_calls(half):
        if row["told by"] == "nothing":
            assert row["refused"] == row["calls"], row["style"]
        else:
            assert row["right"] >= 0.9 * row["calls"], row["style"]
            assert row["wrong"] <= 0.02 * row["calls"], row["style"]


# Calls of the customer's own, who speaks as politely as we do: A is the customer.
CALLED_US = [
    "A: 你好，我想问一下你们那个课程还有优惠吗\nB: 有的，您孩子多大了？\nA: 七岁",
    "A: 您好，请问您这边是做什么的？\nB: 做贷款的\nA: 我不需要，谢谢您",
    "A: 我们是做餐饮的，你们系统适合吗？\nB: 适合的\nA: 我们公司有三十个人，这边是总部",
    "A: 您好，我是业主，请问您那边什么时候来装？\nB: 明天上午\nA: 好",
    "A: Hello, this is Mrs Brown, I'd like to cancel my policy please?\nB: May I ask why?\nA: It's dear",
    "A: Hi, I'm calling about the flat. Is it still free?\nB: Yes. Would you like to see it?\nA: Yes",
]


@pytest.mark.parametrize("cell", CALLED_US)
def test_a_polite_customer_is_never_taken_for_us(cell):
    assert [side for side, _ in turns_of(cell)] in ([], ["c", "a", "c"])
