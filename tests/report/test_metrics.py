"""Scores against hand-counted examples and scikit-learn."""

from functools import partial

import numpy as np
import pytest
from sklearn import metrics as oracle
from sklearn.metrics import average_precision_score, precision_recall_curve

from pipeline.base.calibration import log_losses
from pipeline.base.errors import GoldError, InputError
from pipeline.report.metrics import (
    absent_stances,
    check_gold,
    check_proba,
    confusion,
    coverage_precision,
    coverage_thresholds,
    decide,
    draw_articles,
    hidden_slices,
    precision_recall,
    row_terms,
    score_slices,
    scores,
    standard_slices,
)

LABELS = [0, 1, 2]


def score(gold, proba):
    return scores(row_terms(np.array(gold), np.array(proba, float)).sum(axis=0))


def certain(stances):
    return np.eye(3)[stances]


def test_a_hand_counted_example():
    """Two of four are right; opposition: 1 of 2 found, 1 of 1 right; neutral: 1 of 1, 1 of 2; agreement: none."""
    found = score([0, 0, 1, 2], certain([0, 1, 1, 0]))
    assert found["accuracy"] == 0.5
    assert (found["opposition_recall"], found["opposition_precision"]) == (0.5, 0.5)
    assert (found["neutral_recall"], found["neutral_precision"]) == (1, 0.5)
    assert found["macro_f1"] == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert found["brier"] == pytest.approx((0 + 2 + 0 + 2) / 4)


@pytest.mark.parametrize("seed", range(5))
def test_scores_are_those_of_scikit_learn(planted, seed):
    """Every score agrees with scikit-learn's on random predictions."""
    gold, proba, _ = planted(seed=seed, strength=seed / 2)
    predicted, found = proba.argmax(axis=1), score(gold, proba)
    assert found["macro_f1"] == pytest.approx(oracle.f1_score(gold, predicted, average="macro", labels=LABELS))
    assert found["accuracy"] == pytest.approx(oracle.accuracy_score(gold, predicted))
    assert found["mcc"] == pytest.approx(oracle.matthews_corrcoef(gold, predicted))
    assert found["brier"] == pytest.approx(oracle.brier_score_loss(gold, proba, labels=LABELS))
    assert found["log_loss"] == pytest.approx(oracle.log_loss(gold, proba, labels=LABELS))
    for name in ("precision", "recall", "f1"):
        expected = getattr(oracle, f"{name}_score")(gold, predicted, average=None, labels=LABELS)
        assert [found[f"{s}_{name}"] for s in ("opposition", "neutral", "agreement")] == pytest.approx(expected)
    counted = confusion(row_terms(gold, proba).sum(axis=0))
    assert counted.tolist() == oracle.confusion_matrix(gold, predicted, labels=LABELS).tolist()


def test_an_absent_stance_counts_as_zero():
    """Macro-F1 is over three stances even where gold has two: perfect predictions reach 2/3."""
    assert score([0, 1, 0, 1], certain([0, 1, 0, 1]))["macro_f1"] == pytest.approx(2 / 3)
    assert absent_stances(np.array([0, 1, 0, 1])) == ("agreement",)


def test_one_class_everywhere_has_no_correlation():
    """MCC is 0, not undefined, where gold or predictions know one stance only."""
    assert score([0, 1, 2], certain([1, 1, 1]))["mcc"] == 0
    assert score([1, 1, 1], certain([0, 1, 2]))["mcc"] == 0


def test_impossible_truth_has_a_finite_loss():
    """A probability of 0 for gold costs what it costs in training and calibration, not infinity."""
    gold, proba = [0, 1], certain([1, 1])
    expected = log_losses(proba, np.eye(3)[gold]).mean()
    assert np.isfinite(expected)
    assert score(gold, proba)["log_loss"] == pytest.approx(expected)


