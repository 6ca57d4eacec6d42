"""The estimator: raw text in scikit-learn's own tools, from names, ids or soft labels."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from pipeline.errors import InputError
from pipeline.model.estimator import StanceClassifier
from pipeline.stances import STANCES

TEXTS = [
    f"{who} {what} of the council."
    for who in "ABCDEF"
    for what in ("rejected the plan", "met the envoy", "signed the accord")
]
NAMES = list(STANCES) * 6


def test_grid_search_takes_raw_text_and_names():
    search = GridSearchCV(StanceClassifier(), {"C": [0.1, 1.0]}, cv=2, error_score="raise").fit(TEXTS, NAMES)
    assert search.best_score_ == 1.0


def test_ids_in_ids_out_for_scores_of_probabilities():
    ids = np.tile([0, 1, 2], 6)
    search = GridSearchCV(StanceClassifier(), {"C": [1.0]}, cv=2, scoring="neg_log_loss", error_score="raise")
    assert search.fit(TEXTS, ids).best_score_ > -np.log(3)
    assert search.predict(TEXTS[:3]).tolist() == [0, 1, 2]


def test_soft_labels_are_taken_too():
    soft = 0.8 * np.eye(3)[[0, 1, 2] * 6] + 0.2 / 3
    assert StanceClassifier().fit(TEXTS, soft).predict(TEXTS[:3]).tolist() == list(STANCES)


def test_a_clone_has_the_parameters_and_nothing_learned():
    copy = clone(StanceClassifier(C=7.0).fit(TEXTS, NAMES))
    own = {"family": "logistic", "C": 7.0, "ngram_max": 2, "min_df": 2, "lf_folders": (), "encoder": None}
    assert copy.get_params() == own
    assert not hasattr(copy, "model_")


def test_an_encoder_is_given_by_name(folder, asked):
    search = GridSearchCV(StanceClassifier(), {"encoder": [None, str(folder)]}, cv=2, error_score="raise")
    search.fit(TEXTS, NAMES)
    with_encoder = StanceClassifier(encoder=str(folder)).fit(TEXTS, NAMES)
    assert with_encoder.model_.encoder.name == str(folder)
    assert with_encoder.predict(TEXTS[:3]).tolist() == list(STANCES)
    assert sorted(text for texts in asked for text in texts) == sorted(TEXTS)


def test_a_name_that_is_no_stance_is_refused_by_its_place():
    with pytest.raises(InputError, match="label 1: unknown stance"):
        StanceClassifier().fit(TEXTS[:2], ["neutral", "agreed"])
