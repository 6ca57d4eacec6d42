"""Unique vote patterns."""

import numpy as np
import pytest

from pipeline.base.errors import GoldError, InputError
from pipeline.weak.label_model import votes as patterns
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import select_label_model
from pipeline.weak.label_model.votes import (
    LEVELS,
    checked_accuracy,
    checked_gold,
    checked_shares,
    checked_strengths,
    checked_votes,
    covered,
    find_patterns,
    majority_vote,
    sparse_votes,
    ungraded,
    votes_of,
)
from pipeline.weak.lf_analysis import lf_statistics

VOTES = np.array([[0, -1], [2, 1], [0, -1], [-1, -1], [0, -1]])


@pytest.fixture(params=["hash", "colliding hash"])
def hashing(request, monkeypatch):
    """Run a test as it is, and once more with a hash that is the same for all rows."""
    if request.param == "colliding hash":
        monkeypatch.setattr(patterns, "_hash", lambda words: np.zeros(len(words), dtype=np.uint64))


@pytest.mark.usefixtures("hashing")
def test_equal_rows_are_one_pattern():
    """Three patterns, of 3, 1 and 1 rows; a collision of hashes is noticed and put right."""
    found = find_patterns(VOTES)
    assert (votes_of(found.cells)[found.inverse] == VOTES).all()
    assert sorted(found.counts.tolist()) == [1, 1, 3]


@pytest.mark.usefixtures("hashing")
def test_row_order_does_not_matter():
    """Patterns come in the order of their hash."""
    one, other = find_patterns(VOTES), find_patterns(VOTES[::-1])
    assert (one.cells == other.cells).all()
    assert (one.counts == other.counts).all()


def test_every_pattern_is_found_among_many_rows():
    """Against numpy's own sort of rows, at a width that is no multiple of the word size."""
    votes = np.random.default_rng(0).integers(-1, 3, (3000, 5))
    found = find_patterns(votes)
    assert len(found.cells) == len(np.unique(votes, axis=0))
    assert (votes_of(found.cells)[found.inverse] == votes).all()


def test_strengths_tell_patterns_apart_in_steps():
    """0.50 and 0.51 are one step, 0.6 is another; strength 0 is abstaining; full strength is no strengths at all."""
    votes = np.array([[1], [1], [1], [1], [-1]])
    found = find_patterns(votes, np.array([[0.5], [0.51], [0.6], [0.0], [0.0]]))
    of_row = found.inverse.tolist()
    assert of_row[0] == of_row[1] != of_row[2]
    assert of_row[3] == of_row[4]
    assert votes_of(found.cells)[of_row].ravel().tolist() == [1, 1, 1, -1, -1]
    assert (find_patterns(votes, np.ones((5, 1))).cells == find_patterns(votes).cells).all()


def test_sums_over_sparse_votes_by_hand():
    """Column lf * 3 + class; a vote of half strength counts half."""
    found = find_patterns(np.array([[0, 2], [-1, 2]]), np.array([[1.0, 0.5], [0.0, 1.0]]))
    table = sparse_votes(found.cells[found.inverse], 3)
    values = np.arange(6.0)[:, None]
    assert (table @ values).ravel().tolist() == [0 + 0.5 * 5, 5]
    assert (table.T @ np.array([[10.0], [1.0]])).ravel().tolist() == [10, 0, 0, 0, 0, 6]
    assert (ungraded(table).T @ np.ones((2, 1))).ravel().tolist() == [1, 0, 0, 0, 0, 2]


def test_a_row_without_votes_is_not_covered():
    """Its sums are 0."""
    table = sparse_votes(np.array([[0, 0], [LEVELS, 0]]), 3)
    assert covered(table).tolist() == [False, True]
    assert (table @ np.ones((6, 1))).ravel().tolist() == [0, 1]


def test_blocks_cover_everything_once(monkeypatch):
    """Working in blocks changes nothing."""
    whole = find_patterns(VOTES)
    table = sparse_votes(whole.cells, 3)
    monkeypatch.setattr(patterns, "BLOCK", 2)
    pieces = sparse_votes(whole.cells, 3)
    assert (table != pieces).nnz == 0


def test_most_votes_win_and_ties_share():
    """Two against one; one against one; one alone."""
    soft = majority_vote([[0, 0, 2], [0, -1, 2], [-1, 1, -1]], 3)
    assert soft.tolist() == [[1, 0, 0], [0.5, 0, 0.5], [0, 1, 0]]


