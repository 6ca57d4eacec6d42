"""A linear classifier as two arrays: what answers without scikit-learn."""

from dataclasses import dataclass

import numpy as np

NEVER = -30.0
"""Log-odds of a class that no training row had."""

_DECIMALS = 7
"""Finer than other figures: a probability differs by less than 1e-6 from that of the weights as they were fitted."""


@dataclass(frozen=True, eq=False, repr=False)
class Linear:
    """Scores X @ weights + bias: `weights` float64 (p, k), `bias` float64 (k,)."""

    weights: np.ndarray
    bias: np.ndarray

    @classmethod
    def rounded(cls, weights: np.ndarray, bias: np.ndarray) -> "Linear":
        """Round the arrays, which hides what processors differ in; scores keep their differences within a row."""
        centred = weights - weights.mean(axis=1, keepdims=True)
        return cls(centred.round(_DECIMALS), bias.round(_DECIMALS))

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Return unnormalised log-probabilities, float64 (n, k), of dense features (n, p).

        Each row's sum is taken by itself, so it does not depend on the batch, nor on a linear algebra library.
        """
        columns = [(X * column).sum(axis=1) for column in self.weights.T]
        return np.stack(columns, axis=1) + self.bias

    def __repr__(self) -> str:
        """Name the shape alone."""
        return f"Linear({self.weights.shape[0]} features)"
