"""Metrics against hand labels, with intervals by article, over all and by slice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from pipeline.base.calibration import log_losses
from pipeline.base.errors import GoldError, InputError
from pipeline.base.stances import STANCES

FEW_ARTICLES = 40
"""Below this many articles percentile intervals are too narrow (nominal 95 % ones held the truth in about 90 %)."""

MIN_ARTICLES = 5
"""Below this many articles there are so few different draws that no interval is given."""

_BLOCK = 256  # draws multiplied at a time: bounds memory

K = len(STANCES)
COVERAGE_POINTS = 25

MIN_ROWS = 30
"""A slice of fewer rows is not shown: its score would be noise."""

LABEL_MODEL = "label model"
"""The group of slices that are chosen by what the label model makes of them."""

_COMPARED = ("macro_f1", "brier")

Slices = Mapping[str, Mapping[str, np.ndarray]]
"""Group -> name -> bool (n,): which rows belong to the slice."""


class Score(NamedTuple):
    """A value with its interval; `low` and `high` are NaN where there are too few articles to resample."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ArticleBootstrap:
    """One set of draws, used for every system and score alike, so that differences between systems are paired.

    `codes` int (n,): the place of each row's article among the sorted article ids; `weights` int (B, n_articles): how
    often an article is in a draw; `confidence`: share of the draws inside an interval.
    """

    codes: np.ndarray
    weights: np.ndarray
    confidence: float

    @property
    def n_articles(self) -> int:
        """Number of different articles."""
        return self.weights.shape[1]

    def sums(self, rows: np.ndarray) -> np.ndarray:
        """Return the column sums of every draw, float64 (B, k), from rows (n, k)."""
        by_article = np.zeros((self.n_articles, rows.shape[1]))
        np.add.at(by_article, self.codes, rows)
        # einsum and not @: no BLAS, so the last bits do not depend on the number of threads
        return np.concatenate([np.einsum("ba,ak->bk", block, by_article) for block in self._blocks()])

    def score(self, value: float, draws: np.ndarray) -> Score:
        """Return `value` with the percentile interval of `draws` float64 (B,); undefined draws (NaN) are left out."""
        defined = draws[np.isfinite(draws)]
        if self.n_articles < MIN_ARTICLES or not len(defined):
            return Score(float(value), np.nan, np.nan)
        tail = (1 - self.confidence) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return Score(float(value), float(low), float(high))

    def _blocks(self) -> Iterator[np.ndarray]:
        for start in range(0, len(self.weights), _BLOCK):
            yield self.weights[start : start + _BLOCK].astype(np.float64)


def draw_articles(articles: np.ndarray, resamples: int, confidence: float, seed: int) -> ArticleBootstrap:
    """Draw `resamples` times as many articles as there are, with replacement.

    `articles` (n,): the article id of each row, of any dtype. The draws depend on the seed and on the number of
    different articles alone, not on the order of the rows.
    """
    ids, codes = np.unique(articles, return_inverse=True)
    weights = np.random.default_rng(seed).multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=resamples)
    return ArticleBootstrap(codes, weights.astype(np.int32), confidence)


def row_terms(gold: np.ndarray, proba: np.ndarray) -> np.ndarray:
    """Return what each row adds to the sums that `scores` takes, float64 (n, 11).

    Columns 0-8 are the row's cell of the 3 x 3 confusion matrix (gold stance x predicted stance, row by row), column 9
    its squared error summed over the stances, column 10 its negative log-likelihood (`base.calibration.log_losses`).

    `gold` int (n,) stance ids; `proba` float (n, 3) in the order of STANCES.
    """
    cells = np.zeros((len(gold), K * K))
    cells[np.arange(len(gold)), gold * K + decide(proba)] = 1
    target = np.eye(K)[gold]
    squared_error = ((proba - target) ** 2).sum(axis=1)
    return np.column_stack([cells, squared_error, log_losses(proba, target)])


