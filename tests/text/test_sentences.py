"""Sentences of an article: offsets, paragraphs, quotation state, the cap on length, hostile input, two real stories."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.sentences import MAX_CHARS, Sentence, split_sentences

STORIES = Path(__file__).parents[2] / "../shared/articles"


def texts(article):
    return [sentence.text for sentence in split_sentences(article)]


def quoted(article):
    return [sentence.quoted for sentence in split_sentences(article)]


def test_a_sentence_knows_where_it_stands():
    assert split_sentences('  We met.\n\n"We parted." They stayed. ') == [
        Sentence("We met.", 2, 9, 0, 0, False),
        Sentence('"We parted."', 11, 23, 1, 1, True),
        Sentence("They stayed.", 24, 36, 2, 1, False),
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("aB1 .!?…\"'“”’()[]\n\r\t—;,•`。_ß\u2028U.S. Mr."), max_size=120))
def test_offsets_reproduce_the_text_and_lose_no_word(article):
    """Whatever the text: offsets fit, sentences are in order and apart, and only wordless characters lie between."""
    end = 0
    for index, sentence in enumerate(split_sentences(article)):
        assert article[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert sentence.index == index
        assert not any(map(str.isalnum, article[end : sentence.start]))
        assert end <= sentence.start < sentence.end
        end = sentence.end
    assert not any(map(str.isalnum, article[end:]))


def test_paragraphs_are_numbered_by_blank_lines_and_never_crossed():
    found = split_sentences("A headline without a stop\n\nfirst. Second.\nThird.\n\n\n***\n\nFourth")
    assert [(s.paragraph, s.text) for s in found] == [
        (0, "A headline without a stop"),
        (1, "first."),
        (1, "Second."),
        (1, "Third."),
        (3, "Fourth"),
    ]


@pytest.mark.parametrize("article", ["", "  \n\n\t", "***", "—", "...", '"', "\n* * *\n", "_"])
def test_pieces_without_a_letter_or_digit_are_no_sentences(article):
    assert split_sentences(article) == []


def test_a_text_without_a_stop_is_one_sentence():
    assert texts("no stop here") == ["no stop here"]


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("We go.", [False]),
        ('"We go," he said. He went.', [True, False]),
        ('"We go. We stay. We wait," he said.', [True, True, True]),
        ('He called it a "grave" and "pointless" step back.', [False]),
        ('He said it was "not worth the ink."', [True]),
        ("'We go,' he said. The ministers' cars left.", [True, False]),
        ("`` We go . '' He went .", [True, False]),
    ],
    ids=["none", "attributed", "several", "phrases", "half", "single marks", "tokenised"],
)
def test_quoted_means_half_of_the_words_in_quotations(article, expected):
    assert quoted(article) == expected


def test_quotation_state_is_carried_over_sentences_and_paragraphs():
    """A quotation of several paragraphs opens each with a mark and closes only the last."""
    assert quoted('"We go. We stay.\n\n"We wait. We win," he said.\n\nHe left.') == [True] * 4 + [False]


def test_an_unclosed_quotation_ends_with_its_paragraph():
    assert quoted('He said: "We go. We stay.\n\nHe left. They sat.') == [True, True, False, False]


@pytest.mark.parametrize(
    ("piece", "end"),
    [("aaaa bbb, ccc; ddd", ";"), ("aaaa bbb, ccc dd: e", ":"), ("aaaa — bbb, ccc dd", "—"), ("aaaa bbb, ccc", ",")],
)
def test_a_piece_over_the_cap_is_cut_at_the_best_clause_end(piece, end):
    """Semicolons come before colons and dashes, these before commas; no piece is shorter than half the cap."""
    found = texts(" ".join([piece] * 400))
    assert all(len(text) <= MAX_CHARS for text in found)
    assert all(len(text) >= MAX_CHARS // 2 and text.endswith(end) for text in found[:-1])
    assert len(found) > 2


def test_without_clauses_it_is_cut_between_words_and_without_spaces_anywhere():
    assert all(text.split() == ["word"] * len(text.split()) for text in texts("word " * 3000))
    assert [len(text) for text in texts("x" * 4500)] == [2000, 2000, 500]


@pytest.mark.parametrize("length", [MAX_CHARS - 1, MAX_CHARS])
def test_a_piece_within_the_cap_stays_whole(length):
    assert texts("a, " * (length // 3) + "b" * (length % 3)) == [("a, " * (length // 3) + "b" * (length % 3)).strip()]


PUMPS = [".", " .", ". ", "a.b. ", "A. ", "... ", '"', '." ', "'", " 'a", "( ", "(a. ", ").", "\n", "a\n", "1. ", "• "]
PUMPS += ["— ", "U.S. ", "Mr.\n", 'Aa?" Bb ', '?" Lund of the ', "`` ", "'' ", '."A', "a.com ", "x", " ", ", "]


@pytest.mark.parametrize("pump", PUMPS)
def test_work_is_linear_on_hostile_text(pump):
    """Counted in calls: four times the text takes about four times the work, and at most 25 calls a character."""
    short, long = calls_of(pump * (4000 // len(pump))), calls_of(pump * (16000 // len(pump)))
    assert long <= 4.5 * short + 2000
    assert long <= 25 * 16000


def calls_of(article):
    counted = 0

    def count(frame, event, _):
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        split_sentences(article)
    finally:
        sys.setprofile(None)
    return counted


def test_a_very_long_hostile_text_is_done_in_no_time():
    """A million characters of stops, marks and spaces: an expression that backtracks would take hours."""
    article = "".join(pump * (40_000 // len(pump)) for pump in PUMPS)
    assert all(len(text) <= MAX_CHARS for text in texts(article))


@pytest.mark.parametrize(
    ("name", "boilerplate", "count", "quotations"),
    [("lavrov-gates-rice-moscow-talks", 3, 31, 14), ("us-russia-deal-possible", 1, 23, 4)],
)
def test_the_wire_stories_have_exactly_their_sentences(name, boilerplate, count, quotations):
    path = STORIES / f"{name}.txt"
    if not path.exists():
        pytest.skip(f"local evaluation data: {path} is not here")
    body = "\n\n".join(path.read_text(encoding="utf-8").split("\n\n")[boilerplate:])
    found = split_sentences(body)
    assert len(found) == count
    assert sum(sentence.quoted for sentence in found) == quotations
    assert all(body[sentence.start : sentence.end] == sentence.text for sentence in found)
