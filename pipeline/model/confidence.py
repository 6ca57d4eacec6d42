"""Make confidence mean what it says: temperature scaling, and a threshold that keeps a promised precision."""

import numpy as np

from pipeline.weak.em import softmax

ENOUGH = 100
"""Hand-labelled rows below which nothing is calibrated, chosen or promised on them."""

_ENOUGH_ANSWERS = 30
_COLDEST, _HOTTEST = 0.2, 5.0
_DECIMALS = 6
_STEPS = 60  # of golden-section search: the interval shrinks to 1e-12 of itself
_GOLDEN = (5**0.5 - 1) / 2
_BINS = 15


def log_loss(proba: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean cross-entropy (nats) of probabilities (n, 3) against target distributions (n, 3)."""
    return float(log_losses(proba, targets).mean())


def log_losses(proba: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the cross-entropy (nats) of each row of probabilities (n, 3) against target distributions (n, 3)."""
    return -(targets * np.log(np.maximum(proba, 1e-15))).sum(axis=1)


def error_by_article(values: np.ndarray, articles: np.ndarray) -> float:
    """Return the standard error of a mean where the sentences of one article do not count as independent."""
    _, place = np.unique(articles, return_inverse=True)
    return float(np.sqrt((np.bincount(place, weights=values - values.mean()) ** 2).sum()) / len(values))


def calibration_error(proba: np.ndarray, targets: np.ndarray) -> float:
    """Return the expected calibration error of the answers (n, 3) over 15 bins of confidence.

    A row counts as right by the share that its target distribution gives the answer: 1 or 0 where the target is gold.
    """
    confidence, answer = proba.max(axis=1), proba.argmax(axis=1)
    right = targets[np.arange(len(targets)), answer]
    place = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return float(np.abs(np.bincount(place, weights=confidence - right)).sum() / len(proba))


def fit_temperature(scores: np.ndarray, targets: np.ndarray) -> float:
    """Return the temperature T in [0.2, 5] that minimises the log-loss of softmax(scores / T) against targets (n, 3).

    Guo et al. (2017). The loss is convex in 1 / T and searched by golden section; T is rounded to 6 decimals.
    """
    low, high = 1 / _HOTTEST, 1 / _COLDEST
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if log_loss(softmax(scores * left), targets) <= log_loss(softmax(scores * right), targets):
            high = right
        else:
            low = left
    return round(2 / (low + high), _DECIMALS)


def choose_threshold(proba: np.ndarray, gold: np.ndarray, precision: float) -> float | None:
    """Return the lowest confidence from which on at least `precision` of the answers are right, None if there is none.

    The share is taken as (right + 1) / (answers + 2), a little below the plain one, and rests on at least 30 answers
    among at least 100 hand-labelled rows; with fewer nothing can be promised.
    """
    if len(gold) < ENOUGH:
        return None
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    order = np.argsort(-confidence, kind="stable")
    answers, shares = np.arange(1, len(gold) + 1), np.cumsum(right[order])
    last_of_equals = np.r_[np.diff(confidence[order]) != 0, True]
    kept = last_of_equals & (answers >= _ENOUGH_ANSWERS) & ((shares + 1) / (answers + 2) >= precision)
    return float(confidence[order][np.flatnonzero(kept)[-1]]) if kept.any() else None
