"""The classifier as a scikit-learn estimator: from raw text, for `GridSearchCV`, `cross_val_score` and the like."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from pipeline.base.errors import InputError, check_texts
from pipeline.base.stances import STANCES, UNLABELED, stance_id
from pipeline.model.encoder import open_encoder
from pipeline.model.training import N, train_model
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf_set import cast_votes
from pipeline.weak.loading import load_lfs


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Learns stances from sentences and hand labels, or soft labels, on top of labeling functions (LFs).

    `family`: "logistic" or "svm"; `C`: inverse regularisation; `ngram_max`, `min_df`: the n-grams taken; `lf_folders`:
    folders with LFs beside the shipped ones; `encoder`: a model whose embeddings are features, by folder or hub name.
    After `fit`: `model_` is a `StanceModel`, `classes_` the stances as scikit-learn wants them, sorted.
    """

    def __init__(
        self,
        family: str = "logistic",
        C: float = 0.1,
        ngram_max: int = 2,
        min_df: int = 2,
        lf_folders: tuple[str, ...] = (),
        encoder: str | None = None,
    ):
        """Keep the parameters."""
        self.family = family
        self.C = C
        self.ngram_max = ngram_max
        self.min_df = min_df
        self.lf_folders = lf_folders
        self.encoder = encoder

    def fit(self, X: Sequence[str], y: Any, groups: Any = None) -> "StanceClassifier":
        """Fit on sentences and `y`: n names or n ids of stances, or soft labels (n, 3); `groups` names their articles.

        The label model learns from the votes on X, and from `y` where it is hard. Given ids, predictions are ids; given
        soft labels, `classes_` has their order, that of STANCES. Raises TrainingError where a stance is missing,
        InputError for a label that is none.
        """
        X, y = check_texts(X), np.asarray(y)
        if len(X) != len(y):
            raise InputError("each sentence needs a label", "y", expected=f"{len(X)} of them", got=str(len(y)))
        soft, gold = _labels(y)
        lfs = load_lfs(*self.lf_folders)
        votes, strengths = cast_votes(X, lfs)
        label_model = LabelModel(N).fit(votes, strengths=strengths, gold=gold)
        articles = np.arange(len(X)) if groups is None else np.asarray(groups)
        self.model_ = train_model(
            X,
            soft,
            articles,
            gold,
            lfs,
            label_model,
            gold_weight=1.0,
            precision=None,
            family=self.family,
            C=self.C,
            ngram_max=self.ngram_max,
            min_df=self.min_df,
            encoder=open_encoder(self.encoder) if self.encoder else None,
        ).model
        names = np.arange(N) if _are_ids(y) else np.array(STANCES)
        self.columns_ = np.arange(N) if y.ndim == 2 else np.argsort(names)
        self.classes_ = names[self.columns_]
        return self

    def predict(self, X: Sequence[str]) -> np.ndarray:
        """Return the most probable stances, as names or ids, whichever `fit` was given."""
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def predict_proba(self, X: Sequence[str]) -> np.ndarray:
        """Return probabilities, float64 (n, 3), in the order of `classes_`."""
        check_is_fitted(self)
        return self.model_.predict_proba(X)[:, self.columns_]


def _labels(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return soft labels (n, 3) and gold (n,) from either."""
    if y.ndim == 2:
        _check_soft(y)
        return y, np.full(len(y), UNLABELED)
    if _are_ids(y):
        gold = y.astype(int)
        if wrong := np.flatnonzero((gold < 0) | (gold >= N)).tolist():
            expected = ", ".join(f"{i} ({name})" for i, name in enumerate(STANCES))
            raise InputError("unknown stance", f"label {wrong[0]}", expected=expected, got=str(gold[wrong[0]]))
    else:
        gold = np.array([stance_id(str(label), f"label {i}") for i, label in enumerate(y)], int)
    return np.eye(N)[gold], gold


def _are_ids(y: np.ndarray) -> bool:
    return y.ndim == 1 and y.dtype.kind in "iu"


def _check_soft(soft: np.ndarray) -> None:
    if soft.shape[1] != N:
        raise InputError("soft labels of another width", "y", expected=str(N), got=str(soft.shape[1]))
    fine = (soft >= 0).all(axis=1) & np.isclose(soft.sum(axis=1), 1, atol=1e-3)
    if not fine.all():
        wrong = int(np.flatnonzero(~fine)[0])
        raise InputError("no probabilities that sum to 1", f"label {wrong}", got=str(soft[wrong].tolist()))