def test_sums_of_parts_score_like_the_whole(planted):
    """Adding the sums of two halves gives the scores of all rows; stacked sums are scored one by one."""
    gold, proba, _ = planted()
    terms = row_terms(gold, proba)
    halves = np.stack([terms[:40].sum(axis=0), terms[40:].sum(axis=0)])
    whole, parts = scores(terms.sum(axis=0)), scores(halves)
    assert scores(halves.sum(axis=0))["mcc"] == pytest.approx(whole["mcc"])
    assert parts["accuracy"].shape == (2,)
    assert parts["macro_f1"][1] == pytest.approx(score(gold[40:], proba[40:])["macro_f1"])


def test_equal_probabilities_go_to_the_first_stance():
    """Ties are decided by the order of STANCES, so that results do not depend on chance."""
    assert decide(np.array([[0.4, 0.2, 0.4], [0.2, 0.4, 0.4]])).tolist() == [0, 1]


def test_no_gold_at_all_is_an_error_with_a_remedy():
    """An empty evaluation says what to do."""
    with pytest.raises(GoldError, match=r"no hand-labelled sentence.*Label sentences of articles in the test fold"):
        check_gold(np.array([], int), np.array([]))


@pytest.mark.parametrize(
    ("gold", "articles", "message"),
    [
        ([0, 3], ["a", "a"], "row 1: not a stance id; expected 0, 1 or 2; got 3"),
        ([-1, 0], ["a", "a"], "row 0: not a stance id"),
        ([0.0, 1.0], ["a", "a"], "unusable hand labels"),
        ([0, 1], ["a"], "1 article ids"),
    ],
    ids=["above", "abstain", "floats", "articles"],
)
def test_unusable_gold_is_refused(gold, articles, message):
    """The row or the shape at fault is named."""
    with pytest.raises(GoldError, match=message):
        check_gold(np.array(gold), np.array(articles))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.2, 0.8]], r"wrong shape; expected \(1, 3\); got \(1, 2\)"),
        ([[0.5, 0.5, 0.5]], "majority, row 0: not a probability distribution"),
        ([[1.5, -0.5, 0]], "not a probability distribution"),
        ([[np.nan, 0.5, 0.5]], "got nan, 0.5, 0.5"),
    ],
    ids=["shape", "sum", "negative", "nan"],
)
def test_unusable_probabilities_are_refused(rows, message):
    """The system and the row at fault are named."""
    with pytest.raises(InputError, match=message):
        check_proba(np.array(rows), 1, "majority")


def test_a_draw_is_articles_taken_whole():
    """Each draw has as many articles as there are, and its sums are those of its articles."""
    articles = np.array(["b", "a", "b", "c", "d", "e"])
    bootstrap = draw_articles(articles, 50, 0.95, 1)
    assert bootstrap.n_articles == 5
    assert (bootstrap.weights.sum(axis=1) == 5).all()
    rows = np.array([[10.0], [1.0], [20.0], [100.0], [0.0], [0.0]])
    assert bootstrap.sums(rows)[:, 0] == pytest.approx(bootstrap.weights @ [1, 30, 100, 0, 0])


def test_a_resampled_score_is_the_score_of_the_repeated_rows(planted):
    """Scoring sums gives what scoring the repeated rows gives."""
    gold, proba, articles = planted(n_articles=6)
    bootstrap = draw_articles(articles, 3, 0.95, 5)
    draws = scores(bootstrap.sums(row_terms(gold, proba)))
    for draw, weights in enumerate(bootstrap.weights):
        rows = np.repeat(np.arange(len(gold)), weights[bootstrap.codes])
        expected = scores(row_terms(gold[rows], proba[rows]).sum(axis=0))
        assert [values[draw] for values in draws.values()] == pytest.approx([float(v) for v in expected.values()])


def test_the_order_of_rows_does_not_matter(planted):
    """Shuffled rows give the same intervals."""
    gold, proba, articles = planted()
    order = np.random.default_rng(3).permutation(len(gold))
    given, shuffled = (
        scores(draw_articles(articles[o], 100, 0.9, 7).sums(row_terms(gold[o], proba[o])))["macro_f1"]
        for o in (np.arange(len(gold)), order)
    )
    assert shuffled == pytest.approx(given)


def test_many_draws_are_summed_in_blocks():
    """The number of draws is kept whatever the block size."""
    bootstrap = draw_articles(np.array(list("abcdef")), 1000, 0.95, 0)
    assert bootstrap.sums(np.ones((6, 2))).tolist() == [[6, 6]] * 1000


