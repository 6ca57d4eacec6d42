"""Which sentences a person should label next: those from which the classifier has most to learn.

The signs are those of active learning (B. Settles, "Active Learning Literature Survey", 2009: uncertainty sampling,
query by committee, density), with classifier, label model and labeling functions (LFs) as the committee.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from pipeline.base.stances import ABSTAIN, NEUTRAL, STANCES
from pipeline.text.folds import near_duplicate_groups

_NAMED = 2  # LFs named on each side of a conflict

_WORD = re.compile(r"[^\W\d_]{3,}")

# words that say nothing about what a sentence is about, so that none of them is a new one
_FUNCTION_WORDS = (
    "about above across after again against all almost along already also although always among and another any "
    "anyone anything are around away back because been before behind being below beneath beside between beyond both "
    "but can cannot could did does done down during each either else enough even ever every everyone everything few "
    "for from further had has have having her here hers herself him himself his how however instead into its itself "
    "just least less many may might more most much must near neither never next nobody none nor not nothing now off "
    "often once one ones only onto other others our ours out over own per perhaps rather said same say saying says "
    "several shall she should since some someone something soon still such than that the their theirs them "
    "themselves then there therefore these they this those though through throughout thus till together too toward "
    "towards two under unless until upon very via was well were what whatever when where whether which while who "
    "whoever whom whose why will with within without would yet you your yours"
)

_NEVER_NEW = frozenset(_FUNCTION_WORDS.split())

SIMILAR = 0.6
"""Jaccard similarity of word pairs from which a sentence has nothing to say beside another one."""

_NEW_WORDS = 4  # named in a reason


@dataclass(frozen=True, slots=True)
class Candidates:
    """n sentences without a hand label.

    `texts`, `articles` (their ids), `proba` and `label_model_proba` float64 (n, 3), `votes` int8 and `strengths`
    float32 (n, number of LFs) as `cast_votes` gives them, `lfs` the LFs' names; `who` says whose `proba` it is.
    """

    texts: Sequence[str]
    articles: Sequence[str]
    proba: np.ndarray
    label_model_proba: np.ndarray
    votes: np.ndarray
    strengths: np.ndarray
    lfs: Sequence[str]
    who: str = "classifier"


def disagreement(candidates: Candidates) -> np.ndarray:
    """Return the total variation distance of classifier and label model, float (n,); 0 where their answers agree."""
    differ = candidates.proba.argmax(axis=1) != candidates.label_model_proba.argmax(axis=1)
    return np.where(differ, np.abs(candidates.proba - candidates.label_model_proba).sum(axis=1) / 2, 0)


def uncertainty(candidates: Candidates) -> np.ndarray:
    """Return 1 minus the margin between the two most probable stances (margin sampling), float (n,)."""
    ordered = np.sort(candidates.proba, axis=1)
    return 1 - (ordered[:, -1] - ordered[:, -2])


def conflict(candidates: Candidates) -> np.ndarray:
    """Return the sum of strengths for the stance that has the second most of it, float (n,)."""
    return np.sort(_evidence(candidates), axis=1)[:, -2]


def uncovered(candidates: Candidates) -> np.ndarray:
    """Return the classifier's probability of a stance where no LF votes and it answers one, float (n,); else 0."""
    silent = (candidates.votes == ABSTAIN).all(axis=1)
    return np.where(silent & (candidates.proba.argmax(axis=1) != NEUTRAL), 1 - candidates.proba[:, NEUTRAL], 0)


def disagreement_in_words(candidates: Candidates, row: int) -> str:
    """Return both answers with their probabilities."""
    sides = {candidates.who: candidates.proba[row], "label model": candidates.label_model_proba[row]}
    return ", ".join(f"{who} says {STANCES[proba.argmax()]} {proba.max():.2f}" for who, proba in sides.items())


def uncertainty_in_words(candidates: Candidates, row: int) -> str:
    """Return the two most probable stances."""
    first, second = np.argsort(-candidates.proba[row], kind="stable")[:2]
    return " or ".join(f"{STANCES[k]} {candidates.proba[row, k]:.2f}" for k in (first, second))


def conflict_in_words(candidates: Candidates, row: int) -> str:
    """Return the two sides and the strongest LFs of each."""
    first, second = np.argsort(-_evidence(candidates)[row], kind="stable")[:2]
    return " against ".join(f"{STANCES[k]} ({', '.join(_voters(candidates, row, k))})" for k in (first, second))


def uncovered_in_words(candidates: Candidates, row: int) -> str:
    """Return what the classifier makes of the words alone."""
    stances = [k for k in range(len(STANCES)) if k != NEUTRAL]
    likely = max(stances, key=lambda k: candidates.proba[row, k])
    return f"the {candidates.who} gives {STANCES[likely]} {candidates.proba[row, likely]:.2f} by its words alone"


