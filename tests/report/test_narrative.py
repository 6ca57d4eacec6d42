"""What the report says in sentences, in tables on how good the systems are, and in a terminal."""

import io
import math

import numpy as np
import pytest

from pipeline.report import narrative as tables
from pipeline.report import rendering
from pipeline.report.changes import compare
from pipeline.report.data import CorpusData, compute_results
from pipeline.report.metrics import Score
from pipeline.report.model_page import lf_table
from pipeline.report.narrative import (
    calibration_words,
    corpus_headline,
    headline,
    invariance_table,
    no_scores,
    print_report,
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
        (
            {"threshold": None, "folds": [{"fold": "dev", "articles": 4, "sentences": 60, "gold": 46}]},
            "looked for from 100 hand-labelled sentences of the dev fold on; there are 46, so no answer is withheld",
        ),
        ({"threshold": 1.5}, "No sentence reaches the confidence of 1.50"),
    ],
    ids=["no threshold", "too few labels for one", "never reached"],
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
    assert result.endswith("docs/your-own-articles.md in the project's folder.")


NAN = math.nan


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.01, 0.2, "label model better"),
        (-0.2, -0.01, "label model worse"),
        (-0.1, 0.1, "no clear difference"),
        (0.0, 0.1, "no clear difference"),
        (NAN, NAN, "cannot be told"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero(low, high, expected):
    """Better or worse only where 0 is outside."""
    assert tables.verdict("label_model", Score(0.0, low, high)) == expected


def test_all_rows_are_as_wide_as_their_heads(make_data):
    """No table has a cell too many or too few."""
    data = make_data()
    results = compute_results(data)
    for table in (
        tables.comparison_table(results, "classifier", "95 %"),
        tables.stance_table(results, "classifier", "95 %"),
        tables.fold_table(data.folds),
        tables.slice_table(results, "classifier", "label_model", 1, "95 %"),
        tables.calibration_table(results),
        lf_table(data.lfs),
    ):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.head)}


def test_folds_are_summed(make_data):
    """The last row is the sum of the others."""
    assert tables.fold_table(make_data().folds).rows[-1] == ("all", "15", "150", "96")


def test_what_cannot_be_computed_is_a_dash(make_data):
    """A stance without gold has no recall, one that is never predicted no precision."""
    results = compute_results(make_data(gold=np.ones(96, int), systems={"classifier": np.tile([1.0, 0, 0], (96, 1))}))
    opposition, neutral, agreement = tables.stance_table(results, "classifier", "95 %").rows
    assert opposition[1:3] == ("0", "96")
    assert opposition[4:] == ("–", "–")
    assert neutral[3] == "–"
    assert agreement[3:] == ("–", "–", "–")


@pytest.mark.parametrize(
    ("truth", "expected"),
    [("right", "no sign of error"), ("wrong", "too sure"), ("hesitant", "not sure enough")],
)
def test_the_calibration_of_every_system_is_judged_against_chance(planted, make_data, truth, expected):
    """The label model and majority vote too, not the main system alone: confidence, share right, error, its limit."""
    gold, _, _ = planted()
    shown = {"right": np.eye(3)[gold], "wrong": np.eye(3)[(gold + 1) % 3], "hesitant": 0.6 * np.eye(3)[gold] + 0.4 / 3}
    systems = make_data().systems | {"majority_vote": shown[truth]}
    results = compute_results(make_data(systems=systems))
    table = tables.calibration_table(results)
    assert [row[0] for row in table.rows] == ["classifier", "label model", "majority vote"]
    confidence, right = float(shown[truth].max(axis=1).mean()), float(truth != "wrong")
    assert table.rows[2][1:3] == (rendering.number(confidence), rendering.number(right))
    assert table.rows[2][3] == rendering.number(abs(confidence - right))
    assert table.rows[2][4] == rendering.number(results.systems["majority_vote"].ece_null)
    assert table.rows[2][5] == expected


def test_hidden_slices_and_absent_stances_are_noted(planted, make_data):
    """The note says how many slices are hidden, and what the asterisk means."""
    gold, _, _ = planted()
    data = make_data(slices={"g": {"no agreement": gold != 2}})
    table = tables.slice_table(compute_results(data), "classifier", "label_model", 2, "95 %")
    assert table.rows[0][0] == "g: no agreement"
    assert table.rows[0][3].endswith(" *")
    assert "2 hidden" in table.note
    assert "counts as F1 = 0" in table.note


COUNTS = {"opposition": 3, "neutral": 6, "agreement": 1}
SCORES = {"n": 96, "articles": 12, "macro_f1": 0.5, "macro_f1_low": 0.4, "macro_f1_high": 0.6, "accuracy": 0.7}
DETAILS = {
    "corpus": {"sentences": 10},
    "classifier": {**SCORES, "brier": 0.3, "log_loss": 0.9},
    "label_model": {**SCORES, "macro_f1": 0.55, "brier": 0.4, "log_loss": 1.0},
}


def printed(details=DETAILS, changes=None, since="the run before"):
    file = io.StringIO()
    print_report(file, details, COUNTS, changes, since)
    return file.getvalue()


def test_it_shows_stances_and_systems_the_best_first():
    result = printed()
    assert result.startswith("10 sentences: 3 opposition (30 %), 6 neutral (60 %), 1 agreement (10 %)\n")
    assert "96 hand labels from 12 articles" in result
    assert result.index("label model") < result.index("classifier")
    assert " ".join(result.split()).endswith("classifier 0.500 (0.400 to 0.600) 0.700 0.300 0.900")


def test_nothing_is_coloured_where_it_is_no_terminal():
    assert "\x1b" not in printed()


def test_without_hand_labels_it_says_so():
    result = printed({"corpus": {"sentences": 10}})
    assert "there are no scores" in result
    assert "macro-F1" not in result


def test_what_changed_is_listed(make_answer):
    changes = compare([make_answer(stance="neutral")], [make_answer()], {}, {})
    result = printed(changes=changes, since="v1.0")
    assert "Since v1.0: 1 of 1 sentences got another stance (1 by labeling functions)" in result
    assert "neutral → opposition (labeling functions)  They refused it." in result
