"""Who reads chooses the language: of screens, of help, of the line that an error ends in."""

import pickle

import pandas as pd
import pytest
from rich.cells import cell_len
from support.command import leadgrade

from pipeline import terminal
from pipeline.language.reader import reader, reading
from pipeline.language.sentence import Sentence


def test_a_sentence_from_another_process_knows_its_words():
    nested = Sentence("{first} and {others} more", first=Sentence("{count} leads", count="{3}"), others=2)
    came = pickle.loads(pickle.dumps(nested))
    assert came == "{3} leads and 2 more"
    assert came.in_language("zh") == "{3} 条线索，另有 2 项"


def test_a_table_in_chinese_stays_aligned_and_leaves_a_teams_own_words(capsys):
    frame = pd.DataFrame({"system": ["model", "rfm"], "value": ["model", "展会"], "rows": [12, 5]})
    with reading("zh"):
        terminal.show(frame, Sentence("{title}: best leads", title="队"))
    title, head, *rows, last = capsys.readouterr().out.splitlines()
    assert (title, last) == ("队：最好的线索", "")
    assert head.split() == ["系统", "取值", "行数"]
    assert [row.split() for row in rows] == [["模型", "model", "12"], ["rfm", "展会", "5"]]
    assert len({cell_len(line[: line.rindex(" ")]) for line in rows}) == 1


def test_the_terminal_chooses_and_the_option_overrules_it(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert "根据通话记录" in leadgrade("--help").out
    assert "Grade telesales leads" in leadgrade("--language", "en", "--help").out
    assert "按约定检查数据源" in leadgrade("check", "--help").out
    monkeypatch.setenv("LANGUAGE", "en")
    assert "按约定检查数据源" in leadgrade("check", "--language", "zh", "--help").out
    assert reader() == "en"


@pytest.mark.parametrize("verb", ["demo", "check", "train", "score", "compare", "monitor", "intents"])
def test_help_in_chinese_leaves_no_english_sentence_and_fits(verb):
    lines = leadgrade("--language", "zh", verb, "--help").out.splitlines()
    assert max(map(cell_len, lines)) <= 100
    words = [line for line in lines if not any("一" <= letter <= "鿿" for letter in line)]
    assert [line for line in words if line.strip() and "  [" not in line and len(line.split()) > 3] == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["check", "none.yaml"], 3, "none.yaml：没有这个文件；请给出 YAML 配置文件的路径"),
        (["demo", "."], 8, ". 已存在：请为演示指定一个新文件夹"),
    ],
)
def test_a_users_mistake_ends_in_one_chinese_line_and_the_same_code(words, code, told):
    english = leadgrade(*words)
    chinese = leadgrade(*words, "--language", "zh")
    assert (english.code, chinese.code) == (code, code)
    assert chinese.errors == [f"leadgrade: {told}"]
    assert english.errors != chinese.errors
