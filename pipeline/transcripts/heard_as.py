"""Calls are heard as a scorer's were in its training, though today's words and rules are others."""

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from models.intents.versions import FORMER
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.transcripts.hearing import read_hearing

_KEY = ["lead_id", "as_of"]


def heard_as(config: Config, recogniser: str) -> Config:
    """The configuration by which calls are heard as they were for a scorer.

    It is the same where they are heard so anyway, where the log told all, and where nothing here hears so:
    then the scorer refuses them.

    Args:
        config: the configuration.
        recogniser: fingerprint of what heard the scorer's calls; empty if the log told all itself.

    Raises:
        ConfigError: the configuration's recogniser cannot be read.
    """
    for version in (None, *FORMER) if recogniser else ():
        intents = config.intents.model_copy(update={"version": version})
        asked = config.model_copy(update={"intents": intents})
        if read_hearing(asked).fingerprint == recogniser:
            return asked
    return config


class Scores(Protocol):
    """What scores rows of the matrix."""

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """As ``LeadScorer.score``."""


@dataclass(frozen=True)
class HeardOtherwise:
    """A scorer that answers for rows whose calls were heard in another way than it was taught with.

    Attributes:
        scorer: the scorer.
        frame: the same rows, and maybe more, as it was taught to hear them.
    """

    scorer: LeadScorer
    frame: pd.DataFrame

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """As ``LeadScorer.score``, on the frame's index.

        Raises:
            ValueError: there are other rows than its own.
        """
        own = self.frame.drop_duplicates(_KEY).set_index(_KEY)
        places = own.index.get_indexer(pd.MultiIndex.from_frame(frame[_KEY]))
        if (places < 0).any():
            raise ValueError("calls that are heard as it was taught make other rows")
        return self.scorer.score(own.iloc[places]).set_axis(frame.index)
