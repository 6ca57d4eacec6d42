"""Linear classifiers on soft labels: multinomial logistic regression, and a support vector machine."""

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from pipeline.base.stances import STANCES

N = len(STANCES)

_DECIMALS = 6
_NEVER = -30.0  # log-odds of a stance that no row has
_SEARCH: dict[str, Any] = {"maxiter": 2000, "maxls": 50, "gtol": 1e-4, "ftol": 64 * np.finfo(float).eps}
"""As scikit-learn's LogisticRegression searches."""


def fit_linear(
    X: csr_matrix, targets: np.ndarray, weights: np.ndarray, C: float, family: str = "logistic"
) -> tuple[np.ndarray, np.ndarray]:
    """Fit on target distributions (n, 3) with row weights (n,); return weights float32 (columns, 3) and bias (3,).

    Finds what scikit-learn finds where each row stands once for each stance, with the target's share of its weight as
    sample weight: LogisticRegression, or LinearSVC (one stance against the rest, squared hinge). One BLAS thread, so
    that the result does not depend on how many there are.
    """
    shares = targets * weights[:, None]
    found = np.flatnonzero(shares.any(axis=0))
    some = np.flatnonzero(shares.any(axis=1))
    reference = 1 if len(found) < 3 else 0  # of two stances the first has no weights of its own; one needs none
    fit = _svm if family == "svm" and len(found) > 1 else _logistic
    with threadpool_limits(1):
        parameters = fit(X[some].astype(np.float64), shares[np.ix_(some, found)], reference, C)
    return _of_all_stances(found[reference:], found, parameters)


def _logistic(X: csr_matrix, shares: np.ndarray, reference: int, C: float) -> np.ndarray:
    """Return a row of weights and a bias for each stance from `reference` on, without copying rows of X."""
    loss = _Loss(X, shares, reference, C)
    return loss.shaped(minimize(loss, np.zeros(loss.size), jac=True, method="L-BFGS-B", options=_SEARCH).x)


def _svm(X: csr_matrix, shares: np.ndarray, reference: int, C: float) -> np.ndarray:
    """Return a row of weights and a bias for each stance from `reference` on; scores are margins."""
    rows, stances = np.nonzero(shares)
    model = LinearSVC(C=C, dual=False, max_iter=2000).fit(X[rows], stances, sample_weight=shares[rows, stances])
    return np.hstack([model.coef_, model.intercept_[:, None]])


class _Loss:
    """Mean cross-entropy of X (n, columns) against shares (n, stances), with the square of the weights as penalty.

    Parameters: a row of weights and a bias for each stance from `reference` on; those before it score 0.
    """

    def __init__(self, X: csr_matrix, shares: np.ndarray, reference: int, C: float):
        self.X, self.reference = X, reference
        self.shares = shares / shares.sum()
        self.row_weights = self.shares.sum(axis=1, keepdims=True)
        self.penalty = 1 / (C * shares.sum())
        self.size = (shares.shape[1] - reference) * (X.shape[1] + 1)

    def shaped(self, parameters: np.ndarray) -> np.ndarray:
        """Return the parameters as a matrix (stances with weights, columns + 1), the bias last."""
        return parameters.reshape(-1, self.X.shape[1] + 1)

    def __call__(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """Return loss and gradient."""
        weights, bias = self.shaped(parameters)[:, :-1], self.shaped(parameters)[:, -1]
        scores = np.zeros(self.shares.shape)
        scores[:, self.reference :] = self.X @ np.ascontiguousarray(weights.T) + bias
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        sums = odds.sum(axis=1, keepdims=True)
        loss = (self.row_weights * np.log(sums)).sum() - (self.shares * scores).sum()
        slope = (self.row_weights * odds / sums - self.shares)[:, self.reference :]
        gradient = np.hstack([(self.X.T @ slope).T + self.penalty * weights, slope.sum(axis=0)[:, None]])
        return float(loss + 0.5 * self.penalty * (weights**2).sum()), gradient.ravel()


def _of_all_stances(fitted: np.ndarray, found: np.ndarray, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias with a place for every stance: the fitted ones, those that score 0, those not found."""
    weights, bias = np.zeros((parameters.shape[1] - 1, N), np.float32), np.full(N, _NEVER)
    bias[found] = 0.0
    weights[:, fitted] = parameters[:, :-1].T
    bias[fitted] = parameters[:, -1].round(_DECIMALS)  # as the weights' float32, hides what processors differ in
    return weights, bias
