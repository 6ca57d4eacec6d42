"""The class prior: majority shares, what LFs that vote for all classes add, what gold adds."""

import numpy as np
import pytest

from pipeline.weak.label_model.em import Strength, estimated_prior, learn, likelier_shares, majority_shares, with_gold
from pipeline.weak.label_model.label_model import LabelModel
from tests.weak.label_model.test_em import problem_of
from tests.weak.planted import plant

STRENGTH = Strength(10, 60)
SKEWED = np.array([0.2, 0.65, 0.15])


def test_majority_shares_are_shrunk_to_uniform():
    """30 rows of class 0 and 10 of class 2, 10 more of each class: (40, 10, 20) / 70; empty rows do not count."""
    votes = [[0]] * 30 + [[2]] * 10 + [[-1]] * 50
    assert majority_shares(problem_of(votes)) == pytest.approx(np.array([40, 10, 20]) / 70)


def test_gold_outweighs_shares_found_without_it():
    """40 gold rows with votes, all of class 1, against shares worth 20 rows; gold without votes is no matter."""
    problem = problem_of([[0]] * 60 + [[-1]] * 5, dict.fromkeys(range(40), 1) | {60: 2})
    shares = np.array([0.5, 0.25, 0.25])
    assert with_gold(problem, shares) == pytest.approx((np.array([0, 40, 0]) + 20 * shares) / 60)


@pytest.mark.parametrize("unknown", [None, 1], ids=["one class", "two of three classes"])
def test_lfs_that_do_not_vote_for_all_classes_leave_the_shares_of_the_majority(unknown):
    """Nothing in their votes says how much evener the majority is than the truth."""
    votes, _ = plant(3, n=400, unipolar=unknown is None)
    problem = problem_of(np.where(votes == unknown, -1, votes).tolist())
    assert (estimated_prior(problem, STRENGTH) == with_gold(problem, majority_shares(problem))).all()


def test_lfs_that_vote_for_all_classes_undo_part_of_what_errors_do_to_the_shares():
    """Planted shares of 0.2, 0.65, 0.15 and LFs that err: over seeds, the estimate is nearer than the majority's."""
    before, after = [], []
    for seed in range(6):
        votes, truth = plant(seed, shares=SKEWED, unipolar=False)
        covered = (votes >= 0).any(axis=1)
        planted = np.bincount(truth[covered], minlength=3) / covered.sum()
        problem = problem_of(votes.tolist())
        before.append(np.abs(majority_shares(problem) - planted).sum())
        after.append(np.abs(estimated_prior(problem, STRENGTH) - planted).sum())
    assert np.mean(after) < 0.8 * np.mean(before)


def test_shares_under_which_votes_are_as_likely_as_can_be_stay():
    """LFs that are always right: the majority's shares are the likeliest already."""
    votes = [[0, 0]] * 50 + [[1, 1]] * 30 + [[2, 2]] * 20
    problem, shares = problem_of(votes, knows=0.99), np.array([0.5, 0.3, 0.2])
    learned = learn(problem, shares, STRENGTH, max_iter=50, tol=1e-6)
    assert likelier_shares(problem, learned, shares) == pytest.approx(shares, abs=0.01)


@pytest.mark.parametrize("votes", [[[-1, -1]] * 5, [[0, -1]] * 5, [[0, 1]] * 5], ids=["none", "one class", "clash"])
def test_shares_are_shares_whatever_the_votes(votes):
    """Positive, and they sum to 1; also where nobody votes."""
    prior = estimated_prior(problem_of(votes), STRENGTH)
    assert (prior > 0).all()
    assert prior.sum() == pytest.approx(1)


def test_class_names_do_not_matter():
    """Renaming classes renames the shares."""
    votes, _ = plant(4, shares=SKEWED, unipolar=False)
    new = np.array([2, 0, 1, -1])
    renamed = LabelModel(3).fit(new[votes]).class_prior_
    assert renamed[new[:3]] == pytest.approx(LabelModel(3).fit(votes).class_prior_, abs=1e-9)