def decide(proba: np.ndarray) -> np.ndarray:
    """Return the stance id of the highest probability, int (n,); of equal ones the first in the order of STANCES."""
    return np.argmax(proba, axis=1)


def scores(sums: np.ndarray) -> dict[str, np.ndarray]:
    """Return every score by name from sums of `row_terms`, float (..., 11) -> one array (...) a score.

    Macro-F1 is the mean F1 over all three stances, always: a stance that is absent from gold counts with F1 = 0, and
    so does one that is never predicted (0/0 = 0 for precision, recall, F1 and MCC alike). MCC is Gorodkin's R_K. The
    share error of a stance is its share of the predictions minus that of the hand labels.
    """
    table = confusion(sums)
    n, hits = table.sum(axis=(-2, -1)), np.diagonal(table, axis1=-2, axis2=-1)
    in_gold, predicted = table.sum(axis=-1), table.sum(axis=-2)
    per_stance = {
        "precision": _ratio(hits, predicted),
        "recall": _ratio(hits, in_gold),
        "f1": _ratio(2 * hits, in_gold + predicted),
    }
    found = {
        "macro_f1": per_stance["f1"].mean(axis=-1),
        "accuracy": _ratio(hits.sum(axis=-1), n),
        "mcc": _mcc(n, hits, in_gold, predicted),
        "brier": _ratio(sums[..., 9], n),
        "log_loss": _ratio(sums[..., 10], n),
    }
    for k, stance in enumerate(STANCES):
        found |= {f"{stance}_{name}": values[..., k] for name, values in per_stance.items()}
        found[f"{stance}_share_error"] = _ratio(predicted[..., k] - in_gold[..., k], n)
    return found


def confusion(sums: np.ndarray) -> np.ndarray:
    """Return the confusion matrix, float64 (..., 3 gold, 3 predicted), held in sums of `row_terms` (..., 11)."""
    return sums[..., : K * K].reshape(*sums.shape[:-1], K, K)


def absent_stances(gold: np.ndarray) -> tuple[str, ...]:
    """Return the names of the stances that none of the hand labels, int (n,), has."""
    return tuple(stance for k, stance in enumerate(STANCES) if not np.any(gold == k))


def check_gold(gold: np.ndarray, articles: np.ndarray) -> None:
    """Raise GoldError unless `gold` int (n,), n > 0, holds stance ids and `articles` (n,) their article's ids."""
    if len(gold) == 0:
        raise GoldError(
            "no hand-labelled sentence to evaluate on",
            "gold",
            remedy="Label sentences of articles in the test fold, or raise split.test_share.",
        )
    if gold.ndim != 1 or gold.dtype.kind not in "iu" or len(articles) != len(gold):
        raise GoldError(
            "unusable hand labels",
            "gold",
            expected="one stance id and one article id a sentence",
            got=f"{gold.dtype} {gold.shape} and {len(articles)} article ids",
        )
    strange = np.flatnonzero((gold < 0) | (gold >= K))
    if len(strange):
        raise GoldError("not a stance id", f"gold, row {strange[0]}", expected="0, 1 or 2", got=str(gold[strange[0]]))


def check_proba(proba: np.ndarray, n: int, name: str) -> None:
    """Raise InputError unless `proba` is float (n, 3) and each row is a probability distribution (to 1e-5)."""
    if proba.shape != (n, K):
        raise InputError("probabilities of a wrong shape", name, expected=str((n, K)), got=str(proba.shape))
    fine = np.isfinite(proba).all(axis=1) & (proba >= 0).all(axis=1) & (np.abs(proba.sum(axis=1) - 1) <= 1e-5)
    if not fine.all():
        row = int(np.argmin(fine))
        raise InputError(
            "not a probability distribution",
            f"{name}, row {row}",
            expected="numbers from 0 that sum to 1",
            got=", ".join(f"{p:g}" for p in proba[row]),
        )


