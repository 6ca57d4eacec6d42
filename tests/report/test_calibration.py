"""Reliability bins and calibration error."""

import numpy as np
import pytest

from pipeline.report.calibration import calibration_error, null_calibration_error, reliability_bins, wilson


def sample(seed, n=600, power=1.0):
    """Return confidences, and rows that are right with the probability confidence ** power."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(1 / 3, 1, n)
    return confidence, rng.random(n) < confidence**power


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


def test_wilson_matches_its_published_values():
    """9 of 10: 0.596 to 0.982; 0 of 10: 0 to 0.278 (Newcombe 1998)."""
    assert wilson(0.9, 10) == pytest.approx((0.596, 0.982), abs=5e-4)
    assert wilson(0.0, 10) == pytest.approx((0, 0.278), abs=5e-4)
