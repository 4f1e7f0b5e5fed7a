"""Character 1- and 2-grams of utterances as a sparse matrix, by table look-up over whole columns of text.

An utterance is written plainly and stands between two marks, so that its first and last characters
are features too. Each n-gram counts once, and a row has length one if all of its n-grams are known, and is the
shorter the fewer are: of words never seen it says little. What a row holds depends on its own text alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from models.arrays import Floats, Ints
from models.intents.characters import code_points
from models.intents.plain_text import plain_text

MARK = "\n"
SEVERAL = 3
_BEYOND = 0x110000


@dataclass(frozen=True)
class Ngrams:
    """A vocabulary of single characters and pairs.

    Attributes:
        characters: sorted, all different, the mark among them.
        pairs: sorted keys ``first * len(characters) + second`` of the known pairs.
        common: those of them that several utterances hold, which alone make another one familiar.

    >>> seen = Ngrams.learn(["要", "不要"])
    >>> seen.size, seen.matrix(["不要", "他说不要"]).toarray().astype(bool).sum(axis=1).tolist()
    (7, [6, 5])
    """

    characters: str
    pairs: Ints
    common: Ints

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Ngrams":
        """The vocabulary of some utterances."""
        codes = _codes(texts)
        found = np.unique(codes)
        ids = np.searchsorted(found, codes).astype(np.int64)
        keys, times = np.unique(ids[:-1] * len(found) + ids[1:], return_counts=True)
        return cls("".join(map(chr, found.tolist())), keys, keys[times >= SEVERAL])

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
        codes = _codes(texts)
        ids = self._id_of[codes]
        # A mark ends one utterance and begins the next; of the turns' pairs none crosses it.
        ends = np.flatnonzero(codes == ord(MARK))
        left, right = ids[:-1], ids[1:]
        keys = np.where((left >= 0) & (right >= 0), left.astype(np.int64) * len(self.characters) + right, -1)
        place = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        columns = np.stack([left, len(self.characters) + place], axis=1).astype(np.int32)
        known = np.stack([left >= 0, self.pairs[place] == keys], axis=1)
        starts = np.concatenate([[0], np.cumsum(known.sum(axis=1))])[ends].astype(np.int32)
        unknown = np.diff(np.concatenate([[0], np.cumsum((~known).sum(axis=1))])[ends])
        return _once(columns[known], starts, unknown, (len(texts), self.size))

    def familiar(self, texts: Sequence[str]) -> Floats:
        """The share of each utterance's pairs that are common; with the marks every utterance has one."""
        codes = _codes(texts)
        ids = self._id_of[codes]
        keys = np.where(
            (ids[:-1] >= 0) & (ids[1:] >= 0), ids[:-1].astype(np.int64) * len(self.characters) + ids[1:], -1
        )
        place = np.minimum(np.searchsorted(self.common, keys), max(len(self.common) - 1, 0))
        is_common = self.common[place] == keys if len(self.common) else np.zeros(len(keys), dtype=np.bool_)
        ends = np.flatnonzero(codes == ord(MARK))
        known = np.diff(np.concatenate([[0], np.cumsum(is_common)])[ends])
        return np.asarray(known / np.diff(ends), dtype=np.float64)


def _codes(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    return code_points(MARK + "".join(text + MARK for text in plain_text(texts)))


def _once(
    columns: npt.NDArray[np.int32], starts: npt.NDArray[np.int32], unknown: Ints, shape: tuple[int, int]
) -> sparse.csr_array:
    found = sparse.csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=shape)
    found.sum_duplicates()
    counts = np.diff(found.indptr)
    length = 1.0 / np.sqrt(np.maximum(counts + unknown, 1))
    found.data = np.repeat(length.astype(np.float32), counts)
    return found
