"""Soft labels in scikit-learn: the expected loss, what is exported equals what was fitted, refusals."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.utils.estimator_checks import check_estimator

from pipeline.base.calibration import softmax
from pipeline.base.errors import InputError
from pipeline.model.soft_labels import SoftLabelClassifier, exported, make_estimator

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 6))
SOFT = softmax(X @ RNG.normal(size=(6, 3)))


def fitted(targets=SOFT, **given):
    return SoftLabelClassifier(LogisticRegression(max_iter=1000, tol=1e-8)).fit(X, targets, **given)


def test_soft_labels_teach_what_drawn_labels_teach_on_average():
    """A thousand draws of each row's class give nearly the same probabilities."""
    draws = np.repeat(np.arange(300), 1000)
    drawn = (RNG.random((len(draws), 1)) > SOFT[draws].cumsum(axis=1)).sum(axis=1)
    counts = np.zeros((300, 3))
    np.add.at(counts, (draws, drawn), 1e-3)
    expected = LogisticRegression(max_iter=1000).fit(np.repeat(X, 3, axis=0), np.tile([0, 1, 2], 300), counts.ravel())
    assert fitted().predict_proba(X) == pytest.approx(expected.predict_proba(X), abs=0.02)


def test_hard_labels_teach_what_they_teach_without_it():
    y = SOFT.argmax(axis=1)
    plain = LogisticRegression(max_iter=1000, tol=1e-8).fit(X, y)
    assert fitted(y).predict_proba(X) == pytest.approx(plain.predict_proba(X), abs=1e-4)
    assert (fitted(y).predict(X) == plain.predict(X)).all()


def test_a_weight_of_two_is_a_row_twice():
    twice = SoftLabelClassifier(LogisticRegression(max_iter=1000, tol=1e-8)).fit(
        np.vstack([X, X[:50]]), np.vstack([SOFT, SOFT[:50]])
    )
    weighted = fitted(sample_weight=np.r_[np.full(50, 2.0), np.ones(250)])
    assert weighted.predict_proba(X) == pytest.approx(twice.predict_proba(X), abs=1e-4)


@pytest.mark.parametrize("columns", [[0, 1, 2], [0, 2], [1, 2]], ids=str)
def test_the_export_answers_as_scikit_learn_does(columns):
    """To 1e-6, on features of the size that log-odds have; also where a class has no row."""
    targets = np.zeros_like(SOFT)
    targets[:, columns] = SOFT[:, columns] / SOFT[:, columns].sum(axis=1, keepdims=True)
    scales = np.array([10.0, 10, 10, 1, 0.5, 3])
    model = SoftLabelClassifier(LogisticRegression(C=0.1, max_iter=1000)).fit(X * scales, targets)
    proba = softmax(exported(model, scales).scores(X))
    assert np.abs(proba - model.predict_proba(X * scales)).max() < 1e-6


def test_only_the_linear_case_is_exported():
    forest = SoftLabelClassifier(RandomForestClassifier(5, random_state=0)).fit(X, SOFT)
    assert exported(forest, np.ones(6)) is None
    assert forest.predict_proba(X).sum(axis=1) == pytest.approx(np.ones(300))


def test_it_keeps_scikit_learns_conventions():
    """All of its checks pass."""
    check_estimator(SoftLabelClassifier(), on_skip=None)
    assert clone(SoftLabelClassifier(LogisticRegression(C=3))).estimator.C == 3


def test_a_classifier_is_found_by_name():
    assert make_estimator("LogisticRegression", {"C": 2}).C == 2
    assert isinstance(make_estimator("RandomForestClassifier"), RandomForestClassifier)
    assert isinstance(make_estimator("sklearn.neighbors.KNeighborsClassifier"), KNeighborsClassifier)


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("LogisticRegresion", {}, r"no such classifier.*Did you mean 'LogisticRegression'\?"),
        ("LinearSVC", {}, "no such classifier; expected a scikit-learn classifier with predict_proba; got LinearSVC"),
        ("no.such.Thing", {}, "no such classifier"),
        ("LogisticRegression", {"c": 1}, r"classifier LogisticRegression: no such parameter; got c"),
    ],
)
def test_what_is_no_classifier_is_refused_by_name(name, params, expected):
    with pytest.raises(InputError, match=expected):
        make_estimator(name, params)


@pytest.mark.parametrize(
    ("estimator", "y", "error", "expected"),
    [
        (KNeighborsClassifier(), SOFT, InputError, "cannot weigh rows.*got KNeighborsClassifier"),
        (None, SOFT[:5], ValueError, r"each row needs a label: X has 300 rows, y is of shape \(5, 3\)"),
        (None, 2 * SOFT, InputError, "label 0: no probabilities that sum to 1"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(estimator, y, error, expected):
    with pytest.raises(error, match=expected):
        SoftLabelClassifier(estimator).fit(X, y)


def test_class_labels_may_be_names():
    names = np.array(["a", "b", "c"])[SOFT.argmax(axis=1)]
    assert set(SoftLabelClassifier().fit(X, names).predict(X)) == {"a", "b", "c"}
