"""Character 1- and 2-grams of utterances as a sparse matrix, by table look-up over whole columns of text.

An utterance is written plainly and stands between two marks, so that its first and last characters
are features too. Each n-gram counts once, and rows have length one: what a row holds depends on its own
text alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.arrays import Floats, Ints
from models.intents.characters import code_points
from models.intents.plain_text import SPELLING, Spelling

MARK = "\n"
# Utterances that make a pair common.
SEVERAL = 3
_BEYOND = 0x110000


@dataclass(frozen=True)
class Ngrams:
    """A vocabulary of single characters and pairs.

    Attributes:
        characters: sorted, all different, the mark among them.
        pairs: sorted keys ``first * len(characters) + second`` of the known pairs.
        common: those that several utterances hold, which alone make another one familiar.
        spelling: how utterances are written.

    >>> seen = Ngrams.learn(["要", "不要"])
    >>> seen.size, seen.matrix(["不要", "他说不要"]).toarray().astype(bool).sum(axis=1).tolist()
    (7, [6, 5])
    """

    characters: str
    pairs: Ints
    common: Ints
    spelling: Spelling = SPELLING

    @classmethod
    def learn(cls, texts: Sequence[str], spelling: Spelling = SPELLING) -> "Ngrams":
        """The vocabulary of some utterances."""
        codes = _codes(texts, spelling)
        found = np.unique(codes)
        ids = np.searchsorted(found, codes).astype(np.int64)
        keys, times = np.unique(ids[:-1] * len(found) + ids[1:], return_counts=True)
        return cls("".join(map(chr, found.tolist())), keys, keys[times >= SEVERAL], spelling)

    @property
    def size(self) -> int:
        """How many features there are."""
        return len(self.characters) + len(self.pairs)

    @cached_property
    def _id_of(self) -> npt.NDArray[np.int32]:
        table = np.full(_BEYOND, -1, dtype=np.int32)
        table[[ord(c) for c in self.characters]] = np.arange(len(self.characters), dtype=np.int32)
        return table

    def matrix(self, texts: Sequence[str]) -> sparse.csr_array:
        """The utterances' features, (utterances, size), float32.

        A row without any known n-gram but the mark is nearly empty; it is never an error.
        """
        codes = _codes(texts, self.spelling)
        ids = self._id_of[codes]
        # A mark ends one utterance and begins the next; of the turns' pairs none crosses it.
        ends = np.flatnonzero(codes == ord(MARK))
        left, right = ids[:-1], ids[1:]
        keys = self._keys(left, right)
        place = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        columns = np.stack([left, len(self.characters) + place], axis=1).astype(np.int32)
        known = np.stack([left >= 0, self.pairs[place] == keys], axis=1)
        starts = np.concatenate([[0], np.cumsum(known.sum(axis=1))])[ends].astype(np.int32)
        return _once(columns[known], starts, (len(texts), self.size))

    def familiar(self, texts: Sequence[str]) -> Floats:
        """The share of each utterance's pairs, the marks at its ends among them, that are common.

        >>> Ngrams.learn(["要", "要", "要", "不要"]).familiar(["要", "不要", "x"]).round(2).tolist()
        [1.0, 0.33, 0.0]
        """
        codes = _codes(texts, self.spelling)
        ids = self._id_of[codes]
        ends = np.flatnonzero(codes == ord(MARK))
        known = np.isin(self._keys(ids[:-1], ids[1:]), self.common)
        return np.asarray(np.diff(np.concatenate([[0], np.cumsum(known)])[ends]) / np.diff(ends))

    def _keys(self, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]) -> Ints:
        """The keys of pairs; none is known if a character of it is not."""
        keys = left.astype(np.int64) * len(self.characters) + right
        return np.where((left >= 0) & (right >= 0), keys, -1)


def _codes(texts: Sequence[str], spelling: Spelling) -> npt.NDArray[np.uint32]:
    return code_points(MARK + "".join(text + MARK for text in spelling.write(texts)))


def _once(
    columns: npt.NDArray[np.int32], starts: npt.NDArray[np.int32], shape: tuple[int, int]
) -> sparse.csr_array:
    found = sparse.csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=shape)
    found.sum_duplicates()
    counts = np.diff(found.indptr)
    found.data = np.repeat((1.0 / np.sqrt(np.maximum(counts, 1))).astype(np.float32), counts)
    return found
