"""Many tokenised sentences at once, as arrays of numbers, so that what follows can be done with arrays."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import overload

import numpy as np

from pipeline.weak.cues.tokens import NO_WORD, Vocabulary, pieces, vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Tokens(Sequence[list[str]]):
    """The tokens of n sentences.

    `ids`, int64 (places,): the number of each token in `vocabulary`, with NO_WORD before and behind every sentence;
    `starts`, `lengths`, int64 (n,): the place of each sentence's first token, and how many tokens it has; `rows`, int64
    (places,): to which sentence a place belongs, the one before a sentence to that; n for the last place.
    """

    vocabulary: Vocabulary
    ids: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(cls, sentences: Iterable[Iterable[str]]) -> "Tokens":
        """Return sentences that are tokenised already."""
        known = vocabulary()
        numbers = [[*map(known.number, tokens), NO_WORD] for tokens in sentences]
        ids = np.fromiter(chain([NO_WORD], *numbers), np.int64)
        return _cut(known, ids, np.cumsum([0, *map(len, numbers)]))

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.starts)

    @overload
    def __getitem__(self, key: int) -> list[str]: ...
    @overload
    def __getitem__(self, key: slice) -> list[list[str]]: ...
    def __getitem__(self, key: int | slice) -> list[str] | list[list[str]]:
        """Return the tokens of a sentence, or of several."""
        if isinstance(key, slice):
            return [self[i] for i in range(*key.indices(len(self)))]
        start = self.starts[key]
        return list(map(self.vocabulary.words.__getitem__, self.ids[start : start + self.lengths[key]].tolist()))

    def __reduce__(self) -> tuple:
        """Pickle the words: numbers mean nothing in another process."""
        return Tokens.of, (list(self),)

    def around(self, places: np.ndarray, steps: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return the places these steps behind each of some places, (n, steps), and whether they are in its sentence.

        Where they are not, the place is 0, where no word is.
        """
        at = places[:, None] + np.asarray(steps)
        row = self.rows[places]
        start = self.starts[row]
        inside = (at >= start[:, None]) & (at < (start + self.lengths[row])[:, None])
        return np.where(inside, at, 0), inside

    def take(self, rows: np.ndarray) -> "Tokens":
        """Return some of the sentences."""
        sizes = self.lengths[rows] + 1
        shift = np.repeat(self.starts[rows] - np.cumsum(sizes) + sizes - 1, sizes)
        ids = np.append(self.ids[np.arange(len(shift)) + shift], NO_WORD)
        return _cut(self.vocabulary, ids, np.cumsum(np.append(0, sizes)))

    def hide(self, places: np.ndarray) -> "Tokens":
        """Return the sentences with NO_WORD at some places."""
        ids = self.ids.copy()
        ids[places] = NO_WORD
        return replace(self, ids=ids)


class WordTable:
    """What something says of each word, kept as an array over a vocabulary that grows."""

    def __init__(self, look_up: Callable[[list[str]], np.ndarray]):
        """Take a function from words (n,) to an array (n, ...)."""
        self._look_up = look_up
        self._known: tuple[Vocabulary | None, np.ndarray] = None, look_up([])

    def of(self, tokens: Tokens) -> np.ndarray:
        """Return the rows of all words of the vocabulary of `tokens`, by their numbers."""
        known, table = self._known
        words = tokens.vocabulary.words
        if known is not tokens.vocabulary:
            table = table[:0]
        if len(table) < len(words):
            table = np.concatenate([table, self._look_up(words[len(table) :])])
            self._known = tokens.vocabulary, table
        return table


def tokenize_all(texts: Iterable[str]) -> Tokens:
    """Return the tokens of each text, as `tokenize` does."""
    known = vocabulary()
    numbers = chain.from_iterable(map(known.__getitem__, _pieces(texts)))
    ids = np.fromiter(chain([NO_WORD], numbers), np.int64)
    return _cut(known, ids, np.flatnonzero(ids == NO_WORD))


def join(parts: Sequence[Tokens]) -> Tokens:
    """Return the sentences of all parts."""
    if len(parts) == 1:
        return parts[0]
    if len({id(part.vocabulary) for part in parts}) != 1:
        return Tokens.of(chain.from_iterable(parts))
    ids = np.concatenate([[NO_WORD], *(part.ids[1:] for part in parts)])
    return _cut(parts[0].vocabulary, ids, np.cumsum(np.concatenate([[0], *(part.lengths + 1 for part in parts)])))


def _pieces(texts: Iterable[str]) -> Iterator[str | None]:
    return chain.from_iterable([*pieces(text), None] for text in texts)


def _cut(known: Vocabulary, ids: np.ndarray, ends: np.ndarray) -> Tokens:
    sizes = np.diff(ends)
    rows = np.append(np.repeat(np.arange(len(sizes)), sizes), len(sizes))
    return Tokens(known, ids, ends[:-1] + 1, sizes - 1, rows)
