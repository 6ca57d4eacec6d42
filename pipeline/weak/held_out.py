"""Predictions for gold rows as if their own gold were unknown."""

import numpy as np

from pipeline.weak.em import Learned, precision_of
from pipeline.weak.patterns import SparseVotes

MIN_GOLD = 30
"""Gold rows with votes from which on they are held out, and set the temperature."""


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
