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
from pipeline.outcomes.counts import AGES_DAYS, counts_of_bucket
from pipeline.privacy import mask

# What a row that tells a close is called by the label.
_ROWS: Mapping[str, str] = {
    "first_order": "orders",
    "next_order": "orders",
    "won_stage": "won stages",
    "outcome": "won leads",
}

# Why a row that tells a close is not used, and as what it is told.
_UNUSED = {
    "strangers": "of leads that are not in the list",
    "quarantined": "quarantined",
    "without_date": "without a date",
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
        used = "used as the close of a lead"
        if self.kind == "next_order":
            used = "used as a close of their customer"
        if self.final:
            used = "known without dates" if self.undated else "used as the final outcome of a lead"
        told = [(rows, counts["told"]), (f"{rows} {used}", counts["used"])]
        more = [
            ("of these without a date", counts["undated"]),
            (
                "of these under an unknown lead, given to its customer's newest open one",
                counts["by_customer"],
            ),
            (f"{rows} of leads that closed before they were created", counts["before_creation"]),
            (f"further {rows} of leads that closed", counts["further"]),
            ("orders of customers, without a lead", counts["no_lead"]),
            ("orders under an unknown lead, whose customer had no open one", counts["no_open_lead"]),
            ("further lines of an order", counts["lines"]),
            ("won stages of leads that were undone: no close", counts["no_close"]),
            ("identical duplicates", counts["duplicates"]),
            *((f"not used: {rows} {why}", counts[name]) for name, why in _UNUSED.items()),
            (f"{rows} of leads that are quarantined, or not drawn", counts["not_drawn"]),
            ("refunds: neither order nor close", counts["refunds"]),
            ("leads without label: an outcome of theirs could not be used", counts["unknown"]),
            (
                "leads with an order that cannot be used, or without a customer: no label where it matters",
                counts["doubtful"],
            ),
            ("leads without an outcome", counts["no_outcome"]),
            ("leads lost", counts["lost"]),
            ("leads reopened after they were lost", counts["reopened"]),
            ("leads won, in another stage since", counts["undone"]),
        ]
        return told + [(what, number) for what, number in more if number]

    def sentences(self) -> list[str]:
        """What is to be said loudly: declared words that no row holds, and no close at all."""
        said = list(self.notes)
        if self.strange_words:
            said.append(f"no row holds {_quoted(self.strange_words)}; {self.found_words()}")
        if unknown := self.counts["unknown"]:
            share = unknown / (unknown + self.counts["used"])
            said.append(
                f"{unknown:,} leads have no label, since an outcome of theirs could not be used: close rates "
                f"are too low by at most {share:.1%} of themselves"
            )
        if self.final:
            what = "closes have no date: the label is the final outcome of leads that have matured. "
            said.append(
                f"{what if self.undated else ''}A call after an undated close cannot be told from one before "
                f"it, nor a lead that had closed by its as-of from an open one. {self._called_winners()}"
            )
        return said

    def _called_winners(self) -> str:
        """Whether calls come after the close: by the dates that there are, or else by the leads' age."""
        closed, called = self.counts["closed_early"], self.counts["called_since"]
        if called and wilson_low(np.array([called]), np.array([closed]))[0] > _CALLED_SINCE:
            return (
                f"Leak suspect: of {closed:,} leads that closed before their as-of, by "
                f"the dates that there are, {called:,} were called between: where the date is missing such "
                "calls are learned from. Smaller cohort.days read fewer of them"
            )
        rate = self.counts["used"] / max(self.counts["leads"], 1)
        ages = (0, *AGES_DAYS)
        for start, end in pairwise(ages):
            called, won = (self.counts[f"{what}_by_{end}"] for what in ("called", "won_called"))
            if called >= _LEAST_CALLED and wilson_low(np.array([won]), np.array([called]))[0] > _MORE * rate:
                return (
                    f"Leak suspect: of the {called:,} leads that were called {start} to {end} days after "
                    f"their creation {won / called:.0%} were won, of all leads {rate:.0%}: are these calls "
                    f"after the close? The latest cohort.days before them is {start}"
                )
        return "At no age are winners called much more than others."

    def found_words(self) -> str:
        """The words that the column does hold."""
        words = sorted(self.words, key=lambda word: (-self.words[word], word))
        more = f" and {len(words) - _SHOWN_WORDS} more" if len(words) > _SHOWN_WORDS else ""
        found = _quoted(tuple(mask(word) for word in words[:_SHOWN_WORDS])) or "nothing"
        return f"the column holds {found}{more}"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(repr(word) for word in words)


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
    reasons = ", ".join(f"{number:,} {_UNUSED[name]}" for name, number in unused.items())
    raise ToleranceError(
        f"{config.data_path(config.sources[source].path)}: {share:.1%} of the "
        f"{account.counts['told']:,} {_ROWS[account.kind]} are not used ({reasons}), more than the "
        f"outcome_tolerance of {config.outcome_tolerance:.1%}; {account.counts['used']:,} are: mend the "
        f"file, or raise outcome_tolerance"
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
            f"{config.path}: no row of {LABEL_SOURCE[account.kind]} holds a word of label.{key} "
            f"({_quoted(words)}); {account.found_words()}"
        )
