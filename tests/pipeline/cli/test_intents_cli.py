"""The verbs for recognisers, and a scorer's refusal of another recogniser than its own."""

import json

import pandas as pd
import pytest
from support.on_the_road import read_tables
from typer.testing import CliRunner

from models.scorer import LeadScorer
from pipeline.cli.app import app
from pipeline.cli.screens import sources as screen
from pipeline.config.config import read_config
from pipeline.errors import ConfigError, LeadgradeError, OutputError, ScoringError, SourceError, TrainingError

ROWS = [
    ("多少钱", "price"),
    ("什么价格", "price"),
    ("不需要", "refusal"),
    ("不要", "refusal"),
    ("", "price"),
    ("嗯", ""),
]


def write(path, rows=ROWS, columns=("text", "label")):
    frame = pd.DataFrame(rows, columns=list(columns))
    match path.suffix:
        case ".csv":
            frame.to_csv(path, index=False)
        case ".xlsx":
            frame.to_excel(path, index=False)
        case ".jsonl":
            frame.to_json(path, orient="records", lines=True, force_ascii=False)
    return path


def call(*arguments):
    return CliRunner().invoke(app, ["intents", *map(str, arguments)], catch_exceptions=True)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".jsonl"])
def test_train_then_test(tmp_path, ending):
    file = write(tmp_path / f"said{ending}", columns=("said", "meant"))
    named = ("--text-column", "said", "--label-column", "meant")
    result = call("train", file, "--out", tmp_path / "r", *named)
    assert result.exit_code == 0, result.exception
    assert "fitted on 4 utterances, 2 left out" in result.output
    result = call("test", file, "--recogniser", tmp_path / "r", "--json", *named)
    rows = {row["family"]: row for row in json.loads(result.output)["families"]}
    assert (rows["price"]["f1"], rows["refusal"]["rows"]) == (1.0, 2)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("text,label\n", SourceError, "no rows"),
        ("text\n多少钱\n", SourceError, "no column 'label'"),
        ("text,label\n多少钱,\n", SourceError, "both a text and a label"),
        ("text,label\na,x\nb,x\n", TrainingError, "at least two"),
        ("text,label\na,x\nb,y\n", TrainingError, "no label has 2 rows"),
    ],
)
def test_bad_input_is_said_in_one_line(tmp_path, content, error, message):
    (tmp_path / "said.csv").write_text(content, encoding="utf-8")
    refused(call("train", tmp_path / "said.csv", "--out", tmp_path / "r"), error, message)
    assert not (tmp_path / "r").exists()


def test_other_faults_are_said_in_one_line(tmp_path):
    refused(call("train", tmp_path / "none.csv", "--out", tmp_path / "r"), SourceError, "no such file")
    refused(call("train", tmp_path / "none.jsonl", "--out", tmp_path / "r"), SourceError, "none.jsonl")
    (tmp_path / "bad.jsonl").write_text('{"text": "a", "label": "b"}\n[1]\n')
    refused(call("test", tmp_path / "bad.jsonl"), SourceError, "line 2")
    refused(call("train", write(tmp_path / "a.csv"), "--out", tmp_path), OutputError, "exists already")
    refused(
        call("test", write(tmp_path / "a.csv"), "--recogniser", tmp_path / "no"),
        SourceError,
        "cannot be read",
    )


