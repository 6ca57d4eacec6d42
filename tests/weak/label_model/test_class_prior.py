"""The class prior: the majority vote's shares, those of a latent class model, gold's, given ones."""

import numpy as np
import pytest

from pipeline.weak.label_model.em import class_prior, likely_shares, majority_shares
from pipeline.weak.label_model.label_model import LabelModel
from tests.weak.label_model.test_em import problem_of
from tests.weak.planted import outvoted, plant


def test_majority_shares_by_hand():
    """30 rows of class 0 and 10 of class 2, half a row more of each class; empty rows do not count."""
    votes = [[0]] * 30 + [[2]] * 10 + [[-1]] * 50
    assert majority_shares(problem_of(votes)) == pytest.approx(np.array([30.5, 0.5, 10.5]) / 41.5)


def test_a_tie_is_shared_half_evenly_and_half_as_other_rows_are():
    """30 rows of class 0; 10 are split with class 1, whose share of the others is 0.5 of 31."""
    tie = 10 * (0.5 + 30.5 / 31) / 2
    found = majority_shares(problem_of([[0, 0]] * 30 + [[0, 1]] * 10))
    assert found == pytest.approx(np.array([30.5 + tie, 10.5 - tie, 0.5]) / 41.5)


def test_without_votes_all_classes_are_as_likely():
    assert likely_shares(problem_of([[-1]] * 3)) == pytest.approx(np.full(3, 1 / 3))


def test_gold_outweighs_shares_found_without_it():
    """40 gold rows with votes, all of class 1, against shares worth 20 rows; gold without votes is no matter."""
    votes = [[0]] * 60 + [[-1]] * 5
    without = class_prior(problem_of(votes), None)
    found = class_prior(problem_of(votes, dict.fromkeys(range(40), 1) | {60: 2}), None)
    assert found == pytest.approx((np.array([0, 40, 0]) + 20 * without) / 60)


def test_a_class_with_few_lfs_is_not_outvoted():
    """A class of 7 %, found by 2 LFs of 9: its share comes nearer to the truth than by majority vote, over seeds."""
    majority, likely, estimated = [], [], []
    for seed in range(5):
        votes, truth = outvoted(seed)
        data = problem_of(np.where(votes < 0, -1, votes).tolist())
        covered = (votes >= 0).any(axis=1)
        rare = (truth[covered] == 1).mean()
        majority.append(abs(majority_shares(data)[1] - rare))
        likely.append(abs(likely_shares(data)[1] - rare))
        estimated.append(abs(class_prior(data, None)[1] - rare))
    assert np.mean(likely) < 0.6 * np.mean(majority)
    assert np.mean(estimated) < 0.8 * np.mean(likely)


@pytest.mark.parametrize("votes", [[[-1, -1]] * 5, [[0, -1]] * 5, [[0, 1]] * 5], ids=["none", "one class", "clash"])
def test_shares_are_shares_whatever_the_votes(votes):
    """Positive, and they sum to 1; also where nobody votes."""
    prior = class_prior(problem_of(votes), None)
    assert (prior > 0).all()
    assert prior.sum() == pytest.approx(1)


def test_class_names_do_not_matter():
    """Renaming classes renames the shares."""
    votes, _ = plant(4, shares=(0.2, 0.65, 0.15), unipolar=False)
    new = np.array([2, 0, 1, -1])
    renamed = LabelModel(3).fit(new[votes]).class_prior_
    assert renamed[new[:3]] == pytest.approx(LabelModel(3).fit(votes).class_prior_, abs=1e-6)
