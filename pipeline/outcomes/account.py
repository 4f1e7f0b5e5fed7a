"""What became of the outcomes: of every row that tells a close, and of every lead.

Rows that tell a close = closes used + further ones + those of each reason for which they are not used.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np
import polars as pl

from models.leaks.fate_shares import wilson_low
from pipeline.config.config import Config
from pipeline.config.undated import has_final_outcome
from pipeline.errors import ToleranceError, TrainingError
from pipeline.intake.outcomes import LABEL_SOURCE, close_rule
from pipeline.intake.taken_in import TakenIn
from pipeline.language.sentence import Sentence
from pipeline.outcomes.counts import AGES_DAYS, counts_of_bucket
from pipeline.privacy import mask

# What a row that tells a close is called by the label.
_ROWS: Mapping[str, str] = {
    "first_order": Sentence("orders"),
    "next_order": Sentence("orders"),
    "won_stage": Sentence("won stages"),
    "outcome": Sentence("won leads"),
}

# Why a row that tells a close is not used, and as what it is told.
_UNUSED = {
    "strangers": Sentence("of leads that are not in the list"),
    "quarantined": Sentence("quarantined"),
    "without_date": Sentence("without a date"),
}

# What else becomes of such rows.
_USED = ("used", "before_creation", "further", "no_lead", "no_open_lead", "lines", "no_close", "duplicates")

# Calls at an age are suspect if winners are so much more frequent among those called than among all leads, by
# the lower end of the interval: winners are called less, once they have bought.
_MORE, _LEAST_CALLED = 1.25, 10

# Calls between close and as-of are suspect where more leads have them: a contact with several deals has some.
_CALLED_SINCE = 0.05

# Words that are shown of a column: more of them are no words for an outcome.
_SHOWN_WORDS = 12


@dataclass(frozen=True)
class OutcomeAccount:
    """What became of the outcomes.

    Attributes:
        kind: ``first_order``, ``won_stage`` or ``outcome``.
        counts: rows that tell a close (``told``) and each thing that they became; and leads.
        words: how many rows hold each word of the outcome's column, where words tell it.
        strange_words: declared won words that no row holds.
        final: whether the label is the final outcome of leads that have matured.
        undated: whether that is so since no close has a date.
        notes: what else is to be said loudly.
    """

    kind: str
    counts: Mapping[str, int]
    words: Mapping[str, int]
    strange_words: tuple[str, ...]
    final: bool = False
    undated: bool = False
    notes: tuple[str, ...] = ()

    def lines(self) -> list[tuple[str, int]]:
        """The table: what, and how many; of what is not there no line, but for the first two."""
        rows, counts = _ROWS[self.kind], self.counts
        told: list[tuple[str, int]] = [(rows, counts["told"]), (self._used(rows), counts["used"])]
        more = [
            (Sentence("of these days of the lead list that no order row tells"), counts["days"]),
            (Sentence("of these without a date"), counts["undated"]),
            (
                Sentence("of these under an unknown lead, given to its customer's newest open one"),
                counts["by_customer"],
            ),
            (
                Sentence("{rows} of leads that closed before they were created", rows=rows),
                counts["before_creation"],
            ),
            (Sentence("further {rows} of leads that closed", rows=rows), counts["further"]),
            (Sentence("orders of customers, without a lead"), counts["no_lead"]),
            (
                Sentence("orders under an unknown lead, whose customer had no open one"),
                counts["no_open_lead"],
            ),
            (Sentence("further lines of an order"), counts["lines"]),
            (Sentence("won stages of leads that were undone: no close"), counts["no_close"]),
            (Sentence("identical duplicates"), counts["duplicates"]),
            *(
                (Sentence("not used: {rows} {why}", rows=rows, why=why), counts[name])
                for name, why in _UNUSED.items()
            ),
            (Sentence("{rows} of leads that are quarantined, or not drawn", rows=rows), counts["not_drawn"]),
            (Sentence("refunds: neither order nor close"), counts["refunds"]),
            (Sentence("leads without label: an outcome of theirs could not be used"), counts["unknown"]),
            (
                Sentence(
                    "leads with an order that cannot be used, or without a customer: "
                    "no label where it matters"
                ),
                counts["doubtful"],
            ),
            (Sentence("leads without an outcome"), counts["no_outcome"]),
            (Sentence("leads lost"), counts["lost"]),
            (Sentence("leads reopened after they were lost"), counts["reopened"]),
            (Sentence("leads won, in another stage since"), counts["undone"]),
        ]
        return told + [(what, number) for what, number in more if number]

    def _used(self, rows: str) -> Sentence:
        if self.final and self.undated:
            return Sentence("{rows} known without dates", rows=rows)
        if self.final:
            return Sentence("{rows} used as the final outcome of a lead", rows=rows)
        if self.kind == "next_order":
            return Sentence("{rows} used as a close of their customer", rows=rows)
        return Sentence("{rows} used as the close of a lead", rows=rows)

    def sentences(self) -> list[str]:
        """What is to be said loudly: declared words that no row holds, and no close at all."""
        said = list(self.notes)
        if self.strange_words:
            said.append(
                Sentence(
                    "no row holds {words}; {found}",
                    words=_quoted(self.strange_words),
                    found=self.found_words(),
                )
            )
        if unknown := self.counts["unknown"]:
            share = unknown / (unknown + self.counts["used"])
            said.append(
                Sentence(
                    "{unknown:,} leads have no label, since an outcome of theirs could not be used: close "
                    "rates are too low by at most {share:.1%} of themselves",
                    unknown=unknown,
                    share=share,
                )
            )
        if self.final:
            blind = Sentence(
                "A call after an undated close cannot be told from one before it, nor a lead that had closed "
                "by its as-of from an open one. {called}",
                called=self._called_winners(),
            )
            if self.undated:
                blind = Sentence(
                    "closes have no date: the label is the final outcome of leads that have matured. {blind}",
                    blind=blind,
                )
            said.append(blind)
        return said

    def _called_winners(self) -> Sentence:
        """Whether calls come after the close: by the dates that there are, or else by the leads' age."""
        closed, called = self.counts["closed_early"], self.counts["called_since"]
        if called and wilson_low(np.array([called]), np.array([closed]))[0] > _CALLED_SINCE:
            return Sentence(
                "Leak suspect: of {closed:,} leads that closed before their as-of, by "
                "the dates that there are, {called:,} were called between: where the date is missing such "
                "calls are learned from. Smaller cohort.days read fewer of them",
                closed=closed,
                called=called,
            )
        rate = self.counts["used"] / max(self.counts["leads"], 1)
        ages = (0, *AGES_DAYS)
        for start, end in pairwise(ages):
            called, won = (self.counts[f"{what}_by_{end}"] for what in ("called", "won_called"))
            if called >= _LEAST_CALLED and wilson_low(np.array([won]), np.array([called]))[0] > _MORE * rate:
                return Sentence(
                    "Leak suspect: of the {called:,} leads that were called {start} to {end} days after "
                    "their creation {won:.0%} were won, of all leads {rate:.0%}: are these calls "
                    "after the close? The latest cohort.days before them is {start}",
                    called=called,
                    start=start,
                    end=end,
                    won=won / called,
                    rate=rate,
                )
        return Sentence("At no age are winners called much more than others.")

    def found_words(self) -> Sentence:
        """The words that the column does hold."""
        words = sorted(self.words, key=lambda word: (-self.words[word], word))
        if not words:
            return Sentence("the column holds nothing")
        found = _quoted(tuple(mask(word) for word in words[:_SHOWN_WORDS]))
        if len(words) <= _SHOWN_WORDS:
            return Sentence("the column holds {found}", found=found)
        more = len(words) - _SHOWN_WORDS
        return Sentence("the column holds {found} and {more} more", found=found, more=more)


