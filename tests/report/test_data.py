"""Checks of a report's data."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.base.errors import GoldError, InputError
from pipeline.base.stances import STANCES
from pipeline.report.data import class_shares, compute_results, count_folds, covered_share, probabilities, shown_lfs


def test_gold_is_needed(make_data):
    """Without hand labels there is nothing to report, and the error says what to do."""
    with pytest.raises(GoldError, match=r"no hand-labelled sentence to evaluate on.*Label sentences"):
        make_data(gold=np.array([], int), articles=np.array([], str))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"main": "clasifier"}, "clasifier: no predictions of the system to report on; got classifier, label_model"),
        ({"systems": {"classifier": np.ones((96, 3))}}, "classifier, row 0: not a probability distribution"),
        ({"texts": ["one"]}, "texts: wrong number of rows; expected 96; got 1"),
        ({"fired": []}, "fired: wrong number of rows"),
        ({"slices": {"g": {"s": np.ones(3, bool)}}}, "slice g: s: wrong number of rows; expected 96; got 3"),
    ],
    ids=["main", "proba", "texts", "fired", "slices"],
)
def test_rows_that_do_not_agree_are_refused(make_data, changes, message):
    """The part at fault is named."""
    with pytest.raises(InputError, match=message):
        make_data(**changes)


def test_every_system_is_scored_on_the_same_rows(make_data):
    """Intervals hold their values, and the main system has no difference to itself."""
    results = compute_results(make_data())
    assert (results.n, results.n_articles, results.few_articles, results.absent) == (96, 12, True, ())
    for system in results.systems.values():
        assert system.confusion.sum() == 96
        for score in system.scores.values():
            assert score.low <= score.value <= score.high
    assert results.systems["classifier"].behind is None


def test_the_difference_is_paired(planted, make_data):
    """Two systems that share all difficulty differ by a narrow interval, though each alone has a wide one."""
    gold, proba, _ = planted(strength=1.0)
    nearly = proba.copy()
    nearly[:2] = np.eye(3)[(gold[:2] + 1) % 3]
    results = compute_results(make_data(systems={"classifier": proba, "other": nearly}))
    behind, alone = results.systems["other"].behind, results.systems["other"].scores["macro_f1"]
    difference = results.systems["classifier"].scores["macro_f1"].value - alone.value
    assert behind.value == pytest.approx(difference)
    assert behind.high - behind.low < 0.5 * (alone.high - alone.low)


def test_forty_articles_are_enough(planted, make_data):
    """From 40 articles on the report no longer warns."""
    gold, proba, articles = planted(n_articles=40)
    rows = {"texts": [""] * 320, "fired": [[]] * 320, "slices": {}}
    assert not compute_results(
        make_data(gold=gold, articles=articles, systems={"classifier": proba}, **rows)
    ).few_articles


def test_without_a_threshold_nothing_is_withheld(make_data):
    """The point on the coverage curve exists only where a threshold does."""
    assert compute_results(make_data(threshold=None)).answered is None
    assert compute_results(make_data(threshold=0.0)).answered.coverage.value == 1


def test_equal_data_give_equal_numbers(make_data):
    """Every random step is seeded; another seed gives other intervals and the same values."""
    same = [compute_results(make_data()).systems["classifier"].scores for _ in range(2)]
    other = compute_results(make_data(seed=99)).systems["classifier"].scores
    assert same[0] == same[1]
    assert other["macro_f1"].value == same[0]["macro_f1"].value
    assert other["macro_f1"].low != same[0]["macro_f1"].low


SOFT = [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.5, 0.5, 0.0]]


def table(gold, articles=("a", "a", "b")):
    columns = {"gold": pa.array(gold, pa.int64()), "soft_label": SOFT, "article_id": list(articles)}
    return pa.table(columns)


def test_class_shares_are_those_of_gold():
    assert class_shares(table([2, None, 2])).tolist() == [0, 0, 1]


def test_class_shares_without_gold_are_those_of_the_soft_labels():
    np.testing.assert_allclose(class_shares(table([None] * 3)), [1.5 / 3, 1 / 3, 0.5 / 3])


def test_a_fold_is_counted_in_articles_sentences_and_gold():
    assert count_folds("dev", table([2, None, 0])) == {"fold": "dev", "articles": 2, "sentences": 3, "gold": 2}


def test_a_sentence_is_covered_when_one_labeling_function_votes():
    """Counted over all folds, also when a fold has no sentence."""
    votes = pa.list_(pa.int8())
    folds = [[[-1, 2], [-1, -1], [0, 0]], [[-1, -1], [1, -1]], []]
    assert covered_share([pa.table({"votes": pa.array(rows, votes)}) for rows in folds], 2) == 3 / 5


def test_probabilities_come_from_the_table_of_answers_by_id():
    """In the order of the ids, rows that sum to 1 again after rounding."""
    shares = {"p_neutral": 0.3, "p_agreement": 0.1}
    answers = [{"id": "a", "p_opposition": 0.6, **shares}, {"id": "b", "p_opposition": 0.1, **shares}]
    np.testing.assert_allclose(probabilities(answers, ["b", "a"]), [[0.2, 0.6, 0.2], [0.6, 0.3, 0.1]])
    with pytest.raises(InputError, match="c: a sentence without an answer"):
        probabilities(answers, ["a", "c"])


ROW = {
    **{"name": "reject", "stance": 0, "stances": [0], "coverage": 0.1, "votes": 10, "correct": 3, "gold_votes": 4},
    **{"overlap_share": 0.05, "conflict_share": 0.01, "alone_share": 0.02, "precision": 0.75, "precision_low": 0.3},
    **{"precision_high": 0.95, "contribution": None, "warnings": ["one-sided: it is"]},
}


def test_labeling_functions_are_shown_with_the_name_of_their_stance():
    (shown,) = shown_lfs([ROW])
    assert (shown["name"], shown["stance"], shown["overlap"], shown["conflict"]) == ("reject", "opposition", 0.05, 0.01)
    assert (shown["n_gold"], shown["correct"], shown["contribution"], shown["alone"]) == (4, 3, None, 0.02)
    assert (shown["warnings"], shown["classifier_contribution"]) == (["one-sided: it is"], None)


@pytest.mark.parametrize(
    ("stance", "stances", "expected"),
    [
        (0, [], "opposition"),
        (0, [2], "opposition"),
        (0, [0, 2], "opposition/agreement"),
        (2, [0, 2], "opposition/agreement"),
        (-1, [1], "any"),
    ],
)
def test_two_stances_that_are_both_common_are_both_named(stance, stances, expected):
    """What it was written for stays its stance, and its colour."""
    (shown,) = shown_lfs([ROW | {"stance": stance, "stances": stances}])
    assert shown["votes_for"] == expected
    assert shown["stance"] == ("any" if stance < 0 else STANCES[stance])


def test_what_an_lf_is_worth_to_the_classifier_is_shown_beside():
    shown = shown_lfs([ROW, ROW], [(0.1, 0.2), (-0.3, -0.4)])
    assert [(lf["classifier_contribution"], lf["classifier_log_loss"]) for lf in shown] == [(0.1, 0.2), (-0.3, -0.4)]
