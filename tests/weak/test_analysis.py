"""Statistics and cards of labeling functions."""

import numpy as np
import pytest

from pipeline.errors import InputError
from pipeline.weak.analysis import lf_card, lf_statistics, wilson
from pipeline.weak.label_model import LabelModel

#                 a   b   c
VOTES = np.array([[0, 0, -1], [0, 1, -1], [0, -1, -1], [-1, -1, -1], [2, -1, -1]])
GOLD = np.array([0, 1, 0, 1, -1])


def test_counts_by_hand():
    """Row by row: a and b agree, a and b differ, a alone, nobody, a alone."""
    a, b, c = lf_statistics(VOTES, ["a", "b", "c"], GOLD)
    assert (a["name"], a["polarity"], a["votes"], a["coverage"]) == ("a", {0: 3, 2: 1}, 4, 0.8)
    assert (a["overlap"], a["conflict"], a["alone"]) == (2, 1, 2)
    assert (a["overlap_share"], a["conflict_share"], a["alone_share"]) == (0.4, 0.2, 0.4)
    assert (a["gold_votes"], a["correct"], a["precision"]) == (3, 2, pytest.approx(2 / 3))
    assert (b["polarity"], b["overlap"], b["conflict"], b["alone"]) == ({0: 1, 1: 1}, 2, 1, 0)
    assert (b["gold_votes"], b["correct"]) == (2, 2)
    assert (c["votes"], c["polarity"], c["precision"], c["precision_low"]) == (0, {}, None, None)
    assert c["warnings"] == ["never fires"]


def test_without_gold_nothing_is_said_about_gold():
    """None, not 0."""
    row = lf_statistics(VOTES, ["a", "b", "c"])[0]
    assert (row["gold_votes"], row["precision"], row["precision_high"], row["worth"]) == (0, None, None, None)


def test_conflict_is_with_any_other_lf():
    """Three LFs, two alike: each of the two conflicts with the third only, the third with both."""
    rows = lf_statistics([[0, 0, 1]], ["a", "b", "c"])
    assert [row["conflict"] for row in rows] == [1, 1, 1]
    assert [row["overlap"] for row in rows] == [1, 1, 1]


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"), [(8, 10, 0.4902, 0.9433), (0, 5, 0, 0.4345), (5, 5, 0.5655, 1)]
)
def test_wilson_intervals_against_published_values(correct, n, low, high):
    """Also where nothing or everything is right."""
    assert wilson(correct, n) == pytest.approx((low, high), abs=1e-4)


def test_worth_is_the_macro_f1_lost_without_the_lf():
    """Without c nobody finds class 2 and its rows fall to the policy for rows without votes, class 0."""
    votes = np.array([[0, -1, -1]] * 10 + [[-1, 1, -1]] * 10 + [[-1, -1, 2]] * 10)
    gold = np.repeat([0, 1, 2], 10)
    model = LabelModel(3, prior="uniform", empty=0).fit(votes)
    worth = [row["worth"] for row in lf_statistics(votes, ["a", "b", "c"], gold, model=model)]
    assert worth == pytest.approx([0, 1 - (2 / 3 + 0 + 1) / 3, 1 - (2 / 3 + 1 + 0) / 3])


def test_a_copy_is_worth_nothing():
    """Its twin says the same."""
    votes = np.array([[0, 0, -1]] * 10 + [[-1, -1, 1]] * 10)
    rows = lf_statistics(votes, ["a", "twin", "b"], np.repeat([0, 1], 10))
    assert rows[0]["worth"] == rows[1]["worth"] == 0
    assert rows[0]["warnings"] == ["too broad: fires on 50% of rows", "redundant with twin"]


def test_worth_goes_by_strength():
    """The first LF outvotes the second where it is sure of itself, and is worth nothing where it only whispers."""
    votes = np.array([[0, 1]] * 10 + [[-1, 1]] * 10 + [[0, -1]] * 10)
    gold = np.repeat([0, 1, 0], 10)
    for sure, worthless in ((1.0, False), (0.05, True)):
        strengths = np.where(votes >= 0, [sure, 0.5], 0)
        model = LabelModel(2, prior="uniform", empty=0).fit(votes)
        row = lf_statistics(votes, ["a", "b"], gold, n_classes=2, strengths=strengths, model=model)[0]
        assert (row["worth"] == 0) == worthless


def test_every_warning_is_given_where_it_is_due():
    """Too broad, one-sided, redundant, worse than chance, never fires; and none for a sound LF."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 200)
    votes = np.full((200, 6), -1)
    votes[:, 0] = np.where(rng.random(200) < 0.8, truth, (truth + 1) % 3)
    votes[:40, 1] = 2
    votes[0, 1] = 0
    votes[100:130, 2] = truth[100:130]
    votes[100:128, 3] = truth[100:128]
    votes[150:190, 4] = (truth[150:190] + 1) % 3
    said = {row["name"]: row["warnings"] for row in lf_statistics(votes, list("abcdef"), truth)}
    assert said["a"] == ["too broad: fires on 100% of rows"]
    assert said["b"] == ["one-sided: 98% of its votes are of one class"]
    assert said["c"] == ["redundant with d"]
    assert said["d"] == ["redundant with c"]
    assert said["e"][0].startswith("worse than chance: precision at most 0.09, chance 0.3")
    assert said["f"] == ["never fires"]


def test_repeated_rows_count_each():
    """Statistics of patterns are weighted by their rows."""
    once, thrice = (lf_statistics(np.repeat(VOTES, n, axis=0), list("abc"))[0] for n in (1, 3))
    assert thrice["overlap"] == 3 * once["overlap"]
    assert thrice["polarity"] == {c: 3 * n for c, n in once["polarity"].items()}
    assert thrice["coverage"] == once["coverage"]


def test_names_must_fit_the_votes():
    """One each."""
    with pytest.raises(InputError, match="names: wrong number of names; expected 3; got 2"):
        lf_statistics(VOTES, ["a", "b"])


def test_a_card_says_it_all_in_markdown():
    """What is unknown is left out."""
    a, _, c = lf_statistics(VOTES, ["a", "b", "c"], GOLD)
    assert lf_card(a, ("opposition", "neutral", "agreement")) == (
        "### a\n"
        "- votes: 4 (80.0% of rows): opposition 3, agreement 1\n"
        "- overlap 2, conflict 1, decides alone 2\n"
        "- precision 0.67 (0.21 to 0.94; 2 of 3 on gold)\n"
        f"- worth {a['worth']:+.4f} macro-F1 of the label model on gold\n"
        "- warning: too broad: fires on 80% of rows\n"
    )
    assert "precision" not in lf_card(c, ("opposition", "neutral", "agreement"))
    assert "- votes: 0 (0.0% of rows): none" in lf_card(c, ("opposition", "neutral", "agreement"))
