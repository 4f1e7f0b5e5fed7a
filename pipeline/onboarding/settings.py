"""A source as the configuration says it, with what is unsure of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """A source as the configuration says it.

    Attributes:
        told: the source's keys and values.
        unsure: what is to be looked at.
        commented: lines that stand there as comments, to be taken.
    """

    told: dict[str, object]
    unsure: list[str] = field(default_factory=list)
    commented: list[str] = field(default_factory=list)
