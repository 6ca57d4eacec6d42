"""The choice between majority vote and label model."""

import numpy as np
import pytest

from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.majority import majority_vote
from pipeline.weak.label_model.selection import Judges, choose, macro_f1
from tests.weak.planted import plant

VOTES, TRUTH = plant(1, n=600)


def test_macro_f1_by_hand():
    """F1 of 2/3 and 4/5 over two classes; a third that never occurs counts 0."""
    gold, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(gold, predicted, 2) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1(gold, predicted, 3) == pytest.approx((2 / 3 + 4 / 5) / 3)


def test_gold_decides_and_both_are_reported():
    """Lower Brier score on held-out gold; the reason says so in figures."""
    choice = choose(VOTES, np.where(np.arange(600) < 200, TRUTH, -1))
    assert choice.method == "label-model"
    assert set(choice.scores) == {"label-model", "majority-vote"}
    assert choice.scores["label-model"]["brier"] < choice.scores["majority-vote"]["brier"]
    assert choice.reason.startswith(f"label-model: Brier score on {choice.n_gold} gold rows that were held out: ")
    assert f"majority-vote {choice.scores['majority-vote']['brier']:.3f}" in choice.reason
    assert (choice.predict_proba(VOTES) == choice.model.predict_proba(VOTES)).all()


def test_gold_can_choose_majority_vote():
    """Beliefs that put the one LF that is always wrong above two that are always right, and cannot be corrected."""
    votes = np.array([[0, 1, 1], [1, 2, 2], [2, 0, 0]] * 40)
    stubborn = LabelModel(3, lf_accuracy=[0.99, 0.4, 0.4], belief=1e6)
    choice = choose(votes, votes[:, 1], model=stubborn)
    assert choice.method == "majority-vote"
    assert choice.scores["majority-vote"]["accuracy"] == 1
    assert (choice.predict_proba(votes) == majority_vote(votes, 3)).all()


def test_without_enough_gold_a_sound_label_model_is_chosen():
    """The reason says how many gold rows there were."""
    choice = choose(VOTES, np.where(np.arange(600) < 20, TRUTH, -1))
    assert choice.method == "label-model"
    assert "no sign that it degenerated, and 0 gold rows" in choice.reason
    assert choice.scores == {}


@pytest.mark.parametrize(
    ("votes", "model", "reason"),
    [
        (VOTES, LabelModel(3, max_iter=1), "EM had not settled after 1 rounds"),
        ([[1, 1]] * 30 + [[0, -1]] * 170, LabelModel(3, prior=[0.999, 0.0005, 0.0005]), "follows unanimous"),
        ([[1, -1]] * 50 + [[0, -1]] * 50, LabelModel(3, prior=[0.999, 0.0005, 0.0005]), "lost class 1: 0 rows, 50 by"),
    ],
    ids=["unsettled", "overrules the unanimous", "lost a class"],
)
def test_a_degenerate_label_model_is_passed_over_for_a_stated_reason(votes, model, reason):
    """Majority vote answers instead."""
    choice = choose(votes, model=model)
    assert choice.method == "majority-vote"
    assert reason in choice.reason
    covered = (np.asarray(votes) >= 0).any(axis=1)
    assert (choice.predict_proba(votes) == majority_vote(votes, 3))[covered].all()


def test_rows_without_votes_follow_the_policy_of_the_model_either_way():
    """The policy is named once."""
    blank = np.full((1, 20), -1)
    for model in (LabelModel(3, empty=1), LabelModel(3, empty=1, max_iter=1)):
        assert choose(VOTES, model=model).predict_proba(blank).tolist() == [[0, 1, 0]]


def test_judges_decide_where_there_are_enough():
    """Hand-labelled rows that were not learnt from decide, and the reason says how many there were."""
    votes = np.array([[0, -1], [1, 1], [2, -1], [0, 0], [1, -1], [2, 2]] * 20)
    judges = Judges(votes, None, np.array([0, 1, 2, 0, 1, 2] * 20))
    choice = choose(votes, judges=judges)
    assert choice.n_gold == 120
    assert "120 gold rows" in choice.reason


def test_too_few_judges_do_not_decide():
    """A handful of judges leaves the choice to the signs of degeneration."""
    votes = np.array([[0, -1], [1, 1], [2, -1]] * 30)
    assert not choose(votes, judges=Judges(votes[:3], None, np.array([0, 1, 2]))).scores
