"""Unseen words: which count, how much, and that they are spent once chosen."""

from pipeline.gold.sampling import Novelty

TEXTS = ["Ferry strike", "Ferry strike at the quay", "Wheat", "Wheat and barley", "Alone 1911 of"]
ARTICLES = ["a", "b", "a", "b", "c"]


def test_words_of_one_article_numbers_and_short_words_count_nothing():
    novelty = Novelty(TEXTS, ARTICLES, [])
    assert [novelty.unseen(row) for row in range(5)] == [["ferry", "strike"]] * 2 + [["wheat"]] * 2 + [[]]


def test_seen_words_are_not_new():
    assert Novelty(TEXTS, ARTICLES, ["A FERRY!"]).unseen(0) == ["strike"]


def test_words_of_more_articles_come_first():
    novelty = Novelty(["rare both", "rare both", "both"], ["a", "b", "c"], [])
    assert novelty.unseen(0) == ["both", "rare"]


def test_the_ranking_is_made_anew_after_each_choice():
    """The second sentence about ferries has nothing to offer once the first is chosen."""
    novelty = Novelty(TEXTS, ARTICLES, [])
    ranked = novelty.ranked()
    first = next(ranked)
    novelty.add(first)
    second = next(ranked)
    novelty.add(second)
    assert (first, second) == (0, 2)
    assert list(ranked) == []


def test_short_sentences_win_over_long_ones_with_as_many_new_words():
    assert list(Novelty(["wheat grows in the south", "wheat"], ["a", "b"], []).ranked()) == [1, 0]
