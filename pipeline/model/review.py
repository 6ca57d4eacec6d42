"""Which sentences a person should label next: those from which the classifier has most to learn.

The signs are those of active learning (B. Settles, "Active Learning Literature Survey", 2009: uncertainty sampling,
query by committee, density), with classifier, label model and labeling functions (LFs) as the committee.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.model import signals
from pipeline.model.novelty import Novelty
from pipeline.model.signals import Candidates
from pipeline.text.duplicates import near_duplicate_groups

SIMILAR = 0.6
"""Jaccard similarity of word pairs from which a sentence has nothing to say beside another one."""

_NEW_WORDS = 4  # named in a reason

_SIGNS: dict[str, tuple[Callable[[Candidates], np.ndarray], Callable[[Candidates, int], str]]] = {
    "disagreement": (signals.disagreement, signals.say_disagreement),
    "uncertainty": (signals.uncertainty, signals.say_uncertainty),
    "conflict": (signals.conflict, signals.say_conflict),
    "no labeling function": (signals.silence, signals.say_silence),
}
KINDS = (*_SIGNS, "new words")
"""What a sentence can be chosen for, in the order in which places are dealt out."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence to label: its `row` among the candidates, one of KINDS, and `why` in words, which begin with it."""

    row: int
    kind: str
    why: str


def choose_sentences(found: Candidates, labelled: Sequence[str], size: int) -> list[Chosen]:
    """Return up to `size` sentences to label, the most useful first; from the start KINDS take turns.

    Left out are near-duplicates of sentences that have a label (`labelled`, their texts) or were chosen before. In
    each kind every article has its best sentence chosen before any has its second. Equal input gives equal choices;
    time grows about linearly with the number of candidates.
    """
    groups = near_duplicate_groups([*labelled, *found.texts], SIMILAR)
    taken, group_of = set(groups[: len(labelled)]), groups[len(labelled) :]
    novelty = Novelty(found.texts, found.articles, labelled)
    queues = {kind: _ranked(score(found), found.articles) for kind, (score, _) in _SIGNS.items()}
    queues["new words"] = novelty.ranked()
    chosen: list[Chosen] = []
    while queues and len(chosen) < size:
        for kind in list(queues)[: size - len(chosen)]:
            row = next((row for row in queues[kind] if group_of[row] not in taken), None)
            if row is None:
                del queues[kind]
                continue
            new_words = ", ".join(novelty.unseen(row)[:_NEW_WORDS])
            said = _SIGNS[kind][1](found, row) if kind in _SIGNS else new_words
            chosen.append(Chosen(row, kind, f"{kind}: {said}"))
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
