"""The linear classifier as arrays."""

import numpy as np
import pytest

from pipeline.model.features import Linear

RNG = np.random.default_rng(0)


def test_scores_are_the_product_and_the_bias():
    X, weights, bias = RNG.normal(size=(20, 7)), RNG.normal(size=(7, 3)), RNG.normal(size=3)
    assert Linear(weights, bias).scores(X) == pytest.approx(X @ weights + bias)


def test_a_row_has_the_same_bits_alone_and_in_a_batch():
    X, linear = RNG.normal(size=(50, 301)), Linear(RNG.normal(size=(301, 3)), np.zeros(3))
    assert (linear.scores(X) == np.vstack([linear.scores(X[[i]]) for i in range(50)])).all()


def test_rounding_hides_last_digits_and_keeps_differences():
    weights, bias = RNG.normal(size=(7, 3)), RNG.normal(size=3)
    one, other = (Linear.rounded(weights + shift, bias) for shift in (0, 1e-12))
    assert one.weights.tobytes() == other.weights.tobytes()
    X = RNG.normal(size=(20, 7))
    difference = one.scores(X) - (X @ weights + bias)
    assert difference - difference[:, :1] == pytest.approx(np.zeros((20, 3)), abs=1e-6)


def test_it_is_named_by_its_shape():
    assert repr(Linear(np.zeros((7, 3)), np.zeros(3))) == "Linear(7 features)"
