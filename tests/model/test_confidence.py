"""Confidence: temperatures planted and found again, calibration error by hand, thresholds that keep their promise."""

import numpy as np
import pytest

from pipeline.model.confidence import calibration_error, choose_threshold, error_by_article, fit_temperature, log_loss
from pipeline.weak.em import softmax


def test_log_loss_of_certainty_and_of_ignorance():
    gold = np.eye(3)[[0, 1]]
    assert log_loss(gold, gold) == pytest.approx(0)
    assert log_loss(np.full((2, 3), 1 / 3), gold) == pytest.approx(np.log(3))


def test_calibration_error_is_the_gap_between_confidence_and_share_right():
    proba = np.array([[0.8, 0.1, 0.1]] * 4)
    assert calibration_error(proba, np.eye(3)[[0, 0, 1, 2]]) == pytest.approx(0.3)


def test_copies_of_a_sentence_in_its_article_make_a_mean_no_surer():
    values, articles = np.array([0.1, 0.5, 0.9]), np.array(["a", "b", "c"])
    error = error_by_article(values, articles)
    assert error == pytest.approx(np.sqrt(0.4**2 + 0.4**2) / 3)
    assert error_by_article(np.repeat(values, 10), np.repeat(articles, 10)) == pytest.approx(error)


def test_gaps_in_different_bins_do_not_cancel():
    proba = np.array([[0.9, 0.1, 0.0], [0.5, 0.4, 0.1]])
    assert calibration_error(proba, np.eye(3)[[1, 0]]) == pytest.approx((0.9 + 0.5) / 2)


@pytest.mark.parametrize("planted", [0.5, 1.0, 3.0])
def test_a_planted_temperature_is_found(planted):
    scores = np.random.default_rng(5).normal(size=(500, 3)) * 2
    assert fit_temperature(scores * planted, softmax(scores)) == pytest.approx(planted, rel=1e-5)


def test_temperature_stays_within_bounds_where_every_answer_is_wrong():
    scores = np.tile([5.0, 0.0, 0.0], (10, 1))
    assert fit_temperature(scores, np.eye(3)[[1] * 10]) == pytest.approx(5.0)


def graded(n):
    """Confidence rises evenly from 0.5 to 1; the answers above 0.75 are right."""
    confidence = np.linspace(0.5, 1, n)
    proba = np.column_stack([confidence, 1 - confidence, np.zeros(n)])
    return proba, np.where(confidence > 0.75, 0, 1)


def test_the_threshold_is_the_lowest_that_keeps_the_precision():
    proba, gold = graded(400)
    threshold = choose_threshold(proba, gold, 0.9)
    answered = proba[:, 0] >= threshold
    assert (gold[answered] == 0).mean() >= 0.9
    lower = proba[:, 0] >= threshold - 1.5 * 0.5 / 399
    assert ((gold[lower] == 0).sum() + 1) / (lower.sum() + 2) < 0.9


def test_equal_confidences_are_answered_together():
    proba = np.tile([0.7, 0.2, 0.1], (200, 1))
    gold = np.array([0] * 100 + [1] * 100)
    assert choose_threshold(proba, gold, 0.9) is None


def test_nothing_is_promised_on_few_rows_or_where_precision_is_never_reached():
    proba, gold = graded(99)
    assert choose_threshold(proba, gold, 0.5) is None
    proba, _ = graded(400)
    assert choose_threshold(proba, np.ones(400, int), 0.9) is None
