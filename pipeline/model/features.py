"""From sentences read to one matrix: the label model's log-odds, votes, cue order, structure, context, embeddings.

The classifier is the label model plus a correction. Its log-odds are scaled up, so that taking them over as they are
costs next to nothing under regularisation; all else has to pay for itself, and is left alone where data are few.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.model.parsed import ALONE, STRUCTURE, Reading

N = len(STANCES)

SCALES = {
    "label model": 10.0,
    "votes": 1.0,
    "evidence": 1.0,
    "order": 0.5,
    "structure": 0.5,
    "context": 1.0,
    "meaning": 3.0,
    "n-grams": 1.0,
}
"""The blocks, in the order of their columns, and how freely the classifier may use each under its regularisation."""

NEIGHBOURS = (-2, -1, 1, 2)
"""Which sentences of an article tell something about one: two before, two behind."""

_PLACES = 3  # first sentences of an article that are told apart
_CONTEXT = N * (len(NEIGHBOURS) + 1) + _PLACES + 1
_LEAST = 1e-3  # a probability of the label model below this says no more than this
_MOST = 3.0  # evidence for one stance beyond this adds nothing
_RARE = 3  # votes of an LF for a stance below which they have no column of their own


class Features:
    """The fitted features: which votes have columns, the means of context and embeddings, and a vectoriser of n-grams.

    `ngram_max` 0 (no n-grams), or the longest n-gram of a `TfidfVectorizer` of scikit-learn, which then is needed for
    predicting, too; `min_df`: sentences that an n-gram must occur in.
    """

    def __init__(self, reading: Reading, label_model_proba: np.ndarray, *, ngram_max: int = 0, min_df: int = 2):
        """Learn from the training sentences, and what the label model makes of them (n, 3)."""
        self.n_lfs = reading.votes.shape[1]
        cast = np.stack([(reading.votes == k).sum(axis=0) for k in range(N)], axis=1)
        self.vote_columns = np.flatnonzero(cast.ravel() >= _RARE)  # LF j voting k: N * j + k
        self.shares = label_model_proba.mean(axis=0).round(6) if len(reading) else np.full(N, 1 / N)
        together = reading.articles != ALONE
        context = _context(reading.articles, label_model_proba - self.shares)
        self.context_mean = context[together].mean(axis=0).round(6) if together.any() else np.zeros(_CONTEXT)
        self.centre = (reading.meaning.sum(axis=0, dtype=np.float64) / max(len(reading), 1)).round(6)
        self.vectoriser = _vectoriser(reading.texts, ngram_max, min_df) if ngram_max else None

    @property
    def widths(self) -> dict[str, int]:
        """Number of columns of each block, in order."""
        ngrams = len(self.vectoriser.vocabulary_) if self.vectoriser else 0
        widths = (N, len(self.vote_columns), 2 * N + 1, 2 * N, len(STRUCTURE), _CONTEXT, len(self.centre), ngrams)
        return dict(zip(SCALES, widths, strict=True))

    @property
    def starts(self) -> dict[str, int]:
        """First column of each block."""
        return dict(zip(SCALES, accumulate(self.widths.values(), initial=0), strict=False))

    @property
    def scales(self) -> np.ndarray:
        """The scale (width,) of each column: a classifier learns from what `transform` returns times these."""
        return np.repeat(list(SCALES.values()), list(self.widths.values()))

    def transform(self, reading: Reading, label_model_proba: np.ndarray, *, alone: bool = False) -> np.ndarray:
        """Return the matrix, float64 (len(reading), all widths), of sentences that the label model gives (n, 3).

        `alone`: as if every sentence stood alone.
        """
        blocks: list[np.ndarray] = [
            log_odds(label_model_proba),
            _votes(reading)[:, self.vote_columns],
            _evidence(reading),
            _cue_order(reading),
            reading.structure,
            np.zeros((len(reading), _CONTEXT)) if alone else self._context(reading, label_model_proba),
            reading.meaning - self.centre,
        ]
        if self.vectoriser:
            blocks.append(self.vectoriser.transform(reading.texts).toarray())
        return np.hstack([np.asarray(block, np.float64) for block in blocks])

    def ngram(self, column: int) -> str:
        """Return the n-gram of a column of its block."""
        names: Any = self.vectoriser
        return str(names.get_feature_names_out()[column])

    def _context(self, reading: Reading, label_model_proba: np.ndarray) -> np.ndarray:
        context = _context(reading.articles, label_model_proba - self.shares)
        return np.where((reading.articles != ALONE)[:, None], context - self.context_mean, 0)


def log_odds(proba: np.ndarray) -> np.ndarray:
    """Return log-probabilities (n, k) less their mean, none below the log of 0.001 before."""
    logs = np.log(np.maximum(proba, _LEAST))
    return logs - logs.mean(axis=1, keepdims=True)


def _vectoriser(texts: Sequence[str], ngram_max: int, min_df: int) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    found = TfidfVectorizer(ngram_range=(1, ngram_max), min_df=min_df, sublinear_tf=True).fit(texts)
    vars(found).pop("_stop_words_id", None)  # an address in memory, other in every process
    return found


def _votes(reading: Reading) -> np.ndarray:
    votes = np.zeros((len(reading), reading.votes.shape[1], N), np.float32)
    rows, lfs = np.nonzero(reading.strengths)
    votes[rows, lfs, reading.votes[rows, lfs]] = reading.strengths[rows, lfs]
    return votes.reshape(len(reading), N * reading.votes.shape[1])


def _evidence(reading: Reading) -> np.ndarray:
    """Return for each stance the sum and the highest of its votes' strengths, and whether nothing voted."""
    of_stance = [np.where(reading.votes == k, reading.strengths, 0) for k in range(N)]
    sums = np.stack([np.minimum(s.sum(axis=1), _MOST) for s in of_stance], axis=1)
    highest = np.stack([s.max(axis=1, initial=0) for s in of_stance], axis=1)
    return np.hstack([sums, highest, sums.sum(axis=1, keepdims=True) == 0])


def _cue_order(reading: Reading) -> np.ndarray:
    """Return one-hot which stance's cue stands first, and which last."""
    return np.hstack([reading.order[:, [side]] == np.arange(N) for side in (0, 1)])


def _context(articles: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Return what an article tells of its sentences (n, _CONTEXT): neighbours, mean of the others, and place.

    `beyond` (n, 3): what the label model says of each sentence beyond the average.
    """
    n, blocks = len(articles), []
    for step in NEIGHBOURS:
        at = np.arange(n) + step
        inside = (at >= 0) & (at < n)
        at = np.clip(at, 0, max(n - 1, 0))
        same = inside & (articles[at] == articles) if n else inside
        blocks.append(np.where(same[:, None], beyond[at], 0) if n else beyond)
    starts = np.flatnonzero(np.diff(articles, prepend=-2))
    lengths = np.diff(np.r_[starts, n])
    if n:
        sums = np.repeat(np.add.reduceat(beyond, starts, axis=0), lengths, axis=0)
        others = np.repeat(lengths, lengths)[:, None]
        blocks.append(2 * (sums - beyond) / np.maximum(others - 1, 1))
    else:
        blocks.append(beyond)
    place = np.arange(n) - np.repeat(starts, lengths)
    first = place[:, None] == np.arange(_PLACES)
    share = place / np.maximum(np.repeat(lengths, lengths) - 1, 1)
    return np.hstack([*blocks, first, share[:, None]])
