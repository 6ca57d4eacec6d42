"""What hand labels promise: the standard error of a mean, and a threshold that keeps a precision."""

import numpy as np

from pipeline.calibration import wilson

ENOUGH = 100
"""Hand-labelled rows below which nothing is calibrated, chosen or promised on them."""

_ENOUGH_ANSWERS = 30


def error_by_article(values: np.ndarray, articles: np.ndarray) -> float:
    """Return the standard error of a mean where the sentences of one article do not count as independent."""
    _, place = np.unique(articles, return_inverse=True)
    return float(np.sqrt((np.bincount(place, weights=values - values.mean()) ** 2).sum()) / len(values))


def choose_threshold(proba: np.ndarray, gold: np.ndarray, precision: float) -> float | None:
    """Return the lowest confidence from which on at least `precision` of the answers are right, None if there is none.

    So that the promise holds on other sentences, too, the lower end of the 95 % interval (Wilson) of that share has to
    reach it, on at least 30 answers among at least 100 hand-labelled rows; with fewer nothing can be promised.
    """
    if len(gold) < ENOUGH:
        return None
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    order = np.argsort(-confidence, kind="stable")
    shares = np.cumsum(right[order])
    last_of_equals = np.r_[np.diff(confidence[order]) != 0, True]
    for last in np.flatnonzero(last_of_equals)[::-1]:
        if last + 1 >= _ENOUGH_ANSWERS and wilson(int(shares[last]), int(last) + 1)[0] >= precision:
            return float(confidence[order][last])
    return None
