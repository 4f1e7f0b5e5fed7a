"""Nothing that is read is ever written over, whatever it is called and however it is named."""

import importlib
import os
import shutil
from pathlib import Path

import pytest
import typer
from support.command import assert_refused, leadgrade, untouched
from support.lifecycle_world import team_in
from support.tiny_list import tiny_in
from support.trained_world import trained

from pipeline import ours
from pipeline.cli.app import app
from pipeline.config.config import read_config
from pipeline.targets import work_path

# They write nothing but to the registry, only a new folder, or only what is there less some rows.
WRITTEN = {
    verb: importlib.import_module(f"pipeline.commands.{module}{verb}").WRITES
    for module, verbs in (
        ("", "check train record compare backtest score matrix monitor promote demo init"),
        ("reports.", "plan kpi audit funnel complete profile"),
    )
    for verb in verbs.split()
}
NO_FILES = {"rollback", "features", "schemes", "intents", "forget", "serve"}


@pytest.fixture(scope="module")
def tiny_once(tmp_path_factory):
    """A flat list with a scorer, recorded in its own store."""
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    answer = leadgrade("train", tiny_in(folder))
    assert (answer.code, answer.errors) == (0, []), answer.err
    return folder


@pytest.fixture
def tiny(tiny_once, tmp_path):
    return shutil.copytree(tiny_once, tmp_path / "tiny") / "tiny.yaml"


def stamps(folder):
    return {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()}


def written_by(folder, verb, *args):
    before = stamps(folder)
    answer = leadgrade(verb, *args)
    assert (answer.code, answer.errors) in [(0, []), (11, answer.errors)], answer.err
    return {path for path, stamp in stamps(folder).items() if before.get(path) != stamp}


def declared(config, verb, *beside):
    return {config.output_path(name) for name in (*WRITTEN[verb], ours.LIST)} | set(beside)


def assert_declared(written, paths):
    assert written
    assert not [one for one in written if one not in paths and not paths & set(one.parents)]


# Every verb writes what it declared -----------------------------------------------------------------------


def test_every_verb_says_what_it_writes():
    assert set(WRITTEN) | NO_FILES == set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("verb", ["check", "train", "compare", "backtest"])
def test_what_a_verb_writes_below_the_output_folder_was_declared(tiny, verb):
    args = ["--window", "400", "--step", "100"] if verb == "backtest" else []
    written = written_by(tiny.parent, verb, tiny, *args)
    assert_declared(written, declared(read_config(tiny), verb))


def test_a_search_writes_what_was_declared(tiny):
    tiny.write_text(tiny.read_text() + "search: {trials: 1, folds: 1}\n")
    written = written_by(tiny.parent, "train", tiny)
    assert tiny.parent / "out/search.csv" in written
    assert_declared(written, declared(read_config(tiny), "train"))


def test_a_sample_writes_what_was_declared(team):
    team.configure("max_age_days: 365", "max_age_days: 365\n  sample_leads: 1400")
    assert_declared(written_by(team.folder, "check", team.config_path), declared(team.config, "check"))


@pytest.mark.parametrize("verb", ["score", "matrix"])
def test_what_a_list_writes_was_declared(team, verb):
    out = team.path("list.parquet")
    beside = [
        out,
        work_path(out),
        *(team.path(f"list.parquet.{what}.csv") for what in ("quarantine", "explained", "reasons")),
    ]
    more = ["--explain"] if verb == "score" else []
    written = written_by(team.folder, verb, team.config_path, "--out", out, *more)
    assert_declared(written, declared(team.config, verb, *beside))


@pytest.mark.parametrize("verb", ["promote", pytest.param("monitor", marks=pytest.mark.slow)])
def test_what_a_verb_of_the_registry_writes_was_declared(tmp_path, verb):
    team = team_in(tmp_path / "team", f"sqlite:///{tmp_path}/store/mlflow.db")
    team.train(trained())
    if verb == "monitor":
        assert team.run("promote").code == 0
    written = written_by(team.folder, verb, team.path)
    assert_declared(written, declared(team.config, verb))


