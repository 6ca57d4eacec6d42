"""Predictions for gold rows as if their own gold were unknown, and the temperature that calibrates them."""

import numpy as np

from pipeline.weak.em import Learned, precision_of, softmax
from pipeline.weak.patterns import SparseVotes

MIN_GOLD = 30
"""Gold rows with votes from which on they set the temperature."""


def held_out_scores(learned: Learned, votes: SparseVotes, gold: np.ndarray) -> np.ndarray:
    """Return log posteriors (g, k), unnormalised, of g gold rows, each without what its own gold has taught.

    `votes` are the gold rows, `gold` (g,) their classes. A row's gold is taken out of the counts of the LFs that vote
    on it; what it did to the class prior, the offset and the posteriors of other rows is of second order and stays.
    """
    k = len(learned.prior)
    own = np.eye(k)[gold[votes.rows]] * votes.strengths[:, None]
    counted = np.maximum(learned.counted[votes.columns] - own, 0)
    precision = precision_of(counted, votes.columns % k, learned.prior)
    evidence = learned.discount[votes.columns, None] * np.log(precision / learned.prior)
    each = SparseVotes(votes.rows, np.arange(len(votes.rows)), votes.strengths, votes.n_rows, len(votes.rows))
    return np.log(learned.prior) + learned.offset + each.dot(evidence)


def fitted_temperature(scores: np.ndarray, gold: np.ndarray) -> float:
    """Return the T that makes softmax(scores / T) most likely for the classes `gold` (n,), with a weak pull towards 1.

    Temperature scaling (Guo et al. 2017) over a fixed grid from 0.5 to 8, with a normal prior on log T (deviation 0.5).
    """
    grid = np.exp(np.linspace(np.log(0.5), np.log(8), 61))
    own = np.arange(len(gold)), gold
    fit = [np.log(np.maximum(softmax(scores / t)[own], 1e-12)).sum() - 2 * np.log(t) ** 2 for t in grid]
    return float(grid[int(np.argmax(fit))])