def refused(result, error, message):
    assert isinstance(result.exception, error), result.exception
    assert isinstance(result.exception, LeadgradeError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.fixture
def config_file(tmp_path):
    pd.DataFrame({"lead_id": ["L1"], "created_at": ["2024-01-01"]}).to_csv(
        tmp_path / "leads.csv", index=False
    )
    calls = {
        "call_id": ["c"],
        "lead_id": ["L1"],
        "started_at": ["2024-01-02"],
        "transcript": ["客户: 多少钱"],
    }
    pd.DataFrame(calls).to_csv(tmp_path / "calls.csv", index=False)
    (tmp_path / "c.yaml").write_text(
        "name: x\nsources: {leads: {path: leads.csv}, calls: {path: calls.csv}}\n"
        "label: {close: first_order, observed_until: 2024-06-01}\n"
    )
    return tmp_path / "c.yaml"


def test_reading_the_sources_hears_the_calls(config_file, tmp_path):
    validated = read_tables(read_config(config_file))
    assert validated.tables["calls"]["intent_questions"].to_list() == [1]
    assert validated.recogniser
    assert "多少钱" not in validated.hearing
    assert "intent_questions" in validated.hearing.partition(" heard in the transcripts by lexicon")[0]
    assert validated.hearing.endswith("nothing of the kind from the log")
    assert set(validated.call_sources.values()) == {"lexicon"}
    call("train", write(tmp_path / "said.csv"), "--out", tmp_path / "r")
    trained = read_tables(read_config(config_file, {"intents.recogniser": "r"}))
    assert trained.tables["calls"]["intents_source"].to_list() == ["trained"]
    assert trained.recogniser != validated.recogniser
    assert trained.call_sources["refusals"] == "trained"


def test_each_column_says_whether_the_log_or_the_recogniser_told_it(config_file, tmp_path):
    calls = pd.read_csv(tmp_path / "calls.csv").assign(refusals=3, status="answered")
    calls.to_csv(tmp_path / "calls.csv", index=False)
    validated = read_tables(read_config(config_file))
    assert validated.call_sources["refusals"] == validated.call_sources["status"] == "log"
    assert validated.call_sources["questions"] == "lexicon"
    assert validated.hearing.endswith("refusals, status from the log")
    assert validated.tables["calls"]["refusals"].to_list() == [3]
    calls.drop(columns="transcript").to_csv(tmp_path / "calls.csv", index=False)
    silent = read_tables(read_config(config_file))
    assert (silent.call_sources, silent.hearing) == ({"refusals": "log", "status": "log"}, "")


def test_training_and_scoring_say_what_was_heard(capsys):
    table = pd.DataFrame({"source": ["calls"]})
    screen.counts(table, "calls: refusals heard")
    assert "calls: refusals heard" in capsys.readouterr().out
    screen.counts(table)
    assert "heard" not in capsys.readouterr().out


def test_a_recogniser_that_is_not_there_is_a_fault_of_the_configuration(config_file):
    with pytest.raises(ConfigError, match=r"recogniser: .* cannot be read"):
        read_tables(read_config(config_file, {"intents.recogniser": "nowhere"}))


@pytest.mark.parametrize(("own", "other"), [("a" * 64, "b" * 64), ("a" * 64, ""), ("", "b" * 64)])
def test_a_scorer_refuses_another_recogniser(own, other):
    scorer = object.__new__(LeadScorer)
    object.__setattr__(scorer, "recogniser", own)
    scorer.check_recogniser(own)
    with pytest.raises(ValueError, match="or train again"):
        scorer.check_recogniser(other)


@pytest.mark.slow
def test_a_run_scores_only_calls_heard_as_in_its_training(tmp_path):
    from pipeline.commands import score
    from pipeline.commands.train import run_train
    from pipeline.config.shipped import shipped
    from pipeline.simulation.world import simulate
    from pipeline.transcripts.hearing import HEARD

    simulate(2500, 5).write(tmp_path / "data")
    calls = pd.read_csv(tmp_path / "data" / "calls.csv.gz")
    told = (set(HEARD) & set(calls.columns)) - {"status"}
    calls.drop(columns=told).to_csv(tmp_path / "data" / "calls.csv.gz", index=False)
    text = (
        shipped("demo.yaml")
        .read_text("utf-8")
        .replace("      invitation: {接受: accepted, 拒绝: declined, 无: none}\n", "")
    )
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    training, _ = run_train(read_config(tmp_path / "c.yaml"), tracked=False)
    assert "intent_questions_30d" in training.shipped.columns
    call("train", write(tmp_path / "said.csv"), "--out", tmp_path / "r")
    other = read_config(tmp_path / "c.yaml", {"intents.recogniser": "r"})
    with pytest.raises(ScoringError, match="set intents"):
        score.run_score(other, None, None, tmp_path / "graded.csv")
    assert not (tmp_path / "graded.csv").exists()
    assert score.run_score(read_config(tmp_path / "c.yaml"), None, None, tmp_path / "graded.csv").rows


CALL = "[00:02] 小刘：您好，我们是做贷款的，请问您需要资金周转吗？\n[00:05] 王先生：利息多少\n"


def test_a_call_is_shown_with_what_was_heard_and_by_which_words(tmp_path):
    (tmp_path / "call.txt").write_text(CALL, encoding="gb18030")
    result = call("hear", tmp_path / "call.txt")
    assert result.exit_code == 0, result.exception
    customer = next(line for line in result.output.splitlines() if line.startswith("customer"))
    assert customer.split() == ["customer", "利息多少", "price", "利息多少", "/", "利息"]
    assert "intent_questions 1" in result.output
    assert "sides told by the words in 1" in result.output


def test_a_call_of_a_table_is_named_by_its_row(tmp_path):
    rows = pd.DataFrame(
        {"id": range(4), "said": ["客户：多少钱", "甲方：在吗\n乙方：多少钱", "您好 在吗", ""]}
    )
    rows.to_csv(tmp_path / "calls.csv", index=False)
    named = ("hear", tmp_path / "calls.csv", "--column", "said", "--json", "--row")
    told = [json.loads(call(*named, row).output) for row in (1, 3)]
    assert [one["counts"]["intent_questions"] for one in told] == [1, None]
    assert [len(one["turns"]) for one in told] == [1, 0]
    assert "1 without labels" in told[1]["sides"]
    own = json.loads(call(*named, 2, "--agent", "甲方", "--customer", "乙方").output)
    assert [turn["side"] for turn in own["turns"]] == ["agent", "customer"]
    refused(call(*named, 4), SourceError, "row 4, column 'said': nothing was said")
    refused(call(*named, 5), SourceError, "no row 5: it has 4")
    refused(call("hear", tmp_path / "calls.csv"), SourceError, "no column 'transcript' (found: id, said)")
    refused(call("hear", tmp_path / "no.txt"), SourceError, "cannot be read")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xff\xff")
    refused(call("hear", tmp_path / "bad.txt"), SourceError, "neither UTF-8 nor GB18030")
