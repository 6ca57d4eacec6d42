"""Intervals by article: algebra, and coverage of a planted truth."""

import numpy as np
import pytest

from pipeline.report.metrics import draw_articles, row_terms, scores


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
