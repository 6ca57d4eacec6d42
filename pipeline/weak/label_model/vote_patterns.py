"""Unique vote patterns: equal rows of a vote matrix are found by hashing and worked on once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

LEVELS = 20
"""Strengths are rounded to this many steps, so that graded votes still share patterns."""

BLOCK = 1 << 16
"""Rows worked on at a time where a temporary array would be large."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, odd: Fibonacci hashing
_SHIFT = np.uint64(32)


@dataclass(frozen=True)
class Patterns:
    """The p different rows of an (n, m) vote matrix, in an order that does not depend on the order of the rows.

    `cells` int16 (p, m): 0 abstains, else vote * LEVELS + level with level in 1 .. LEVELS; `inverse` (n,): the pattern
    of each row; `counts` (p,): rows of each pattern.
    """

    cells: np.ndarray
    inverse: np.ndarray
    counts: np.ndarray


class _Runs(NamedTuple):
    """Runs of equal numbers in a sorted array: each number, and where its run starts."""

    places: np.ndarray
    starts: np.ndarray


@dataclass(frozen=True)
class SparseVotes:
    """Votes as a sparse (n_rows, n_columns) matrix in coordinates, by row; column j * n_classes + v is LF j voting v.

    Sums run in a fixed order in one thread, so results do not depend on a linear algebra library.
    """

    rows: np.ndarray
    columns: np.ndarray
    strengths: np.ndarray
    n_rows: int
    n_columns: int

    def dot(self, values: np.ndarray) -> np.ndarray:
        """Return (n_rows, k): for each row the sum of `values` (n_columns, k) over its votes, by strength."""
        return _sums(values, self.columns, None if self._whole else self.strengths, self._by_row, self.n_rows)

    def transpose_dot(self, values: np.ndarray) -> np.ndarray:
        """Return (n_columns, k): for each column the sum of `values` (n_rows, k) over its votes, by strength."""
        rows, strengths, runs = self._by_column
        return _sums(values, rows, None if self._whole else strengths, runs, self.n_columns)

    def covered(self) -> np.ndarray:
        """Return which rows (n_rows,) have a vote."""
        voted = np.zeros(self.n_rows, dtype=bool)
        voted[self._by_row.places] = True
        return voted

    def take(self, at: np.ndarray) -> "SparseVotes":
        """Return the votes of the rows `at` (g,), which may repeat."""
        first = np.searchsorted(self.rows, at)
        sizes = np.searchsorted(self.rows, at, side="right") - first
        cells = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        rows = np.repeat(np.arange(len(at)), sizes)
        return SparseVotes(rows, self.columns[cells], self.strengths[cells], len(at), self.n_columns)

    def ungraded(self) -> "SparseVotes":
        """Return the same votes, all at full strength."""
        return self if self._whole else self._at_full_strength

    @cached_property
    def _whole(self) -> bool:
        return bool((self.strengths == 1).all())

    @cached_property
    def _at_full_strength(self) -> "SparseVotes":
        return SparseVotes(self.rows, self.columns, np.ones_like(self.strengths), self.n_rows, self.n_columns)

    @cached_property
    def _by_row(self) -> _Runs:
        return _runs(self.rows)

    @cached_property
    def _by_column(self) -> tuple[np.ndarray, np.ndarray, _Runs]:
        narrow = self.columns.astype(np.min_scalar_type(self.n_columns))  # up to 16 bits are sorted in linear time
        order = np.argsort(narrow, kind="stable")
        return self.rows[order], self.strengths[order], _runs(self.columns[order])


def find_patterns(votes: np.ndarray, strengths: np.ndarray | None = None) -> Patterns:
    """Find the unique rows of votes (n, m), with -1 to abstain, and strengths (n, m) in [0, 1] where given."""
    cells = _cells(votes, strengths)
    words = cells.view(np.uint64)
    _, first, inverse, counts = np.unique(_hash(words), return_index=True, return_inverse=True, return_counts=True)
    if any((column[first][inverse] != column).any() for column in words.T):
        _, first, inverse, counts = np.unique(words, axis=0, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(cells[first, : votes.shape[1]], inverse.reshape(-1), counts)


def votes_of(cells: np.ndarray) -> np.ndarray:
    """Return the votes, int16 of the shape of `cells`, -1 where it abstains."""
    return (cells - 1) // LEVELS


def sparse_votes(cells: np.ndarray, n_classes: int) -> SparseVotes:
    """Return the votes of `cells` (p, m) as a sparse (p, m * n_classes) matrix."""
    parts = [_coordinates(cells[block], block.start, n_classes) for block in blocks(len(cells))]
    rows, columns, strengths = (np.concatenate(part) for part in zip(*parts, strict=True))
    return SparseVotes(rows, columns, strengths, len(cells), cells.shape[1] * n_classes)


def blocks(n: int) -> Iterator[slice]:
    """Yield slices that cover 0 .. n in steps of BLOCK; one empty slice for n = 0."""
    for start in range(0, max(n, 1), BLOCK):
        yield slice(start, min(start + BLOCK, n))


def _cells(votes: np.ndarray, strengths: np.ndarray | None) -> np.ndarray:
    n, m = votes.shape
    padded = np.zeros((n, m + -m % 4), dtype=np.int16)  # four int16 make one word to hash
    cells = padded[:, :m]
    cells[:] = votes
    if strengths is None:
        cells += 1
        cells *= LEVELS
        return padded
    for block in blocks(n):
        level = np.rint(np.asarray(strengths[block], dtype=np.float64) * LEVELS).astype(np.int16)
        cells[block] = np.where((cells[block] < 0) | (level == 0), 0, cells[block] * LEVELS + level)
    return padded


def _hash(words: np.ndarray) -> np.ndarray:
    mixed = np.zeros(len(words), dtype=np.uint64)
    for column in words.T:
        mixed ^= column
        mixed *= _MULTIPLIER
        mixed ^= mixed >> _SHIFT
    return mixed


def _coordinates(cells: np.ndarray, start: int, n_classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    voting = cells > 0
    rows = np.repeat(np.arange(len(cells)), voting.sum(axis=1))
    flat = np.flatnonzero(voting)
    vote, level = np.divmod(np.arange(n_classes * LEVELS + 1) - 1, LEVELS)  # of every cell that there can be
    found = cells.ravel()[flat]
    return rows + start, (flat - rows * cells.shape[1]) * n_classes + vote[found], ((level + 1) / LEVELS)[found]


def _runs(places: np.ndarray) -> _Runs:
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    return _Runs(places[starts], starts)


def _sums(values: np.ndarray, at: np.ndarray, strengths: np.ndarray | None, runs: _Runs, size: int) -> np.ndarray:
    total = np.zeros((values.shape[1], size))  # each class contiguous, in and out: sums over the few classes stay fast
    if len(at):
        for own, column in zip(total, np.ascontiguousarray(values.T), strict=True):
            graded = column[at] if strengths is None else column[at] * strengths
            own[runs.places] = np.add.reduceat(graded, runs.starts)
    return total.T
