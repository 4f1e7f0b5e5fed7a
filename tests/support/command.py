"""Running the command as a user does, and what its answer must look like."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pandas as pd

from pipeline import ours
from pipeline.cli import app
from pipeline.commands import score


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def errors(self):
        """Lines on standard error but for the steps that are told on the way."""
        return [line for line in self.err.splitlines() if not line.endswith(" ...")]


def leadgrade(*args):
    """The command in this process: quick, and any traceback fails the test."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["leadgrade", *map(str, args)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            app.main()
        except SystemExit as exit_:
            code = int(exit_.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


def leadgrade_process(*args, **env):
    """The command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli.app import main; main()", *map(str, args)],
        capture_output=True,
        check=False,
        env={**os.environ, **env},
        cwd=Path(__file__).parents[2],
        timeout=300,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def graded_list(config, out, leads=None, as_of=None, **options):
    """Score a list into a Parquet file, and read that."""
    score.run_score(config, leads, as_of, out, **options)
    return pd.read_parquet(out)


def assert_refused(answer, code, *words):
    """One line that holds the words, the exit code, no traceback, nothing on standard output."""
    assert answer.code == code, answer
    assert answer.out == ""
    assert len(answer.errors) == 1, answer.err
    line = answer.errors[0]
    assert line.startswith("leadgrade: ")
    for word in words:
        assert word in line, f"{word!r} is not in: {line}"
    return line


@contextlib.contextmanager
def untouched(folder, *but):
    """Nothing in the folder appears, goes or changes, but for the files named and our list of files."""
    before = _files(folder)
    yield
    after = _files(folder)
    for name in but:
        before.pop(name, None)
        after.pop(name, None)
    assert after == before


def _files(folder):
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != ours.LIST)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}