def _mcc(n: np.ndarray, hits: np.ndarray, in_gold: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    covariance = n * hits.sum(axis=-1) - (in_gold * predicted).sum(axis=-1)
    spread = (n**2 - (in_gold**2).sum(axis=-1)) * (n**2 - (predicted**2).sum(axis=-1))
    return _ratio(covariance, np.sqrt(spread))


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)


class PrecisionRecall(NamedTuple):
    """One stance against the rest, float (t,) at t distinct probabilities, highest first; t = 0 without positives."""

    recall: np.ndarray
    precision: np.ndarray
    threshold: np.ndarray

    @property
    def average_precision(self) -> float:
        """Return the sum of precision over the steps of recall, as scikit-learn's average_precision_score."""
        return float(np.sum(np.diff(self.recall, prepend=0) * self.precision))

    def precision_at(self, recall: np.ndarray) -> np.ndarray:
        """Return the interpolated precision at each recall (r,), float (r,): the best at that recall or more."""
        best = np.maximum.accumulate(self.precision[::-1])[::-1]
        return best[np.searchsorted(self.recall, recall - 1e-12)]


class CoveragePoint(NamedTuple):
    """What answering only at `threshold` or above gives: the share answered, and the share right among those."""

    threshold: float
    coverage: Score
    precision: Score


def precision_recall(positive: np.ndarray, score: np.ndarray) -> PrecisionRecall:
    """Return the curve of the rows that are `positive` (n,) bool ranked by `score` (n,); equal scores are one point."""
    if not positive.any():
        return PrecisionRecall(*(np.array([]) for _ in range(3)))
    order = np.argsort(-score, kind="stable")
    last_of_score = np.append(np.diff(score[order]) != 0, True)
    found = np.cumsum(positive[order])[last_of_score]
    shown = np.flatnonzero(last_of_score) + 1
    return PrecisionRecall(found / positive.sum(), found / shown, score[order][last_of_score])


def coverage_thresholds(confidence: np.ndarray) -> np.ndarray:
    """Return up to 25 thresholds, float (t,), that answer about 1/25, 2/25, ... 25/25 of the rows (n,)."""
    ranked = np.sort(confidence)[::-1]
    places = np.ceil(np.arange(1, COVERAGE_POINTS + 1) / COVERAGE_POINTS * len(ranked)).astype(int) - 1
    return np.unique(ranked[places])[::-1]


def coverage_precision(
    confidence: np.ndarray, right: np.ndarray, thresholds: np.ndarray, bootstrap: ArticleBootstrap
) -> list[CoveragePoint]:
    """Return coverage and precision at each threshold, with intervals by article.

    `confidence` float (n,), `right` bool (n,). Precision is NaN at a threshold that no row reaches.
    """
    answered = confidence[:, None] >= thresholds
    hits = answered & right[:, None]
    rows = np.column_stack([answered, hits, np.ones(len(confidence))]).astype(np.float64)
    coverage, precision = _shares(rows.sum(axis=0), len(thresholds))
    coverages, precisions = _shares(bootstrap.sums(rows), len(thresholds))
    return [
        CoveragePoint(
            float(threshold),
            bootstrap.score(coverage[t], coverages[:, t]),
            bootstrap.score(precision[t], precisions[:, t]),
        )
        for t, threshold in enumerate(thresholds)
    ]


