"""A registered scorer, as its version in the registry describes it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Version:
    """A registered scorer.

    Attributes:
        name: of the registered model.
        number: of the version.
        fingerprint: of the scorer.
        run_id: of the run that trained it.
        fitted_until: it learned from nothing at this as-of or later: an instant, or in a list without dates
            a row number; none where the training did not say.
    """

    name: str
    number: int
    fingerprint: str
    run_id: str
    fitted_until: datetime | int | None

    def __str__(self) -> str:
        """As graded lists name it: ``leadgrade/3``."""
        return f"{self.name}/{self.number}"


def read_version(found: Any) -> Version:  # noqa: ANN401 - mlflow has no types
    """What MLflow's ``ModelVersion`` says."""
    return Version(
        name=str(found.name),
        number=int(found.version),
        fingerprint=str(found.tags.get("scorer", "")),
        run_id=str(found.run_id),
        fitted_until=_read(found.tags.get("fitted_until", "")),
    )


def tag_text(place: datetime | int) -> str:
    """An as-of as the text of a tag.

    Example:
        >>> tag_text(datetime(2025, 11, 1, tzinfo=UTC)), written(4200)
        ('2025-11-01T00:00:00+00:00', '4200')
    """
    return place.astimezone(UTC).isoformat() if isinstance(place, datetime) else str(place)


def _read(text: str) -> datetime | int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() else datetime.fromisoformat(text)
