"""Scores against hand-counted examples and scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as oracle

from pipeline.base.calibration import log_losses
from pipeline.base.errors import GoldError, InputError
from pipeline.report.metrics import absent_stances, check_gold, check_proba, confusion, decide, row_terms, scores

LABELS = [0, 1, 2]


def score(gold, proba):
    return scores(row_terms(np.array(gold), np.array(proba, float)).sum(axis=0))


def certain(stances):
    return np.eye(3)[stances]


def test_a_hand_counted_example():
    """Two of four are right; opposition: 1 of 2 found, 1 of 1 right; neutral: 1 of 1, 1 of 2; agreement: none."""
    found = score([0, 0, 1, 2], certain([0, 1, 1, 0]))
    assert found["accuracy"] == 0.5
    assert (found["opposition_recall"], found["opposition_precision"]) == (0.5, 0.5)
    assert (found["neutral_recall"], found["neutral_precision"]) == (1, 0.5)
    assert found["macro_f1"] == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert found["brier"] == pytest.approx((0 + 2 + 0 + 2) / 4)


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_scikit_learn(planted, seed):
    """Every score agrees with scikit-learn's on random predictions."""
    gold, proba, _ = planted(seed=seed, strength=seed / 2)
    predicted, found = proba.argmax(axis=1), score(gold, proba)
    assert found["macro_f1"] == pytest.approx(oracle.f1_score(gold, predicted, average="macro", labels=LABELS))
    assert found["accuracy"] == pytest.approx(oracle.accuracy_score(gold, predicted))
    assert found["mcc"] == pytest.approx(oracle.matthews_corrcoef(gold, predicted))
    assert found["brier"] == pytest.approx(oracle.brier_score_loss(gold, proba, labels=LABELS))
    assert found["log_loss"] == pytest.approx(oracle.log_loss(gold, proba, labels=LABELS))
    for name in ("precision", "recall", "f1"):
        expected = getattr(oracle, f"{name}_score")(gold, predicted, average=None, labels=LABELS)
        assert [found[f"{s}_{name}"] for s in ("opposition", "neutral", "agreement")] == pytest.approx(expected)
    counted = confusion(row_terms(gold, proba).sum(axis=0))
    assert counted.tolist() == oracle.confusion_matrix(gold, predicted, labels=LABELS).tolist()


def test_an_absent_stance_counts_as_zero():
    """Macro-F1 is over three stances even where gold has two: perfect predictions reach 2/3."""
    assert score([0, 1, 0, 1], certain([0, 1, 0, 1]))["macro_f1"] == pytest.approx(2 / 3)
    assert absent_stances(np.array([0, 1, 0, 1])) == ("agreement",)


def test_one_class_everywhere_has_no_correlation():
    """MCC is 0, not undefined, where gold or predictions know one stance only."""
    assert score([0, 1, 2], certain([1, 1, 1]))["mcc"] == 0
    assert score([1, 1, 1], certain([0, 1, 2]))["mcc"] == 0


def test_impossible_truth_has_a_finite_loss():
    """A probability of 0 for gold costs what it costs in training and calibration, not infinity."""
    gold, proba = [0, 1], certain([1, 1])
    expected = log_losses(proba, np.eye(3)[gold]).mean()
    assert np.isfinite(expected)
    assert score(gold, proba)["log_loss"] == pytest.approx(expected)


def test_sums_of_parts_score_like_the_whole(planted):
    """Adding the sums of two halves gives the scores of all rows; stacked sums are scored one by one."""
    gold, proba, _ = planted()
    terms = row_terms(gold, proba)
    halves = np.stack([terms[:40].sum(axis=0), terms[40:].sum(axis=0)])
    whole, parts = scores(terms.sum(axis=0)), scores(halves)
    assert scores(halves.sum(axis=0))["mcc"] == pytest.approx(whole["mcc"])
    assert parts["accuracy"].shape == (2,)
    assert parts["macro_f1"][1] == pytest.approx(score(gold[40:], proba[40:])["macro_f1"])


def test_equal_probabilities_go_to_the_first_stance():
    """Ties are decided by the order of STANCES, so that results do not depend on chance."""
    assert decide(np.array([[0.4, 0.2, 0.4], [0.2, 0.4, 0.4]])).tolist() == [0, 1]


def test_no_gold_at_all_is_an_error_with_a_remedy():
    """An empty evaluation says what to do."""
    with pytest.raises(GoldError, match=r"no hand-labelled sentence.*Label sentences of articles in the test fold"):
        check_gold(np.array([], int), np.array([]))


@pytest.mark.parametrize(
    ("gold", "articles", "message"),
    [
        ([0, 3], ["a", "a"], "row 1: not a stance id; expected 0, 1 or 2; got 3"),
        ([-1, 0], ["a", "a"], "row 0: not a stance id"),
        ([0.0, 1.0], ["a", "a"], "unusable hand labels"),
        ([0, 1], ["a"], "1 article ids"),
    ],
    ids=["above", "abstain", "floats", "articles"],
)
def test_unusable_gold_is_refused(gold, articles, message):
    """The row or the shape at fault is named."""
    with pytest.raises(GoldError, match=message):
        check_gold(np.array(gold), np.array(articles))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.2, 0.8]], r"wrong shape; expected \(1, 3\); got \(1, 2\)"),
        ([[0.5, 0.5, 0.5]], "majority, row 0: not a probability distribution"),
        ([[1.5, -0.5, 0]], "not a probability distribution"),
        ([[np.nan, 0.5, 0.5]], "got nan, 0.5, 0.5"),
    ],
    ids=["shape", "sum", "negative", "nan"],
)
def test_unusable_probabilities_are_refused(rows, message):
    """The system and the row at fault are named."""
    with pytest.raises(InputError, match=message):
        check_proba(np.array(rows), 1, "majority")