def _shares(sums: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    answered, hits, n = sums[..., :width], sums[..., width:-1], sums[..., -1:]
    undefined = np.full(answered.shape, np.nan)
    return answered / n, np.divide(hits, answered, out=undefined, where=answered > 0)


class Slice(NamedTuple):
    """One slice of `n` rows from `n_articles` articles, with the scores of the system that is reported.

    `absent`: stances without a hand label here; `gain` and `brier_gain`: macro-F1 and Brier score minus those of the
    reference system, paired.
    """

    group: str
    name: str
    n: int
    n_articles: int
    absent: tuple[str, ...]
    macro_f1: Score
    accuracy: Score
    brier: Score
    gain: Score | None
    brier_gain: Score | None


def standard_slices(
    quoted: np.ndarray, votes_cast: np.ndarray, words: np.ndarray, sources: Sequence[str], label_model_right: np.ndarray
) -> dict[str, dict[str, np.ndarray]]:
    """Slice rows by quotation, by how many LFs voted, by whether the label model is right, by length and by source.

    `quoted` bool (n,): stands inside a quotation; `votes_cast` int (n,): LFs that did not abstain; `words` int (n,):
    length, cut at its quartiles; `sources`: n names ('' where unknown); `label_model_right` bool (n,).
    """
    source = np.array([str(s) for s in sources], dtype=object)
    return {
        "quotation": {"quoted": quoted.astype(bool), "not quoted": ~quoted.astype(bool)},
        "LFs that voted": {"none": votes_cast == 0, "one": votes_cast == 1, "two or more": votes_cast >= 2},
        LABEL_MODEL: {"right": label_model_right, "wrong": ~label_model_right},
        "length": _quartiles(words),
        "source": {name or "unknown": source == name for name in sorted(set(source))},
    }


def score_slices(
    gold: np.ndarray,
    proba: np.ndarray,
    reference: np.ndarray | None,
    articles: np.ndarray,
    slices: Slices,
    draw: Callable[[np.ndarray], ArticleBootstrap],
) -> list[Slice]:
    """Score every slice of MIN_ROWS rows or more; `draw` makes the bootstrap of the articles in a slice.

    `gold` int64 (n,); `proba` and `reference` float64 (n, 3); `articles` (n,), ids of any dtype.
    """
    own, other = row_terms(gold, proba), row_terms(gold, reference) if reference is not None else None
    found = []
    for group, name, rows in _shown(slices):
        bootstrap = draw(articles[rows])
        value, draws = _scores(own[rows], bootstrap)
        gains: dict[str, Score] = {}
        if other is not None:
            base, base_draws = _scores(other[rows], bootstrap)
            gains = {key: bootstrap.score(value[key] - base[key], draws[key] - base_draws[key]) for key in _COMPARED}
        found.append(
            Slice(
                group=group,
                name=name,
                n=int(rows.sum()),
                n_articles=bootstrap.n_articles,
                absent=absent_stances(gold[rows]),
                macro_f1=bootstrap.score(value["macro_f1"], draws["macro_f1"]),
                accuracy=bootstrap.score(value["accuracy"], draws["accuracy"]),
                brier=bootstrap.score(value["brier"], draws["brier"]),
                gain=gains.get("macro_f1"),
                brier_gain=gains.get("brier"),
            )
        )
    return found


def hidden_slices(slices: Slices) -> int:
    """Return the number of slices with at least one row but too few to be shown."""
    return sum(bool(0 < rows.sum() < MIN_ROWS) for group in slices.values() for rows in group.values())


def _shown(slices: Slices) -> list[tuple[str, str, np.ndarray]]:
    every = [(group, name, rows) for group, names in slices.items() for name, rows in names.items()]
    return [(group, name, rows) for group, name, rows in every if rows.sum() >= MIN_ROWS]


def _scores(terms: np.ndarray, bootstrap: ArticleBootstrap) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return scores(terms.sum(axis=0)), scores(bootstrap.sums(terms))


def _quartiles(words: np.ndarray) -> dict[str, np.ndarray]:
    if not len(words):
        return {}
    tops = np.unique(np.quantile(words, [0.25, 0.5, 0.75, 1], method="inverted_cdf").astype(int))
    bottoms = [int(words.min()), *(tops[:-1] + 1)]
    return {_span(low, top): (words >= low) & (words <= top) for low, top in zip(bottoms, tops, strict=True)}


def _span(low: int, top: int) -> str:
    return f"{low} words" if low == top else f"{low}–{top} words"
