"""N-grams: the columns, weights and lengths that can be counted by hand, and the same bytes from a pickle."""

import math
import pickle

import numpy as np
import pytest

from pipeline.model.ngrams import Ngrams
from pipeline.weak.cues.token_arrays import Tokens

SENTENCES = Tokens.of([["a", "b", "c"], ["a", "b", "a", "b"], ["c", "a"], []])


def dense(ngrams, sentences):
    rows, columns, values = ngrams.transform(sentences if isinstance(sentences, Tokens) else Tokens.of(sentences))
    matrix = np.zeros((len(sentences), len(ngrams)))
    np.add.at(matrix, (rows, columns), values)
    return matrix


def names(ngrams):
    return [ngrams.name(column) for column in range(len(ngrams))]


def test_words_come_first_and_n_grams_rarer_than_min_df_are_left_out():
    assert names(Ngrams(SENTENCES, 2, 2)) == ["a", "b", "c", "a b"]


def test_all_n_grams_up_to_the_longest_are_found_with_min_df_1():
    assert names(Ngrams(SENTENCES, 3, 1)) == ["a", "b", "c", "a b", "b a", "b c", "c a", "a b a", "a b c", "b a b"]


def test_an_n_gram_never_runs_over_the_end_of_a_sentence():
    assert names(Ngrams(Tokens.of([["x"], ["y"], ["x", "x"]]), 2, 1)) == ["x", "y", "x x"]


def test_rarer_words_weigh_more_by_the_smoothed_inverse_document_frequency():
    idf = Ngrams(SENTENCES, 1, 1).idf
    assert idf == pytest.approx([math.log(5 / 4) + 1, math.log(5 / 3) + 1, math.log(5 / 3) + 1])


def test_rows_have_length_one_unless_nothing_in_them_is_known():
    ngrams = Ngrams(SENTENCES, 1, 1)
    matrix = dense(ngrams, [["a", "b"], ["unheard", "of"], []])
    assert np.linalg.norm(matrix, axis=1) == pytest.approx([1, 0, 0])


def test_a_word_that_stands_twice_counts_twice():
    row = dense(Ngrams(Tokens.of([["a"], ["b"]]), 1, 1), [["a", "a", "b"]])[0]
    assert row[0] == pytest.approx(2 * row[1])


def test_a_sentence_reads_the_same_alone_and_in_a_batch():
    ngrams = Ngrams(SENTENCES, 3, 1)
    together = dense(ngrams, SENTENCES)
    alone = np.vstack([dense(ngrams, [tokens]) for tokens in SENTENCES])
    assert (together == alone).all()


def test_no_words_at_all_give_no_columns():
    ngrams = Ngrams(Tokens.of([[], []]), 2, 1)
    assert len(ngrams) == 0
    assert dense(ngrams, [["a", "b"]]).shape == (1, 0)


def test_a_pickled_vocabulary_reads_the_same_and_pickles_to_the_same_bytes():
    ngrams = Ngrams(SENTENCES, 2, 1)
    again = pickle.loads(pickle.dumps(ngrams))  # noqa: S301
    assert (dense(again, SENTENCES) == dense(ngrams, SENTENCES)).all()
    assert pickle.dumps(again) == pickle.dumps(ngrams)
