"""Statistics and cards of labeling functions."""

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lf_analysis import lf_statistics

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
    assert c["warnings"] == ["never fires on these sentences"]
    assert [row["stances"] for row in (a, b, c)] == [[0, 2], [0, 1], []]


def test_without_gold_nothing_is_said_about_gold():
    """None, not 0."""
    row = lf_statistics(VOTES, ["a", "b", "c"])[0]
    assert (row["gold_votes"], row["precision"], row["precision_high"], row["contribution"]) == (0, None, None, None)


def test_conflict_is_with_any_other_lf():
    """Three LFs, two alike: each of the two conflicts with the third only, the third with both."""
    rows = lf_statistics([[0, 0, 1]], ["a", "b", "c"])
    assert [row["conflict"] for row in rows] == [1, 1, 1]
    assert [row["overlap"] for row in rows] == [1, 1, 1]


def test_worth_is_the_macro_f1_lost_without_the_lf():
    """Without c nobody finds class 2 and its rows fall to the policy for rows without votes, class 0."""
    votes = np.array([[0, -1, -1]] * 10 + [[-1, 1, -1]] * 10 + [[-1, -1, 2]] * 10)
    gold = np.repeat([0, 1, 2], 10)
    model = LabelModel(3, prior="uniform", empty=0).fit(votes)
    contributions = [row["contribution"] for row in lf_statistics(votes, ["a", "b", "c"], gold, model=model)]
    assert contributions == pytest.approx([0, 1 - (2 / 3 + 0 + 1) / 3, 1 - (2 / 3 + 1 + 0) / 3])


def test_a_copy_is_worth_nothing():
    """Its twin says the same."""
    votes = np.array([[0, 0, -1]] * 10 + [[-1, -1, 1]] * 10)
    rows = lf_statistics(votes, ["a", "twin", "b"], np.repeat([0, 1], 10))
    assert rows[0]["contribution"] == rows[1]["contribution"] == 0


def test_worth_goes_by_strength():
    """The first LF outvotes the second where it is sure of itself, and adds nothing where its votes are weak."""
    votes = np.array([[0, 1]] * 10 + [[-1, 1]] * 10 + [[0, -1]] * 10)
    gold = np.repeat([0, 1, 0], 10)
    for sure, useless in ((1.0, False), (0.05, True)):
        strengths = np.where(votes >= 0, [sure, 0.5], 0)
        model = LabelModel(2, prior="uniform", empty=0).fit(votes)
        row = lf_statistics(votes, ["a", "b"], gold, n_classes=2, strengths=strengths, model=model)[0]
        assert (row["contribution"] == 0) == useless


def warnings_of(votes, gold=None, classes=("no", "so-so", "yes")):
    names = [f"lf{j}" for j in range(np.shape(votes)[1])]
    return [row["warnings"] for row in lf_statistics(np.asarray(votes), names, gold, classes=classes)]


def column(n, *votes):
    """A column of n rows: these votes from the top, abstention below."""
    return np.concatenate([votes, np.full(n - len(votes), -1)])[:, None]


@pytest.mark.parametrize(
    ("fires", "expected"),
    [(400, ["too broad: votes on 40% of all sentences"]), (310, []), (250, [])],
    ids=["surely", "perhaps", "no"],
)
def test_too_broad_is_who_surely_votes_on_three_rows_in_ten(fires, expected):
    """Of 1,000 rows; at 31 % the interval reaches below."""
    assert warnings_of(column(1000, *[0] * fires)) == [expected]


@pytest.mark.parametrize("told_apart", [[[0], [1], [2]], [[0], [2]]])
def test_who_tells_classes_apart_may_vote_on_all_rows(told_apart):
    """Broad is who says the same of everything."""
    assert warnings_of(np.tile(told_apart, (100, 1)), classes=("no", "open", "yes")) == [[]]


@pytest.mark.parametrize(
    ("most", "fewest", "warned"), [(199, 1, True), (95, 5, False), (38, 2, False), (200, 0, False)]
)
def test_one_sided_is_who_surely_gives_one_of_its_classes_nearly_all_votes(most, fewest, warned):
    """Two negations among forty votes are no fault, nor is an LF of one class."""
    (result,) = warnings_of(column(1000, *[2] * most, *[0] * fewest))
    expected = "one-sided: 199 of its 200 votes are for yes, too few for anything else to tell how good those are"
    assert result == ([expected] if warned else [])


@pytest.mark.parametrize(("shared", "own", "warned"), [(40, 42, True), (10, 10, False), (35, 50, False)])
def test_redundant_is_whose_votes_another_surely_repeats(shared, own, warned):
    """Ten of ten can be chance. The other has 30 votes more, so it is not redundant itself."""
    other = np.vstack([column(shared, *[0] * shared), column(260, *[-1] * (own - shared), *[0] * 30)])
    votes = np.hstack([column(len(other), *[0] * own), other])
    first, second = warnings_of(votes)
    assert first == ([f"redundant: lf1 casts {shared} of its {own} votes, too"] if warned else [])
    assert second == []


@pytest.mark.parametrize(("right", "n", "warned"), [(2, 20, True), (6, 20, False), (0, 9, False)])
def test_worse_than_chance_is_who_is_surely_right_less_often_than_its_class_is_common(right, n, warned):
    """Classes in equal parts; 6 of 20 may be a third, and nine votes are too few to be called anything."""
    gold = np.array([0] * right + [1] * (n - right) + [0, 1, 2] * 100)
    result = warnings_of(column(len(gold), *[0] * n), gold)[0]
    assert len(result) == warned
    if warned:
        assert result[0].startswith(f"worse than chance: {right} of its {n} votes for no on hand-labelled sentences")


def test_each_class_that_an_lf_votes_for_is_judged_by_itself():
    """Good votes for one class do not hide that those for another are all wrong."""
    gold = np.array([0] * 60 + [1] * 60 + [2] * 60)
    (result,) = warnings_of(column(180, *[0] * 60, *[2] * 30), gold)
    assert [warning.split(" votes for ")[1].split()[0] for warning in result if "chance" in warning] == ["yes"]


def test_stances_are_those_with_a_tenth_of_the_votes_the_commoner_first():
    """One vote in eleven is too little."""
    votes = np.hstack([column(40, *[2] * 20, *[0] * 10, *[1] * 2), column(40, *[1] * 9, 0), column(40, *[1] * 10, 0)])
    assert [row["stances"] for row in lf_statistics(votes, ["a", "b", "c"])] == [[2, 0], [1, 0], [1]]


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
