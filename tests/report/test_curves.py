"""Precision-recall and coverage-precision curves."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve

from pipeline.report.metrics import coverage_precision, coverage_thresholds, draw_articles, precision_recall


@pytest.mark.parametrize("digits", [1, 8], ids=["many equal scores", "distinct scores"])
def test_the_curve_is_that_of_scikit_learn(planted, digits):
    """Same points and the same average precision, with ties too."""
    gold, proba, _ = planted()
    positive, score = gold == 2, proba[:, 2].round(digits)
    curve = precision_recall(positive, score)
    precision, recall, thresholds = precision_recall_curve(positive, score)
    assert curve.precision.tolist() == pytest.approx(precision[-2::-1].tolist())
    assert curve.recall.tolist() == pytest.approx(recall[-2::-1].tolist())
    assert curve.threshold.tolist() == thresholds[::-1].tolist()
    assert curve.average_precision == pytest.approx(average_precision_score(positive, score))


def test_a_stance_without_gold_has_an_empty_curve():
    """No positive, no point, average precision 0."""
    curve = precision_recall(np.zeros(3, bool), np.array([0.1, 0.2, 0.3]))
    assert len(curve.recall) == 0
    assert curve.average_precision == 0


def test_interpolated_precision_never_rises_with_recall():
    """Hits at ranks 1 and 4 of 4: 1.0 up to recall 0.5, then 0.5."""
    curve = precision_recall(np.array([True, False, False, True]), np.array([0.9, 0.8, 0.7, 0.6]))
    assert curve.precision_at(np.array([0, 0.5, 0.51, 1])).tolist() == [1, 1, 0.5, 0.5]


def test_coverage_and_precision_are_counted_by_hand():
    """At 0.8: two of four answered, one of them right; at 0.5 all answered; above 1 none, precision undefined."""
    confidence, right = np.array([0.9, 0.8, 0.6, 0.5]), np.array([True, False, True, True])
    bootstrap = draw_articles(np.array(list("abcd")), 20, 0.95, 0)
    points = coverage_precision(confidence, right, np.array([0.8, 0.5, 1.1]), bootstrap)
    assert [p.coverage.value for p in points] == [0.5, 1, 0]
    assert [p.precision.value for p in points[:2]] == [0.5, 0.75]
    assert np.isnan(points[2].precision.value)


def test_the_interval_of_precision_holds_its_value(planted):
    """Intervals by article surround coverage and precision."""
    gold, proba, articles = planted()
    sure, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    bootstrap = draw_articles(articles, 300, 0.95, 0)
    for point in coverage_precision(sure, right, np.array([0.4, 0.6]), bootstrap):
        assert point.precision.low < point.precision.value < point.precision.high
        assert point.coverage.low <= point.coverage.value <= point.coverage.high


def test_thresholds_step_through_coverage():
    """25 steps on many rows, the last of which answers all; equal confidences are one step."""
    confidence = np.random.default_rng(0).random(500)
    thresholds = coverage_thresholds(confidence)
    assert [(confidence >= t).sum() for t in thresholds] == list(range(20, 501, 20))
    assert coverage_thresholds(np.full(9, 0.7)).tolist() == [0.7]
