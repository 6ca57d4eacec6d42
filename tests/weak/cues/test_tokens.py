"""Tokens: what cues are compared with, and where they stand in the text."""

import pickle
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.weak.cues import tokens
from pipeline.weak.cues.tokens import MAX_CHARS, NO_WORD, Tokens, WordTable, join, token_spans, tokenize, tokenize_all


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The minister's visit", ["the", "minister", "'s", "visit"]),
        ("They don't agree.", ["they", "don", "'t", "agree", "."]),
        ("They don’t agree.", ["they", "don", "'t", "agree", "."]),
        ("a cease-fire, R&D", ["a", "cease-fire", ",", "r&d"]),
        ("3,000.5 tons", ["3,000.5", "tons"]),
        ("talks — again -- failed...", ["talks", "-", "again", "--", "failed", "..."]),
        ('the "historic" deal', ["the", "historic", "deal"]),
        ("“Never”, he said", ["never", ",", "he", "said"]),
        ("Ångström's naïve café", ["ångström", "'s", "naïve", "café"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_words_clitics_and_marks_are_parted(text, tokens):
    assert tokenize(text) == tokens


@pytest.mark.parametrize("apostrophe", ["'", "’", "", "?", "`", "´", "ʼ", "′", "＇", "''", "\\'", "Õ", "\x92", " "])
@pytest.mark.parametrize(("verb", "read"), [("doesn", "doesn"), ("WON", "won"), ("can", "can"), ("Isn", "isn")])
def test_a_contraction_is_read_alike_however_its_apostrophe_came_down(verb, read, apostrophe):
    text = f"They {verb}{apostrophe}t go"
    assert tokenize(text) == ["they", read, "'t", "go"]
    assert len(token_spans(text)) == 4


def test_a_negation_may_stand_apart_as_in_treebanks():
    assert tokenize("They do n't go, they ca n't") == ["they", "do", "'t", "go", ",", "they", "ca", "'t"]
    assert tokenize("Oslo doesn’ t agree") == ["oslo", "doesn", "'t", "agree"]


@pytest.mark.parametrize("text", ["plant", "want", "a t shirt", "haunt", "cantor", "front", "Can T cells help"])
def test_other_words_that_end_so_are_no_contractions(text):
    assert "'t" not in tokenize(text)


@pytest.mark.parametrize(
    "text", ["It lifted U.S. sanctions", "He met Mr. Moro there", "Gen. Sato and Dr. Roe left", "On Jan. 3 he left"]
)
def test_the_point_of_an_abbreviation_ends_nothing(text):
    assert "." not in tokenize(text)


def test_a_word_joined_to_an_abbreviation_is_one_with_it():
    """Or else the hyphen would end a clause."""
    assert tokenize("the U.S.-led force") == ["the", "u.s.-led", "force"]


@pytest.mark.parametrize(
    "text", ["They met. Talks failed", "He chose plan B. Then he left.", "It rose 3 percent. So what"]
)
def test_the_point_of_a_sentence_stays(text):
    assert "." in tokenize(text)


def test_a_full_stop_at_the_very_end_stays_even_behind_an_abbreviation():
    assert tokenize("in the U.S.") == ["in", "the", "u.s", "."]


@pytest.mark.parametrize("invisible", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u202a", "\u2069"])
def test_invisible_characters_are_not_seen(invisible):
    assert tokenize(f"re{invisible}ject") == ["reject"]


def test_one_letter_written_in_two_ways_is_one_letter():
    text = "Café René"
    assert tokenize(unicodedata.normalize("NFD", text)) == tokenize(text)


POINTED = [
    "U.S.",
    "u.s",
    "Mr.",
    "B.",
    "e.g.",
    "3,0",
    "...",
    "--",
    "-",
    ".",
    ",",
    "(",
    "x",
    "\n",
    " \n",
    "\t",
    " ",
    "  ",
]
QUOTING = ["'", "'s", "\u2019t", '"', "\u201c", "`", "\u00b4"]
STRANGE = ["\u03a3", "\u0130", "\u0301", "\u200b", "\u00ad", "\r", "\u00a0", "\u2028", "\x1c", tokens.END, "\x85"]
PIECES = st.sampled_from(POINTED + QUOTING + STRANGE)


@settings(deadline=None, max_examples=500)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_there_are_as_many_tokens_as_spans(text):
    """Tokens are read from the pieces between spaces, spans from the whole: no rule may reach over a space."""
    assert len(tokenize(text)) == len(token_spans(text))
    assert tokenize(text) == tokens._split(tokens._plain(text))


def test_a_piece_of_text_that_comes_again_has_the_same_tokens():
    assert tokenize("the U.S. and the U.S.") == ["the", "u.s", "and", "the", "u.s", "."]
    assert tokenize("the U.S. and the U.S.") == ["the", "u.s", "and", "the", "u.s", "."]


def test_words_are_numbered_as_they_are_met():
    known = tokens.Vocabulary()
    assert [known[piece] for piece in ("The", "dog's", "the", tokens.END)] == [(1,), (2, 3), (1,), (tokens.NO_WORD,)]
    assert known.words == ["", "the", "dog", "'s"]
    assert known.number("'s") == 3


def test_a_vocabulary_that_holds_much_gives_way_to_a_new_one(monkeypatch):
    """So memory is bounded; what was read with the old one keeps it."""
    monkeypatch.setattr(tokens, "_ROOM", 1_000)
    monkeypatch.setattr(tokens, "_KEPT", [tokens.Vocabulary()])
    first = tokens.vocabulary()
    assert tokenize("one two three") == ["one", "two", "three"]
    assert tokens.vocabulary() is first
    assert tokenize("x" * 4_000) == ["x" * 4_000]
    assert tokens.vocabulary() is not first
    assert tokenize("one two three") == ["one", "two", "three"]
    assert len(tokens.vocabulary().words) == 4


def test_the_words_of_one_piece_count_each(monkeypatch):
    """A text without spaces is one piece, of however many words."""
    monkeypatch.setattr(tokens, "_ROOM", 10_000)
    few, many = tokens.Vocabulary(), tokens.Vocabulary()
    assert len(few["same," * 200]) == len(many["".join(f"w{i}," for i in range(200))]) == 400
    assert (few.full, many.full) == (False, True)


def test_many_threads_agree_on_the_numbers_of_words():
    known = tokens.Vocabulary()
    pieces = [f"w{i}" for i in range(2_000)]
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(lambda _: [known[piece] for piece in pieces], range(8)))
    assert all(numbers == read[0] for numbers in read)
    assert [known.words[number] for (number,) in read[0]] == pieces


def test_what_lies_behind_the_limit_is_not_looked_at():
    assert tokenize("note " * 20_000) == ["note"] * (MAX_CHARS // len("note "))
    assert len(token_spans("x" * 100_000)) == 1


def test_spans_reproduce_the_words_of_the_text():
    text = "Mr. O'Neil's “U.S.-led” force can't — or won't — go, said İpek."
    assert [text[start:end].lower().replace("’", "'") for start, end in token_spans(text)][:6] == tokenize(text)[:6]
    assert [text[a:b] for a, b in token_spans(text)][-4:] == [",", "said", "İpek", "."]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cf", "Mn", "Mc"]), max_size=200))
def test_spans_belong_to_the_tokens_one_by_one(text):
    """For text in composed form without invisible characters, which is what articles are cleaned to."""
    text = unicodedata.normalize("NFC", text)
    spans, tokens = token_spans(text), tokenize(text)
    assert [tokenize(text[a:b]) for a, b in spans if text[a:b].isalnum()] == [
        [token] for (a, b), token in zip(spans, tokens, strict=True) if text[a:b].isalnum()
    ]
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_tokens_without_white_space_in_them(text):
    assert all(token and not any(c.isspace() for c in token) for token in tokenize(text))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_upper_case_is_of_no_account(text):
    if text.isascii():
        assert tokenize(text.upper()) == tokenize(text)


TEXTS = ["They agree.", "", "Do they?"]


@pytest.fixture
def read() -> Tokens:
    return tokenize_all(TEXTS)


def test_no_word_stands_before_and_behind_every_sentence(read):
    assert np.flatnonzero(read.ids == NO_WORD).tolist() == [0, 4, 5, 9]
    assert (read.starts.tolist(), read.lengths.tolist()) == ([1, 5, 6], [3, 0, 3])
    assert read.rows.tolist() == [0, 0, 0, 0, 1, 2, 2, 2, 2, 3]


def test_sentences_can_be_had_one_by_one_and_by_a_slice(read):
    assert (len(read), read[2], read[-1]) == (3, ["do", "they", "?"], ["do", "they", "?"])
    assert read[:2] == [["they", "agree", "."], []]


@settings(deadline=None)
@given(st.lists(st.text(max_size=40) | st.sampled_from(["\x00", " \n ", "U.S. a", "None"]), max_size=6))
def test_texts_have_the_tokens_that_each_has_alone(texts):
    assert list(tokenize_all(texts)) == [tokenize(text) for text in texts]
    assert list(Tokens.of(map(tokenize, texts))) == [tokenize(text) for text in texts]


@settings(deadline=None)
@given(st.lists(st.integers(0, 2), max_size=6))
def test_some_of_the_sentences_are_as_if_read_alone(rows):
    read = tokenize_all(TEXTS)
    taken, alone = read.take(np.array(rows, int)), tokenize_all([TEXTS[row] for row in rows])
    for part in ("ids", "starts", "lengths", "rows"):
        assert getattr(taken, part).tolist() == getattr(alone, part).tolist()


@given(st.lists(st.text("a t'nT. \n\x1f") | st.just("x" * tokens.MAX_CHARS + " doesn t"), max_size=4))
def test_texts_that_are_read_together_are_as_if_read_alone(texts):
    assert list(tokenize_all(texts)) == list(map(tokens.tokenize, texts))


def test_parts_joined_are_as_if_read_together(read):
    joined = join([tokenize_all(TEXTS[:1]), tokenize_all([]), tokenize_all(TEXTS[1:])])
    for part in ("ids", "starts", "lengths", "rows"):
        assert getattr(joined, part).tolist() == getattr(read, part).tolist()
    assert list(join([])) == []


def test_parts_of_different_vocabularies_can_be_joined(read, monkeypatch):
    monkeypatch.setattr(tokens, "_KEPT", [tokens.Vocabulary()])
    other = tokenize_all(["Never agree."])
    assert other.vocabulary is not read.vocabulary
    assert list(join([read, other])) == [*read, ["never", "agree", "."]]


def test_a_pickle_holds_the_words(read):
    assert list(pickle.loads(pickle.dumps(read))) == list(read)  # noqa: S301


def test_steps_end_where_the_sentence_does(read):
    at, inside = read.around(np.array([1, 3, 6]), (-1, 0, 1))
    assert inside.tolist() == [[False, True, True], [True, True, False], [False, True, True]]
    assert at.tolist() == [[0, 1, 2], [2, 3, 0], [0, 6, 7]]


class TestWordTable:
    def test_it_says_of_each_word_what_it_is_told_to(self, read):
        table = WordTable(lambda words: np.array([len(word) for word in words], int))
        assert table.of(read)[read.ids].tolist() == [0, 4, 5, 1, 0, 0, 2, 4, 1, 0]

    def test_each_word_is_looked_up_once(self, read):
        asked: list[str] = []
        table = WordTable(lambda words: asked.extend(words) or np.zeros(len(words)))
        for texts in (TEXTS, ["They never-before-met word"], TEXTS):
            table.of(tokenize_all(texts))
        assert len(asked) == len(set(asked)) == len(read.vocabulary.words)

    def test_with_another_vocabulary_it_starts_over(self, read, monkeypatch):
        table = WordTable(lambda words: np.array([len(word) for word in words], int))
        assert table.of(read)[read.ids].sum() == 17
        monkeypatch.setattr(tokens, "_KEPT", [tokens.Vocabulary()])
        other = tokenize_all(["Do"])
        assert table.of(other).tolist() == [0, 2]
        assert table.of(read)[read.ids].sum() == 17
