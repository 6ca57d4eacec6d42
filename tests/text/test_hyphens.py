"""Broken words are put together, compounds stay."""

import pytest

from pipeline.text.paragraphs import join_lines, join_words, known_words
from tests.words import known_words as wanted_words


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("the council re-", "jected it", "the council rejected it"),
        ("their negotia-", "tors left", "their negotiators left"),
        ("a zymo-", "lotic brew", "a zymolotic brew"),  # no part of it is known
        ("a long-", "term plan", "a long-term plan"),
        ("a self-", "made mayor", "a self-made mayor"),
        ("the Anglo-", "Irish pact", "the Anglo-Irish pact"),
        ("no hyphen", "here", "no hyphen here"),
    ],
)
def test_lines_are_joined(line, following, joined):
    assert join_lines(line, following, frozenset()) == joined


def test_a_word_of_the_document_is_known():
    assert join_lines("the zymo-", "tech firm", {"zymotech"}) == "the zymotech firm"
    assert join_words("the zymo- tech firm", {"zymotech"}) == "the zymotech firm"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("they re- jected it and wel- comed that", "they rejected it and welcomed that"),
        ("a whistle-blower in a non-starter", "a whistle-blower in a non-starter"),
        ("they re‐ jected it", "they rejected it"),
        ("short- and long-term plans", "short- and long-term plans"),
        ("a long-term plan of a well-read mayor", "a long-term plan of a well-read mayor"),
        ("plain", "plain"),
    ],
)
def test_words_broken_inside_a_line_are_joined_where_they_are_known(text, joined):
    assert join_words(text, frozenset()) == joined


def test_the_list_holds_the_words_of_the_labeling_functions():
    wanted = wanted_words()
    assert len(known_words().intersection(wanted)) >= 0.95 * len(wanted), "python -m tests.words"
