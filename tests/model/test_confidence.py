"""Confidence: errors of means by article, thresholds that keep their promise."""

import numpy as np
import pytest

from pipeline.base.calibration import wilson
from pipeline.model.selection import choose_threshold, error_by_article


def test_copies_of_a_sentence_in_its_article_make_a_mean_no_surer():
    values, articles = np.array([0.1, 0.5, 0.9]), np.array(["a", "b", "c"])
    error = error_by_article(values, articles)
    assert error == pytest.approx(np.sqrt(0.4**2 + 0.4**2) / 3)
    assert error_by_article(np.repeat(values, 10), np.repeat(articles, 10)) == pytest.approx(error)


def graded(n):
    """Confidence rises evenly from 0.5 to 1; the answers above 0.75 are right."""
    confidence = np.linspace(0.5, 1, n)
    proba = np.column_stack([confidence, 1 - confidence, np.zeros(n)])
    return proba, np.where(confidence > 0.75, 0, 1)


def test_the_threshold_is_the_lowest_that_keeps_the_precision():
    proba, gold = graded(400)
    threshold = choose_threshold(proba, gold, 0.9)
    answered = proba[:, 0] >= threshold
    assert wilson(int((gold[answered] == 0).sum()), int(answered.sum()))[0] >= 0.9
    lower = proba[:, 0] >= threshold - 1.5 * 0.5 / 399
    assert wilson(int((gold[lower] == 0).sum()), int(lower.sum()))[0] < 0.9


def test_equal_confidences_are_answered_together():
    proba = np.tile([0.7, 0.2, 0.1], (200, 1))
    gold = np.array([0] * 100 + [1] * 100)
    assert choose_threshold(proba, gold, 0.9) is None


def test_nothing_is_promised_on_few_rows_or_where_precision_is_never_reached():
    proba, gold = graded(99)
    assert choose_threshold(proba, gold, 0.5) is None
    proba, _ = graded(400)
    assert choose_threshold(proba, np.ones(400, int), 0.9) is None
