"""The classifier as a scikit-learn estimator: from raw text, for `GridSearchCV`, `cross_val_score` and the like."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from pipeline.model.encoder import open_encoder
from pipeline.model.rows import N
from pipeline.model.training import train_model
from pipeline.stances import STANCES, UNLABELED, stance_id
from pipeline.weak.label_model import LabelModel
from pipeline.weak.loading import load_lfs
from pipeline.weak.votes import cast_votes


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """Learns stances from sentences and hand labels, or soft labels, on top of labeling functions (LFs).

    `family`: "logistic" or "svm"; `C`: inverse regularisation; `ngram_max`, `min_df`: the n-grams taken; `lf_folders`:
    folders with LFs beside the shipped ones; `encoder`: a model whose embeddings are features, by folder or hub name.
    After `fit`: `model_` is a `StanceModel`, `classes_` the names of the stances.
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

        The label model learns from the votes on X, and from `y` where it is hard. Given ids, predictions are ids: use
        these with scikit-learn's scores of probabilities, which expect classes in sorted order. Raises TrainingError
        where a stance is missing.
        """
        y = np.asarray(y)
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
            family=self.family,
            C=self.C,
            ngram_max=self.ngram_max,
            min_df=self.min_df,
            encoder=open_encoder(self.encoder) if self.encoder else None,
        ).model
        self.classes_ = np.arange(N) if y.ndim == 1 and y.dtype.kind in "iu" else np.array(STANCES)
        return self

    def predict(self, X: Sequence[str]) -> np.ndarray:
        """Return the most probable stances, as names or ids, whichever `fit` was given."""
        check_is_fitted(self)
        return self.classes_[self.model_.predict_proba(X).argmax(axis=1)]

    def predict_proba(self, X: Sequence[str]) -> np.ndarray:
        """Return probabilities, float64 (n, 3), in the order of `classes_`."""
        check_is_fitted(self)
        return self.model_.predict_proba(X)


def _labels(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return soft labels (n, 3) and gold (n,) from either."""
    if y.ndim == 2:
        return y, np.full(len(y), UNLABELED)
    names = [STANCES[label] if y.dtype.kind in "iu" else str(label) for label in y]
    gold = np.array([stance_id(name, f"label {i}") for i, name in enumerate(names)], int)
    return np.eye(N)[gold], gold
