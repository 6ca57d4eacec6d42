"""Unique vote patterns."""

import numpy as np
import pytest

from pipeline.weak.label_model import votes as patterns
from pipeline.weak.label_model.votes import LEVELS, covered, find_patterns, sparse_votes, ungraded, votes_of

VOTES = np.array([[0, -1], [2, 1], [0, -1], [-1, -1], [0, -1]])


@pytest.fixture(params=["hash", "colliding hash"])
def hashing(request, monkeypatch):
    """Run a test as it is, and once more with a hash that is the same for all rows."""
    if request.param == "colliding hash":
        monkeypatch.setattr(patterns, "_hash", lambda words: np.zeros(len(words), dtype=np.uint64))


@pytest.mark.usefixtures("hashing")
def test_equal_rows_are_one_pattern():
    """Three patterns, of 3, 1 and 1 rows; a collision of hashes is noticed and put right."""
    found = find_patterns(VOTES)
    assert (votes_of(found.cells)[found.inverse] == VOTES).all()
    assert sorted(found.counts.tolist()) == [1, 1, 3]


@pytest.mark.usefixtures("hashing")
def test_row_order_does_not_matter():
    """Patterns come in the order of their hash."""
    one, other = find_patterns(VOTES), find_patterns(VOTES[::-1])
    assert (one.cells == other.cells).all()
    assert (one.counts == other.counts).all()


def test_every_pattern_is_found_among_many_rows():
    """Against numpy's own sort of rows, at a width that is no multiple of the word size."""
    votes = np.random.default_rng(0).integers(-1, 3, (3000, 5))
    found = find_patterns(votes)
    assert len(found.cells) == len(np.unique(votes, axis=0))
    assert (votes_of(found.cells)[found.inverse] == votes).all()


def test_strengths_tell_patterns_apart_in_steps():
    """0.50 and 0.51 are one step, 0.6 is another; strength 0 is abstaining; full strength is no strengths at all."""
    votes = np.array([[1], [1], [1], [1], [-1]])
    found = find_patterns(votes, np.array([[0.5], [0.51], [0.6], [0.0], [0.0]]))
    of_row = found.inverse.tolist()
    assert of_row[0] == of_row[1] != of_row[2]
    assert of_row[3] == of_row[4]
    assert votes_of(found.cells)[of_row].ravel().tolist() == [1, 1, 1, -1, -1]
    assert (find_patterns(votes, np.ones((5, 1))).cells == find_patterns(votes).cells).all()


def test_sums_over_sparse_votes_by_hand():
    """Column lf * 3 + class; a vote of half strength counts half."""
    found = find_patterns(np.array([[0, 2], [-1, 2]]), np.array([[1.0, 0.5], [0.0, 1.0]]))
    table = sparse_votes(found.cells[found.inverse], 3)
    values = np.arange(6.0)[:, None]
    assert (table @ values).ravel().tolist() == [0 + 0.5 * 5, 5]
    assert (table.T @ np.array([[10.0], [1.0]])).ravel().tolist() == [10, 0, 0, 0, 0, 6]
    assert (ungraded(table).T @ np.ones((2, 1))).ravel().tolist() == [1, 0, 0, 0, 0, 2]


def test_a_row_without_votes_is_not_covered():
    """Its sums are 0."""
    table = sparse_votes(np.array([[0, 0], [LEVELS, 0]]), 3)
    assert covered(table).tolist() == [False, True]
    assert (table @ np.ones((6, 1))).ravel().tolist() == [0, 1]


def test_blocks_cover_everything_once(monkeypatch):
    """Working in blocks changes nothing."""
    whole = find_patterns(VOTES)
    table = sparse_votes(whole.cells, 3)
    monkeypatch.setattr(patterns, "BLOCK", 2)
    pieces = sparse_votes(whole.cells, 3)
    assert (table != pieces).nnz == 0
