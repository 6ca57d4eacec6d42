"""How far to trust the answers: a colour, and what was measured."""

import numpy as np
import pytest

from pipeline.report.corpus import measured, untested
from pipeline.report.data import compute_results


def judged(make_data, planted, **how):
    gold, proba, articles = planted(**how)
    n = len(gold)
    values = {"gold": gold, "articles": articles, "texts": ["One."] * n, "fired": [[]] * n, "slices": {}}
    data = make_data(**values, systems={"classifier": proba})
    return measured(data, compute_results(data))


@pytest.mark.parametrize(
    ("how", "level", "said"),
    [
        ({"n_articles": 40, "strength": 5.0}, "green", "Measured on 320 hand labels from 40 articles of this corpus."),
        ({"n_articles": 40, "strength": 1.0}, "amber", "Measured on 320 hand labels from 40 articles of this corpus."),
        ({"n_articles": 12, "strength": 5.0}, "amber", "too few to be sure"),
    ],
    ids=["good", "weak", "few"],
)
def test_the_colour_follows_from_precision_and_from_the_number_of_labels(make_data, planted, how, level, said):
    trust = judged(make_data, planted, **how)
    assert trust.level == level
    assert said in trust.headline
    assert "of all opposition" in trust.details[0]


def test_without_intervals_nothing_is_called_good(make_data):
    data = make_data(articles=np.full(96, "only"))
    assert measured(data, compute_results(data)).level == "amber"


def test_without_hand_labels_it_is_said_how_to_measure():
    trust = untested()
    assert (trust.level, trust.headline) == ("grey", "Not measured on your articles.")
    assert "Label 50 sentences" in " ".join(trust.details)
    assert "macro-F1" not in " ".join(trust.details)


def test_the_scores_that_a_model_ships_with_are_called_those_of_its_own_articles():
    said = untested(
        {"classifier": {"n": 2256, "macro_f1": 0.604, "macro_f1_low": 0.58, "macro_f1_high": 0.627}}
    ).details[0]
    assert "2256 hand-labelled test sentences that it ships with" in said
    assert "0.60 (0.58 to 0.63)" in said.replace("\u00a0", " ")
