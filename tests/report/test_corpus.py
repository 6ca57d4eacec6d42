"""What the articles say, on answers small enough to count by hand."""

import numpy as np
import pytest

from pipeline.report.corpus import (
    SHOWN_SOURCES,
    Corpus,
    by_source,
    by_time,
    clearest,
    find_problems,
    looks_english,
    measured,
    untested,
)
from pipeline.report.data import compute_results


def test_a_short_time_is_counted_by_month_a_long_one_by_year_without_gaps(make_answer):
    months = by_time([make_answer(article="a", date="1987-11-02"), make_answer(article="b", date="1988-02")])
    assert [(g.name, g.n) for g in months] == [("1987-11", 1), ("1987-12", 0), ("1988-01", 0), ("1988-02", 1)]
    years = by_time([make_answer(article="a", date="1987-11-02"), make_answer(article="b", date="1990-12")])
    assert [(g.name, g.n) for g in years] == [("1987", 1), ("1988", 0), ("1989", 0), ("1990", 1)]
    assert by_time([make_answer()]) == []


def test_a_year_alone_counts_in_no_month(make_answer):
    """It is told of, and has its place where all is counted by year."""
    rows = [make_answer(article="a", date="1987-11-02"), make_answer(article="b", date="1987")]
    assert [(g.name, g.n) for g in by_time(rows)] == [("1987-11", 1)]
    assert dict(find_problems(Corpus(rows=rows)))["1 article with a year for a date, so counted in no month"] == ["b"]
    for other in ("1988", "1989"):
        years = by_time([*rows, make_answer(article="c", date=other)])
        assert [(g.name, g.n) for g in years if g.n] == [("1987", 2), (other, 1)]


def test_sources_are_counted_with_intervals_around_their_shares(make_answer):
    """The most frequent first; from five articles on the interval comes from drawing articles."""
    rows = [make_answer(article=f"w{i}", source="wire", index=k) for i in range(6) for k in range(2)]
    rows += [make_answer("It rained.", "neutral", "", f"w{i}", 2, source="wire") for i in range(6)]
    rows += [make_answer(article="d", source="daily")]
    wire, daily = by_source(rows)
    assert (wire.name, wire.articles, wire.counts.tolist()) == ("wire", 6, [12, 6, 0])
    np.testing.assert_allclose(wire.low, wire.shares)  # every article is alike, so no draw differs
    assert daily.low[0] < 1 == daily.high[0]


def test_of_many_sources_the_smallest_are_counted_together(make_answer):
    rows = [make_answer(article=f"a{i}", index=k, source=f"s{i:02}") for i in range(15) for k in range(20 - i)]
    groups = by_source(rows)
    assert len(groups) == SHOWN_SOURCES
    assert (groups[0].name, groups[-1].name) == ("s00", "4 other sources")
    assert sum(group.n for group in groups) == len(rows)


def test_the_clearest_sentences_come_from_many_stories_and_contradict_no_hand_label(make_answer):
    """Copies are one story; abstained answers and those that a hand label contradicts are left out."""
    long = "They refused it again and again."
    rows = [
        make_answer(long, article="a", index=0, confidence=0.99),
        make_answer(long, article="a", index=1, confidence=0.98),
        make_answer(long, article="copy", confidence=0.97),
        make_answer(long, article="b", confidence=0.6),
        make_answer(long, article="wrong", confidence=0.99, gold="neutral"),
        make_answer(long, article="doubt", confidence=0.99, abstained=True),
    ]
    found = clearest(rows, "opposition", {"copy": "a"})
    assert [row["id"] for row in found] == ["a:0", "a:1", "copy:0", "b:0"]
    many = [make_answer(long, article=f"m{i}", confidence=0.5 + i / 100) for i in range(9)]
    assert {row["article_id"] for row in clearest(rows + many, "opposition", {"copy": "a"})} == {
        "a",
        "m8",
        "m7",
        "m6",
        "b",
    }
    assert clearest(rows, "agreement", {}) == []


