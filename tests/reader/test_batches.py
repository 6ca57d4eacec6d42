"""Batches: each sentence computed once, in a batch of one shape whatever stands beside it."""

import numpy as np
import pytest

from pipeline.reader.predicting import in_batches


@pytest.fixture
def asked():
    return []


@pytest.fixture
def compute(asked):
    """The sum of a sentence's tokens, and how many they are."""

    def sums(ids, mask):
        asked.append(ids.shape)
        return np.stack([(ids * mask).sum(axis=1), mask.sum(axis=1)], axis=1)

    return sums


@pytest.mark.parametrize("threads", [1, 3])
def test_every_sentence_has_its_own_values(compute, asked, threads):
    tokens = [[k] * (1 + k % 20) for k in range(100)]
    found = in_batches(tokens, compute, pad=7, step=8, threads=threads)
    assert found.dtype == np.float32
    assert found.tolist() == [[k * (1 + k % 20), 1 + k % 20] for k in range(100)]
    assert all(rows == 16 and length % 8 == 0 for rows, length in asked)


def test_a_sentence_without_tokens_is_computed_too(compute):
    """One place is not masked, so that a mean over tokens is a number."""
    assert in_batches([[]], compute, pad=0, step=8).tolist() == [[0, 1]]
