"""Majority vote."""

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.weak.label_model.votes import majority_vote


def test_most_votes_win_and_ties_share():
    """Two against one; one against one; one alone."""
    soft = majority_vote([[0, 0, 2], [0, -1, 2], [-1, 1, -1]], 3)
    assert soft.tolist() == [[1, 0, 0], [0.5, 0, 0.5], [0, 1, 0]]


def test_graded_votes_count_by_strength():
    """0.1 + 0.2 ties with 0.3; a vote of strength 0 is none."""
    strengths = [[0.1, 0.2, 0.3], [0.9, 0.0, 0.5], [0.0, 0.0, 0.0]]
    soft = majority_vote([[0, 0, 2], [1, 2, 2], [0, 1, 2]], 3, strengths=strengths, empty=1)
    assert soft.tolist() == [[0.5, 0, 0.5], [0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("empty", "expected"),
    [("uniform", [0.25] * 4), (2, [0, 0, 1, 0]), (np.int64(0), [1, 0, 0, 0]), ([1, 1, 0.5, 2.5], [0.2, 0.2, 0.1, 0.5])],
)
def test_a_row_without_votes_gets_what_its_policy_says(empty, expected):
    """Uniform, a class for certain, or class shares."""
    assert majority_vote([[-1, -1]], 4, empty=empty).tolist() == [expected]


@pytest.mark.parametrize("empty", ["prior", "most", True, 4, -1, [1, 1]])
def test_unknown_policies_are_refused(empty):
    """Majority vote knows no prior."""
    with pytest.raises(InputError, match="empty: "):
        majority_vote([[0]], 4, empty=empty)


def test_class_names_do_not_matter():
    """Renaming classes renames the answer, ties and all."""
    votes = np.random.default_rng(1).integers(-1, 3, (200, 7))
    renamed = np.array([2, 0, 1, -1])[votes]
    assert (majority_vote(renamed, 3)[:, [2, 0, 1]] == majority_vote(votes, 3)).all()
