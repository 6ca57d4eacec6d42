"""What hand labels promise: the standard error of a mean, and a threshold that keeps a precision."""

import numpy as np

ENOUGH = 100
"""Hand-labelled rows below which nothing is calibrated, chosen or promised on them."""

_ENOUGH_ANSWERS = 30


def error_by_article(values: np.ndarray, articles: np.ndarray) -> float:
    """Return the standard error of a mean where the sentences of one article do not count as independent."""
    _, place = np.unique(articles, return_inverse=True)
    return float(np.sqrt((np.bincount(place, weights=values - values.mean()) ** 2).sum()) / len(values))


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
