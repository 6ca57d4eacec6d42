"""Word n-grams of tokenised sentences, weighted by inverse document frequency, in numpy arrays throughout.

An n-gram is looked up as (its first n-1 words, its last word), both already numbers, in a sorted array: a batch costs
a few array operations, and what is pickled is a list of words and arrays.
"""

from collections.abc import Iterator

import numpy as np

from pipeline.weak.cues.token_arrays import Tokens, WordTable
from pipeline.weak.cues.tokens import NO_WORD

Entries = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Rows (ascending), columns and values of the entries of a sparse matrix."""


class Ngrams:
    """The n-grams of 1 to `n_max` tokens that occur in at least `min_df` sentences.

    Column numbers: words in alphabetical order, then pairs, then triples.
    """

    def __init__(self, sentences: Tokens, n_max: int, min_df: int):
        """Learn the vocabulary and the weights log((1 + N) / (1 + df)) + 1 from tokenised sentences."""
        self.n_max = n_max
        self.words, counts = _frequent_words(sentences, min_df)
        self._numbers = _numbers(self.words)
        self.keys: list[np.ndarray] = []
        frequencies = [counts]
        for size in range(2, n_max + 1):
            rows, keys = self._keys(sentences, size)
            found, counts = _document_frequencies(rows, keys, min_df)
            self.keys.append(found)
            frequencies.append(counts)
        total = len(sentences)
        self.idf = (np.log((1 + total) / (1 + np.concatenate(frequencies))) + 1).astype(np.float32)

    def __len__(self) -> int:
        """Return the number of n-grams."""
        return len(self.idf)

    def __getstate__(self) -> dict:
        """Pickle the words as one string, without their index."""
        state = {key: value for key, value in vars(self).items() if key != "_numbers"}
        return {**state, "words": "\n".join(self.words)}

    def __setstate__(self, state: dict) -> None:
        """Build the index of words anew."""
        vars(self).update(state, words=state["words"].split("\n") if state["words"] else [])
        self._numbers = _numbers(self.words)

    def name(self, column: int) -> str:
        """Return the n-gram of a column, its words parted by spaces."""
        size, column = self._size_of(column)
        words = []
        for keys in reversed(self.keys[: size - 1]):
            column, last = divmod(int(keys[column]), len(self.words))
            words.append(self.words[last])
        return " ".join([self.words[column], *reversed(words)])

    def transform(self, sentences: Tokens) -> Entries:
        """Return the entries of the matrix (len(sentences), len(self)), each row of Euclidean length 1 (or 0).

        An n-gram that stands twice in a sentence has two entries, which add up.
        """
        found = list(self._entries(sentences))
        rows = np.concatenate([rows for rows, _ in found])
        columns = np.concatenate([columns for _, columns in found])
        values = self.idf[columns]
        length = np.sqrt(np.bincount(rows, weights=values.astype(np.float64) ** 2, minlength=len(sentences)))
        return rows, columns, (values / length[rows]).astype(np.float32)

    def _size_of(self, column: int) -> tuple[int, int]:
        for size, width in enumerate([len(self.words), *map(len, self.keys)], 1):
            if column < width:
                return size, column
            column -= width
        raise IndexError("no such n-gram")

    def _entries(self, sentences: Tokens) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        rows, last = sentences.rows, self._look_up(sentences)
        at, offset = last, 0
        for size, keys in enumerate([None, *self.keys], 1):
            if keys is not None:
                at = _find(keys, self._extend(at, last, size))
                offset += len(self.words) if size == 2 else len(self.keys[size - 3])
            known = at >= 0
            yield rows[known], at[known] + offset

    def _keys(self, sentences: Tokens, size: int) -> tuple[np.ndarray, np.ndarray]:
        last = self._look_up(sentences)
        at = last
        for k, keys in enumerate(self.keys, 2):
            at = _find(keys, self._extend(at, last, k))
        keys = self._extend(at, last, size)
        return sentences.rows[keys >= 0], keys[keys >= 0]

    def _look_up(self, sentences: Tokens) -> np.ndarray:
        """Return the number of the word at each place, -1 where it is unknown or there is none."""
        return self._numbers.of(sentences)[sentences.ids]

    def _extend(self, at: np.ndarray, last: np.ndarray, size: int) -> np.ndarray:
        """Return for each place the key of the n-gram of `size` tokens that begins there, -1 where there is none.

        None reaches from one sentence into the next: between them is a place without a word.
        """
        keys = np.full(len(at), -1, np.int64)
        n = max(len(at) - size + 1, 0)
        ends = last[size - 1 :]
        known = (at[:n] >= 0) & (ends >= 0)
        keys[:n][known] = at[:n][known] * len(self.words) + ends[known]
        return keys


def _numbers(words: list[str]) -> WordTable:
    number = {word: i for i, word in enumerate(words)}
    return WordTable(lambda wanted: np.array([number.get(word, -1) for word in wanted], np.int64))


def _find(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return the place in the sorted `keys` of each wanted key, -1 where it is not there or -1 is wanted."""
    found = np.full(len(wanted), -1)
    if len(keys):
        some = np.flatnonzero(wanted >= 0)
        at = np.searchsorted(keys[:-1], wanted[some])
        here = keys[at] == wanted[some]
        found[some[here]] = at[here]
    return found


def _frequent_words(sentences: Tokens, min_df: int) -> tuple[list[str], np.ndarray]:
    rows, ids = sentences.rows, sentences.ids
    found, counts = _document_frequencies(rows[ids != NO_WORD], ids[ids != NO_WORD], min_df)
    words = [sentences.vocabulary.words[number] for number in found.tolist()]
    order = sorted(range(len(words)), key=words.__getitem__)
    return [words[i] for i in order], counts[order]


def _document_frequencies(rows: np.ndarray, keys: np.ndarray, min_df: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    found, counts = np.unique(keys[first], return_counts=True)
    return found[counts >= min_df], counts[counts >= min_df]
