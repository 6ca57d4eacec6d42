"""Probabilities from scores, and whether they are true: temperature, calibration error, what chance alone would give.

Confidence is the highest of a row's probabilities; a row is right when that class is gold's.
"""

from typing import NamedTuple

import numpy as np

BINS = 15
"""Bins of equal width over [0, 1], as in Guo et al. (2017)."""

NULL_DRAWS = 1000
NULL_LEVEL = 0.95

Z95 = 1.959963984540054
"""Quantile of the normal distribution for intervals of 95 %."""

DECIMALS = 6
"""Places to which weights and probabilities are rounded where they are written, so that all processors write the same.
"""

ENOUGH = 100
"""Hand-labelled rows below which nothing is calibrated, chosen or tested on them."""

_COLDEST, _HOTTEST = 0.2, 5.0
_STEPS = 60  # of golden-section search: the interval shrinks to 1e-12 of itself
_GOLDEN = (5**0.5 - 1) / 2


class Bin(NamedTuple):
    """The rows whose confidence lies in one bin: their number, mean confidence, share right and its 95 % interval."""

    n: int
    confidence: float
    accuracy: float
    low: float
    high: float


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return probabilities, float64 (n, k), from unnormalised logs (n, k)."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def rounded_shares(shares: np.ndarray) -> np.ndarray:
    """Return shares, float64 (n, k) of row sum 1, rounded to DECIMALS places; the largest takes what is left of 1."""
    found = shares.round(DECIMALS)
    rows, largest = np.arange(len(found)), found.argmax(axis=1)
    found[rows, largest] = (found[rows, largest] + 1 - found.sum(axis=1)).round(DECIMALS)
    return found


def log_losses(proba: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the cross-entropy (nats), float64 (n,), of probabilities (n, k) against target distributions (n, k)."""
    return -(targets * np.log(np.maximum(proba, 1e-15))).sum(axis=1)


def fit_temperature(scores: np.ndarray, targets: np.ndarray, *, pull: float = 0.0) -> float:
    """Return the temperature T in [0.2, 5] of the least log-loss of softmax(scores / T), float64 (n, k), on targets.

    Guo et al. (2017). The loss is convex in 1 / T and searched by golden section; T is rounded to 6 decimals. A `pull`
    of more than 0 adds pull * log(T)^2 nats to the loss of all rows together, so that few rows hardly move T from 1.
    """
    low, high = 1 / _HOTTEST, 1 / _COLDEST
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _loss_at(left, scores, targets, pull) <= _loss_at(right, scores, targets, pull):
            high = right
        else:
            low = left
    return round(2 / (low + high), DECIMALS)


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the expected calibration error: the mean over rows of |mean confidence - share right| of the row's bin.

    `confidence` float64 (n,); `right` bool or float64 (n,): whether a row is right, or by what share where its target
    is a distribution.
    """
    gaps = np.bincount(_bin_of(confidence), weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def null_calibration_error(confidence: np.ndarray, seed: int) -> float:
    """Return the 95 % point of the calibration error that a perfectly calibrated model would show on such rows.

    `confidence` float (n,). By simulation: each row is right with the probability that its confidence says. With few
    rows the error of a perfect model is far from 0, so an error below this point is no evidence of miscalibration.
    """
    rng = np.random.default_rng(seed)
    draws = [calibration_error(confidence, rng.random(len(confidence)) < confidence) for _ in range(NULL_DRAWS)]
    return float(np.quantile(draws, NULL_LEVEL))


def reliability_bins(confidence: np.ndarray, right: np.ndarray) -> list[Bin]:
    """Return the bins that hold rows, by rising confidence float (n,); `right` bool (n,); Wilson's intervals."""
    place = _bin_of(confidence)
    found = []
    for i in np.unique(place):
        inside = place == i
        n, correct = int(inside.sum()), int(right[inside].sum())
        found.append(Bin(n, float(confidence[inside].mean()), correct / n, *wilson(correct, n)))
    return found


def error_by_article(values: np.ndarray, articles: np.ndarray) -> float:
    """Return the standard error of the mean of `values`, float64 (n,), whose articles (n,) may be of any dtype.

    The rows of one article do not count as independent.
    """
    _, place = np.unique(articles, return_inverse=True)
    return float(np.sqrt((np.bincount(place, weights=values - values.mean()) ** 2).sum()) / len(values))


def wilson(correct: int, n: int) -> tuple[float, float]:
    """Return the interval of 95 % for the proportion correct / n, n > 0, by Wilson (1927)."""
    p, z = correct / n, Z95
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def _loss_at(inverse: float, scores: np.ndarray, targets: np.ndarray, pull: float) -> float:
    loss = float(log_losses(softmax(scores * inverse), targets).mean())
    return loss + pull / len(scores) * float(np.log(inverse)) ** 2


def _bin_of(confidence: np.ndarray) -> np.ndarray:
    return np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
