"""Today's lexicon, and the former ones that scorers and recognisers in use were taught with.

Whoever changes a word of today's gives it the next version, and keeps the former whole in a module of its
own: ``tests/pipeline/tracking/test_old_files.py`` falls until that is done.
"""

from functools import cache

from models.intents.former.lexicon_2 import SECOND
from models.intents.former.lexicon_3 import THIRD
from models.intents.lexicon import Lexicon

TODAY = 5
# The fourth read transcripts otherwise, by the words of the third.
FORMER = {2: SECOND, 3: THIRD, 4: THIRD}


@cache
def lexicon_of(version: int) -> Lexicon:
    """The lexicon of a version.

    >>> lexicon_of(2).cues.keys() ^ lexicon_of(3).cues.keys()
    {'leaves'}
    """
    return FORMER[version] if version in FORMER else Lexicon.shipped()


def lexicon_with(fingerprint: str) -> Lexicon:
    """The lexicon that has a fingerprint.

    Raises:
        ValueError: none has it.
    """
    found = (lexicon_of(version) for version in (TODAY, *FORMER))
    for lexicon in found:
        if lexicon.fingerprint == fingerprint:
            return lexicon
    raise ValueError("its lexicon is another than this program's: train again")