def _evidence(candidates: Candidates) -> np.ndarray:
    return np.stack(
        [np.where(candidates.votes == k, candidates.strengths, 0).sum(axis=1) for k in range(len(STANCES))], axis=1
    )


def _voters(candidates: Candidates, row: int, stance: int) -> list[str]:
    voting = np.flatnonzero(candidates.votes[row] == stance)
    order = voting[np.argsort(-candidates.strengths[row, voting], kind="stable")]
    return [candidates.lfs[j] for j in order[:_NAMED]]


class Novelty:
    """Sentences ranked by their unseen words, recomputed after each sentence that is added to the seen ones.

    A word counts by the logarithm of the number of articles that have it; those of a single article, and function
    words, count nothing. Long sentences gain less than their length: the sum is divided by the root of the number of
    words. As the value of a sentence can only fall, only the top of the ranking is recomputed (M. Minoux, "Accelerated
    greedy algorithms for maximizing submodular set functions", 1978).
    """

    def __init__(self, texts: Sequence[str], articles: Sequence[str], seen: Sequence[str]):
        """Take sentences with the id of each one's article, and sentences that have been seen."""
        self._words = [_words(text) for text in texts]
        pairs = {(article, word) for article, words in zip(articles, self._words, strict=True) for word in words}
        counts = Counter(word for _, word in pairs)
        self._weights = {word: math.log(count) for word, count in counts.items() if count > 1}
        self._seen = {word for text in seen for word in _words(text)}

    def add(self, row: int) -> None:
        """Count the words of a sentence among the seen ones."""
        self._seen.update(self._words[row])

    def unseen(self, row: int) -> list[str]:
        """Return the unseen words of a sentence, those of most articles first."""
        new = self._weights.keys() & self._words[row] - self._seen
        return sorted(new, key=lambda word: (-self._weights[word], word))

    def ranked(self) -> Iterator[int]:
        """Yield the rows of sentences with unseen words, each time the one that has most to offer now."""
        heap = [(-self._value(row), row) for row in range(len(self._words))]
        heapify(heap)
        while heap:
            _, row = heappop(heap)
            value = self._value(row)
            if heap and (-value, row) > heap[0]:
                heappush(heap, (-value, row))
            elif value > 0:
                yield row

    def _value(self, row: int) -> float:
        return math.fsum(self._weights[word] for word in self.unseen(row)) / math.sqrt(len(self._words[row]) or 1)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold())) - _NEVER_NEW


_SIGNS: dict[str, tuple[Callable[[Candidates], np.ndarray], Callable[[Candidates, int], str]]] = {
    "disagreement": (disagreement, disagreement_in_words),
    "uncertainty": (uncertainty, uncertainty_in_words),
    "conflict": (conflict, conflict_in_words),
    "no labeling function": (uncovered, uncovered_in_words),
}
KINDS = (*_SIGNS, "new words")
"""What a sentence can be chosen for, in the order in which places are assigned."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence to label: its `row` among the candidates, one of KINDS, and `why` in words, which begin with it."""

    row: int
    kind: str
    why: str


def choose_sentences(candidates: Candidates, labelled: Sequence[str], size: int) -> list[Chosen]:
    """Return up to `size` sentences to label, the most useful first; from the start KINDS take turns.

    Left out are near-duplicates of sentences that have a label (`labelled`, their texts) or were chosen before. In
    each kind every article has its best sentence chosen before any has its second. Equal input gives equal choices;
    time grows about linearly with the number of candidates.
    """
    groups = near_duplicate_groups([*labelled, *candidates.texts], SIMILAR, held=None)
    taken, group_of = set(groups[: len(labelled)]), groups[len(labelled) :]
    novelty = Novelty(candidates.texts, candidates.articles, labelled)
    queues = {kind: _ranked(score(candidates), candidates.articles) for kind, (score, _) in _SIGNS.items()}
    queues["new words"] = novelty.ranked()
    chosen: list[Chosen] = []
    while queues and len(chosen) < size:
        for kind in list(queues)[: size - len(chosen)]:
            row = next((row for row in queues[kind] if group_of[row] not in taken), None)
            if row is None:
                del queues[kind]
                continue
            new_words = ", ".join(novelty.unseen(row)[:_NEW_WORDS])
            reason = _SIGNS[kind][1](candidates, row) if kind in _SIGNS else new_words
            chosen.append(Chosen(row, kind, f"{kind}: {reason}"))
            taken.add(group_of[row])
            novelty.add(row)
    return chosen


def _ranked(scores: np.ndarray, articles: Sequence[str]) -> Iterator[int]:
    """Yield the rows with a score: the best of each article by score, then the second best of each, and so on."""
    places: dict[str, int] = {}
    turns = []
    for row in np.argsort(-scores, kind="stable").tolist():
        if scores[row] > 0:
            places[articles[row]] = places.get(articles[row], 0) + 1
            turns.append((places[articles[row]], row))
    turns.sort(key=lambda turn: turn[0])
    return (row for _, row in turns)