def test_an_interval_holds_the_promised_share_of_draws():
    """Percentiles of 0..100 at 90 % are 5 and 95; undefined draws are left out."""
    bootstrap = draw_articles(np.array(list("abcdef")), 10, 0.9, 0)
    score = bootstrap.score(50.0, np.append(np.arange(101.0), np.nan))
    assert score == pytest.approx((50, 5, 95))


@pytest.mark.parametrize("articles", ["aaaaaa", "aabbcc"])
def test_too_few_articles_give_no_interval(articles):
    """With fewer than five articles there is a value and no interval, rather than one that is far too narrow."""
    bootstrap = draw_articles(np.array(list(articles)), 100, 0.95, 0)
    score = bootstrap.score(0.5, np.linspace(0, 1, 100))
    assert score.value == 0.5
    assert np.isnan([score.low, score.high]).all()


def test_the_interval_covers_the_truth_where_sentences_of_an_article_resemble_each_other():
    """Planted: articles differ in how hard they are. By article, about 95 % cover; by sentence, far fewer."""
    rng, n_articles, per_article, truth = np.random.default_rng(11), 60, 20, 0.7
    covered = np.zeros(2)
    for _ in range(100):
        difficulty = rng.beta(7 * 0.4, 3 * 0.4, n_articles)
        right = (rng.random((n_articles, per_article)) < difficulty[:, None]).astype(float).reshape(-1, 1)
        for i, groups in enumerate((np.repeat(np.arange(n_articles), per_article), np.arange(len(right)))):
            bootstrap = draw_articles(groups, 150, 0.95, int(rng.integers(1 << 30)))
            low, high = bootstrap.score(right.mean(), bootstrap.sums(right)[:, 0] / len(right))[1:]
            covered[i] += low <= truth <= high
    by_article, by_sentence = covered / 100
    assert 0.89 <= by_article <= 0.99
    assert by_sentence < 0.75


DRAW = partial(draw_articles, resamples=100, confidence=0.95, seed=0)


def test_standard_slices_are_counted_by_hand():
    """Every row is in one slice of each group."""
    slices = standard_slices(
        np.array([True, False, False, False]),
        np.array([0, 1, 2, 5]),
        np.array([3, 9, 20, 40]),
        ["", "Wire", "", ""],
        np.array([True, True, True, False]),
    )
    counted = {group: {name: int(rows.sum()) for name, rows in names.items()} for group, names in slices.items()}
    assert counted == {
        "quotation": {"quoted": 1, "not quoted": 3},
        "LFs that voted": {"none": 1, "one": 1, "two or more": 2},
        "label model": {"right": 3, "wrong": 1},
        "length": {"3 words": 1, "4–9 words": 1, "10–20 words": 1, "21–40 words": 1},
        "source": {"unknown": 3, "Wire": 1},
    }


def test_equal_lengths_are_one_slice():
    """Quartiles that coincide are merged; each row stays in exactly one."""
    none, words = np.zeros(6, bool), np.array([5, 5, 5, 5, 5, 8])
    lengths = standard_slices(none, np.zeros(6, int), words, [""] * 6, none)["length"]
    assert {name: int(rows.sum()) for name, rows in lengths.items()} == {"5 words": 5, "6–8 words": 1}


def test_a_slice_is_scored_on_its_rows_alone(planted):
    """Planted: right in the first half, wrong in the second; the gain over an always-wrong reference is the score."""
    gold, _, articles = planted()
    first = np.arange(len(gold)) < 48
    right, wrong = np.eye(3)[gold], np.eye(3)[(gold + 1) % 3]
    proba = np.where(first[:, None], right, wrong)
    slices = {"half": {"first": first, "second": ~first}}
    one, two = score_slices(gold, proba, wrong, articles, slices, DRAW)
    assert (one.n, one.n_articles, one.absent) == (48, 6, ())
    assert (one.macro_f1.value, one.accuracy.value, one.gain.value) == (1, 1, 1)
    assert (one.brier.value, one.brier_gain.value, two.brier_gain.value) == (0, -2, 0)
    assert (two.macro_f1.value, two.gain.value, two.gain.low) == (0, 0, 0)


