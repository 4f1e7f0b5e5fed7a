"""As of when a list is graded."""

from datetime import datetime

from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.intake.outcomes import complete_until
from pipeline.language.sentence import Sentence
from pipeline.reading.ingest import latest_event
from pipeline.values.times import EARLIEST


def check_as_of(config: Config, as_of: datetime) -> None:
    """Refuse an as-of of which nothing can be known.

    Raises:
        ConfigError: it is in the future, or before all events that are read.
    """
    if as_of > latest_event(config):
        raise ConfigError(
            Sentence(
                "--as-of {as_of:%Y-%m-%d %H:%M}Z is in the future: nothing is known of it; "
                "choose an earlier one",
                as_of=as_of,
            )
        )
    if as_of < EARLIEST:
        raise ConfigError(
            Sentence(
                "--as-of {isoformat} is before 1990, as no event is: choose a later one",
                isoformat=as_of.isoformat(),
            )
        )


def export_time(config: Config, latest: datetime | None, now: datetime) -> datetime:
    """As of when a list is graded if nobody says: its export, or up to when outcomes are known.

    Args:
        config: the configuration.
        latest: the latest row of the label's source, from ``outcomes.latest_known``.
        now: for a flat list that does not say when it was exported.
    """
    exported_at = config.sources["leads"].exported_at
    if exported_at is not None or config.flat:
        return exported_at or now
    return complete_until(config, latest)
