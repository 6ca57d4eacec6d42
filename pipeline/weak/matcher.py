"""Find every cue in a sentence in one pass: each word looks up the cues that begin with it and with a word behind it.

The work is bounded by words x cues that share a first word x the longest gap (9): no cue can blow up.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.weak.cues import Cue

IDIOM = -1
"""Owner of the cues that vote for nothing: they only take their words away from shorter cues."""

# no gap of a cue reaches over these
CLAUSE_ENDS = frozenset(
    [",", ";", ":", ".", "?", "!", "(", ")", "--", "-", "..", "...", "but", "although", "though", "while"]
)


class Match(NamedTuple):
    """Cue `cue` of labeling function number `owner` found at the token positions `at` (one an element, ascending)."""

    owner: int
    cue: Cue
    at: tuple[int, ...]


_Words = frozenset[str]
_Entry = tuple[int, Cue, bool]  # owner, cue, and whether it only silences its owner


class _Beginning:
    """The cues that begin with a word: of that word alone, by the word that must follow, or with a gap behind it."""

    def __init__(self, entries: Iterable[_Entry]):
        self.alone: list[_Entry] = []
        self.next: dict[str, list[tuple[_Words, _Entry]]] = {}  # with the words of the last element
        self.gapped: list[tuple[_Words, _Words, _Entry]] = []  # with those of the second and the last
        for entry in entries:
            cue = entry[1]
            if len(cue.words) == 1:
                self.alone.append(entry)
            elif cue.gaps[1]:
                self.gapped.append((cue.words[1], cue.words[-1], entry))
            else:
                for word in cue.words[1]:
                    self.next.setdefault(word, []).append((cue.words[-1], entry))


class Matcher:
    """All cues of all labeling functions, by their first word and, once that is met, by the word behind it."""

    def __init__(self, cues: Iterable[tuple[int, Cue]], exceptions: Iterable[tuple[int, Cue]] = ()):
        """Take (owner, cue) pairs that vote, and (owner, cue) pairs that only silence their owner where they match."""
        self._entries: dict[str, list[_Entry]] = {}
        self._beginnings: dict[str, _Beginning] = {}
        for silences, pairs in ((False, cues), (True, exceptions)):
            for owner, cue in pairs:
                for word in cue.words[0]:
                    self._entries.setdefault(word, []).append((owner, cue, silences))

    def find(self, tokens: list[str]) -> list[Match]:
        """Return the matches that stand, in the order of their first words.

        Where the first word of a cue belongs to a longer cue, idioms included, only the longer one stands; a labeling
        function's exceptions take away its own matches that they overlap.
        """
        found: list[Match] = []
        silenced: set[tuple[int, int]] = set()
        for i, (owner, cue, silences) in self._candidates(tokens):
            at = _locate(cue, tokens, i)
            if at and silences:
                silenced.update((owner, k) for k in at)
            elif at:
                found.append(Match(owner, cue, at))
        return _longest(found, silenced) if found else found

    def _candidates(self, tokens: list[str]) -> list[tuple[int, _Entry]]:
        """Return (i, cue) where the cue begins with the word at `i` and its other words seem to be there."""
        candidates: list[tuple[int, _Entry]] = []
        present = set(tokens)
        for i, (token, following) in enumerate(zip(tokens, [*tokens[1:], ""], strict=False)):
            if token not in self._entries:
                continue
            beginning = self._beginnings.get(token) or self._read(token)
            for entry in beginning.alone:
                candidates.append((i, entry))
            for last, entry in beginning.next.get(following, ()):
                if not present.isdisjoint(last):
                    candidates.append((i, entry))
            for second, last, entry in beginning.gapped:
                if not (present.isdisjoint(last) or present.isdisjoint(second)):
                    candidates.append((i, entry))
        return candidates

    def _read(self, word: str) -> _Beginning:
        """Sort out the cues that begin with `word`: most words of a language are never met, so not before it is."""
        return self._beginnings.setdefault(word, _Beginning(self._entries[word]))


def _locate(cue: Cue, tokens: list[str], first: int) -> tuple[int, ...] | None:
    """Return the positions of the cue's elements when it begins at `first`; every gap is as short as can be."""
    if len(cue.words) == 1:
        return (first,)
    at = [first]
    position = first
    for words, gap in zip(cue.words[1:], cue.gaps[1:], strict=True):
        for k in range(position + 1, min(position + gap + 2, len(tokens))):
            if tokens[k] in words:
                at.append(k)
                position = k
                break
            if tokens[k] in CLAUSE_ENDS:
                return None
        else:
            return None
    return tuple(at)


def _longest(found: list[Match], silenced: set[tuple[int, int]]) -> list[Match]:
    longest: dict[int, int] = {}
    for match in found:
        size = len(match.at)
        for k in match.at:
            if longest.get(k, 0) < size:
                longest[k] = size
    return [
        match
        for match in found
        if match.owner != IDIOM
        and longest[match.at[0]] == len(match.at)
        and not (silenced and any((match.owner, k) in silenced for k in match.at))
    ]
