"""Titles of what people read."""


def title_of(name: str, simulation: bool) -> str:
    """The heading of every result; a made-up world says so."""
    return f"{name} (simulation)" if simulation else name