def _quoted(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(repr(word) for word in words)


def with_notes(account: OutcomeAccount, *notes: str | None) -> OutcomeAccount:
    """The same account with more to be said loudly, as far as there is any."""
    return replace(account, notes=(*account.notes, *filter(None, notes)))


def account_for(config: Config, taken: TakenIn) -> OutcomeAccount:
    """Count what became of the outcomes, over all buckets."""
    counts: Counter[str] = Counter()
    for found in taken.each(partial(counts_of_bucket, config=config)):
        counts.update(found)
    words: Counter[str] = Counter()
    for name in taken.told:
        kept = taken.store.find_words(name)
        words.update(kept.pop("words", {}))
        counts.update(kept)
    counts["not_drawn"] = counts["told"] - sum(counts[name] for name in (*_USED, *_UNUSED))
    return OutcomeAccount(
        config.label.close,
        counts,
        words,
        _not_held(config, words),
        final=has_final_outcome(config),
        undated=has_final_outcome(config) and config.label.closed_at is None,
    )


def _not_held(config: Config, words: Mapping[str, int]) -> tuple[str, ...]:
    label = config.label
    if label.close == "won_stage":
        return tuple(word for word in (*label.won_stages, *label.lost_stages) if word not in words)
    if label.close != "outcome" or not words:
        return ()
    won = close_rule(config).won
    held = pl.DataFrame({label.column or "": list(words)}).select(won).to_series()
    return () if held.any() else label.won_values


def check_outcomes(config: Config, account: OutcomeAccount) -> None:
    """Stop where more outcomes are without use than the configuration allows.

    Raises:
        ToleranceError: says what became of them.
    """
    asked = {"without_date"} if config.label.final_outcome is False else set()
    unused = {name: account.counts[name] for name in _UNUSED if account.counts[name] and name not in asked}
    share = sum(unused.values()) / max(account.counts["told"], 1)
    if share <= config.outcome_tolerance:
        return
    source = LABEL_SOURCE[account.kind]
    raise ToleranceError(
        Sentence(
            "{path}: {share:.1%} of the {told:,} {rows} are not used ({reasons}), more than the "
            "outcome_tolerance of {tolerance:.1%}; {used:,} are: mend the file, or raise outcome_tolerance",
            path=config.data_path(config.sources[source].path),
            share=share,
            told=account.counts["told"],
            rows=_ROWS[account.kind],
            reasons=tuple(
                Sentence("{count:,} {why}", count=number, why=_UNUSED[name])
                for name, number in unused.items()
            ),
            tolerance=config.outcome_tolerance,
            used=account.counts["used"],
        )
    )


def check_some_closes(config: Config, account: OutcomeAccount) -> None:
    """Refuse to train where no row holds a word that means a close.

    Raises:
        TrainingError: names the words that the column does hold.
    """
    if account.words and not account.counts["told"]:
        key = "won_stages" if account.kind == "won_stage" else "won_values"
        words = getattr(config.label, key)
        raise TrainingError(
            Sentence(
                "{path}: no row of {source} holds a word of label.{key} ({words}); {found}",
                path=config.path,
                source=LABEL_SOURCE[account.kind],
                key=key,
                words=_quoted(tuple(words)),
                found=account.found_words(),
            )
        )
