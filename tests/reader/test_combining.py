"""Reader and classifier together: powers are recovered, few labels change nothing, no article scores itself."""

import numpy as np
import pytest

from pipeline.base.calibration import log_losses, softmax
from pipeline.reader.predicting import ENOUGH, USUAL, Combination, cross_fitted, fit_combination

N = 4000


@pytest.fixture(scope="module")
def planted():
    """Two opinions on each of some sentences, and gold drawn from their product to the powers 0.6 and 1.1."""
    rng = np.random.default_rng(1)
    read, weak = (softmax(2 * rng.normal(size=(N, 3))) for _ in range(2))
    truth = Combination(0.6, 1.1, 0.5, -0.5).proba(np.log(read), weak)
    gold = (rng.random((N, 1)) > truth.cumsum(axis=1)).sum(axis=1)
    return np.log(read), weak, gold


def test_the_plain_product():
    read, weak = np.log([[0.5, 0.25, 0.25]]), np.array([[0.5, 0.3, 0.2]])
    assert Combination(1, 1).proba(read, weak) == pytest.approx(np.array([[0.25, 0.075, 0.05]]) / 0.375)
    assert Combination(1, 0).proba(read, weak) == pytest.approx(np.exp(read))


def test_a_stance_that_the_classifier_rules_out_is_not_ruled_out():
    assert (Combination(1, 1).proba(np.log([[0.9, 0.05, 0.05]]), np.array([[0.0, 1.0, 0.0]])) > 0).all()


def test_what_gold_was_drawn_with_is_found_again(planted):
    found = fit_combination(*planted)
    assert list(vars(found).values()) == pytest.approx([0.6, 1.1, 0.5, -0.5], abs=0.12)
    assert found == fit_combination(*planted)


def test_where_stances_are_as_common_as_they_were_nothing_is_added(planted):
    found = fit_combination(*planted, Combination(1, 1, 0.2, 0), same_mix=True)
    assert (found.opposition, found.agreement) == (0.2, 0)
    assert found.classifier == pytest.approx(1.1, abs=0.15)


def test_few_labels_leave_it_as_it_was(planted):
    read, weak, gold = (part[: ENOUGH - 1] for part in planted)
    assert fit_combination(read, weak, gold) == USUAL
    read, weak, gold = (part[: ENOUGH + 10] for part in planted)
    near = np.array(list(vars(fit_combination(read, weak, gold)).values())) - list(vars(USUAL).values())
    assert 0 < np.abs(near).max() < 0.6


def test_no_article_is_judged_by_what_was_fitted_on_it(planted):
    """An article with its gold turned round changes the others' answers and not its own."""
    read, weak, gold = (part[:500] for part in planted)
    articles = [f"a{k // 50}" for k in range(500)]
    turned = np.r_[2 - gold[:50], gold[50:]]
    before, after = (cross_fitted(read, weak, some, articles) for some in (gold, turned))
    assert (before[:50] == after[:50]).all()
    assert (before[50:] != after[50:]).any()


def test_together_they_know_more_than_either(planted):
    read, weak, gold = planted
    both = cross_fitted(read, weak, gold, [f"a{k // 10}" for k in range(N)])
    losses = [log_losses(proba, np.eye(3)[gold]).mean() for proba in (both, np.exp(read), weak)]
    assert losses[0] < min(losses[1:]) - 0.05
