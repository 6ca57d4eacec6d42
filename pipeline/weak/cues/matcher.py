"""Find every cue in many sentences at once: words become numbers, and each step is taken for all sentences together.

A cue is looked for where its first two words stand in reach of each other, and followed from there. The work is
bounded by words x cues that share their first two words x the longest gap (9): no cue can blow up.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from pipeline.weak.cues.language import Cue, words
from pipeline.weak.cues.tokens import Tokens, WordTable

_PREFIXED = re.compile(r"(re-|pre-|co-|de-|dis-?)((?<=-).+|(?!c)(?=.{7}).+(?:e[ds]?|ing))")
_TURNING = ("de-", "dis-", "dis")
"""Words that stand in no cue are taken for those that they are derived from: "re-endorse", "disendorse"."""

_VALUE_BITS = 23
_ROOM = 8  # slots for each key
_MULTIPLIER, _SHIFT = 0x9E3779B1, 12  # 2**32 / golden ratio, odd: Fibonacci hashing

# no gap of a cue reaches over these: a clause ends, or another negation begins
CLAUSE_ENDS = frozenset([",", ";", ":", ".", "?", "!", "(", ")", "--", "-", "..", "..."]) | words(
    "but although though while fail fails failed refuse refuses refused hesitate hesitates hesitated"
)

_UNKNOWN, _EDGE = 0, 1
"""Numbers of a word that no cue has, and of what stands before and behind every sentence."""

IDIOM, NAME = -1, -2
"""Owners of the cues that vote for nothing. An idiom takes its words away from shorter cues that begin on one of them;
a name takes its words away from every cue ("the opening of the Friendship Bridge")."""

_NOWHERE = -1


class KeyIndex:
    """Keys (integers from 0 to 2**40 - 1), each with one value or several (integers from 0 to 2**23 - 1)."""

    def __init__(self, keys: np.ndarray, values: np.ndarray):
        """Take the pairs (keys[i], values[i]) in any order."""
        pairs = np.sort(keys << _VALUE_BITS | values)
        keys = pairs >> _VALUE_BITS
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        self._mask = (1 << (_ROOM * len(first)).bit_length()) - 1
        slots = self._slot(keys[first])
        by_slot = np.argsort(slots, kind="stable")
        self._values = pairs & ((1 << _VALUE_BITS) - 1)
        self._first = first[by_slot]
        self._sizes = np.diff(first, append=len(pairs))[by_slot]
        in_slot = np.bincount(slots, minlength=self._mask + 1)
        self._used = in_slot > 0  # few numbers that are no key come past this
        self._start = (np.cumsum(in_slot) - in_slot).astype(np.int32)
        self._deepest = max(1, int(np.max(in_slot)))
        self._keys = np.append(keys[self._first], np.full(self._deepest, -1))  # whatever slot is read on from

    def find(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the places in `wanted` (n,) that hold a key, and which key each of these is; int64 (k,) both."""
        slots = self._slot(wanted)
        at = np.flatnonzero(self._used[slots])
        key = self._start[slots[at]]
        found = [self._check(wanted, at, key + nth) for nth in range(self._deepest)]
        places, keys = zip(*found, strict=True)
        return np.concatenate(places), np.concatenate(keys)

    def look_up(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return places in `wanted` (n,) and values, int64 (k,) both: a pair for each value of the key there."""
        at, key = self.find(wanted)
        cell, nth = spread(self._first[key], self._sizes[key])
        return np.repeat(at, self._sizes[key]), self._values[cell + nth]

    def _check(self, wanted: np.ndarray, at: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        same = np.flatnonzero(self._keys[key] == wanted[at])
        return at[same], key[same]

    def _slot(self, keys: np.ndarray) -> np.ndarray:
        return (keys * _MULTIPLIER >> _SHIFT) & self._mask


def spread(numbers: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Repeat each of `numbers` (n,) `times` (n,) times; return them, int (sum,), and their count so far, int (sum,)."""
    before = np.repeat(np.cumsum(times) - times, times)
    return np.repeat(numbers, times), np.arange(len(before)) - before


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
        self._numbered, self._turned = WordTable(self._number), WordTable(self._is_turned)
        self._n_words = _EDGE + 1 + len(self._numbers)
        self.ends = np.zeros(self._n_words, bool)
        self.ends[[_EDGE, *map(self._numbers.__getitem__, CLAUSE_ENDS)]] = True
        self._index([[self._numbers[word] for word in words] for words in elements])

    def number(self, tokens: Tokens) -> np.ndarray:
        """Return the number of the word at each place, int64 (places,)."""
        return self._numbered.of(tokens)[tokens.ids]

    def single(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return places in `ids` (places,), int64 (k,), and the cues of one word there, int64 (k,)."""
        return self._singles.look_up(ids)

    def anchored(self, ids: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield starts and cues, int64 (k,) each, of anchor words that stand in `ids` (n,); the nearest first."""
        opens, closes = self._opens[ids], self._closes[ids]
        for distance in range(1, min(self.farthest, len(ids) - 1) + 1):
            at = np.flatnonzero((opens[:-distance] >= distance) & (closes[distance:] >= distance))
            place, cue = self._anchors.look_up(ids[at] * self._n_words + ids[at + distance])
            begin = at[place] - self._anchor[cue]
            fits = (self.reach[cue, self._anchor[cue] + 1] >= distance) & (begin > 0)
            yield begin[fits], cue[fits]

    def accept(self, cues: np.ndarray, k: int, ids: np.ndarray) -> np.ndarray:
        """Return bool (n,): whether element `k` of each of `cues` (n,) may be the word in `ids` (n,)."""
        accepted = np.zeros(len(cues), bool)
        accepted[self._members.find(self._elements[cues, k] * self._n_words + ids)[0]] = True
        return accepted

    def turned(self, tokens: Tokens) -> np.ndarray:
        """Return bool (tokens,): whether the prefix of a word reverses a word of a cue ("disendorse")."""
        return self._turned.of(tokens)[tokens.ids]

    def _number(self, words: list[str]) -> np.ndarray:
        return np.array([self._of_word(word) for word in words], np.int64)

    def _of_word(self, word: str) -> int:
        if word in self._numbers:
            return self._numbers[word]
        return self._numbers.get(_base(word)[0], _UNKNOWN) if word else _EDGE

    def _is_turned(self, words: list[str]) -> np.ndarray:
        bases = [("", False) if word in self._numbers else _base(word) for word in words]
        return np.array([turns and base in self._numbers for base, turns in bases], bool)

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
        self._opens, self._closes = np.zeros((2, self._n_words), np.int8)
        np.maximum.at(self._opens, first, apart[pair].astype(np.int8))
        np.maximum.at(self._closes, second, apart[pair].astype(np.int8))

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


def _base(word: str) -> tuple[str, bool]:
    """Return what a prefix stands before, "" where none does, and whether it turns that round."""
    found = _PREFIXED.fullmatch(word)
    return (found[2], found[1] in _TURNING) if found else ("", False)


def _matrix(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Return rows of different lengths as one matrix of at least two columns, filled up with zeros."""
    sizes = np.array([len(row) for row in rows], np.int64)
    matrix = np.zeros((len(rows), max([2, *map(len, rows)])), np.int64)
    matrix[np.arange(matrix.shape[1]) < sizes[:, None]] = list(chain.from_iterable(rows))
    return matrix


class Match(NamedTuple):
    """Cue `cue` of labeling function number `owner` found at the token positions `at` (one an element, ascending)."""

    owner: int
    cue: Cue
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """k matches, in the order of the places of their first words.

    `owner`, `cue`, int64 (k,): their numbers; `at`, int64 (k, longest cue): the places of their elements, -1 behind the
    last; `last` (k,): the place of the last; `turned` (k,): whether a prefix turns it round.
    """

    owner: np.ndarray
    cue: np.ndarray
    at: np.ndarray
    last: np.ndarray
    turned: np.ndarray


class Matcher:
    """All cues of all labeling functions: `cues` by number, and beside them, int64, their `owners`."""

    def __init__(self, cues: Iterable[tuple[int, Cue]], exceptions: Iterable[tuple[int, Cue]] = ()):
        """Take (owner, cue) pairs that vote, and (owner, cue) pairs that only suppress their owner where they match."""
        entries = [(*pair, False) for pair in cues] + [(*pair, True) for pair in exceptions]
        entries.sort(key=lambda entry: _looseness(entry[1]))  # the order of the matches of one first word
        self.cues = [cue for _, cue, _ in entries]
        self.owners = np.array([owner for owner, _, _ in entries], np.int64)
        self._suppresses = np.array([suppresses for _, _, suppresses in entries], bool)
        self._table = CueTable(self.cues)

    def find(self, tokens: Tokens) -> Matches:
        """Return the matches that stand in some sentences.

        Where the first word of a cue belongs to a longer cue, idioms included, only the longer one stands; a labeling
        function's exceptions take away its own matches that they overlap.
        """
        ids, turned = self._table.number(tokens), self._table.turned(tokens)
        cue, at = self._locate(ids)
        whole = ~turned[at[:, 1:]].any(axis=1)  # what is turned round is no part of a phrase
        cue, at = cue[whole], at[whole]
        stands = self._standing(cue, at, len(ids))
        cue, at = cue[stands], at[stands]
        last = at[np.arange(len(cue)), self._table.sizes[cue] - 1]
        return Matches(self.owners[cue], cue, at, last, turned[at[:, 0]])

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
        found = [self._table.single(ids), *self._table.anchored(ids)]
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
        sizes, owners, suppresses = self._table.sizes[cue], self.owners[cue], self._suppresses[cue]
        longest = np.zeros(n_places, np.int64)
        for size in range(1, at.shape[1] + 1):
            longest[at[~suppresses & (sizes == size), :size]] = size
        stands = ~suppresses & (owners >= 0) & (longest[at[:, 0]] == sizes)
        named = np.zeros(n_places, bool)
        of_names = at[owners == NAME]
        named[of_names[of_names != _NOWHERE]] = True
        excepted = np.zeros(n_places, bool)  # for some labeling function
        of_exceptions = at[suppresses]
        excepted[of_exceptions[of_exceptions != _NOWHERE]] = True
        match, element = np.nonzero((excepted | named)[at] & (at != _NOWHERE) & stands[:, None])
        place = at[match, element]
        taken = owners[:, None] * n_places + at  # one number for each owner and place
        suppressed = np.isin(owners[match] * n_places + place, taken[suppresses][of_exceptions != _NOWHERE])
        stands[match[suppressed | named[place]]] = False
        return stands


def _looseness(cue: Cue) -> int:
    """Return 0 for a cue of one word, 1 where the second stands beside the first, 2 where a gap may stand between."""
    return 0 if len(cue.words) == 1 else 1 + (cue.gaps[1] > 0)
