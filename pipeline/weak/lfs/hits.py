"""What scope leaves of the cues found in many sentences: which of them hit, for what stance, with what strength."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.cues import scope_words as sc
from pipeline.weak.cues.language import Cue
from pipeline.weak.cues.matcher import Matcher, Matches
from pipeline.weak.cues.scope import Scopes
from pipeline.weak.cues.token_arrays import Tokens
from pipeline.weak.lfs.lf import LF

FAINT = 0.12
"""A cue of which scope leaves less than this does not vote."""

GOVERNING_REACH = 7
"""So many words behind the last word of a verb may stand a noun over which it decides."""

MANNER_REACH = 4
"""So many words from a verb may stand an adverb that says how it was done: "jointly condemned"."""


@dataclass(frozen=True, slots=True)
class Hits:
    """h hits, in the order of the sentences.

    `match` (h,): which of the matches it is; `row`: in which sentence; `lf`: of which LF; `stance`, `strength`: its
    vote; `negated`: whether a negation turned it over.
    """

    match: np.ndarray
    row: np.ndarray
    lf: np.ndarray
    stance: np.ndarray
    strength: np.ndarray
    negated: np.ndarray


class WeightedCues:
    """The strengths of the cues of some LFs, and what scope leaves of them."""

    def __init__(self, lfs: Sequence[LF], matcher: Matcher):
        """Take LFs, and the matcher of their cues, which knows an LF by its place among them."""
        self._stance = np.array([lf.stance for lf in lfs], np.int64)
        self._negated = np.array([lf.negated for lf in lfs], np.int64)
        self._phrase = np.array([lf.kind == "phrase" for lf in lfs], bool)
        self._noun = np.array([lf.kind == "noun" for lf in lfs], bool)
        own = np.array([lf.strength for lf in lfs], float)
        strengths = np.array([cue.strength or 0.0 for cue in matcher.cues], float)
        self._manner = np.array([_says_how(cue) for cue in matcher.cues], bool)
        self._strength = np.where(strengths > 0, strengths, own[matcher.owners] if len(own) else 0.0)

    def weigh(self, matches: Matches, tokens: Tokens, scopes: Scopes) -> Hits:
        """Return the hits among the matches of some sentences."""
        head, row = matches.at[:, 0], tokens.rows[matches.at[:, 0]]
        stance, strength = self._stance[matches.owner], self._strength[matches.cue]
        negated = np.zeros(len(head), bool)
        at = np.flatnonzero(~self._phrase[matches.owner])  # a phrase stands for itself
        negated[at] = scopes.negated(head[at]) ^ _negated_inside(matches, at, scopes)
        stance = np.where(negated, self._negated[matches.owner], stance)
        left = strength[at] * (scopes.weights(head[at]) * scopes.hedges(head[at]))
        nominal = self._noun[matches.owner[at]] | scopes.nominal(head[at])
        how = self._manner[matches.cue[at]]
        governed = nominal & _governed(head[at], matches.last[at], nominal | how, scopes)
        manner = how & (stance[at] == AGREEMENT)
        against = ~nominal & (stance[at] == OPPOSITION)
        governed |= nominal & _acted_upon(head[at], stance[at], nominal, scopes)
        governed |= manner & _beside(head[at], matches.last[at], against, scopes)
        before_but = head[at] < self._outdone(matches, head, row, scopes)[row[at]]
        for weakened, by in (
            (nominal, sc.NOMINAL),
            (governed, sc.GOVERNED),
            (scopes.questions[row[at]], sc.QUESTION),
            (before_but, sc.BEFORE_BUT),
        ):
            left[weakened] *= by
        strength[at] = left * _not_yet_said(head[at], row[at], left)
        kept = np.flatnonzero((stance != ABSTAIN) & (strength >= FAINT))
        return Hits(kept, row[kept], matches.owner[kept], stance[kept], strength[kept], negated[kept])

    def _outdone(self, matches: Matches, head: np.ndarray, row: np.ndarray, scopes: Scopes) -> np.ndarray:
        """Return for each sentence the place of its last "but" where a cue of a stance stands behind it, else -1."""
        behind = (self._stance[matches.owner] != NEUTRAL) & (head >= scopes.contrasts[row])
        outdone = np.zeros(len(scopes), bool)
        outdone[row[behind]] = True
        return np.where(outdone, scopes.contrasts, -1)


def _negated_inside(matches: Matches, at: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return whether a word in the gaps of each match negates it: "the ban was never lifted"."""
    inside = scopes.negated_within(matches.at[at, 0], matches.last[at])
    own = scopes.negates_verb(matches.at[at, 1:]) & (matches.at[at, 1:] < matches.last[at, None])
    return (inside - own.sum(axis=1)) % 2 == 1


def _governed(head: np.ndarray, last: np.ndarray, nominal: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return for each match whether the last verb before it, in its segment, is close enough to decide over it."""
    verb = np.maximum.accumulate(np.where(nominal, -1, np.arange(len(head))))
    before = np.append(-1, verb)[: len(head)]
    verb = last[before]
    close = head - verb <= GOVERNING_REACH
    return (before >= 0) & close & (scopes.segments(verb) == scopes.segments(head))


def _acted_upon(head: np.ndarray, stance: np.ndarray, nominal: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return for each match whether a passive verb of another stance follows in its segment: "a deal was rejected"."""
    verbs = np.flatnonzero(~nominal & scopes.passive(head))
    if not len(verbs):
        return np.zeros(len(head), bool)
    behind = np.searchsorted(head[verbs], head, side="right")
    nearest = verbs[np.minimum(behind, len(verbs) - 1)]
    verb = head[nearest]
    close = (verb > head) & (verb - head <= GOVERNING_REACH) & (stance[nearest] != stance)
    return close & (scopes.segments(verb) == scopes.segments(head))


def _says_how(cue: Cue) -> bool:
    """Return whether a cue is an adverb of manner: "jointly", "together"."""
    return len(cue.words) == 1 and all(word.endswith("ly") or word == "together" for word in cue.words[0])


def _beside(head: np.ndarray, last: np.ndarray, wanted: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return for each match whether a wanted one stands close by in its segment."""
    beside, wanted = np.zeros(len(head), bool), np.flatnonzero(wanted)
    if not len(wanted):
        return beside
    behind = np.searchsorted(head[wanted], head)
    for nth in (behind - 1, behind):
        other = wanted[np.clip(nth, 0, len(wanted) - 1)]
        distance = np.where(head[other] > head, head[other] - head, head - last[other])
        close = (distance > 0) & (distance <= MANNER_REACH)
        beside |= close & (scopes.segments(head[other]) == scopes.segments(head))
    return beside


def _not_yet_said(head: np.ndarray, row: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return what the cues before each match in its sentence leave of it; matches of one first word are one cue."""
    first = np.flatnonzero(np.diff(head, prepend=-1))
    row, factor = row[first], 1 - sc.LATER * strength[first]
    left = np.ones(len(first))
    at = np.flatnonzero(np.diff(row, prepend=-1))
    while len(at):
        at = at[at + 1 < len(row)]
        at = at[row[at + 1] == row[at]] + 1
        left[at] = left[at - 1] * factor[at - 1]
    return np.repeat(left, np.diff(first, append=len(head)))
