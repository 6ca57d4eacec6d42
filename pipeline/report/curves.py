"""Precision against recall per stance, and precision against coverage when unsure answers are withheld."""

from typing import NamedTuple

import numpy as np

from pipeline.report.bootstrap import ArticleBootstrap, Score

COVERAGE_POINTS = 25


class PrecisionRecall(NamedTuple):
    """One stance against the rest, at every distinct probability, highest first; arrays are empty without positives."""

    recall: np.ndarray
    precision: np.ndarray
    threshold: np.ndarray

    @property
    def average_precision(self) -> float:
        """Return the sum of precision over the steps of recall, as scikit-learn's average_precision_score."""
        return float(np.sum(np.diff(self.recall, prepend=0) * self.precision))

    def precision_at(self, recall: np.ndarray) -> np.ndarray:
        """Return the best precision to be had at each wanted recall or more (interpolated precision)."""
        best = np.maximum.accumulate(self.precision[::-1])[::-1]
        return best[np.searchsorted(self.recall, recall - 1e-12)]


class CoveragePoint(NamedTuple):
    """What answering only at `threshold` or above gives: the share answered, and the share right among those."""

    threshold: float
    coverage: Score
    precision: Score


def precision_recall(positive: np.ndarray, score: np.ndarray) -> PrecisionRecall:
    """Return the curve of the rows that are `positive` (n,) bool ranked by `score` (n,); equal scores are one point."""
    if not positive.any():
        return PrecisionRecall(*(np.array([]) for _ in range(3)))
    order = np.argsort(-score, kind="stable")
    last_of_score = np.append(np.diff(score[order]) != 0, True)
    found = np.cumsum(positive[order])[last_of_score]
    shown = np.flatnonzero(last_of_score) + 1
    return PrecisionRecall(found / positive.sum(), found / shown, score[order][last_of_score])


def coverage_thresholds(confidence: np.ndarray) -> np.ndarray:
    """Return thresholds that answer about 1/25, 2/25, ... 25/25 of the rows (fewer where confidences are equal)."""
    ranked = np.sort(confidence)[::-1]
    places = np.ceil(np.arange(1, COVERAGE_POINTS + 1) / COVERAGE_POINTS * len(ranked)).astype(int) - 1
    return np.unique(ranked[places])[::-1]


def coverage_precision(
    confidence: np.ndarray, right: np.ndarray, thresholds: np.ndarray, bootstrap: ArticleBootstrap
) -> list[CoveragePoint]:
    """Return coverage and precision at each threshold, with intervals by article.

    `confidence` float (n,), `right` bool (n,). Precision is NaN at a threshold that no row reaches.
    """
    answered = confidence[:, None] >= thresholds
    hits = answered & right[:, None]
    rows = np.column_stack([answered, hits, np.ones(len(confidence))]).astype(np.float64)
    coverage, precision = _shares(rows.sum(axis=0), len(thresholds))
    coverages, precisions = _shares(bootstrap.sums(rows), len(thresholds))
    return [
        CoveragePoint(
            float(threshold),
            bootstrap.score(coverage[t], coverages[:, t]),
            bootstrap.score(precision[t], precisions[:, t]),
        )
        for t, threshold in enumerate(thresholds)
    ]


def _shares(sums: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    answered, hits, n = sums[..., :width], sums[..., width:-1], sums[..., -1:]
    undefined = np.full(answered.shape, np.nan)
    return answered / n, np.divide(hits, answered, out=undefined, where=answered > 0)
