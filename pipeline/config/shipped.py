"""The files that come with leadgrade: the demo's configuration and the rule schemes."""

from importlib.resources import files
from pathlib import Path


def shipped(name: str) -> Path:
    """The path of a shipped file or folder, in a checkout, an editable install and a wheel alike.

    Args:
        name: below ``configs``.

    Example:
        >>> shipped("schemes").is_dir(), shipped("demo.yaml").suffix
        (True, '.yaml')
    """
    return Path(str(files("configs").joinpath(name)))
