"""Many tokenised sentences as arrays: the same tokens as one by one, and no step over the end of a sentence."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.weak.cues import tokens
from pipeline.weak.cues.tokens import NO_WORD, Tokens, WordTable, join, tokenize, tokenize_all

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


def test_a_hidden_word_keeps_its_place(read):
    hidden = read.hide(read.starts[[0, 2]] + 1)
    assert list(hidden) == [["they", "", "."], [], ["do", "", "?"]]
    assert list(hidden.take(np.array([2]))) == [["do", "", "?"]]
    assert list(join([hidden, read]))[:3] == list(hidden)
    assert read[0] == ["they", "agree", "."]


def test_a_pickle_holds_the_words(read):
    assert list(pickle.loads(pickle.dumps(read.hide(np.array([2]))))) == [["they", "", "."], [], ["do", "they", "?"]]  # noqa: S301


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
