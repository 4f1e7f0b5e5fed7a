"""Lists that are handed on by pseudonyms, and a lead that is forgotten."""

import gzip
import secrets

import pandas as pd
import pytest
from support.command import assert_refused, leadgrade
from support.tiny_list import tiny_in

NAMED = ("王小明", "Li Lei", "13800138021", "li.lei@example.com")


@pytest.fixture
def team(tmp_path, untracked):
    """The tiny list with who works on a lead, its number, and a note, which are shown and not learned."""
    config = tiny_in(tmp_path)
    listed = pd.read_csv(tmp_path / "list.csv")
    owners = [NAMED[i % 2] for i in range(len(listed))]
    notes = [(NAMED[3], "call back", "展会")[i % 3] for i in range(len(listed))]
    listed = listed.assign(owner=owners, ring=13_800_138_021, note=notes)
    listed.loc[3, "x"] = None
    listed.loc[[4], "lead_id"] = "T3"
    listed.to_csv(tmp_path / "list.csv", index=False)
    shown = "".join(f", {name}: {{known: snapshot{kind}}}" for name, kind in (("owner", ""), ("note", "")))
    shown += ", ring: {known: snapshot, kind: numeric}"
    text = config.read_text(encoding="utf-8").replace("z: {kind: numeric}", f"z: {{kind: numeric}}{shown}")
    config.write_text(text, encoding="utf-8")
    answer = leadgrade("train", config)
    assert answer.code == 0, answer.err
    key = tmp_path / "handed_on.key"
    key.write_text(secrets.token_hex(32), encoding="ascii")
    return config, key


def test_a_list_handed_on_names_nobody_and_one_key_gives_one_word(team):
    config, key = team
    folder = config.parent
    for name in ("a.csv", "b.parquet"):
        answer = leadgrade("score", config, "--out", folder / name, "--pseudonymise", key, "--explain")
        assert answer.code == 0, answer.err
        assert not [one for one in (*NAMED, "T17") if one in answer.out]
    assert leadgrade("score", config, "--out", folder / "plain.csv").code == 0
    told = {name: pd.read_csv(folder / name) for name in ("a.csv", "plain.csv")}
    told["b.parquet"] = pd.read_parquet(folder / "b.parquet")
    text = "".join(path.read_text("utf-8-sig") for path in folder.glob("a.*csv"))
    assert not [one for one in (*NAMED, "T17") if one in text]
    assert told["a.csv"]["lead_id"].is_unique
    assert told["a.csv"]["lead_id"].tolist() == told["b.parquet"]["lead_id"].tolist()
    assert told["a.csv"]["grade"].tolist() == told["plain.csv"]["grade"].tolist()
    assert told["a.csv"]["owner"].nunique() == told["plain.csv"]["owner"].nunique() == 2
    assert set(told["a.csv"]["note"]) >= {"call back", "展会"}
    assert told["a.csv"]["ring"].isna().all()
    reasons = pd.read_csv(folder / "a.csv.reasons.csv")
    assert set(reasons["lead_id"]) <= set(told["a.csv"]["lead_id"])


def test_a_matrix_handed_on_has_the_words_of_the_list(team):
    config, key = team
    matrix = config.parent / "matrix.parquet"
    assert leadgrade("matrix", config, "--out", matrix, "--pseudonymise", key).code == 0
    graded = config.parent / "graded.csv"
    assert leadgrade("score", config, "--out", graded, "--pseudonymise", key).code == 0
    assert set(pd.read_parquet(matrix)["lead_id"]) == set(pd.read_csv(graded)["lead_id"])


def test_a_file_that_is_no_key_is_refused_before_any_work(team):
    config, _ = team
    out = config.parent / "graded.csv"
    refused = leadgrade("score", config, "--out", out, "--pseudonymise", config)
    assert_refused(refused, 3, "tiny.yaml is no key")
    assert not out.exists()


def test_a_lead_is_taken_out_of_what_was_kept_and_the_rest_is_as_it_was(team):
    config, _ = team
    folder = config.parent
    lists = [folder / name for name in ("a.csv", "b.csv.gz", "c.parquet", "d.xlsx")]
    for out in lists:
        assert leadgrade("score", config, "--out", out).code == 0
    before = lists[0].read_text("utf-8-sig").splitlines(keepends=True)
    work = folder / ".a.csv.work"
    work.mkdir()
    (work / "job.json").write_text("{}", encoding="utf-8")
    (work / "leads.arrow").write_bytes(b"T17")
    told = [part for out in lists for part in ("--list", out)]
    answer = leadgrade("forget", "T17", "--config", config, *told)
    assert answer.code == 0, answer.err
    assert lists[0].read_text("utf-8-sig") == "".join(line for line in before if ",T17," not in line)
    assert lists[0].read_bytes()[:3] == b"\xef\xbb\xbf"
    assert "T17" not in gzip.decompress(lists[1].read_bytes()).decode().replace("T17,", "T17,").split(",")
    assert "T17" not in set(pd.read_parquet(lists[2])["lead_id"])
    assert not work.exists()
    lines = answer.out.splitlines()
    # Of three lists, and of the one that score keeps to tell what is new.
    assert sum("1 rows removed" in line for line in lines if line.startswith("taken out")) == 4
    left = [line for line in lines if line.startswith("not reached")]
    for what in ("list.csv: a source (leads)", "d.xlsx: a workbook", "scorers", "backups"):
        assert any(what in line for line in left), (what, left)
    # T1 is another lead than T17, and was never meant.
    assert any(",T1," in line for line in lists[0].read_text("utf-8-sig").splitlines())


def test_a_lead_that_is_nowhere_and_a_list_that_is_not_there(team):
    config, _ = team
    answer = leadgrade("forget", "nobody", "--config", config)
    assert answer.code == 0
    assert "taken out: nothing" in answer.out
    refused = leadgrade("forget", "T1", "--config", config, "--list", config.parent / "gone.csv")
    assert_refused(refused, 7, "gone.csv", "there is no such file")