def test_problems_of_the_data_are_counted_and_named(make_answer):
    foreign = "der die das und ist nicht ein eine mit von zu auf für " * 4
    rows = [make_answer(foreign, article="de"), make_answer(article="en", date="yesterday", source="wire")]
    corpus = Corpus(
        rows=rows,
        problems=[
            "a.pdf: skipped: PDF data, not text",
            "b.txt: neither UTF-8 nor marked: read as cp1252, a guess",
            "c.txt: left out 90 words of what look like sentences, kept 100",
        ],
        cut={"en": 3},
        copies={"en": "de"},
    )
    result = dict(find_problems(corpus))
    assert result["1 article that may not be in English, which is all this model knows"] == ["de"]
    assert result["1 article without a date"] == ["de"]
    assert result["1 article with a date that is not understood"] == ["en: yesterday"]
    assert result["1 file or row whose encoding was guessed"] == [corpus.problems[1]]
    assert result["1 file or row skipped"] == [corpus.problems[0]]
    assert result["1 file or row of which much was left out as boilerplate"] == [corpus.problems[2]]
    assert any("near-duplicate" in summary for summary in result)
    assert any("Boilerplate" in summary for summary in result)
    assert find_problems(Corpus(rows=[make_answer(date="1987-05", source="wire")])) == []


def test_short_texts_are_taken_for_english():
    assert looks_english(["der", "hund"])
    assert not looks_english(["der", "hund"] * 30)
    assert looks_english(["the", "dog", "of", "lords"] * 15)


def judged(make_data, planted, **how):
    gold, proba, articles = planted(**how)
    n = len(gold)
    values = {"gold": gold, "articles": articles, "texts": ["One."] * n, "fired": [[]] * n, "slices": {}}
    data = make_data(**values, systems={"classifier": proba})
    return measured(data, compute_results(data))


@pytest.mark.parametrize(
    ("how", "level", "expected"),
    [
        ({"n_articles": 40, "strength": 5.0}, "green", "Measured on 320 hand labels from 40 articles of this corpus."),
        ({"n_articles": 40, "strength": 1.0}, "amber", "Measured on 320 hand labels from 40 articles of this corpus."),
        ({"n_articles": 12, "strength": 5.0}, "amber", "too few to be sure"),
    ],
    ids=["good", "weak", "few"],
)
def test_the_colour_follows_from_precision_and_from_the_number_of_labels(make_data, planted, how, level, expected):
    trust = judged(make_data, planted, **how)
    assert trust.level == level
    assert expected in trust.headline
    assert "of all opposition" in trust.details[0]


def test_shares_that_come_out_too_low_are_said_beside_those_of_hand_labels(make_data):
    """Half of the opposition is answered neutral: 25 % instead of half; agreement is as it should be."""
    gold = np.tile([0, 0, 1, 2], 24)
    answers = np.eye(3)[np.tile([0, 1, 1, 2], 24)]
    data = make_data(gold=gold, systems={"classifier": answers})
    result = " ".join(measured(data, compute_results(data)).details).replace("\u00a0", " ")
    assert "It answers opposition too rarely (25 % of these sentences, by hand 50 %); other shares" in result
    right = make_data(gold=gold, systems={"classifier": np.eye(3)[gold]})
    assert "by hand" not in " ".join(measured(right, compute_results(right)).details)


def test_without_intervals_nothing_is_called_good(make_data):
    data = make_data(articles=np.full(96, "only"))
    assert measured(data, compute_results(data)).level == "amber"


def test_without_hand_labels_it_is_said_how_to_measure():
    trust = untested()
    assert (trust.level, trust.headline) == ("grey", "Not measured on your articles.")
    assert "5 whole articles give first figures, 40 firm ones" in " ".join(trust.details)
    assert "macro-F1" not in " ".join(trust.details)


@pytest.mark.parametrize(("shipped", "whose"), [(True, "that it ships with"), (False, "that its project has")])
def test_the_scores_of_a_model_are_called_those_of_its_own_articles(shipped, whose):
    own = {"n": 2256, "macro_f1": 0.604, "macro_f1_low": 0.58, "macro_f1_high": 0.627}
    result = untested({"classifier": own}, shipped=shipped).details[0]
    assert f"2256 hand-labelled test sentences {whose}" in result
    assert "0.60 (0.58 to 0.63)" in result.replace("\u00a0", " ")