@pytest.mark.slow
def test_a_demo_writes_into_its_new_folder_only(tmp_path):
    written = written_by(tmp_path, "demo", tmp_path / "demo", "--leads", "1500")
    assert_declared(written, {tmp_path / "demo"})


# What is read stays ---------------------------------------------------------------------------------------


def refused(folder, *args, words=()):
    with untouched(folder):
        answer = leadgrade(*args)
    return assert_refused(answer, 8, "it is read as", *words)


@pytest.mark.parametrize("verb", ["check", "train", "compare", "backtest"])
@pytest.mark.parametrize("how", ["name", "link", "hard link", "linked folder", "folder of the output"])
def test_a_source_with_the_name_of_an_output_is_kept(tmp_path, verb, how):
    name = next(name for name in reversed(WRITTEN[verb]) if name.endswith(".csv"))
    folder = tmp_path / "tiny"
    match how:
        case "name":
            path = tiny_in(folder, out=".", leads=name)
        case "link":
            path = tiny_in(folder)
            (folder / "out").mkdir()
            (folder / "out" / name).symlink_to("../list.csv")
        case "hard link":
            path = tiny_in(folder)
            (folder / "out").mkdir()
            os.link(folder / "list.csv", folder / "out" / name)
        case "linked folder":
            path = tiny_in(folder, out="also", leads=name)
            (folder / "also").symlink_to(".")
        case _:
            path = tiny_in(folder, out="data/..", leads=name)
            (folder / "data").mkdir()
    refused(folder, verb, path, words=[name, "sources.leads", "set output_dir elsewhere"])


@pytest.mark.parametrize(
    "name", sorted({name for verb in ("train", "compare") for name in WRITTEN[verb] if ".csv" in name})
)
def test_every_table_of_a_training_and_a_comparison_spares_a_source(tmp_path, name):
    path = tiny_in(tmp_path / "tiny", out=".", leads=name)
    refused(tmp_path, "train" if name in WRITTEN["train"] else "compare", path, words=[name])


@pytest.mark.parametrize("name", ["monitor.csv", "monitor_auc.csv"])
def test_the_tables_of_a_monitor_spare_a_source(tmp_path, name):
    refused(tmp_path, "monitor", tiny_in(tmp_path / "tiny", out=".", leads=name), words=[name])


def test_a_promotion_spares_a_source(tmp_path):
    refused(tmp_path, "promote", tiny_in(tmp_path / "tiny", out=".", leads="quarantine.csv"))


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("list.csv", "sources.leads"),
        ("other.csv", "--leads"),
        ("linked.csv", "sources.leads"),
        ("hard.csv", "sources.leads"),
        ("there/list.csv", "sources.leads"),
        ("twice.csv", "--leads"),
    ],
)
def test_a_graded_list_replaces_no_list_that_is_read(tiny, out, words):
    folder = tiny.parent
    shutil.copyfile(folder / "list.csv", folder / "other.csv")
    (folder / "linked.csv").symlink_to("list.csv")
    os.link(folder / "list.csv", folder / "hard.csv")
    (folder / "there").symlink_to(".")
    # What stands beside a list counts too.
    shutil.copyfile(folder / "list.csv", folder / "twice.csv.quarantine.csv")
    leads = folder / ("twice.csv.quarantine.csv" if out == "twice.csv" else "other.csv")
    args = ("--leads", leads, "--out", folder / out, "--overwrite")
    refused(folder, "score", tiny, *args, words=[words, "choose another --out"])


@pytest.mark.parametrize("verb", ["score", "matrix"])
@pytest.mark.parametrize("out", ["list.parquet", "list.parquet/0.parquet", "list.parquet/more.parquet"])
def test_a_folder_of_parquet_that_is_read_is_neither_replaced_nor_added_to(tmp_path, verb, out):
    path = tiny_in(tmp_path / "tiny", leads="list.parquet")
    refused(tmp_path, verb, path, "--out", path.parent / out, "--overwrite", words=["sources.leads"])


