"""The classifier as a scikit-learn estimator: from raw text, for `GridSearchCV`, `cross_val_score` and the like."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from pipeline.base.errors import InputError, check_texts
from pipeline.base.stances import STANCES, UNLABELED, stance_id
from pipeline.model.encoder import open_encoder
from pipeline.model.soft_labels import FromProbabilities, soft_targets
from pipeline.model.training import GOLD_WEIGHT, N, train_model
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf_set import cast_sentences
from pipeline.weak.loading import load_lfs


class StanceClassifier(FromProbabilities, BaseEstimator):
    """Learns stances from sentences and hand labels, or soft labels, on top of labeling functions (LFs).

    Parameters
    ----------
    C: inverse regularisation of the default classifier.
    gold_weight: weight of a hand label against what the label model makes of the votes (0: weak labels alone).
    classifier, classifier_params: another classifier of scikit-learn, by name, and its parameters; C is then not used.
    ngram_max, min_df: the longest n-gram taken (0: none), and sentences that it must occur in.
    lf_folders: folders with LFs beside the shipped ones.
    encoder: a model whose embeddings are features, by folder or hub name.

    After `fit`: `model_` is a `StanceModel`; `classes_` the stances of `y` as scikit-learn wants them, sorted,
    names (str) or ids (int64), whichever `fit` was given; so are predictions.
    """

    def __init__(
        self,
        C: float = 0.1,
        gold_weight: float = GOLD_WEIGHT,
        classifier: str = "LogisticRegression",
        classifier_params: Mapping[str, Any] | None = None,
        ngram_max: int = 0,
        min_df: int = 2,
        lf_folders: tuple[str, ...] = (),
        encoder: str | None = None,
    ):
        """Keep the parameters."""
        self.C = C
        self.gold_weight = gold_weight
        self.classifier = classifier
        self.classifier_params = classifier_params
        self.ngram_max = ngram_max
        self.min_df = min_df
        self.lf_folders = lf_folders
        self.encoder = encoder

    def fit(self, X: Sequence[str], y: Any, groups: Any = None, sample_weight: Any = None) -> "StanceClassifier":
        """Fit on n sentences and `y`: n names or n ids of stances, or soft labels (n, 3).

        `groups` (n,) names their articles; `sample_weight` (n,) weighs them. The label model learns from the votes on
        X, and from `y` where it is hard. Of two stances the third is never answered. Given ids, predictions are ids;
        given soft labels, `classes_` has their order, that of STANCES. Raises InputError for a label that is none, or
        where there is one stance alone.
        """
        X, y = check_texts(X), np.asarray(y)
        if len(X) != len(y):
            raise InputError("each sentence needs a label", "y", expected=f"{len(X)} of them", got=str(len(y)))
        targets, gold = _labels(y)
        found = np.flatnonzero(targets.any(axis=0))
        if len(found) < 2:
            raise InputError("one stance alone teaches nothing", "y", expected="2 or 3 stances", got=STANCES[found[0]])
        lfs = load_lfs(*self.lf_folders)
        cast = cast_sentences(X, lfs)
        label_model = LabelModel(N).fit(cast.votes, strengths=cast.strengths, gold=gold)
        soft = targets
        if y.ndim == 1:
            soft = label_model.predict_proba(cast.votes, cast.strengths) * targets.any(axis=0)
            soft = soft / soft.sum(axis=1, keepdims=True)
        default = self.classifier == "LogisticRegression" and self.classifier_params is None
        self.model_ = train_model(
            X,
            soft,
            np.arange(len(X)) if groups is None else np.asarray(groups),
            gold,
            lfs,
            label_model,
            classifier=self.classifier,
            classifier_params={"C": self.C} if default else self.classifier_params,
            grid={},
            gold_weight=self.gold_weight,
            ngram_max=self.ngram_max,
            min_df=self.min_df,
            precision=None,
            context=False,
            encoder=open_encoder(self.encoder) if self.encoder else None,
            sample_weight=sample_weight,
            stances=found.tolist(),
            cast=cast,
        ).model
        names = np.arange(N) if _are_ids(y) else np.array(STANCES)
        self.columns_ = np.arange(N) if y.ndim == 2 else found[np.argsort(names[found])]
        self.classes_ = names[self.columns_]
        return self

    def predict_proba(self, X: Sequence[str]) -> np.ndarray:
        """Return probabilities, float64 (n, number of classes), in the order of `classes_`."""
        check_is_fitted(self)
        proba = self.model_.predict_proba(X)[:, self.columns_]
        return proba / proba.sum(axis=1, keepdims=True)

    def explain(self, text: str, top: int = 5) -> dict[str, Any]:
        """Return why a sentence gets its stance, as `StanceModel.explain` does."""
        check_is_fitted(self)
        return self.model_.explain(text, top)

    def __sklearn_tags__(self) -> Any:
        """Say that X is a list of strings."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        return tags


def _labels(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return targets (n, 3) and gold (n,) from either kind of labels."""
    if y.ndim == 2:
        soft = soft_targets(y)
        if soft.shape[1] != N:
            raise InputError("soft labels of another width", "y", expected=str(N), got=str(soft.shape[1]))
        return soft, np.full(len(y), UNLABELED)
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
