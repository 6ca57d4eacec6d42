"""The linear classifiers: exact on soft labels, row weights as copies, a place for every stance."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from pipeline.base.calibration import softmax
from pipeline.model.linear import fit_linear
from pipeline.model.selection import FAMILIES


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 4)), rng.dirichlet(np.ones(3), 20)


def test_weights_are_float32_a_row_a_column_and_a_bias_a_stance(rows):
    weights, bias = fit_linear(csr_matrix(rows[0]), rows[1], np.ones(20), C=1.0)
    assert (weights.shape, weights.dtype) == ((4, 3), np.float32)
    assert bias.shape == (3,)


def test_one_feature_alone_learns_the_shares_of_the_soft_labels():
    X = csr_matrix(np.eye(2))
    targets = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    weights, bias = fit_linear(X, targets, np.full(2, 1e4), C=1e3)
    assert softmax(X @ weights + bias) == pytest.approx(targets, abs=0.01)


def test_without_features_the_bias_learns_the_weighted_mean_of_the_targets():
    targets, weights = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]), np.array([3.0, 1.0])
    _, bias = fit_linear(csr_matrix((2, 1)), targets, weights, C=1.0)
    assert softmax(bias[None])[0] == pytest.approx([0.55, 0.225, 0.225], abs=1e-3)


def test_planted_weights_are_found(rows):
    planted = np.array([[1.0, 0, -1], [0, 0, 0], [-1, 2, -1], [0.5, -1, 0.5]])
    weights, _ = fit_linear(csr_matrix(rows[0]), softmax(rows[0] @ planted), np.full(20, 1e3), C=1e3)
    assert weights == pytest.approx(planted, abs=0.02)


def test_a_row_of_weight_two_counts_as_two_rows(rows):
    X, targets = rows
    once = fit_linear(csr_matrix(np.vstack([X, X[:5]])), np.vstack([targets, targets[:5]]), np.ones(25), C=1.0)
    twice = fit_linear(csr_matrix(X), targets, np.r_[np.full(5, 2.0), np.ones(15)], C=1.0)
    assert twice[0] == pytest.approx(once[0], abs=1e-3)


@pytest.mark.parametrize("found", [[0, 1, 2], [0, 2]])
def test_scikit_learn_finds_the_same_on_a_row_for_each_stance(rows, found):
    X, targets = rows[0], np.zeros((20, 3))
    targets[:, found] = rows[1][:, found]
    weights, bias = fit_linear(csr_matrix(X), targets, np.ones(20), C=0.5)
    stances = np.repeat(np.arange(3), 20)
    some = np.isin(stances, found)
    theirs = LogisticRegression(C=0.5, tol=1e-4)
    theirs.fit(np.tile(X, (3, 1))[some], stances[some], sample_weight=targets.T.ravel()[some])
    scores, ours = np.atleast_2d(theirs.decision_function(X).T).T, (X @ weights + bias)[:, found]
    assert ours[:, -1] - ours[:, 0] == pytest.approx(scores[:, -1] - (scores[:, 0] if len(found) > 2 else 0), abs=1e-5)


def test_stances_are_treated_alike(rows):
    X, targets = csr_matrix(rows[0]), rows[1]
    turned = fit_linear(X, targets[:, [2, 0, 1]], np.ones(20), C=1.0)[0]
    assert turned == pytest.approx(fit_linear(X, targets, np.ones(20), C=1.0)[0][:, [2, 0, 1]], abs=1e-3)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_stance_that_no_row_of_a_fold_has_gets_no_probability(missing):
    there = np.delete(np.arange(3), missing)
    weights, bias = fit_linear(csr_matrix(np.eye(2)), np.eye(3)[there], np.ones(2), C=1.0)
    proba = softmax(np.eye(2) @ weights + bias)
    assert proba[:, missing].max() < 1e-9
    assert proba.argmax(axis=1).tolist() == there.tolist()


def test_the_only_stance_of_a_fold_gets_all_probability():
    weights, bias = fit_linear(csr_matrix(np.eye(2)), np.eye(3)[[1, 1]], np.ones(2), C=1.0)
    assert softmax(np.eye(2) @ weights + bias) == pytest.approx(np.eye(3)[[1, 1]], abs=1e-9)


@pytest.mark.parametrize("found", [[0, 1, 2], [0, 2]])
def test_a_support_vector_machine_learns_from_soft_labels_as_scikit_learns_own(rows, found):
    X, targets = rows[0], np.zeros((20, 3))
    targets[:, found] = rows[1][:, found]
    weights, bias = fit_linear(csr_matrix(X), targets, np.ones(20), C=0.5, family="svm")
    stances = np.repeat(np.arange(3), 20)
    some = np.isin(stances, found)
    theirs = LinearSVC(C=0.5, dual=False)
    theirs.fit(np.tile(X, (3, 1))[some], stances[some], sample_weight=targets.T.ravel()[some])
    scores = theirs.decision_function(X)
    ours = X @ weights + bias
    ours = ours if len(found) > 2 else ours[:, 2] - ours[:, 0]
    assert ours == pytest.approx(scores, abs=1e-3)


def test_of_a_single_stance_every_family_is_sure(rows):
    targets = np.tile([0.0, 1, 0], (20, 1))
    for family in FAMILIES:
        weights, bias = fit_linear(csr_matrix(rows[0]), targets, np.ones(20), C=1.0, family=family)
        assert softmax(rows[0] @ weights + bias)[:, 1] == pytest.approx(1)
