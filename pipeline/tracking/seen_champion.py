"""Who was champion when the registry last answered: noted beside its copy, for when it does not."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from pipeline.config.config import Config
from pipeline.errors import OutputError
from pipeline.output import write_text
from pipeline.targets import FETCHED, Target, claim
from pipeline.tracking.versions import Version

_NAME = "champion.json"


@dataclass(frozen=True)
class SeenChampion:
    """The champion as it was seen.

    Attributes:
        version: its name in graded lists.
        fingerprint: of its scorer.
        at: when the registry said so.
        model: the registered model that it is of.
    """

    version: str
    fingerprint: str
    at: str
    model: str

    @classmethod
    def of(cls, config: Config, version: Version) -> Self:
        """A version that is champion now."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%MZ")
        return cls(str(version), version.fingerprint, now, config.tracking.registered_model)


def keep_seen(config: Config, seen: SeenChampion) -> None:
    """Note who is champion; a folder that cannot be written to is no reason to grade nothing."""
    try:
        write_text(json.dumps(asdict(seen)), _path(config))
    except OutputError:
        return


def forget_seen(config: Config) -> None:
    """Note that another one may be champion by now."""
    _path(config).unlink(missing_ok=True)


def find_seen(config: Config) -> SeenChampion | None:
    """Who was champion when the registry last answered; none if that is not known of this model."""
    try:
        found = SeenChampion(**json.loads(_path(config).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.model == config.tracking.registered_model else None


def _path(config: Config) -> Target:
    return Target(claim(config, FETCHED) / _NAME)
