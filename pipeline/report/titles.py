"""Titles of what people read."""

from pipeline.language.sentence import Sentence


def title_of(name: str, simulation: bool) -> str:
    """The heading of every result; a made-up world says so."""
    return Sentence("{name} (simulation)", name=name) if simulation else name
