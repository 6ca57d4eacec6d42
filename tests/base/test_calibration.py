"""Calibration: probabilities from scores, planted temperatures, reliability bins and calibration error by hand."""

import numpy as np
import pytest

from pipeline.base.calibration import (
    calibration_error,
    fit_temperature,
    log_losses,
    null_calibration_error,
    reliability_bins,
    softmax,
    wilson,
)


def sample(seed, n=600, power=1.0):
    """Return confidences, and rows that are right with the probability confidence ** power."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(1 / 3, 1, n)
    return confidence, rng.random(n) < confidence**power


def test_softmax_survives_large_scores():
    """No overflow, no NaN."""
    assert softmax(np.array([[1e4, 0.0], [-1e4, -1e4]])).tolist() == [[1, 0], [0.5, 0.5]]


def test_log_losses_of_certainty_and_of_ignorance():
    gold = np.eye(3)[[0, 1]]
    assert log_losses(gold, gold) == pytest.approx([0, 0])
    assert log_losses(np.full((2, 3), 1 / 3), gold) == pytest.approx([np.log(3)] * 2)
    assert np.isfinite(log_losses(np.eye(3)[[2, 2]], gold)).all()


@pytest.mark.parametrize("planted", [0.5, 1.0, 3.0])
def test_a_planted_temperature_is_found(planted):
    scores = np.random.default_rng(5).normal(size=(500, 3)) * 2
    assert fit_temperature(scores * planted, softmax(scores)) == pytest.approx(planted, rel=1e-5)


@pytest.mark.parametrize("planted", [0.7, 1.0, 2.0, 4.0])
def test_the_temperature_of_scores_is_found_from_classes_drawn_by_them(planted):
    """Gold drawn from softmax(scores / T), 4,000 rows; a weak pull towards 1 is no matter with so many."""
    rng = np.random.default_rng(9)
    scores = rng.normal(0, 3, (4000, 3))
    gold = (softmax(scores / planted).cumsum(axis=1) < rng.random((4000, 1))).sum(axis=1)
    assert fit_temperature(scores, np.eye(3)[gold], pull=2.0) == pytest.approx(planted, rel=0.1)


def test_few_rows_hardly_move_a_temperature_that_is_pulled():
    """Three rows that were all right ask for a lower temperature and get little; without a pull, the lowest."""
    scores, targets = np.array([[2.0, 0, 0]] * 3), np.eye(3)[[0] * 3]
    assert 0.7 < fit_temperature(scores, targets, pull=2.0) < 1
    assert fit_temperature(scores, targets) == pytest.approx(0.2)


def test_temperature_stays_within_bounds_where_every_answer_is_wrong():
    scores = np.tile([5.0, 0.0, 0.0], (10, 1))
    assert fit_temperature(scores, np.eye(3)[[1] * 10]) == pytest.approx(5.0)


def test_bins_are_counted_by_hand():
    """Two rows near 0.5 (one right), one row at 1.0."""
    bins = reliability_bins(np.array([0.48, 0.52, 1.0]), np.array([True, False, True]))
    assert [b.n for b in bins] == [2, 1]
    assert (bins[0].confidence, bins[0].accuracy) == pytest.approx((0.5, 0.5))
    assert bins[1].high == 1


def test_the_error_is_the_weighted_gap():
    """Two rows at 0.5 with one right: gap 0; two rows at 0.9 with one right: gap 0.4; half the rows each."""
    confidence, right = np.array([0.5, 0.5, 0.9, 0.9]), np.array([True, False, True, False])
    assert calibration_error(confidence, right) == pytest.approx(0.2)


def test_gaps_in_different_bins_do_not_cancel():
    assert calibration_error(np.array([0.9, 0.5]), np.array([False, True])) == pytest.approx((0.9 + 0.5) / 2)


def test_a_row_can_be_right_by_a_share():
    """Against soft targets; three rows sure of what is true to a half."""
    assert calibration_error(np.full(3, 0.75), np.full(3, 0.5)) == pytest.approx(0.25)


@pytest.mark.parametrize(("confidences", "n_bins"), [([0.34, 0.4], 1), ([0.4, 0.41], 2), ([0.0, 0.05], 1)])
def test_a_confidence_on_the_edge_belongs_to_the_lower_bin(confidences, n_bins):
    """Bins are closed above: 0.4 is the top of (1/3, 0.4]; 0 belongs to the first."""
    assert len(reliability_bins(np.array(confidences), np.array([True, True]))) == n_bins


def test_the_null_point_bounds_a_calibrated_model_and_not_an_overconfident_one():
    """Planted: about 95 % of calibrated samples lie below their null point, no overconfident one does."""
    below = [calibration_error(*sample(s)) <= null_calibration_error(sample(s)[0], 1) for s in range(20)]
    assert sum(below) >= 17
    confidence, right = sample(0, power=3)
    assert calibration_error(confidence, right) > null_calibration_error(confidence, 1)


def test_few_rows_allow_a_large_error():
    """The fewer rows, the larger the error that a perfect model shows."""
    points = [null_calibration_error(sample(0, n)[0], 0) for n in (50, 500, 5000)]
    assert points[0] > 2 * points[1] > 4 * points[2]


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 5, 0, 0.4345), (5, 5, 0.5655, 1), (9, 10, 0.596, 0.982), (0, 10, 0, 0.278)],
)
def test_wilson_intervals_against_published_values(correct, n, low, high):
    """Also where nothing or everything is right (Newcombe 1998)."""
    assert wilson(correct, n) == pytest.approx((low, high), abs=5e-4)
