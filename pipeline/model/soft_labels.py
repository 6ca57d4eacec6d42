"""Any scikit-learn classifier that takes `sample_weight`, fitted on soft labels; and the linear case as two arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.utils import assert_all_finite, column_or_1d
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, has_fit_parameter, validate_data
from threadpoolctl import threadpool_limits

from pipeline.base.errors import InputError, suggest
from pipeline.model.features import NEVER, Linear

MODULES = ("linear_model", "ensemble", "naive_bayes", "tree", "svm", "calibration", "dummy")
"""Modules of scikit-learn whose classifiers are found by name alone."""

_MOST_ROUNDS = 3000  # of LogisticRegression; 100 do not converge


class FromProbabilities(ClassifierMixin):
    """What a classifier of n rows says beside `predict_proba`, float64 (n, k) in the order of `classes_` (k,)."""

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable class (n,), of the dtype of `classes_`, of each row; the first among equals."""
        proba = self.predict_proba(X)
        return self.classes_[proba.argmax(axis=1)]

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Return the logarithms of `predict_proba`, float64 (n, k)."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))


class SoftLabelClassifier(FromProbabilities, MetaEstimatorMixin, BaseEstimator):
    """Fit a classifier on distributions over classes in place of classes.

    Each row stands once for each class of positive probability, with that probability times its own weight as sample
    weight: for a classifier whose loss is a sum over rows this is the expected loss under the soft labels.

    Parameters
    ----------
    estimator: a scikit-learn classifier whose `fit` takes `sample_weight`; None: LogisticRegression().

    After `fit`: `estimator_`, fitted; `classes_` (k,), 0 .. k - 1 for soft labels; `n_features_in_`.
    """

    def __init__(self, estimator: Any = None):
        """Keep the parameter."""
        self.estimator = estimator

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "SoftLabelClassifier":
        """Fit on features (n, p), sparse or dense, and soft labels (n, k), rows of sum 1, or class labels (n,).

        `sample_weight` (n,). Raises ValueError, as scikit-learn does, for bad arrays, and InputError where
        soft labels are none, or the estimator takes no weights.
        """
        estimator = LogisticRegression() if self.estimator is None else clone(self.estimator)
        if not has_fit_parameter(estimator, "sample_weight"):
            what, expected = "a classifier that cannot weigh rows", "a classifier whose fit takes sample_weight"
            raise InputError(what, "estimator", expected=expected, got=type(estimator).__name__)
        if y is None:
            raise ValueError("requires y to be passed, but the target y is None")
        X = validate_data(self, X, accept_sparse="csr")
        self.classes_, targets = _classes_and_targets(y, X.shape[0])
        if sample_weight is not None:
            targets = targets * _check_sample_weight(sample_weight, X)[:, None]
        if not targets.any():
            raise ValueError("all sample weights are zero")
        rows, classes = np.nonzero(targets.T)[::-1]
        with threadpool_limits(1):  # sums in one order, however many threads there are
            self.estimator_ = _fitted(estimator, X[rows], classes, targets[rows, classes])
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return probabilities, float64 (n, k); 0 for a class that no training row had."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse="csr", reset=False)
        proba = np.zeros((X.shape[0], len(self.classes_)))
        with threadpool_limits(1):
            proba[:, self.estimator_.classes_] = self.estimator_.predict_proba(X)
        return proba

    def __sklearn_tags__(self) -> Any:
        """Say that sparse features and soft labels are taken."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def soft_targets(y: Any) -> np.ndarray:
    """Return soft labels float64 (n, k), rows of sum 1; raise InputError for anything else."""
    try:
        soft = np.asarray(y, float)
    except (TypeError, ValueError):
        soft = np.empty(0)
    if soft.ndim != 2:
        raise InputError("no soft labels", "y", expected="probabilities (n, k)", got=f"shape {np.shape(y)}")
    fine = (soft >= 0).all(axis=1) & np.isclose(soft.sum(axis=1), 1, atol=1e-3)
    if not fine.all():
        wrong = int(np.flatnonzero(~fine)[0])
        raise InputError("no probabilities that sum to 1", f"label {wrong}", got=str(soft[wrong].tolist()))
    return soft


def make_estimator(name: str, params: Mapping[str, Any] | None = None) -> Any:
    """Return a scikit-learn classifier by its name, or by module and name ("package.module.Name").

    Raises InputError for a name that is not found, for parameters that it does not have, and where it gives no
    probabilities.
    """
    module, _, short = name.rpartition(".")
    found = _look_up(module, short) if module else _in_scikit_learn(short)
    if found is None or not hasattr(found, "fit") or not hasattr(found, "predict_proba"):
        known = sorted({known for part in MODULES for known in _names(part)})
        expected = "a scikit-learn classifier with predict_proba"
        raise InputError("no such classifier", "classifier", expected=expected, got=name, remedy=suggest(name, known))
    given = dict(params or {})
    if found is LogisticRegression:
        given.setdefault("max_iter", _MOST_ROUNDS)
    try:
        return found(**given)
    except TypeError as error:
        valid = sorted(found._get_param_names()) if hasattr(found, "_get_param_names") else []
        got = next((key for key in params or {} if key not in valid), str(error))
        remedy = suggest(got, valid)
        raise InputError("no such parameter", f"classifier {name}", got=got, remedy=remedy) from None


def exported(fitted: SoftLabelClassifier, scales: np.ndarray) -> Linear | None:
    """Return a fitted LogisticRegression as arrays for features that are still to be multiplied by `scales`.

    `scales` float64 (p,). None for any other classifier. A class that no row had never answers.
    """
    model, k = fitted.estimator_, len(fitted.classes_)
    if not isinstance(model, LogisticRegression):
        return None
    weights, bias = np.zeros((fitted.n_features_in_, k)), np.full(k, NEVER)
    coef, intercept = model.coef_ * scales, np.broadcast_to(model.intercept_, len(model.coef_))
    if len(model.classes_) == 2:  # one row of weights, for the second class against the first
        coef, intercept = np.vstack([0 * coef, coef]), np.r_[0.0, intercept]
    weights[:, model.classes_], bias[model.classes_] = coef.T, intercept
    return Linear.rounded(weights, bias)


def _classes_and_targets(y: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the classes (k,) and target distributions (n, k) of soft or hard labels."""
    y = np.asarray(y)
    if y.shape[:1] != (n,):
        raise ValueError(f"each row needs a label: X has {n} rows, y is of shape {y.shape}")
    if y.ndim == 2 and y.shape[1] > 1:
        soft = soft_targets(y)
        return np.arange(soft.shape[1]), soft
    y = column_or_1d(y, warn=True)
    assert_all_finite(y, input_name="y")
    check_classification_targets(y)
    classes, place = np.unique(y, return_inverse=True)
    return classes, np.eye(len(classes))[place]


@dataclass
class _OneClass:
    """What is learnt where all rows are of one class."""

    classes_: np.ndarray

    def predict_proba(self, X: Any) -> np.ndarray:
        return np.ones((X.shape[0], 1))


def _fitted(estimator: Any, X: Any, classes: np.ndarray, weights: np.ndarray) -> Any:
    if len(found := np.unique(classes)) == 1:
        return _OneClass(found)
    return estimator.fit(X, classes, sample_weight=weights)


def _in_scikit_learn(name: str) -> Any:
    return next((found for part in MODULES if (found := _look_up(f"sklearn.{part}", name))), None)


def _look_up(module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name, None)
    except ImportError:
        return None


def _names(part: str) -> list[str]:
    every = dir(import_module(f"sklearn.{part}"))
    return [name for name in every if name.endswith(("Classifier", "Regression", "NB"))]
