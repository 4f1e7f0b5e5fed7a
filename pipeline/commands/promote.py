"""What ``promote`` and ``rollback`` do: the gate is asked, the registry's aliases move, a trace stays."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Self

import pandas as pd

from models.scorer import LeadScorer
from pipeline import terminal
from pipeline.commands.sources import as_learned, training_sources
from pipeline.config.config import Config
from pipeline.errors import PromotionError, ScoringError
from pipeline.evaluation.gate import Decision, judge_challenger
from pipeline.evaluation.grade_changes import change_sentence, grade_changes
from pipeline.language.sentence import Sentence
from pipeline.matrix import dataset
from pipeline.matrix.as_of import export_time
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.scoring.grader import check_rows_fit
from pipeline.targets import FETCHED, QUARANTINE, Outputs
from pipeline.tracking import registry
from pipeline.tracking.registry import CHALLENGER, CHAMPION
from pipeline.tracking.seen_champion import SeenChampion, forget_seen, keep_seen
from pipeline.tracking.versions import Version
from pipeline.transcripts.heard_as import HeardOtherwise, Scores, heard_as

_MEND = "try again later: nothing was moved"

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".promote.work", FETCHED)


@dataclass(frozen=True)
class PromotionOutcome:
    """What a promotion found and did.

    Attributes:
        challenger: the version that asked.
        champion: the version that was champion; none if there was none.
        decision: of the gate.
        as_of: of the last list, which ``score`` would grade now.
        changes: its grades by both, from ``grade_changes``; empty without a champion to compare with.
        promoted: whether the alias moved.
    """

    challenger: Version
    champion: Version | None
    decision: Decision
    as_of: datetime
    promoted: bool
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["from", "to", "leads"]))

    @property
    def forced(self) -> bool:
        """Whether the gate was overruled."""
        return self.promoted and not self.decision.passed


def run_promote(config: Config, force_because: str | None = None) -> PromotionOutcome:
    """Ask the gate about the challenger, and promote it if the gate passes or is overruled.

    The decision and the grade changes are kept as artefacts of the challenger's run, either way.

    Args:
        config: the configuration.
        force_because: why the gate is to be overruled; not at all when left out.

    Raises:
        PromotionError: there is no challenger, it does not say what it learned from, or the registry fails.
        ScoringError: the challenger is damaged or does not fit the data.
    """
    Outputs(config, WRITES)
    entered = _entered(config)
    schemes = checked_schemes(config)
    seen = _Seen.by(config, entered.challenger)
    entered = entered.fitting(seen.config, seen)
    answers = entered.answers
    changes = _no_changes() if answers is None else grade_changes(seen.listed, answers, entered.challenger)
    with terminal.working(Sentence("comparing")):
        decision = judge_challenger(
            seen.config, seen.rows, schemes, entered.challenger, answers, entered.since
        )
    if entered.unfit:
        decision = Decision(False, decision.table, (*decision.reasons, entered.unfit))
    promoted = decision.passed or force_because is not None
    found = PromotionOutcome(entered.version, entered.against, decision, seen.as_of, promoted, changes)
    _carry_out(config, found, force_because)
    return found


def run_rollback(config: Config, because: str) -> tuple[Version, Version]:
    """Make the previous champion the champion again.

    Returns:
        The version that left and the one that came back.

    Raises:
        PromotionError: there is none to restore, or the registry fails.
    """
    with registry.opened_registry(config, PromotionError, _MEND) as versions:
        forget_seen(config)
        return versions.rollback(because)


@dataclass(frozen=True)
class _Seen:
    """The rows to judge by and those of the last list, heard as a scorer was taught to.

    ``config`` is the configuration as the dates of its closes allow.
    """

    config: Config
    rows: dataset.Rows
    listed: pd.DataFrame
    as_of: datetime
    recogniser: str

    @classmethod
    def by(cls, config: Config, scorer: LeadScorer) -> Self:
        config = heard_as(config, scorer.recogniser)
        with (
            training_sources(config, "promote", scorer.speakers) as taken,
            terminal.working(Sentence("building the matrix")),
        ):
            config = as_learned(config, taken)
            rows = dataset.training_rows(config, taken)
            as_of = export_time(config, taken.latest, datetime.now(UTC))
            listed = dataset.to_pandas(dataset.scoring_rows(config, taken, as_of).frame)
        return cls(config, rows, listed, as_of, taken.validated.recogniser)

    def answering(self, config: Config, scorer: LeadScorer) -> Scores:
        """The scorer, with rows of its own where it was taught to hear calls otherwise.

        Raises:
            ValueError: nothing here hears as it was taught.
        """
        if scorer.recogniser == self.recogniser:
            return scorer
        own = _Seen.by(config, scorer)
        scorer.check_recogniser(own.recogniser)
        return HeardOtherwise(scorer, pd.concat([dataset.to_pandas(own.rows.frame), own.listed]))


@dataclass(frozen=True)
class _Entered:
    """The challenger and what it is to be compared with.

    ``answers`` is the champion where it can be compared, ``unfit`` says why it cannot.
    """

    version: Version
    challenger: LeadScorer
    against: Version | None
    champion: LeadScorer | None
    unfit: str = ""
    answers: Scores | None = None

    @property
    def since(self) -> datetime | int:
        """The first as-of that neither learned from.

        Raises:
            PromotionError: a version does not say until when it learned.
        """
        known = [one.fitted_until for one in (self.version, self.against) if one is not None]
        instants = [until for until in known if isinstance(until, datetime)]
        numbers = [until for until in known if isinstance(until, int)]
        if len(instants) == len(known):
            return max(instants)
        if len(numbers) == len(known):
            return max(numbers)
        raise PromotionError("a version does not say, as the other does, until when it learned: train again")

    def fitting(self, config: Config, seen: _Seen) -> "_Entered":
        """The same with the champion's answers, if it can answer for what is seen.

        Raises:
            ScoringError: the challenger cannot.
        """
        rows = seen.rows
        check_rows_fit(config, rows, self.challenger)
        try:
            self.challenger.check_recogniser(seen.recogniser)
        except ValueError as error:
            raise ScoringError(f"{config.path}: the calls do not fit the challenger: {error}") from None
        if self.champion is None:
            return self
        try:
            if rows.horizons != self.champion.horizons:
                raise ValueError(f"it has horizons {', '.join(self.champion.horizons)}")
            self.champion.check_columns(dataset.to_pandas(rows.frame.head(1)))
            return replace(self, answers=seen.answering(config, self.champion))
        except ValueError as error:
            return replace(self, unfit=_cannot(self.against, error))


def _entered(config: Config) -> _Entered:
    with registry.opened_registry(config, PromotionError, _MEND) as versions:
        challenger, champion = versions.find(CHALLENGER), versions.find(CHAMPION)
        if challenger is None:
            there = "" if champion is None else f", {champion} is the champion"
            raise PromotionError(f"there is no challenger{there}: run 'leadgrade train {config.path}' first")
        scorer = versions.fetch(challenger)
        if champion is None:
            return _Entered(challenger, scorer, None, None)
        try:
            return _Entered(challenger, scorer, champion, versions.fetch(champion))
        except ScoringError as error:
            return _Entered(challenger, scorer, champion, None, _cannot(champion, error))


def _cannot(champion: Version | None, error: Exception) -> str:
    return f"the champion {champion} cannot be compared: {error}"


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame(columns=["from", "to", "leads"])


def _carry_out(config: Config, found: PromotionOutcome, force_because: str | None) -> None:
    told = [*found.decision.reasons, *([change_sentence(found.changes)] if len(found.changes) else [])]
    tables = {
        "promotion.csv": found.decision.table,
        "promotion_reasons.csv": pd.DataFrame({"reason": told}),
        "grade_changes.csv": found.changes,
    }
    because = found.decision.reasons[-1] if found.decision.passed else f"forced: {force_because}"
    with registry.opened_registry(config, PromotionError, _MEND) as versions:
        versions.note(found.challenger, tables)
        if found.promoted:
            versions.promote(found.challenger, because, forced=found.forced)
            keep_seen(config, SeenChampion.of(config, found.challenger))
