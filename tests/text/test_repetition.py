"""What a source repeats over its stories is none of them."""

import pytest

from pipeline.text.articles import read_articles
from pipeline.text.boilerplate import Source, repeated_paragraphs

STORIES = [f"The mill at {town} closed on Monday, and {n} men left it." for n, town in enumerate("ABCDEFGHIJ")]


def places(line, number, source="post"):
    articles = [Source(source, [STORIES[n], *[line] * (n < number), f"It was {STORIES[n][4:20]}."]) for n in range(10)]
    return [found for found in repeated_paragraphs(articles) if found]


@pytest.mark.parametrize(
    ("line", "number", "cut"),
    [
        ("Inside: what the tide brought", 5, 5),
        ("Inside: what the tide brought", 4, 0),
        ("More on page {n}", 6, 6),
        ("The mayor could not be reached by our staff for comment.", 5, 5),
        ("A sentence " + "that is long " * 12, 9, 0),
    ],
)
def test_a_short_line_in_five_stories_is_repeated(line, number, cut):
    assert places(line, number) == [[1]] * cut


def test_a_sentence_is_repeated_only_where_a_tenth_of_the_stories_has_it():
    line, many = "She did not answer.", [f"The mill number {'x' * n} closed on Monday." for n in range(80)]
    articles = [Source("post", [story, *[line] * (n < 6)]) for n, story in enumerate(many)]
    assert not any(1 in found for found in repeated_paragraphs(articles))


def test_versions_of_one_story_and_other_sources_prove_nothing():
    line = "Inside: what the tide brought"
    versions = [Source("post", [STORIES[0], line, f"Version {n}x{'y' * n}"]) for n in range(9)]
    assert not any(repeated_paragraphs(versions))
    apart = [Source(f"post {n}", [STORIES[n], line]) for n in range(10)]
    assert not any(repeated_paragraphs(apart))


def test_an_article_keeps_its_only_paragraph():
    articles = [Source("post", [story, "No comment"]) for story in STORIES]
    articles.append(Source("post", ["No comment"]))
    assert repeated_paragraphs(articles) == [[1]] * 10 + [[]]


def test_it_is_cut_from_a_folder_of_articles_and_recorded(tmp_path):
    for n, story in enumerate(STORIES):
        (tmp_path / f"{n}.txt").write_text(f"{story}\n\nInside: what the tide brought\n\nIt rained.", "utf-8")
    reading = read_articles(tmp_path)
    assert all("Inside" not in article.text for article in reading.articles)
    assert [cut.kind for cut in reading.removed["0"]][-1] == "repeated"


def test_where_much_is_left_out_the_file_is_named(tmp_path):
    note = (
        "This material may not be published, broadcast, rewritten or sent to anybody without our leave in writing. " * 3
    )
    (tmp_path / "a.txt").write_text(f"{STORIES[0]}\n\nCopyright 1998 The Post. {note}", "utf-8")
    (tmp_path / "b.txt").write_text(STORIES[1], "utf-8")
    (problem,) = read_articles(tmp_path).problems
    assert problem.path == "a.txt"
    assert problem.what.startswith("left out ")
