"""From sentences read to one sparse matrix: n-grams, votes, the label model's view, cue order, structure, embeddings.

Each block has a fixed scale. The scale sets how freely the classifier may use the block under its regularisation:
the label model's log-odds are to be taken over almost as they are, n-grams are to correct them. Embeddings ("meaning",
of length 1) have theirs from held-out articles: with less they say little, with more they speak for the articles learnt
from and against news from elsewhere.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.model.ngrams import Entries, Ngrams
from pipeline.model.parsed import STRUCTURE, Reading

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

N = len(STANCES)

SCALES = {
    "label model": 1.0,
    "votes": 1.0,
    "evidence": 1.0,
    "order": 0.5,
    "structure": 0.5,
    "meaning": 3.0,
    "n-grams": 1.0,
    "n-grams alone": 10.0,
}
"""The blocks, in the order of their columns; "n-grams alone" is the n-grams once more, where no LF votes."""

_LEAST = 1e-3  # a probability of the label model below this says no more than this
_MOST = 3.0  # evidence for one stance beyond this adds nothing


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix (n, width): entries, those of one place adding up, and a dense block of columns.

    The block, float32 (n, any), stands from column `block_at` on.
    """

    n: int
    width: int
    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    block: np.ndarray
    block_at: int

    def to_csr(self) -> "csr_matrix":
        """Return it as a float32 matrix of SciPy, for training."""
        from scipy.sparse import csr_matrix

        by_row = np.argsort(self.rows, kind="stable")
        starts = np.searchsorted(self.rows[by_row], np.arange(self.n + 1))
        entries = (self.values[by_row], self.columns[by_row], starts)
        matrix = csr_matrix(entries, shape=(self.n, self.width), dtype=np.float32)
        matrix.sum_duplicates()
        height, width = self.block.shape
        columns = np.tile(np.arange(self.block_at, self.block_at + width), height)
        block = (self.block.ravel(), columns, np.arange(height + 1) * width)
        return matrix + csr_matrix(block, shape=matrix.shape) if width else matrix

    def times(self, weights: np.ndarray) -> np.ndarray:
        """Return self @ weights, float64 (n, weights.shape[1]), each row's sum taken in the order of its entries."""
        products = self.values[:, None] * weights[self.columns]
        sums = [np.bincount(self.rows, weights=products[:, k], minlength=self.n) for k in range(weights.shape[1])]
        dense = weights[self.block_at : self.block_at + self.block.shape[1]].astype(np.float64)
        return np.stack([s + (self.block * dense[:, k]).sum(axis=1) for k, s in enumerate(sums)], axis=1)


class Features:
    """The fitted features: a vocabulary of n-grams, how many LFs vote, and the mean of the embeddings."""

    def __init__(self, reading: Reading, *, ngram_max: int = 2, min_df: int = 2):
        """Learn from the training sentences."""
        self.ngrams = Ngrams(reading.tokens, ngram_max, min_df)
        self.n_lfs = reading.votes.shape[1]
        self.centre = reading.meaning.sum(axis=0, dtype=np.float64) / max(len(reading), 1)

    @property
    def widths(self) -> dict[str, int]:
        """Number of columns of each block, in order."""
        widths = (N, N * self.n_lfs, 2 * N + 1, 2 * N, len(STRUCTURE), len(self.centre), *2 * [len(self.ngrams)])
        return dict(zip(SCALES, widths, strict=True))

    @property
    def starts(self) -> dict[str, int]:
        """First column of each block."""
        return dict(zip(SCALES, accumulate(self.widths.values(), initial=0), strict=False))

    def transform(self, reading: Reading, label_model_proba: np.ndarray) -> Matrix:
        """Return the matrix (len(reading), all widths) of sentences that the label model gives these probabilities."""
        blocks = {
            "label model": _entries(_log_odds(label_model_proba)),
            "votes": _vote_entries(reading),
            "evidence": _entries(_evidence(reading)),
            "order": _entries(_cue_order(reading)),
            "structure": _entries(reading.structure),
            "n-grams": (ngrams := self.ngrams.transform(reading.tokens)),
            "n-grams alone": _of_rows(ngrams, (reading.strengths == 0).all(axis=1)),
        }
        rows = np.concatenate([block[0] for block in blocks.values()])
        columns = np.concatenate([block[1] + self.starts[name] for name, block in blocks.items()])
        values = np.concatenate([np.float32(SCALES[name]) * block[2] for name, block in blocks.items()])
        width, meaning = sum(self.widths.values()), SCALES["meaning"] * (reading.meaning - self.centre)
        dense = meaning.astype(np.float32), self.starts["meaning"]
        return Matrix(len(reading), width, rows, columns, values, *dense)


def _entries(block: np.ndarray) -> Entries:
    rows, columns = np.nonzero(block)
    return rows, columns, block[rows, columns].astype(np.float32)


def _of_rows(entries: Entries, chosen: np.ndarray) -> Entries:
    own = chosen[entries[0]]
    return entries[0][own], entries[1][own], entries[2][own]


def _log_odds(proba: np.ndarray) -> np.ndarray:
    logs = np.log(np.maximum(proba, _LEAST))
    return logs - logs.mean(axis=1, keepdims=True)


def _vote_entries(reading: Reading) -> Entries:
    rows, lfs = np.nonzero(reading.strengths)
    return rows, N * lfs + reading.votes[rows, lfs], reading.strengths[rows, lfs]


def _evidence(reading: Reading) -> np.ndarray:
    """Return for each stance the sum and the highest of its votes' strengths, and whether nothing voted."""
    of_stance = [np.where(reading.votes == k, reading.strengths, 0) for k in range(N)]
    sums = np.stack([np.minimum(s.sum(axis=1), _MOST) for s in of_stance], axis=1)
    highest = np.stack([s.max(axis=1, initial=0) for s in of_stance], axis=1)
    return np.hstack([sums, highest, sums.sum(axis=1, keepdims=True) == 0])


def _cue_order(reading: Reading) -> np.ndarray:
    """Return one-hot which stance's cue stands first, and which last."""
    return np.hstack([reading.order[:, [side]] == np.arange(N) for side in (0, 1)])