def test_small_slices_are_hidden_and_counted(planted):
    """29 rows are not shown, 30 are, and an empty slice is not even counted as hidden."""
    gold, proba, articles = planted()
    place = np.arange(len(gold))
    slices = {"size": {"29": place < 29, "30": place < 30, "0": place < 0}}
    assert [part.name for part in score_slices(gold, proba, None, articles, slices, DRAW)] == ["30"]
    assert hidden_slices(slices) == 1


@pytest.mark.parametrize("stance", ["opposition", "neutral", "agreement"])
def test_a_slice_names_the_stances_that_it_lacks(planted, stance):
    """A stance without gold in the slice is reported, since it counts as F1 = 0."""
    gold, proba, articles = planted(n_articles=20)
    rows = gold != ("opposition", "neutral", "agreement").index(stance)
    (part,) = score_slices(gold, proba, None, articles, {"g": {"s": rows}}, DRAW)
    assert part.absent == (stance,)


@pytest.mark.parametrize("digits", [1, 8], ids=["many equal scores", "distinct scores"])
def test_the_curve_is_that_of_scikit_learn(planted, digits):
    """Same points and the same average precision, with ties too."""
    gold, proba, _ = planted()
    positive, score = gold == 2, proba[:, 2].round(digits)
    curve = precision_recall(positive, score)
    precision, recall, thresholds = precision_recall_curve(positive, score)
    assert curve.precision.tolist() == pytest.approx(precision[-2::-1].tolist())
    assert curve.recall.tolist() == pytest.approx(recall[-2::-1].tolist())
    assert curve.threshold.tolist() == thresholds[::-1].tolist()
    assert curve.average_precision == pytest.approx(average_precision_score(positive, score))


def test_a_stance_without_gold_has_an_empty_curve():
    """No positive, no point, average precision 0."""
    curve = precision_recall(np.zeros(3, bool), np.array([0.1, 0.2, 0.3]))
    assert len(curve.recall) == 0
    assert curve.average_precision == 0


def test_interpolated_precision_never_rises_with_recall():
    """Hits at ranks 1 and 4 of 4: 1.0 up to recall 0.5, then 0.5."""
    curve = precision_recall(np.array([True, False, False, True]), np.array([0.9, 0.8, 0.7, 0.6]))
    assert curve.precision_at(np.array([0, 0.5, 0.51, 1])).tolist() == [1, 1, 0.5, 0.5]


def test_coverage_and_precision_are_counted_by_hand():
    """At 0.8: two of four answered, one of them right; at 0.5 all answered; above 1 none, precision undefined."""
    confidence, right = np.array([0.9, 0.8, 0.6, 0.5]), np.array([True, False, True, True])
    bootstrap = draw_articles(np.array(list("abcd")), 20, 0.95, 0)
    points = coverage_precision(confidence, right, np.array([0.8, 0.5, 1.1]), bootstrap)
    assert [p.coverage.value for p in points] == [0.5, 1, 0]
    assert [p.precision.value for p in points[:2]] == [0.5, 0.75]
    assert np.isnan(points[2].precision.value)


def test_the_interval_of_precision_holds_its_value(planted):
    """Intervals by article surround coverage and precision."""
    gold, proba, articles = planted()
    sure, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    bootstrap = draw_articles(articles, 300, 0.95, 0)
    for point in coverage_precision(sure, right, np.array([0.4, 0.6]), bootstrap):
        assert point.precision.low < point.precision.value < point.precision.high
        assert point.coverage.low <= point.coverage.value <= point.coverage.high


def test_thresholds_step_through_coverage():
    """25 steps on many rows, the last of which answers all; equal confidences are one step."""
    confidence = np.random.default_rng(0).random(500)
    thresholds = coverage_thresholds(confidence)
    assert [(confidence >= t).sum() for t in thresholds] == list(range(20, 501, 20))
    assert coverage_thresholds(np.full(9, 0.7)).tolist() == [0.7]
