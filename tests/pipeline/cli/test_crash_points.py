"""Ended before every change of the disk: sources stay, what is there is whole, and the next run goes on."""

import shutil
import subprocess
import sys

import pandas as pd
import pytest
from support.command import assert_refused, leadgrade, untouched
from support.crash_points import ENDED, ROOT, run_until
from support.tiny_list import tiny_in


@pytest.fixture(scope="module")
def tiny_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    assert leadgrade("train", tiny_in(folder)).code == 0
    return folder


@pytest.fixture
def tiny(tiny_once, tmp_path):
    return shutil.copytree(tiny_once, tmp_path / "tiny") / "tiny.yaml"


def ended_everywhere(folder, stay, check, *args):
    """Run the command once for every change that it makes, ended before that; how many there are."""
    at = 0
    while True:
        at += 1
        with untouched(stay):
            code, changes, said = run_until(folder, at, *args)
        assert code in (0, ENDED), said
        check()
        if code == 0:
            assert changes < at
            return at - 1


@pytest.mark.slow
def test_score_ended_before_every_change_of_the_disk(tiny):
    folder = tiny.parent
    assert leadgrade("score", tiny, "--out", folder / "whole.csv").code == 0
    whole, out = (folder / "whole.csv").read_bytes(), folder / "graded.csv"

    def check():
        assert not out.exists() or out.read_bytes() == whole
        out.unlink(missing_ok=True)

    points = ended_everywhere(
        folder, folder / "out/scorer", check, "score", tiny, "--out", out, "--overwrite"
    )
    assert points > 15
    assert leadgrade("score", tiny, "--out", out, "--overwrite").code == 0
    assert out.read_bytes() == whole
    left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert not left


# A disk that is full, read-only, or gone -----------------------------------------------------------------

_SMALL_FILES = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.argv = ["leadgrade", *sys.argv[2:]]
from pipeline.cli.app import main
main()
"""


def test_a_disk_that_is_full_is_one_line_and_nothing_half_written(tiny):
    out = tiny.parent / "graded.csv"
    command = [sys.executable, "-c", _SMALL_FILES, "2000", "score", str(tiny), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 8, done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if not line.endswith(" ...")]
    assert len(lines) == 1, done.stderr
    assert "File too large" in lines[0]
    assert not out.exists()
    assert leadgrade("score", tiny, "--out", out, "--overwrite").code == 0
    assert len(pd.read_csv(out)) == 700


@pytest.mark.parametrize(("verb", "code"), [("check", 8), ("train", 8), ("score", 7)])
def test_a_place_where_nothing_can_be_written_is_one_line(tiny, verb, code):
    place = "/proc/leadgrade"
    tiny.write_text(tiny.read_text().replace("output_dir: out", f"output_dir: {place}"))
    args = ["--out", tiny.parent / "graded.csv"] if verb == "score" else []
    with untouched(tiny.parent):
        answer = leadgrade(verb, tiny, *args)
    # A list wants a scorer first, which is not there either.
    assert_refused(answer, code, place)