@pytest.mark.parametrize("place", ["out/scorer/list.csv", ".graded.csv.work/list.csv"])
def test_a_source_in_a_folder_that_is_replaced_is_kept(tmp_path, place):
    path = tiny_in(tmp_path / "tiny", leads=place)
    args = ("train", path) if "scorer" in place else ("score", path, "--out", path.parent / "graded.csv")
    refused(tmp_path, *args, words=["sources.leads"])


def test_the_configuration_a_scheme_and_a_recogniser_are_kept(tmp_path):
    path = tiny_in(tmp_path / "tiny")
    (tmp_path / "tiny/out").mkdir()
    table = tmp_path / "tiny/out/grades.csv"
    for named, words in (("tiny.yaml", "the configuration"), ("own.yaml", "schemes")):
        table.symlink_to(tmp_path / "tiny" / named)
        refused(tmp_path, "train", path, words=[words])
        table.unlink()
    (tmp_path / "tiny/heard").mkdir()
    (tmp_path / "tiny/heard/recogniser.json").write_text("{}")
    path.write_text(path.read_text() + "intents: {recogniser: heard}\n")
    table.symlink_to(tmp_path / "tiny/heard/recogniser.json")
    refused(tmp_path, "train", path, words=["intents.recogniser"])


@pytest.mark.parametrize("folder", ["out", "linked"])
def test_two_outputs_of_one_name_are_refused(tiny, folder):
    out = tiny.parent / folder / "quarantine.csv"
    if folder == "linked":  # and there is no such file yet
        (tiny.parent / folder).symlink_to("out")
        out.unlink()
    with untouched(tiny.parent):
        answer = leadgrade("score", tiny, "--out", out, "--overwrite")
    assert_refused(answer, 8, str(out), "is also written as")


def test_a_source_beside_the_outputs_under_another_name_is_no_hindrance(tmp_path):
    path = tiny_in(tmp_path / "tiny", out=".", leads="leads_of_june.csv")
    before = Path(path.parent / "leads_of_june.csv").read_bytes()
    assert leadgrade("check", path).code == 0
    assert (path.parent / "leads_of_june.csv").read_bytes() == before


# Somebody else's files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["check", "train", "compare", "backtest", "monitor"])
def test_a_file_that_is_not_ours_is_never_written_over(tmp_path, verb):
    path = tiny_in(tmp_path / "tiny")
    (path.parent / "out").mkdir()
    names = [name for name in WRITTEN[verb] if name.endswith((".csv", ".json", ".png"))]
    assert names
    for name in names:
        theirs = path.parent / "out" / name
        theirs.write_text("precious")
        with untouched(path.parent):
            answer = leadgrade(verb, path)
        assert_refused(answer, 8, str(theirs), "leadgrade did not write it", "move it away")
        theirs.unlink()


def test_what_was_written_is_written_again(tiny):
    assert leadgrade("check", tiny).code == 0
    listed = (tiny.parent / "out" / ours.LIST).read_text().splitlines()
    assert len(listed) == len(set(listed))
    assert leadgrade("train", tiny).code == 0
    assert (tiny.parent / "out" / ours.LIST).read_text().splitlines() == listed


def test_an_output_folder_of_a_former_version_is_known_by_its_quarantine(tiny):
    (tiny.parent / "out" / ours.LIST).unlink()
    assert leadgrade("train", tiny).code == 0
    assert {"grades.csv", "quarantine.csv"} <= set((tiny.parent / "out" / ours.LIST).read_text().splitlines())
    (tiny.parent / "out" / ours.LIST).unlink()
    (tiny.parent / "out/quarantine.csv").write_text("lead_id,grade\nL1,A\n")
    with untouched(tiny.parent):
        answer = leadgrade("check", tiny)
    assert_refused(answer, 8, "quarantine.csv", "leadgrade did not write it")


def test_lists_of_two_kinds_have_each_their_own_quarantine(tiny):
    for name in ("g.csv", "g.parquet"):
        assert leadgrade("score", tiny, "--out", tiny.parent / name).code == 0
    assert (tiny.parent / "g.csv.quarantine.csv").read_bytes() == (
        tiny.parent / "g.parquet.quarantine.csv"
    ).read_bytes()


