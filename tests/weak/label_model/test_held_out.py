"""Predictions without a row's own gold."""

import numpy as np
import pytest

from pipeline.base.calibration import softmax
from pipeline.weak.label_model.em import PriorWeights, learn
from pipeline.weak.label_model.label_model import em_data, gold_by_pattern, held_out_scores
from pipeline.weak.label_model.votes import find_patterns

UNIFORM = np.full(3, 1 / 3)


def learnt(votes, gold):
    found = find_patterns(votes)
    counts = gold_by_pattern(found, gold, 3)
    accuracy = np.full(votes.shape[1], 0.7)
    data, _ = em_data(found.cells, found.counts, counts, accuracy, copies=0.9, discount=False)
    return learn(data, UNIFORM, PriorWeights(10, 30), max_iter=100, tol=1e-6), data.table, found.inverse


def held_out(votes, gold):
    learned, table, inverse = learnt(votes, gold)
    rows = np.flatnonzero(gold >= 0)
    return softmax(held_out_scores(learned, table[inverse[rows]], gold[rows]))


def test_what_a_row_itself_has_taught_is_taken_out():
    """One LF, 4 gold rows of class 0: prior 7, 1.5, 1.5 and 3 other rows make 10, 1.5, 1.5 of 13, and no other class
    is voted for, so the offset is 0.
    """
    votes, gold = np.zeros((4, 1), int), np.zeros(4, int)
    learned, table, inverse = learnt(votes, gold)
    assert learned.precision[0] == pytest.approx(np.array([11, 1.5, 1.5]) / 14)
    scores = held_out_scores(learned, table[inverse], gold) - learned.offset
    assert softmax(scores) == pytest.approx(np.tile(np.array([10, 1.5, 1.5]) / 13, (4, 1)))


def test_an_odd_row_cannot_raise_its_own_prediction():
    """Gold of class 2 among ten rows voted 1: for itself it predicts class 2 less than the others do."""
    votes = np.array([[0]] * 10 + [[1]] * 10)
    gold = np.array([0] * 10 + [1] * 9 + [2])
    predicted = held_out(votes, gold)
    assert predicted[-1].argmax() == 1
    assert predicted[-1, 2] < predicted[-2, 2]


def test_the_order_of_rows_does_not_matter():
    """Each row goes its own way."""
    rng = np.random.default_rng(8)
    votes, gold = rng.integers(-1, 3, (60, 4)), rng.integers(0, 3, 60)
    order = rng.permutation(60)
    assert (held_out(votes[order], gold[order]) == held_out(votes, gold)[order]).all()
