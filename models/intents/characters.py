"""Characters and their numbers."""

import sys

import numpy as np
import numpy.typing as npt

TURN = "\n"
_UTF32 = f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}"


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Its characters' numbers, (characters,); half of a surrogate pair counts as a question mark.

    >>> code_points("a价").tolist()
    [97, 20215]
    """
    return np.frombuffer(text.encode(_UTF32, "replace"), dtype=np.uint32)


def written(codes: npt.NDArray[np.uint32]) -> str:
    """The text that characters' numbers stand for.

    >>> written(code_points("a价"))
    'a价'
    """
    return codes.tobytes().decode(_UTF32)
