"""Are the probabilities true? Reliability bins, expected calibration error, and what chance alone would give.

Confidence is the highest of a row's three probabilities; a row is right when that stance is gold's.
"""

from typing import NamedTuple

import numpy as np

BINS = 15
"""Bins of equal width over [0, 1], as in Guo et al. (2017)."""

NULL_DRAWS = 1000
NULL_LEVEL = 0.95


class Bin(NamedTuple):
    """The rows whose confidence lies in one bin: their number, mean confidence, share right and its 95 % interval."""

    n: int
    confidence: float
    accuracy: float
    low: float
    high: float


def reliability_bins(confidence: np.ndarray, right: np.ndarray) -> list[Bin]:
    """Return the bins that hold rows, by rising confidence; intervals are Wilson's (rows taken as independent)."""
    place = _bin_of(confidence)
    found = []
    for i in np.unique(place):
        inside = place == i
        n, share = int(inside.sum()), float(right[inside].mean())
        found.append(Bin(n, float(confidence[inside].mean()), share, *wilson(share, n)))
    return found


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the expected calibration error: the mean over rows of |mean confidence - share right| of the row's bin."""
    gaps = np.bincount(_bin_of(confidence), weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def null_calibration_error(confidence: np.ndarray, seed: int) -> float:
    """Return the 95 % point of the calibration error that a perfectly calibrated model would show on such rows.

    Found by simulation: each row is right with the probability that its confidence says. With few rows the error of a
    perfect model is far from 0, so an error below this point is no evidence of miscalibration.
    """
    rng = np.random.default_rng(seed)
    draws = [calibration_error(confidence, rng.random(len(confidence)) < confidence) for _ in range(NULL_DRAWS)]
    return float(np.quantile(draws, NULL_LEVEL))


def wilson(share: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's interval of a share of `n` independent trials (95 % unless `z` says otherwise)."""
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def _bin_of(confidence: np.ndarray) -> np.ndarray:
    return np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
