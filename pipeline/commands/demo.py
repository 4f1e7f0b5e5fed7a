"""The demo: write a simulated world and its configuration, then run the main job on it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline import terminal
from pipeline.commands import score
from pipeline.commands.compare import run_compare
from pipeline.commands.score import Listed
from pipeline.commands.sources import count_table
from pipeline.commands.train import run_train
from pipeline.comparison.comparison import Comparison
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.errors import OutputError
from pipeline.language.sentence import Sentence
from pipeline.output import write_text
from pipeline.report.titles import title_of
from pipeline.simulation.truth import truth
from pipeline.simulation.world import World, simulate
from pipeline.targets import Outputs
from pipeline.training.train import Training

# Written below ``output_dir``.
WRITES = ()


@dataclass(frozen=True)
class Demo:
    """What the demo shows."""

    title: str
    counts: pd.DataFrame
    training: Training
    comparison: Comparison
    scored: Listed
    out: Path
    truth: Path


def run_demo(folder: Path, n_leads: int, seed: int) -> Demo:
    """Simulate a world in a new folder, train, compare and score on it.

    The true probabilities go to ``truth.csv``, beside the folder of the inputs and never read by them.

    Raises:
        OutputError: the folder exists already, or cannot be made.
    """
    _make(folder)
    with terminal.working(Sentence("simulating {count} leads", count=n_leads)):
        world = simulate(n_leads, seed)
        world.write(folder / "data")
    shutil.copyfile(shipped("demo.yaml"), folder / "demo.yaml")
    # The demo reads its own world, whatever LEADGRADE_DATA says.
    config = read_config(folder / "demo.yaml").model_copy(update={"data_dir": "data"})
    training, validated = run_train(config)
    _, comparison = run_compare(config)
    out = folder / "graded.csv"
    scored = score.run_score(config, None, None, out)
    with terminal.working(Sentence("computing the true probabilities")):
        graded = pd.read_csv(out, usecols=["lead_id"]).assign(as_of=scored.as_of)
        asked = pd.concat([training.evaluation.rows[["lead_id", "as_of"]], graded])
        answers = true_probabilities(world, asked, config.horizons_days)
        path = Outputs(config, WRITES, folder / "truth.csv").at(folder / "truth.csv")
        write_text(answers.to_csv(index=False, lineterminator="\n"), path)
    return Demo(
        title=title_of(config.name, simulation=True),
        counts=count_table(validated),
        training=training,
        comparison=comparison,
        scored=scored,
        out=out,
        truth=folder / "truth.csv",
    )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise OutputError(
            Sentence("{folder} exists already: name a new folder for the demo", folder=folder)
        ) from None
    except OSError as error:
        raise OutputError(
            Sentence(
                "{folder} cannot be made ({strerror}): name another folder",
                folder=folder,
                strerror=error.strerror,
            )
        ) from None


def true_probabilities(world: World, asked: pd.DataFrame, horizons_days: tuple[int, ...]) -> pd.DataFrame:
    """True close probabilities given what the log shows, for each (lead, as-of) once."""
    return truth(world, asked.drop_duplicates(ignore_index=True), horizons_days)
