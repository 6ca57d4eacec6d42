"""What labeling functions of batches ask of many sentences at once: which words stand where, which hits come first."""

from collections.abc import Iterable, Sequence

import numpy as np

from pipeline.base.stances import ABSTAIN, NEUTRAL
from pipeline.weak.cues.token_arrays import Tokens, WordTable
from pipeline.weak.lfs.lf import check_words
from pipeline.weak.lfs.parse import Parses

_CLEAR = 0.45


class WordSet:
    """Words that are looked for in many sentences at once. Places are those of the sentences' `tokens`."""

    def __init__(self, words: Iterable[str]):
        """Take lower-case words; raise LFError for one that no sentence can have."""
        own = frozenset(words)
        check_words(sorted(own), "WordSet")
        self._table = WordTable(lambda new: np.array([word in own for word in new], bool))

    def places(self, tokens: Tokens) -> np.ndarray:
        """Return where one of the words stands, int64, ascending."""
        return np.flatnonzero(self._table.of(tokens)[tokens.ids])

    def near(self, tokens: Tokens, places: np.ndarray, steps: Sequence[int]) -> np.ndarray:
        """Return for each place whether one of the words stands one of these steps behind it, in its sentence."""
        at, _ = tokens.around(places, steps)
        return self._table.of(tokens)[tokens.ids[at]].any(axis=1)

    def rows(self, tokens: Tokens) -> np.ndarray:
        """Return for each sentence whether it has one of the words."""
        return rows_of(tokens, self.places(tokens))


def rows_of(tokens: Tokens, places: np.ndarray) -> np.ndarray:
    """Return for each sentence whether one of some places is in it."""
    found = np.zeros(len(tokens), bool)
    found[tokens.rows[places]] = True
    return found


def clear_hits(parses: Parses) -> np.ndarray:
    """Return the numbers of the hits that are clear cues of agreement or opposition."""
    return np.flatnonzero((parses.hits.strength >= _CLEAR) & (parses.hits.stance != NEUTRAL))


def stances_of(parses: Parses, hits: np.ndarray) -> np.ndarray:
    """Return the stance that a hit has for each sentence, ABSTAIN where there is none; of several, the first."""
    stances = np.full(len(parses), ABSTAIN)
    stances[parses.hits.row[hits[::-1]]] = parses.hits.stance[hits[::-1]]
    return stances


def opening_stances(parses: Parses, within: int) -> np.ndarray:
    """Return the stance of the first clear hit of each sentence where it stands up to a position, ABSTAIN elsewhere."""
    clear = clear_hits(parses)
    first = clear[np.diff(parses.hits.row[clear], prepend=-1) != 0]
    return stances_of(parses, first[parses.positions[first] <= within])


def votes_where(chosen: np.ndarray, stance: int) -> np.ndarray:
    """Return a stance for each chosen sentence, ABSTAIN for the others."""
    return np.where(chosen, stance, ABSTAIN)
