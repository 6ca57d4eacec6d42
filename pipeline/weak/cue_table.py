"""Cues as numbers: what `pipeline.weak.matcher` looks up for many words at once."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from pipeline.weak.cues import Cue
from pipeline.weak.key_index import KeyIndex, spread
from pipeline.weak.token_arrays import Tokens, WordTable
from pipeline.weak.words import words

# no gap of a cue reaches over these: a clause ends, or another negation begins
CLAUSE_ENDS = frozenset([",", ";", ":", ".", "?", "!", "(", ")", "--", "-", "..", "..."]) | words(
    "but although though while fail fails failed refuse refuses refused hesitate hesitates hesitated"
)

_UNKNOWN, _EDGE = 0, 1
"""Numbers of a word that no cue has, and of what stands before and behind every sentence."""


class CueTable:
    """n cues of at most m elements.

    `sizes` (n,): how many elements; `reach` (n, m): how many words behind the element before it an element may stand.
    `ends`: for each word number whether the word ends a clause. `farthest`: how many words behind the first word of
    any cue its second may stand.
    """

    def __init__(self, cues: Sequence[Cue]):
        """Number the words and the elements of the cues; equal elements share a number."""
        elements = {words: k for k, words in enumerate(dict.fromkeys(words for cue in cues for words in cue.words))}
        self.sizes = np.array([len(cue.words) for cue in cues], np.int64)
        self.reach = _matrix([[gap + 1 for gap in cue.gaps] for cue in cues])
        self._elements = _matrix([[elements[words] for words in cue.words] for cue in cues])
        self._numbers = {word: k for k, word in enumerate(sorted(CLAUSE_ENDS.union(*elements)), _EDGE + 1)}
        self._numbered = WordTable(self._number)
        self._n_words = _EDGE + 1 + len(self._numbers)
        self.ends = np.zeros(self._n_words, bool)
        self.ends[[_EDGE, *map(self._numbers.__getitem__, CLAUSE_ENDS)]] = True
        self._index([[self._numbers[word] for word in words] for words in elements])

    def number(self, tokens: Tokens) -> np.ndarray:
        """Return the number of the word at each place, int64 (places,)."""
        return self._numbered.of(tokens)[tokens.ids]

    def single(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return places in `ids` and the cues of one word that stand there."""
        return self._singles.look_up(ids)

    def anchored(self, ids: np.ndarray, distance: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the longer cues whose anchor stands in `ids`, its two words `distance` apart, and where they begin."""
        at = np.flatnonzero((self._opens[ids[:-distance]] >= distance) & (self._closes[ids[distance:]] >= distance))
        place, cue = self._anchors.look_up(ids[at] * self._n_words + ids[at + distance])
        begin = at[place] - self._anchor[cue]
        fits = (self.reach[cue, self._anchor[cue] + 1] >= distance) & (begin > 0)
        return begin[fits], cue[fits]

    def accept(self, cues: np.ndarray, k: int, ids: np.ndarray) -> np.ndarray:
        """Return for each cue whether its element `k` may be the word beside it."""
        accepted = np.zeros(len(cues), bool)
        accepted[self._members.find(self._elements[cues, k] * self._n_words + ids)[0]] = True
        return accepted

    def _number(self, words: list[str]) -> np.ndarray:
        return np.array([self._numbers.get(word, _UNKNOWN if word else _EDGE) for word in words], np.int64)

    def _index(self, elements: list[list[int]]) -> None:
        sizes = np.array([len(words) for words in elements], np.int64)
        starts = np.cumsum(sizes) - sizes
        words = np.fromiter(chain.from_iterable(elements), np.int64, sizes.sum())
        owner, _ = spread(np.arange(len(elements)), sizes)
        self._members = KeyIndex(owner * self._n_words + words, owner)

        alone = np.flatnonzero(self.sizes == 1)
        cue, nth = spread(alone, sizes[self._elements[alone, 0]])
        self._singles = KeyIndex(words[starts[self._elements[cue, 0]] + nth], cue)

        longer = np.flatnonzero(self.sizes > 1)
        self._anchor = self._choose_anchors(owner, words)
        left, right = (self._elements[longer, self._anchor[longer] + side] for side in (0, 1))
        pair, nth = spread(np.arange(len(longer)), sizes[left] * sizes[right])
        of_left, of_right = np.divmod(nth, sizes[right][pair])
        first, second = words[starts[left][pair] + of_left], words[starts[right][pair] + of_right]
        self._anchors = KeyIndex(first * self._n_words + second, longer[pair])
        apart = self.reach[longer, self._anchor[longer] + 1]
        self.farthest = int(apart.max(initial=0))
        self._opens, self._closes = np.zeros((2, self._n_words), np.int64)
        np.maximum.at(self._opens, first, apart[pair])
        np.maximum.at(self._closes, second, apart[pair])

    def _choose_anchors(self, owner: np.ndarray, words: np.ndarray) -> np.ndarray:
        """Return for each cue which element, together with the next, is looked for: the two of the rarest word.

        No gap may stand before them, so that it is known where the cue would begin. A word that many cues have is
        taken to be common.
        """
        used = np.arange(self._elements.shape[1]) < self.sizes[:, None]
        uses = np.bincount(self._elements[used], minlength=owner.max(initial=-1) + 1)
        commonness = np.bincount(owner, np.bincount(words, uses[owner])[words])
        of_element = np.where(used, commonness[self._elements], np.inf)
        of_pair = np.minimum(of_element[:, :-1], of_element[:, 1:])
        whole = np.cumprod(self.reach[:, :-1] <= 1, axis=1) > 0  # no gap before the pair
        return np.where(whole & used[:, 1:], of_pair, np.inf).argmin(axis=1)


def _matrix(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Return rows of different lengths as one matrix of at least two columns, filled up with zeros."""
    sizes = np.array([len(row) for row in rows], np.int64)
    matrix = np.zeros((len(rows), max([2, *map(len, rows)])), np.int64)
    matrix[np.arange(matrix.shape[1]) < sizes[:, None]] = list(chain.from_iterable(rows))
    return matrix
