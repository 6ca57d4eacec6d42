"""The space of classifiers, and the choice: the simplest of those that held-out articles cannot tell from the best."""

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.base.stances import UNLABELED
from pipeline.model.selection import Candidate, compare, in_words, space

N = 120
GOLD = np.arange(N) % 3
TARGETS = np.eye(3)[GOLD]
ARTICLES = np.arange(N) // 4


def sure(share, strength=3.0):
    """Scores that are right on the first `share` of the rows, and as sure of the next stance on the others."""
    right = np.arange(N) < share * N
    return strength * np.eye(3)[np.where(right, GOLD, (GOLD + 1) % 3)]


def chosen(points, held_out, gold=GOLD):
    found = compare(points, held_out, TARGETS, gold, ARTICLES)
    return [point for point, one in zip(points, found, strict=True) if one["chosen"]]


def test_the_space_holds_every_combination_of_values():
    points = space(["logistic", "svm"], [0.1, 1], 2, 1.0)
    assert points == [Candidate(f, c, 2, 1.0) for f in ("logistic", "svm") for c in (0.1, 1.0)]
    assert space("svm", 1, (1, 2), 0) == [Candidate("svm", 1.0, 1, 0.0), Candidate("svm", 1.0, 2, 0.0)]


def test_what_is_clearly_better_is_chosen():
    points = space("logistic", [0.01, 1.0], 2, 1.0)
    assert chosen(points, [sure(0.4), sure(0.9)]) == [points[1]]


def test_of_what_cannot_be_told_apart_the_most_regularised_with_the_shortest_ngrams_is_chosen():
    points = space("logistic", [1.0, 0.01], [2, 1], 1.0)
    assert chosen(points, [sure(0.8)] * 4) == [Candidate("logistic", 0.01, 1, 1.0)]


def test_simplicity_decides_only_within_the_family_and_gold_weight_of_the_best():
    """C means something else in another family; of another gold weight it is no simpler."""
    points = space(["logistic", "svm"], [0.01, 1.0], 2, 1.0)
    assert chosen(points, [sure(0.2), sure(0.8), sure(0.79), sure(0.2)]) == [points[1]]


def test_margins_are_compared_at_the_temperature_that_suits_them():
    """A family whose scores are ten times as large is not punished for its scale."""
    points = space(["logistic", "svm"], 1.0, 2, 1.0)
    plain, large = compare(points, [sure(0.8, 1.0), sure(0.8, 3.0)], TARGETS, GOLD, ARTICLES)
    assert abs(plain["log_loss"] - large["log_loss"]) < 1e-6
    assert plain["accuracy"] == large["accuracy"] == 0.8


def test_without_enough_gold_soft_labels_judge():
    gold = np.where(np.arange(N) < 99, GOLD, UNLABELED)
    found = compare(space("logistic", 1.0, 2, 1.0), [sure(1.0)], TARGETS, gold, ARTICLES)
    assert (found[0]["on"], found[0]["rows"]) == ("soft labels", N)
    found = compare(space("logistic", 1.0, 2, 1.0), [sure(1.0)], TARGETS, GOLD, ARTICLES)
    assert (found[0]["on"], found[0]["rows"]) == ("gold", N)


def test_a_candidate_reads_as_in_a_table():
    assert str(Candidate("svm", 0.01, 2, 1.0)) == "svm, C=0.01, 2-grams, gold x1"


def test_the_choice_and_the_runners_up_are_written_out():
    found = compare(space("logistic", [0.1, 1.0], 2, 1.0), [sure(0.9), sure(0.4)], TARGETS, GOLD, ARTICLES)
    chosen, others = in_words(found)
    assert chosen.startswith(f"logistic, C=0.1, 2-grams, gold x1: log-loss {found[0]['log_loss']:.4f} (")
    assert chosen.endswith("on 120 sentences of held-out articles, judged by gold")
    assert others.startswith("logistic, C=1, 2-grams, gold x1: log-loss")
    assert in_words(found[:1])[1] == ""


def test_a_choice_that_does_not_have_the_lowest_loss_says_why():
    found = compare(space("logistic", [0.1, 1.0], 2, 1.0), [sure(0.8), sure(0.81)], TARGETS, GOLD, ARTICLES)
    assert found[0]["chosen"]
    assert in_words(found)[0].endswith("judged by gold; the simplest within one standard error of the lowest")


def test_a_value_given_twice_counts_once():
    assert space("svm", [0.1, 0.1], 2, [1, 1.0]) == [Candidate("svm", 0.1, 2, 1.0)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("forest", 1, 2, 1), "family: no such family; expected logistic or svm; got 'forest'"),
        (("svm", [1, 0], 2, 1), "C: out of range; expected more than 0; got 0"),
        (("svm", 1, 0, 1), "ngram_max: out of range; expected 1 or more; got 0"),
        (("svm", 1, 2, [1, -1]), "gold_weight: out of range; expected 0 or more; got -1"),
    ],
)
def test_values_out_of_range_are_refused(values, said):
    with pytest.raises(InputError, match=said):
        space(*values)
