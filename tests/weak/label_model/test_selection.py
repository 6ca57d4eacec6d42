"""The selection between majority vote and label model."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.base.errors import ArtefactError
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import ValidationData, macro_f1, select_label_model
from pipeline.weak.label_model.votes import majority_vote
from tests.weak.planted import plant

VOTES, TRUTH = plant(1, n=600)


def test_macro_f1_by_hand():
    """F1 of 2/3 and 4/5 over two classes; a third that never occurs counts 0."""
    gold, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    assert macro_f1(gold, predicted, 2) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1(gold, predicted, 3) == pytest.approx((2 / 3 + 4 / 5) / 3)


def test_gold_decides_and_both_are_reported():
    """Lower Brier score on held-out gold; the reason says so in figures."""
    selected = select_label_model(VOTES, np.where(np.arange(600) < 200, TRUTH, -1))
    assert selected.method == "label-model"
    assert set(selected.scores) == {"label-model", "majority-vote"}
    assert selected.scores["label-model"]["brier"] < selected.scores["majority-vote"]["brier"]
    assert f"label-model: Brier score on {selected.n_gold} held-out hand-labelled sentences: " in selected.reason
    assert f"majority-vote {selected.scores['majority-vote']['brier']:.3f}" in selected.reason
    assert (selected.predict_proba(VOTES) == selected.model.predict_proba(VOTES)).all()


def test_gold_can_choose_majority_vote():
    """Beliefs that put the one LF that is always wrong above two that are always right, and cannot be corrected."""
    votes = np.array([[0, 1, 1], [1, 2, 2], [2, 0, 0]] * 40)
    stubborn = LabelModel(3, lf_accuracy=[0.99, 0.4, 0.4], prior_rows=1e6)
    selected = select_label_model(votes, votes[:, 1], model=stubborn)
    assert selected.method == "majority-vote"
    assert selected.scores["majority-vote"]["accuracy"] == 1
    assert (selected.predict_proba(votes) == majority_vote(votes, 3)).all()


def test_without_enough_gold_a_sound_label_model_is_chosen():
    """The reason says how many rows were hand-labelled, and nothing of them where nothing is known of any."""
    selected = select_label_model(VOTES, np.where(np.arange(600) < 20, TRUTH, -1))
    assert selected.method == "label-model"
    covered = int((VOTES[:20] >= 0).any(axis=1).sum())
    few = "too few held-out hand-labelled sentences to compare on: {} of the 50 that it takes"
    assert selected.reason == f"label-model: no sign that it degenerated; {few.format(covered)}"
    assert selected.scores == {}
    assert select_label_model(VOTES).reason == "label-model: no sign that it degenerated"
    none = select_label_model(VOTES, validation=validation(VOTES[:0], []))
    assert none.reason.endswith(few.format(0))


@pytest.mark.parametrize(
    ("votes", "model", "reason"),
    [
        (VOTES, LabelModel(3, max_iter=1), "EM had not converged after 1 rounds"),
        (
            [[1, 1]] * 30 + [[0, -1]] * 170,
            LabelModel(3, lf_accuracy=0.3, prior_rows=1e6, copies=1),
            "follows unanimous",
        ),
        ([[1, -1]] * 4 + [[0, -1]] * 4, LabelModel(3, prior=[0.999, 0.0005, 0.0005]), "lost class 1: 0 rows, 4 by"),
    ],
    ids=["unsettled", "overrules the unanimous", "lost a class"],
)
def test_a_degenerate_label_model_is_rejected_for_a_stated_reason(votes, model, reason):
    """Majority vote answers instead."""
    selected = select_label_model(votes, model=model)
    assert selected.method == "majority-vote"
    assert reason in selected.reason
    covered = (np.asarray(votes) >= 0).any(axis=1)
    assert (selected.predict_proba(votes) == majority_vote(votes, 3))[covered].all()


def test_rows_without_votes_follow_the_policy_of_the_model_either_way():
    """The policy is named once."""
    blank = np.full((1, 20), -1)
    for model in (LabelModel(3, empty=1), LabelModel(3, empty=1, max_iter=1)):
        assert select_label_model(VOTES, model=model).predict_proba(blank).tolist() == [[0, 1, 0]]


def validation(votes, gold, articles=None):
    return ValidationData(votes, None, np.asarray(gold), np.arange(len(votes)) if articles is None else articles)


def test_validation_data_decide_where_there_are_enough():
    """Hand-labelled rows that were not learnt from decide, and the reason says how many there were."""
    votes = np.array([[0, -1], [1, 1], [2, -1], [0, 0], [1, -1], [2, 2]] * 20)
    selected = select_label_model(votes, validation=validation(votes, [0, 1, 2, 0, 1, 2] * 20))
    assert selected.n_gold == 120
    assert "120 held-out hand-labelled sentences" in selected.reason


def test_too_few_validation_data_do_not_decide():
    """A handful of rows leaves the selection to the signs of degeneration."""
    votes = np.array([[0, -1], [1, 1], [2, -1]] * 30)
    assert not select_label_model(votes, validation=validation(votes[:3], [0, 1, 2])).scores


def test_the_standard_error_is_by_article():
    """Three copies of every row, one article each: the error is as of one copy."""
    thrice, gold = np.tile(VOTES, (3, 1)), np.tile(TRUTH, 3)
    alone, together = (
        select_label_model(VOTES, validation=validation(thrice, gold, articles)).reason
        for articles in (None, np.tile(np.arange(600), 3))
    )
    error = [float(reason.split("standard error ")[1].rstrip(")")) for reason in (alone, together)]
    assert error[1] == pytest.approx(3**0.5 * error[0], abs=0.001)


def test_a_selected_model_knows_the_lfs_that_cast_the_votes():
    """Other names or other content are refused, and the message says which."""
    selected = replace(select_label_model(VOTES[:, :2]), lf_names=("a", "b"), lf_hash="1")
    selected.check_lfs(["a", "b"], "1", "here")
    with pytest.raises(ArtefactError, match=r"here: other labeling functions; .* got without b, with c\. Run `dvc"):
        selected.check_lfs(["a", "c"], "1", "here")
    with pytest.raises(ArtefactError, match="got LFs of these names with other content"):
        selected.check_lfs(["a", "b"], "2", "here")


def test_few_rows_beside_many_leave_the_model_as_the_many_made_it():
    """Four rows that all vote alike would make a class of everything; class shares are those of both, by rows."""
    few = np.full((4, 20), -1)
    few[:, 0] = 0
    strengths = (VOTES >= 0).astype(float)
    model = select_label_model(few, beside=(VOTES, strengths)).model
    many, alone = LabelModel(3).fit(VOTES, strengths=strengths), LabelModel(3).fit(few)
    n = (VOTES >= 0).any(axis=1).sum()
    expected = (n * many.class_prior_ + 4 * alone.class_prior_) / (n + 4)
    np.testing.assert_allclose(model.class_prior_, expected, atol=1e-5)
    assert (model.predict(VOTES) == many.predict(VOTES)).mean() > 0.95
    assert alone.class_prior_[0] > 0.6


def test_rows_beside_keep_gold_and_choice_with_ones_own():
    """The rows that are held out and compared on are those with gold, whatever stands beside them."""
    gold = np.where(np.arange(600) < 200, TRUTH, -1)
    selected = select_label_model(VOTES, gold, beside=(VOTES[:50], np.ones((50, 20))))
    assert selected.n_gold == len(selected.model.held_out_rows_) <= 200
    assert selected.model.held_out_rows_.max() < 200
    none = select_label_model(VOTES, gold, beside=(VOTES[:0], np.ones((0, 20))))
    np.testing.assert_array_equal(none.predict_proba(VOTES), select_label_model(VOTES, gold).predict_proba(VOTES))
