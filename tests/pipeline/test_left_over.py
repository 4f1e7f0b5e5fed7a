"""What a killed run leaves: parts of a process that is no more go, others stay, work folders are said."""

import os
import subprocess
import sys

from pipeline.left_over import part_name, remove_parts, tell_work


def gone():
    """The number of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_only_parts_of_what_is_written_and_of_processes_that_are_no_more_go(tmp_path):
    dead = gone()
    left = [f".{dead}.part.graded.csv", f".{dead}.part.scorer-x1", f".{dead}.part.quarantine.csv.k2"]
    kept = [part_name("graded.csv"), f".{dead}.part.other.csv", f".{dead}.part.graded.csvx", "graded.csv"]
    for name in (*left, *kept):
        (tmp_path / name).write_text("L1", encoding="utf-8")
    (tmp_path / left[1]).unlink()
    (tmp_path / left[1]).mkdir()
    (tmp_path / left[1] / "scorer.json").write_text("L1", encoding="utf-8")
    remove_parts([tmp_path / name for name in ("graded.csv", "scorer", "quarantine.csv")])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    assert part_name("x").startswith(f".{os.getpid()}.")


def test_work_of_an_interrupted_run_is_said_but_by_the_run_that_goes_on_with_it(tmp_path, capsys):
    for name in (".train.work", ".check.work", ".theirs.work"):
        (tmp_path / name).mkdir()
    for name in (".train.work", ".check.work"):
        (tmp_path / name / "job.json").write_text("{}", encoding="utf-8")
    tell_work(tmp_path, ["quarantine.csv", ".check.work"])
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert ".train.work holds rows of an interrupted run" in said[0]