def test_graded_votes_count_by_strength():
    """0.1 + 0.2 ties with 0.3; a vote of strength 0 is none."""
    strengths = [[0.1, 0.2, 0.3], [0.9, 0.0, 0.5], [0.0, 0.0, 0.0]]
    soft = majority_vote([[0, 0, 2], [1, 2, 2], [0, 1, 2]], 3, strengths=strengths, empty=1)
    assert soft.tolist() == [[0.5, 0, 0.5], [0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize(
    ("empty", "expected"),
    [("uniform", [0.25] * 4), (2, [0, 0, 1, 0]), (np.int64(0), [1, 0, 0, 0]), ([1, 1, 0.5, 2.5], [0.2, 0.2, 0.1, 0.5])],
)
def test_a_row_without_votes_gets_what_its_policy_says(empty, expected):
    """Uniform, a class for certain, or class shares."""
    assert majority_vote([[-1, -1]], 4, empty=empty).tolist() == [expected]


@pytest.mark.parametrize("empty", ["prior", "most", True, 4, -1, [1, 1]])
def test_unknown_policies_are_refused(empty):
    """Majority vote knows no prior."""
    with pytest.raises(InputError, match="empty: "):
        majority_vote([[0]], 4, empty=empty)


def test_class_names_do_not_matter():
    """Renaming classes renames the answer, ties and all."""
    votes = np.random.default_rng(1).integers(-1, 3, (200, 7))
    renamed = np.array([2, 0, 1, -1])[votes]
    assert (majority_vote(renamed, 3)[:, [2, 0, 1]] == majority_vote(votes, 3)).all()


BAD_VOTES = {
    "too large": ([[0, 1], [2, 3]], r"votes, row 1, column 1: vote out of range; expected -1 \(abstain\) to 2; got 3"),
    "too small": ([[0, -2]], "votes, row 0, column 1: vote out of range"),
    "one dimension": ([0, 1, 2], r"votes: wrong shape; expected \(rows, labeling functions\); got \(3,\)"),
    "three dimensions": (np.zeros((2, 2, 2), int), "votes: wrong shape"),
    "no labeling functions": (np.zeros((4, 0), int), "votes: no labeling functions"),
    "fractions": ([[0.0, 1.0]], "votes: not integers; expected class ids, -1 to abstain; got float64"),
    "truth values": ([[True, False]], "votes: not integers"),
    "words": ([["0", "1"]], "votes: not integers"),
    "rows of different lengths": ([[0, 1], [1]], "votes: rows of different lengths; expected an array"),
}

TAKERS = {
    "majority vote": lambda votes: majority_vote(votes, 3),
    "fit": lambda votes: LabelModel(3).fit(votes),
    "predict": lambda votes: LabelModel(3).fit([[0, 1], [1, 2]]).predict_proba(votes),
    "select_label_model": lambda votes: select_label_model(votes),
    "statistics": lambda votes: lf_statistics(votes, ["a", "b"]),
}


@pytest.mark.parametrize("taker", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize(("votes", "message"), BAD_VOTES.values(), ids=BAD_VOTES)
def test_bad_votes_are_refused_with_their_place(taker, votes, message):
    """Rows and columns are counted from 0, as in the array."""
    with pytest.raises(InputError, match=message):
        taker(votes)


def test_nothing_can_be_learnt_from_no_rows():
    """An empty file is a mistake at fitting, and an empty answer at predicting."""
    with pytest.raises(InputError, match="votes: no rows to learn from"):
        LabelModel(3).fit(np.zeros((0, 2), int))
    assert LabelModel(3).fit([[0, 1]]).predict_proba(np.zeros((0, 2), int)).shape == (0, 3)
    assert majority_vote(np.zeros((0, 2), int), 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("strengths", "message"),
    [
        ([[1.0]], r"strengths: wrong shape; expected \(1, 2\), that of the votes; got \(1, 1\)"),
        ([[0.5, 1.5]], "strengths, row 0, column 1: strength out of range; expected 0 to 1; got 1.5"),
        ([[-0.1, 1]], "strengths, row 0, column 0: strength out of range"),
        ([[float("nan"), 1]], "strengths, row 0, column 0: strength out of range"),
        ([["a", "b"]], "strengths: not numbers"),
        ([[1, 1j]], "strengths: not numbers"),
        ([[1, 1], [1]], "strengths: rows of different lengths"),
    ],
)
def test_bad_strengths_are_refused_with_their_place(strengths, message):
    """NaN is no strength either."""
    with pytest.raises(InputError, match=message):
        checked_strengths(strengths, (1, 2))


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ([0, 3], r"gold, row 1: gold label out of range; expected -1 \(unknown\) to 2; got 3"),
        ([-2, 0], "gold, row 0: gold label out of range"),
        ([0], r"gold: wrong shape; expected \(2,\)"),
        ([0.5, 1], "gold: not integers"),
    ],
)
def test_bad_gold_is_refused_with_its_place(gold, message):
    """A GoldError is an InputError too."""
    with pytest.raises(GoldError, match=message):
        checked_gold(gold, 2, 3)


def test_no_gold_is_all_unknown():
    """None stands for gold that nobody has."""
    assert checked_gold(None, 3, 3).tolist() == [-1, -1, -1]


def test_good_votes_pass_whatever_their_integer_type():
    """Unsigned types are made signed, so that -1 can be written into them."""
    for dtype in (np.int8, np.int64, np.uint8):
        checked = checked_votes(np.array([[0, 2]], dtype=dtype), 3)
        assert checked.tolist() == [[0, 2]]
        assert np.issubdtype(checked.dtype, np.signedinteger)


@pytest.mark.parametrize("shares", ["even", [1, 1], [1, 0, 1], [1, 1, float("nan")], [1, -1, 1], None])
def test_class_shares_are_positive_numbers_one_a_class(shares):
    """A class without a share could never be predicted."""
    with pytest.raises(InputError, match="bad class shares; expected 3 positive numbers"):
        checked_shares(shares, 3, "prior")


def test_a_policy_may_give_a_class_nothing_but_not_all():
    """Shares of rows without votes may be 0."""
    assert checked_shares([0, 1, 0], 3, "empty", zero_ok=True).tolist() == [0, 1, 0]
    with pytest.raises(InputError, match="empty: bad class shares; expected 3 numbers, none negative"):
        checked_shares([0, 0, 0], 3, "empty", zero_ok=True)


def test_class_shares_are_scaled_to_sum_one():
    """Counts will do."""
    assert checked_shares([2, 1, 1], 3, "prior").tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize("accuracy", [0.0, 1.0, [0.7, 0.7], [0.7, 0.7, 1.2]])
def test_believed_accuracies_lie_between_0_and_1(accuracy):
    """One number for all, or one a labeling function."""
    with pytest.raises(InputError, match="LabelModel, lf_accuracy: bad accuracy"):
        checked_accuracy(accuracy, 3)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_classes": 1}, "LabelModel, n_classes: bad parameter; expected a whole number from 2 to 1000; got 1"),
        ({"n_classes": 2.5}, "LabelModel, n_classes"),
        ({"prior": "free"}, 'LabelModel, prior: bad parameter; expected "estimate", "uniform" or class shares'),
        ({"prior": [1, 1]}, "LabelModel, prior: bad class shares"),
        ({"prior": ["a", "b", "c"]}, "LabelModel, prior: bad class shares"),
        ({"prior": {0: 1}}, "LabelModel, prior: bad class shares"),
        ({"lf_accuracy": "high"}, "LabelModel, lf_accuracy: bad accuracy"),
        ({"lf_accuracy": [0.7, "high"]}, "LabelModel, lf_accuracy: bad accuracy"),
        ({"temperature": True}, "LabelModel, temperature"),
        ({"prior_rows": "firm"}, "LabelModel, prior_rows: bad parameter; expected a number > 0; got 'firm'"),
        ({"prior_rows": float("inf")}, "LabelModel, prior_rows: bad parameter"),
        ({"unlabelled_rows": None}, "LabelModel, unlabelled_rows: bad parameter"),
        ({"tol": [1, 2]}, "LabelModel, tol: bad parameter"),
        ({"max_patterns": 0.5}, "LabelModel, max_patterns: bad parameter; expected a number of 1 or more; got 0.5"),
        ({"empty": ["a", "b", "c"]}, "empty: bad class shares"),
        ({"temperature": 0}, "LabelModel, temperature"),
        ({"temperature": "hot"}, "LabelModel, temperature"),
        ({"max_iter": 0}, "LabelModel, max_iter: bad parameter; expected a number of 1 or more; got 0"),
        ({"copies": -1}, "LabelModel, copies"),
        ({"empty": "neutral"}, "empty: unknown policy for rows without votes"),
        ({"empty": 3}, "empty: no such class; expected 0 to 2; got 3"),
    ],
)
def test_bad_parameters_are_refused_by_fit(params, message):
    """As in scikit-learn, the constructor keeps what it is given and `fit` checks it."""
    model = LabelModel(**params)
    with pytest.raises(InputError, match=message):
        model.fit([[0, 1], [1, 1]])


@pytest.mark.parametrize("temperature", [2, np.float32(2), np.int64(2)])
def test_a_number_is_a_number_whatever_its_type(temperature):
    assert LabelModel(temperature=temperature).fit([[0, 1], [1, 1]]).temperature_ == 2


def test_gold_that_is_no_array_is_refused():
    with pytest.raises(GoldError, match="gold: rows of different lengths"):
        checked_gold([[0], [0, 1]], 2, 3)
