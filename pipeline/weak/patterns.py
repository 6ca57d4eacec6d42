"""Unique vote patterns: equal rows of a vote matrix are found by hashing and worked on once."""

from collections.abc import Iterator
from dataclasses import dataclass

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
        return _sums(self.rows, values, self.columns, self.strengths, self.n_rows)

    def transpose_dot(self, values: np.ndarray) -> np.ndarray:
        """Return (n_columns, k): for each column the sum of `values` (n_rows, k) over its votes, by strength."""
        return _sums(self.columns, values, self.rows, self.strengths, self.n_columns)

    def covered(self) -> np.ndarray:
        """Return which rows (n_rows,) have a vote."""
        return np.bincount(self.rows, minlength=self.n_rows) > 0

    def take(self, at: np.ndarray) -> "SparseVotes":
        """Return the votes of the rows `at` (g,), which may repeat."""
        first = np.searchsorted(self.rows, at)
        sizes = np.searchsorted(self.rows, at, side="right") - first
        cells = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        rows = np.repeat(np.arange(len(at)), sizes)
        return SparseVotes(rows, self.columns[cells], self.strengths[cells], len(at), self.n_columns)

    def ungraded(self) -> "SparseVotes":
        """Return the same votes, all at full strength."""
        ones = np.ones_like(self.strengths)
        return SparseVotes(self.rows, self.columns, ones, self.n_rows, self.n_columns)


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
    flat = np.flatnonzero(cells > 0)
    rows, lfs = np.divmod(flat, cells.shape[1])
    vote, level = np.divmod(cells.ravel()[flat].astype(np.int64) - 1, LEVELS)
    return rows + start, lfs * n_classes + vote, (level + 1) / LEVELS


def _sums(into: np.ndarray, values: np.ndarray, at: np.ndarray, strengths: np.ndarray, size: int) -> np.ndarray:
    values = np.asfortranarray(values)  # each class contiguous, in and out: sums over the few classes stay fast
    return np.array([np.bincount(into, column[at] * strengths, minlength=size) for column in values.T]).T
