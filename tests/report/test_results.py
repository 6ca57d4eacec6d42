"""All numbers of a report."""

import numpy as np
import pytest

from pipeline.report.data import compute_results


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
