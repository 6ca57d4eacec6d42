"""Signs that a label for a sentence would teach much: each gives every sentence a score, and says it in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.stances import ABSTAIN, NEUTRAL, STANCES

_NAMED = 2  # LFs named on each side of a conflict


@dataclass(frozen=True, slots=True)
class Candidates:
    """n sentences without a hand label.

    `texts`, `articles` (their ids), `proba` and `label_model_proba` (n, 3), `votes` and `strengths` (n, number of LFs)
    as `cast_votes` gives them, `lfs` the LFs' names.
    """

    texts: Sequence[str]
    articles: Sequence[str]
    proba: np.ndarray
    label_model_proba: np.ndarray
    votes: np.ndarray
    strengths: np.ndarray
    lfs: Sequence[str]


def disagreement(found: Candidates) -> np.ndarray:
    """Return the distance (total variation) of classifier and label model where their answers differ, else 0."""
    differ = found.proba.argmax(axis=1) != found.label_model_proba.argmax(axis=1)
    return np.where(differ, np.abs(found.proba - found.label_model_proba).sum(axis=1) / 2, 0)


def uncertainty(found: Candidates) -> np.ndarray:
    """Return how little the classifier's answer leads the next one: 1 less the difference of their probabilities."""
    ordered = np.sort(found.proba, axis=1)
    return 1 - (ordered[:, -1] - ordered[:, -2])


def conflict(found: Candidates) -> np.ndarray:
    """Return the evidence (sum of strengths) of the LFs that vote for the stance with the second most of it."""
    return np.sort(_evidence(found), axis=1)[:, -2]


def silence(found: Candidates) -> np.ndarray:
    """Return the probability of a stance that the classifier gives sentences on which no LF votes; 0 elsewhere."""
    return np.where((found.votes == ABSTAIN).all(axis=1), 1 - found.proba[:, NEUTRAL], 0)


def say_disagreement(found: Candidates, row: int) -> str:
    """Return both answers with their probabilities."""
    sides = {"classifier": found.proba[row], "label model": found.label_model_proba[row]}
    return ", ".join(f"{who} says {STANCES[proba.argmax()]} {proba.max():.2f}" for who, proba in sides.items())


def say_uncertainty(found: Candidates, row: int) -> str:
    """Return the two most probable stances."""
    first, second = np.argsort(-found.proba[row], kind="stable")[:2]
    return " or ".join(f"{STANCES[k]} {found.proba[row, k]:.2f}" for k in (first, second))


def say_conflict(found: Candidates, row: int) -> str:
    """Return the two sides and the strongest LFs of each."""
    first, second = np.argsort(-_evidence(found)[row], kind="stable")[:2]
    return " against ".join(f"{STANCES[k]} ({', '.join(_voters(found, row, k))})" for k in (first, second))


def say_silence(found: Candidates, row: int) -> str:
    """Return what the classifier makes of the words alone."""
    stances = [k for k in range(len(STANCES)) if k != NEUTRAL]
    likely = max(stances, key=lambda k: found.proba[row, k])
    return f"the classifier gives {STANCES[likely]} {found.proba[row, likely]:.2f} by its words alone"


def _evidence(found: Candidates) -> np.ndarray:
    return np.stack([np.where(found.votes == k, found.strengths, 0).sum(axis=1) for k in range(len(STANCES))], axis=1)


def _voters(found: Candidates, row: int, stance: int) -> list[str]:
    voting = np.flatnonzero(found.votes[row] == stance)
    order = voting[np.argsort(-found.strengths[row, voting], kind="stable")]
    return [found.lfs[j] for j in order[:_NAMED]]
