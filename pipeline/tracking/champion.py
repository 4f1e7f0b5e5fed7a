"""Which scorer grades a list: the champion, another that is named, or that of the last training."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.scorer import LeadScorer
from pipeline import terminal
from pipeline.config.config import Config
from pipeline.errors import ScoringError
from pipeline.language.sentence import Sentence
from pipeline.scoring.grader import version_word
from pipeline.targets import FETCHED
from pipeline.tracking.seen_champion import SeenChampion, find_seen, keep_seen

if TYPE_CHECKING:
    from pipeline.tracking.versions import Version

ALIASES = ("champion", "challenger", "previous")


@dataclass(frozen=True)
class Chosen:
    """A scorer, its version in the registry if it has one, and in words what it is."""

    scorer: LeadScorer
    version: str | None
    graded_by: str


def scorer_for(config: Config, model: str | None, last_trained: Callable[[], LeadScorer]) -> Chosen:
    """The scorer to use.

    Args:
        config: the configuration.
        model: an alias, a version's number or a scorer's folder. When left out: the champion, or without
            one the scorer of the last training. Where the registry does not answer, the champion is the one
            that was last seen here.
        last_trained: reads that one.

    Raises:
        ScoringError: there is no such scorer, it is damaged, or the registry does not answer.
    """
    if model is not None and model not in ALIASES and not model.isdecimal():
        return _from_folder(Path(model))
    wanted = model or "champion"
    try:
        found = None if _never_recorded(config) else _registered(config, wanted)
    except _StoreDownError as down:
        found = _last_seen(config, wanted, down)
    if found is None and model is not None:
        raise ScoringError(
            Sentence(
                "--model {model}: the registry has no such version of {registered_model}: run "
                "'leadgrade train {path}', or 'leadgrade promote {path}' for a champion",
                model=model,
                registered_model=config.tracking.registered_model,
                path=config.path,
            )
        )
    if found is None:
        scorer = last_trained()
        return Chosen(
            scorer,
            None,
            Sentence(
                "the last training's scorer, {scorer}: there is no champion yet "
                "(leadgrade promote {config} makes one)",
                scorer=version_word(scorer.fingerprint),
                config=config.path,
            ),
        )
    return found


def champion_of(config: Config) -> "tuple[Version, LeadScorer] | None":
    """The champion's version and the scorer itself; none where there is none yet.

    Raises:
        ScoringError: the registry does not answer, or the champion is damaged.
    """
    if _never_recorded(config):
        return None
    from pipeline.tracking import registry  # noqa: PLC0415 - mlflow takes seconds to import

    with registry.opened_registry(config, ScoringError, "train again") as versions:
        version = versions.find("champion")
        return None if version is None else (version, versions.fetch(version))


class _StoreDownError(ScoringError):
    """The registry does not answer."""


def _registered(config: Config, wanted: str) -> Chosen | None:
    from pipeline.tracking import registry  # noqa: PLC0415 - mlflow takes seconds to import

    with (
        terminal.working(Sentence("asking the registry")),
        registry.opened_registry(config, _StoreDownError, "name a scorer's folder with --model") as versions,
    ):
        version = versions.find(wanted)
        if version is None:
            return None
        scorer = versions.fetch(version)
        if wanted == "champion":
            keep_seen(config, SeenChampion.of(config, version))
        return Chosen(scorer, str(version), _named(wanted, version))


def _last_seen(config: Config, wanted: str, down: ScoringError) -> Chosen:
    """The champion's copy as it was last seen here, which is said; its bytes are checked as ever.

    Raises:
        ScoringError: another scorer is wanted, no champion was ever seen here, or its copy is damaged.
    """
    seen = find_seen(config) if wanted == "champion" else None
    if seen is None:
        raise ScoringError(str(down)) from None
    folder = config.output_path(FETCHED) / seen.fingerprint
    try:
        scorer = LeadScorer.load(folder)
    except ValueError:
        raise ScoringError(str(down)) from None
    if scorer.fingerprint != seen.fingerprint:
        raise ScoringError(str(down)) from None
    why = str(down).partition(";")[0]
    terminal.note(Sentence("{why}: going on with the champion's copy of {at}", why=why, at=seen.at))
    named = Sentence("the champion as last seen {at}, {version}", at=seen.at, version=seen.version)
    return Chosen(scorer, seen.version, named)


def _from_folder(folder: Path) -> Chosen:
    if not folder.is_dir():
        raise ScoringError(
            Sentence(
                "--model {folder}: no folder; use {names}, a number or a folder",
                folder=folder,
                names=", ".join(ALIASES),
            )
        )
    try:
        scorer = LeadScorer.load(folder)
    except ValueError as error:
        raise ScoringError(Sentence("--model: {error}", error=error)) from None
    named = Sentence(
        "the scorer in {folder}, {scorer}", folder=folder, scorer=version_word(scorer.fingerprint)
    )
    return Chosen(scorer, None, named)


def _named(wanted: str, version: "Version") -> Sentence:
    if wanted.isdecimal():
        return Sentence("version {number}, {version}", number=version.number, version=version)
    words = {
        "champion": Sentence("the champion, {version}", version=version),
        "challenger": Sentence("the challenger, {version}", version=version),
        "previous": Sentence("the previous, {version}", version=version),
    }
    return words[wanted]


def _never_recorded(config: Config) -> bool:
    """Whether the store would be the output folder's own and is not there: told without MLflow."""
    return config.tracking.uri is None and not config.output_path("mlflow.db").exists()
