"""Find every cue in many sentences at once: words become numbers, and each step is taken for all sentences together.

A cue is looked for where its first two words stand in reach of each other, and followed from there. The work is
bounded by words x cues that share their first two words x the longest gap (9): no cue can blow up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.weak.cue_table import CueTable
from pipeline.weak.cues import Cue
from pipeline.weak.token_arrays import Tokens

IDIOM = -1
"""Owner of the cues that vote for nothing: they only take their words away from shorter cues."""

_NOWHERE = -1


class Match(NamedTuple):
    """Cue `cue` of labeling function number `owner` found at the token positions `at` (one an element, ascending)."""

    owner: int
    cue: Cue
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """k matches, in the order of the places of their first words.

    `owner`, `cue`, int64 (k,): their numbers; `at`, int64 (k, longest cue): the places of their elements, -1 behind the
    last; `last` (k,): the place of the last.
    """

    owner: np.ndarray
    cue: np.ndarray
    at: np.ndarray
    last: np.ndarray


class Matcher:
    """All cues of all labeling functions: `cues` by number, and beside them, int64, their `owners`."""

    def __init__(self, cues: Iterable[tuple[int, Cue]], exceptions: Iterable[tuple[int, Cue]] = ()):
        """Take (owner, cue) pairs that vote, and (owner, cue) pairs that only silence their owner where they match."""
        entries = [(*pair, False) for pair in cues] + [(*pair, True) for pair in exceptions]
        entries.sort(key=lambda entry: _looseness(entry[1]))  # the order of the matches of one first word
        self.cues = [cue for _, cue, _ in entries]
        self.owners = np.array([owner for owner, _, _ in entries], np.int64)
        self._silences = np.array([silences for _, _, silences in entries], bool)
        self._table = CueTable(self.cues)

    def find(self, tokens: Tokens) -> Found:
        """Return the matches that stand in some sentences.

        Where the first word of a cue belongs to a longer cue, idioms included, only the longer one stands; a labeling
        function's exceptions take away its own matches that they overlap.
        """
        ids = self._table.number(tokens)
        cue, at = self._locate(ids)
        stands = self._standing(cue, at, len(ids))
        cue, at = cue[stands], at[stands]
        return Found(self.owners[cue], cue, at, at[np.arange(len(cue)), self._table.sizes[cue] - 1])

    def _locate(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the cues found and the places of their elements (cues, longest cue), by place and cue.

        Every gap is as short as can be.
        """
        cue, first = self._candidates(ids)
        table = self._table
        at = np.full((len(cue), table.reach.shape[1]), _NOWHERE)
        at[:, 0] = first
        going = np.flatnonzero(table.accept(cue, 0, ids[first]))
        for k in range(1, at.shape[1]):
            going = going[(table.sizes[cue[going]] > k) & (at[going, k - 1] != _NOWHERE)]
            at[going, k] = self._follow(ids, cue[going], k, at[going, k - 1])
        complete = at[np.arange(len(cue)), table.sizes[cue] - 1] != _NOWHERE
        return cue[complete], at[complete]

    def _candidates(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the cues that may begin at a place, and the places, by place and cue, none twice."""
        found = [self._table.single(ids)]
        found += [self._table.anchored(ids, d) for d in range(1, min(self._table.farthest, len(ids) - 1) + 1)]
        candidates = np.concatenate([place * len(self.cues) + cue for place, cue in found])
        candidates.sort()
        place, cue = np.divmod(candidates[np.diff(candidates, prepend=-1) > 0], max(len(self.cues), 1))
        return cue, place

    def _follow(self, ids: np.ndarray, cue: np.ndarray, k: int, behind: np.ndarray) -> np.ndarray:
        """Return where element `k` of each cue stands first in reach behind a place, and before a clause ends."""
        found = np.full(len(cue), _NOWHERE)
        going = np.arange(len(cue))
        for step in range(1, int(self._table.reach[cue, k].max(initial=0)) + 1):
            going = going[self._table.reach[cue[going], k] >= step]
            place = behind[going] + step
            here = self._table.accept(cue[going], k, ids[place])
            found[going[here]] = place[here]
            going = going[~(here | self._table.ends[ids[place]])]
        return found

    def _standing(self, cue: np.ndarray, at: np.ndarray, n_places: int) -> np.ndarray:
        """Return which of the matches stand."""
        sizes, owners, silences = self._table.sizes[cue], self.owners[cue], self._silences[cue]
        longest = np.zeros(n_places, np.int64)
        for size in range(1, at.shape[1] + 1):
            longest[at[~silences & (sizes == size), :size]] = size
        stands = ~silences & (owners != IDIOM) & (longest[at[:, 0]] == sizes)
        taken = owners[:, None] * n_places + at  # one number for each owner and place
        silenced = np.isin(taken, taken[silences][at[silences] != _NOWHERE], kind="sort")
        return stands & ~(silenced & (at != _NOWHERE)).any(axis=1)


def _looseness(cue: Cue) -> int:
    """Return 0 for a cue of one word, 1 where the second stands beside the first, 2 where a gap may stand between."""
    return 0 if len(cue.words) == 1 else 1 + (cue.gaps[1] > 0)
