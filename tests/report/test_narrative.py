"""What the report says in sentences."""

import numpy as np
import pytest

from pipeline.report.data import CorpusData, compute_results
from pipeline.report.narrative import (
    calibration_words,
    corpus_headline,
    headline,
    invariance_table,
    no_scores,
    warnings,
)
from pipeline.weak.invariance import Invariance


def say(what, data):
    result = what(data, compute_results(data))
    return result if isinstance(result, str) else " ".join(result)


def test_the_headline_gives_score_interval_comparison_and_answers(make_data):
    """Numbers of rows and articles, the score with its interval, the best rival, the share answered."""
    result = say(headline, make_data())
    assert result.startswith("On 96 hand-labelled sentences from 12 articles")
    assert "the classifier reaches a macro-F1 of 0." in result
    assert "(95 % interval 0." in result
    assert "It is better than the label model (0." in result
    assert "the paired difference is +0." in result
    assert "confidence is 0.60 or more" in result
    assert "the target is 90 %" in result


def test_a_worse_system_is_called_worse(make_data):
    """The report does not flatter the system that it is about."""
    assert "It is worse than the classifier (0." in say(headline, make_data(main="label_model"))


def test_both_baselines_are_compared_and_a_variant_only_where_it_is_clearly_better(make_data):
    """Label model and majority vote always; how else a classifier could learn only where that is worth knowing."""
    gold, proba, weaker = make_data().gold, *make_data().systems.values()
    variants = {"weak_labels_alone": weaker, "hand_labels_alone": np.eye(3)[gold]}
    result = say(headline, make_data(systems={"classifier": proba, "majority_vote": weaker, **variants}))
    assert "It is better than the majority vote (0." in result
    assert "It is worse than the classifier on hand labels alone (1.000): the paired difference is −0." in result
    assert "weak labels" not in result


def test_equal_systems_cannot_be_told_apart(make_data):
    """A difference whose interval holds 0 is no difference."""
    proba = make_data().systems["classifier"]
    result = say(headline, make_data(systems={"classifier": proba, "label_model": proba}))
    assert "Whether it is better than the label model (0." in result
    assert "cannot be told: the paired difference is 0.0000 (0.0000" in result


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"threshold": None}, "No confidence was found above which 90 % of the answers are right"),
        ({"threshold": 1.5}, "No sentence reaches the confidence of 1.50"),
    ],
    ids=["no threshold", "never reached"],
)
def test_a_promise_that_cannot_be_kept_is_said(make_data, changes, expected):
    """Whether nothing is withheld or everything, the reader is told."""
    assert expected in say(headline, make_data(**changes))


def test_few_articles_are_said_plainly(make_data):
    """Below 40 articles the intervals are called too narrow, below 5 there are none."""
    assert "Only 12 articles have hand labels in the test fold" in say(warnings, make_data())
    assert "come from 1 article: too few" in say(warnings, make_data(articles=np.full(96, "a")))


def test_an_absent_stance_is_said_with_its_consequence(make_data):
    """Gold without agreement caps macro-F1 at two thirds."""
    gold = np.minimum(make_data().gold, 1)
    assert "hand-labelled agreement: it counts as F1 = 0, so macro-F1 cannot exceed 0.67" in say(
        warnings, make_data(gold=gold)
    )


def test_calibration_is_judged_against_chance(planted, make_data):
    """A perfectly right and perfectly sure system shows no fault; one that is sure and mostly wrong is too sure."""
    gold, _, _ = planted()
    assert "no sign that the probabilities are wrong" in say(
        calibration_words, make_data(systems={"classifier": np.eye(3)[gold]})
    )
    assert "too sure" in say(calibration_words, make_data(systems={"classifier": np.eye(3)[(gold + 1) % 3]}))
    hesitant = 0.6 * np.eye(3)[gold] + 0.4 / 3
    assert "not sure enough" in say(calibration_words, make_data(systems={"classifier": hesitant}))


def test_answers_that_should_not_have_changed_are_counted_with_an_interval():
    table = invariance_table([Invariance("capitals", 0, 200), Invariance("names exchanged", 3, 100)])
    assert [row[:3] for row in table.rows] == [("capitals", "0", "200"), ("names exchanged", "3", "100")]
    assert table.rows[0][3] == "0.000 (0.000\u00a0to\u00a00.019)"


def test_without_hand_labels_size_and_coverage_are_said(unlabelled):
    """The headline counts all folds; it leaves out a coverage that is not known."""
    result = "15 articles with 150 sentences; at least one labeling function votes on 12 % of them."
    assert corpus_headline(unlabelled) == [result]
    assert corpus_headline(CorpusData(folds=unlabelled.folds)) == ["15 articles with 150 sentences."]


def test_that_there_are_no_scores_is_said_with_what_to_do(unlabelled):
    """Which fold lacks hand labels, and where it says how to label."""
    result = no_scores(unlabelled)
    assert result.startswith("No sentence of the test fold is hand-labelled, so there are no scores")
    assert result.endswith("docs/your-own-articles.md.")
