"""The command line. Heavy imports happen inside the verb that needs them, so that --help is quick."""

import errno
import io
import os
import sys

import typer

from pipeline.cli.demo import demo
from pipeline.cli.grading.monitor import monitor
from pipeline.cli.grading.score import score
from pipeline.cli.grading.serve import serve
from pipeline.cli.help_in_words import ReadableCommand, ReadableGroup, ReadIn, readable
from pipeline.cli.learning.backtest import backtest
from pipeline.cli.learning.compare import compare
from pipeline.cli.learning.forget import forget
from pipeline.cli.learning.intents import intents_app
from pipeline.cli.learning.promote import promote
from pipeline.cli.learning.record import record
from pipeline.cli.learning.rollback import rollback
from pipeline.cli.learning.train import train
from pipeline.cli.looking.check import check
from pipeline.cli.looking.features import features
from pipeline.cli.looking.init import init
from pipeline.cli.looking.matrix import matrix
from pipeline.cli.looking.schemes import schemes
from pipeline.cli.reports.audit import audit
from pipeline.cli.reports.customers.complete import complete
from pipeline.cli.reports.customers.profile import profile
from pipeline.cli.reports.funnel import funnel
from pipeline.cli.reports.kpi import kpi
from pipeline.cli.reports.plan import plan
from pipeline.errors import LeadgradeError, MachineError
from pipeline.jobs.engines import hush
from pipeline.language.reader import language_of, reading, told
from pipeline.language.sentence import Sentence

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    cls=ReadableGroup,
)


@app.callback()
def leadgrade(language: ReadIn = None) -> None:
    """Grade telesales leads A-E from call logs and attributes, beside the team's own rules."""


# In the order of --help.
VERBS = (
    demo,
    init,
    check,
    train,
    score,
    compare,
    backtest,
    record,
    promote,
    rollback,
    monitor,
    serve,
    plan,
    funnel,
    kpi,
    audit,
    complete,
    profile,
    features,
    matrix,
    schemes,
    forget,
)

for _verb in VERBS:
    app.command(cls=ReadableCommand)(readable(_verb))
app.add_typer(intents_app, name="intents")


def main() -> None:
    """Run the command line; what a user can mend ends in one line and a stable exit code."""
    with reading(language_of(os.environ)):
        _run()


def _run() -> None:
    hush()
    # Whatever is written may hold rows of leads: it is its owner's alone.
    os.umask(0o077)
    # Nothing is reported to anyone.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to stop
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except LeadgradeError as error:
        _stop(error)
    except OSError as error:
        words = _machine_words(error)
        if words is None:
            raise
        # What could not be written is not tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        _stop(MachineError(words))


def _machine_words(error: OSError) -> str | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Sentence("the disk is full: make room and run the command again")
    if "libgomp" in str(error):
        return Sentence(
            "LightGBM needs the system library libgomp: install it "
            "(Debian and Ubuntu: apt-get install libgomp1; Fedora: dnf install libgomp)"
        )
    return None


def _stop(error: LeadgradeError) -> None:
    said = error.args[0] if error.args else ""
    line = " ".join(told(said).split())
    sys.stderr.write(f"leadgrade: {line}\n")
    sys.exit(error.exit_code)
