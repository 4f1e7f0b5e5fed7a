"""What a configuration says of people: what may be named, and by which key they are told apart."""

from typing import Annotated

from pydantic import Field

from pipeline.config.strict import Strict


class Privacy(Strict):
    """What of people may stand in a scorer, in the store and in pictures.

    Attributes:
        rare_below: a text that fewer leads share has no name of its own there, and numbers stand between
            groups of so many leads.
        key: the file with the key by which agents are told apart there without their names, relative to the
            configuration's file; it is made where it is missing, and stays with the team.
        allowed: attributes that look as if they named single people, and are meant all the same.
    """

    rare_below: Annotated[int, Field(ge=1, le=1000)] = 5
    key: Annotated[str, Field(min_length=1)] = "leadgrade.key"
    allowed: tuple[str, ...] = ()
