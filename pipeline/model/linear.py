"""Multinomial logistic regression on soft labels."""

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from pipeline.stances import STANCES

N = len(STANCES)

_DECIMALS = 6
_NEVER = -30.0  # log-odds of a stance that no row has


def fit_linear(X: csr_matrix, targets: np.ndarray, weights: np.ndarray, C: float) -> tuple[np.ndarray, np.ndarray]:
    """Fit on target distributions (n, 3) with row weights (n,); return weights float32 (columns, 3) and bias (3,).

    Exact: each row stands once for each stance, with the target's share of its weight as sample weight. One BLAS
    thread, so that the result does not depend on how many there are.
    """
    stances = np.repeat(np.arange(N), X.shape[0])
    shares = (targets * weights[:, None]).T.ravel()
    some = np.flatnonzero(shares)
    found = np.unique(stances[some])
    if len(found) == 1:  # scikit-learn refuses these, and there is nothing to tell apart
        return _of_all_stances(found, np.zeros((1, X.shape[1])), np.zeros(1))
    with threadpool_limits(1):
        model = LogisticRegression(C=C, max_iter=2000, tol=1e-4)
        model.fit(X[some % X.shape[0]].astype(np.float64), stances[some], sample_weight=shares[some])
    return _of_all_stances(found, model.coef_, model.intercept_)


def _of_all_stances(
    found: np.ndarray, coefficients: np.ndarray, intercepts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and bias with a place for every stance; of two stances scikit-learn keeps the second's alone."""
    if len(found) == 2:
        coefficients, intercepts = np.vstack([0 * coefficients, coefficients]), np.r_[0.0, intercepts]
    weights, bias = np.zeros((coefficients.shape[1], N), np.float32), np.full(N, _NEVER)
    weights[:, found] = coefficients.T
    bias[found] = intercepts.round(_DECIMALS)  # as the weights' float32, hides what processors differ in
    return weights, bias
