"""Counts for the report, on tables small enough to count by hand."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.base.errors import InputError
from pipeline.base.stances import STANCES
from pipeline.report.data import class_shares, count_folds, covered_share, probabilities, shown_lfs

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