# Somebody else's folders ----------------------------------------------------------------------------------


def test_a_work_folder_that_is_a_link_or_not_ours_keeps_what_is_in_it(team):
    folder = team.folder
    (folder / "precious").mkdir()
    (folder / "precious/letter.txt").write_text("dear")
    work = work_path(folder / "graded.csv")
    for make in (lambda: work.symlink_to("precious"), lambda: (folder / "precious").rename(work)):
        make()
        with untouched(folder):
            answer = leadgrade("score", team.config_path, "--out", folder / "graded.csv")
        assert_refused(answer, 8, work.name)
        if work.is_symlink():
            work.unlink()


@pytest.mark.parametrize("words", ["{}", "[1]", "no json", '{"digest": null}'])
def test_only_a_folder_with_our_job_file_is_cleared(team, words):
    work = work_path(team.folder / "graded.csv")
    work.mkdir()
    (work / "job.json").write_text(words)
    (work / "old.arrow").write_text("old")
    answer = leadgrade("score", team.config_path, "--out", team.folder / "graded.csv")
    assert answer.code == (0 if "digest" in words else 8), answer.err
    assert work.exists() == (answer.code == 8)
    if work.exists():
        assert {one.name for one in work.iterdir()} == {"job.json", "old.arrow"}


@pytest.mark.parametrize("left", [[], [".lock"], [".lock", ".77.job.json"]])
def test_a_job_that_was_stopped_as_it_began_is_begun_again(team, left):
    work = work_path(team.folder / "graded.csv")
    work.mkdir()
    for name in left:
        (work / name).touch()
    assert leadgrade("score", team.config_path, "--out", team.folder / "graded.csv").code == 0
    assert not work.exists()


def test_a_link_in_a_work_folder_of_ours_leads_to_nothing_lost(team):
    folder = team.folder
    (folder / "precious").mkdir()
    (folder / "precious/letter.txt").write_text("dear")
    work = work_path(folder / "graded.csv")
    work.mkdir()
    (work / "job.json").write_text('{"digest": null}')
    (work / "leads").symlink_to(folder / "precious")
    assert leadgrade("score", team.config_path, "--out", folder / "graded.csv").code == 0
    assert (folder / "precious/letter.txt").read_text() == "dear"


@pytest.mark.parametrize("name", ["scorer", "scorer-evaluated"])
@pytest.mark.parametrize("what", ["folder", "link", "file"])
def test_a_scorer_takes_no_place_of_something_else(tiny, name, what):
    place = tiny.parent / "out" / name
    shutil.move(place, tiny.parent / "elsewhere")
    match what:
        case "folder":
            place.mkdir()
            (place / "thesis.txt").write_text("my own")
        case "link":
            place.symlink_to(tiny.parent / "elsewhere")
        case _:
            place.write_text("my own")
    with untouched(tiny.parent):
        answer = leadgrade("train", tiny)
    assert_refused(answer, 8, f"{name} cannot be written", "no saved scorer", "set output_dir elsewhere")


def test_a_folder_beside_the_scorer_is_nobodys_business(tiny):
    other = tiny.parent / "out" / "scorer-new"
    other.mkdir()
    (other / "thesis.txt").write_text("my own")
    assert leadgrade("train", tiny).code == 0
    assert (other / "thesis.txt").read_text() == "my own"
    assert {path.name for path in other.parent.iterdir() if path.is_dir()} == {
        "scorer", "scorer-evaluated", "scorer-new", "mlruns",
    }  # fmt: skip


def test_a_folder_of_folders_is_no_matrix_to_replace(tiny):
    inner = tiny.parent / "all.parquet/june.parquet"
    inner.mkdir(parents=True)
    (inner / "letter.txt").write_text("dear")
    with untouched(tiny.parent):
        answer = leadgrade("matrix", tiny, "--out", inner.parent, "--overwrite")
    assert_refused(answer, 8, "is a folder: name a file")
