"""From vote patterns and gold to what the label model learns from."""

import numpy as np

from pipeline.weak.correlation import discounts, equal_votes, merge, near_copies
from pipeline.weak.em import Problem, consensus
from pipeline.weak.patterns import Patterns, sparse_votes


def gold_by_pattern(patterns: Patterns, gold: np.ndarray, n_classes: int) -> np.ndarray:
    """Return the number of gold rows (p, k) of each pattern and class; `gold` (n,) is -1 where unknown."""
    known = gold >= 0
    flat = patterns.inverse[known] * n_classes + gold[known]
    return np.bincount(flat, minlength=len(patterns.counts) * n_classes).reshape(-1, n_classes).astype(float)


def sample(patterns: Patterns, gold: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (kept, counts): the patterns to learn from and how many rows each stands for.

    With more than `most` patterns, `most` unlabelled rows are taken at even steps through the rows in order of pattern
    (that is of hash, so as good as random, yet always the same); patterns with gold (p, k) are all kept.
    """
    labelled = gold.sum(axis=1)
    unlabelled = patterns.counts - labelled
    if len(unlabelled) > most and unlabelled.sum() > most:
        ends = np.cumsum(unlabelled)
        at = np.searchsorted(ends, (np.arange(most) + 0.5) * ends[-1] / most)
        unlabelled = np.bincount(at, minlength=len(ends)).astype(float)
    counts = unlabelled + labelled
    kept = np.flatnonzero(counts)
    return kept, counts[kept]


def pose(
    cells: np.ndarray, counts: np.ndarray, gold: np.ndarray, accuracy: np.ndarray, *, copies: float, discount: bool
) -> tuple[Problem, np.ndarray]:
    """Return the problem and the group (m,) of each LF; near-copies are merged into one LF.

    `cells` (p, m), `counts` (p,), `gold` (p, k); `accuracy` (m,) is believed, and a group takes its mean.
    """
    k = gold.shape[1]
    same = equal_votes(cells, counts, k)
    groups = near_copies(same, copies)
    merged = merge(cells, groups, k)
    table = sparse_votes(merged, k)
    knows = np.maximum(np.bincount(groups, accuracy) / np.bincount(groups) - 1 / k, 0) / (1 - 1 / k)
    problem = Problem(table, counts, gold, np.ones(len(knows)), knows)
    if not discount:
        return problem, groups
    if len(knows) < len(groups):
        same = equal_votes(merged, counts, k)
    kept = discounts(table.ungraded(), counts, consensus(problem), same)
    return Problem(table, counts, gold, kept, knows), groups
