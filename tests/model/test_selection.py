"""The choice: the most regularised of the candidates that held-out articles cannot tell from the best."""

import numpy as np

from pipeline.base.stances import UNLABELED
from pipeline.model.confidence import compare, in_words

N = 120
GOLD = np.r_[np.arange(N // 2) % 3, (np.arange(N // 2) % 3)[::-1]]  # the same from behind
TARGETS = np.eye(3)[GOLD]
ARTICLES = np.arange(N) // 4
POINTS = [{"C": 0.01}, {"C": 1.0}]


def sure(share, strength=3.0):
    """Scores that are right on the first `share` of the rows, and as sure of the next stance on the others."""
    right = np.arange(N) < share * N
    return strength * np.eye(3)[np.where(right, GOLD, (GOLD + 1) % 3)]


def compared(*held_out, gold=GOLD):
    return compare(POINTS[: len(held_out)], held_out, TARGETS, gold, ARTICLES)


def test_what_is_clearly_better_is_chosen():
    assert [one["chosen"] for one in compared(sure(0.4), sure(0.9))] == [False, True]


def test_of_what_cannot_be_told_apart_the_most_regularised_is_chosen():
    assert [one["chosen"] for one in compared(sure(0.8), sure(0.8))] == [True, False]


def test_scores_are_compared_at_the_temperature_that_suits_them():
    """Scores that are three times as large are not punished for their scale."""
    plain, large = compared(sure(0.8, 1.0), sure(0.8, 3.0))
    assert abs(plain["log_loss"] - large["log_loss"]) < 1e-6
    assert plain["accuracy"] == large["accuracy"] == 0.8


def test_without_enough_gold_soft_labels_judge():
    (found,) = compared(sure(1.0), gold=np.where(np.arange(N) < 99, GOLD, UNLABELED))
    assert (found["on"], found["rows"]) == ("soft labels", N)
    (found,) = compared(sure(1.0))
    assert (found["on"], found["rows"]) == ("gold", N)


def test_the_choice_and_the_runners_up_are_written_out():
    found = compared(sure(0.9), sure(0.4))
    chosen, others = in_words(found)
    assert chosen.startswith(f"C=0.01: log-loss {found[0]['log_loss']:.4f} (")
    assert chosen.endswith("on 120 sentences of held-out articles, scored on gold")
    assert others.startswith("C=1.0: log-loss")
    assert in_words(found[:1])[1] == ""


def test_a_choice_that_does_not_have_the_lowest_loss_says_why():
    found = compared(sure(0.8), sure(0.82)[::-1])
    assert found[0]["chosen"]
    assert in_words(found)[0].endswith("scored on gold; the simplest within one standard error of the lowest")
