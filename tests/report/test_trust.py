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
    ("how", "level", "expected"),
    [
        ({"n_articles": 40, "strength": 5.0}, "green", "Measured on 320 hand labels from 40 articles of this corpus."),
        ({"n_articles": 40, "strength": 1.0}, "amber", "Measured on 320 hand labels from 40 articles of this corpus."),
        ({"n_articles": 12, "strength": 5.0}, "amber", "too few to be sure"),
    ],
    ids=["good", "weak", "few"],
)
def test_the_colour_follows_from_precision_and_from_the_number_of_labels(make_data, planted, how, level, expected):
    trust = judged(make_data, planted, **how)
    assert trust.level == level
    assert expected in trust.headline
    assert "of all opposition" in trust.details[0]


def test_shares_that_come_out_too_low_are_said_beside_those_of_hand_labels(make_data):
    """Half of the opposition is answered neutral: 25 % instead of half; agreement is as it should be."""
    gold = np.tile([0, 0, 1, 2], 24)
    answers = np.eye(3)[np.tile([0, 1, 1, 2], 24)]
    data = make_data(gold=gold, systems={"classifier": answers})
    result = " ".join(measured(data, compute_results(data)).details).replace("\u00a0", " ")
    assert "It answers opposition too rarely (25 % of these sentences, by hand 50 %); other shares" in result
    right = make_data(gold=gold, systems={"classifier": np.eye(3)[gold]})
    assert "by hand" not in " ".join(measured(right, compute_results(right)).details)


def test_without_intervals_nothing_is_called_good(make_data):
    data = make_data(articles=np.full(96, "only"))
    assert measured(data, compute_results(data)).level == "amber"


def test_without_hand_labels_it_is_said_how_to_measure():
    trust = untested()
    assert (trust.level, trust.headline) == ("grey", "Not measured on your articles.")
    assert "Label 50 of their sentences" in " ".join(trust.details)
    assert "macro-F1" not in " ".join(trust.details)


@pytest.mark.parametrize(("shipped", "whose"), [(True, "that it ships with"), (False, "that its project has")])
def test_the_scores_of_a_model_are_called_those_of_its_own_articles(shipped, whose):
    own = {"n": 2256, "macro_f1": 0.604, "macro_f1_low": 0.58, "macro_f1_high": 0.627}
    result = untested({"classifier": own}, shipped=shipped).details[0]
    assert f"2256 hand-labelled test sentences {whose}" in result
    assert "0.60 (0.58 to 0.63)" in result.replace("\u00a0", " ")
