"""The label model: learns how far each labeling function (LF) can be trusted, and turns votes into soft labels."""

import inspect
import logging
from collections.abc import Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from pipeline.base.calibration import DECIMALS, fit_temperature, rounded_shares, softmax
from pipeline.base.errors import InputError, suggest
from pipeline.weak.label_model import votes as checks
from pipeline.weak.label_model.em import (
    GIVEN_ROWS,
    EMData,
    EMFit,
    PriorWeights,
    class_prior,
    consensus,
    discounts,
    equal_votes,
    learn,
    merge,
    near_copies,
    precision_of,
)
from pipeline.weak.label_model.votes import (
    Empty,
    Patterns,
    blocks,
    coordinates,
    covered,
    empty_shares,
    find_patterns,
    sparse_votes,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MIN_GOLD = 30
"""Gold rows with votes from which on they are held out, and set the temperature."""

log = logging.getLogger("pipeline.weak")
_PULL = 2.0  # on the temperature: a normal prior on its logarithm, of deviation 0.5
_EXTRA_ROWS = 1e-9  # keeps the mean accuracy of an LF without votes defined
Prior = Literal["estimate", "uniform"] | Sequence[float] | np.ndarray


def gold_by_pattern(patterns: Patterns, gold: np.ndarray, n_classes: int) -> np.ndarray:
    """Return the gold rows of each pattern and class, float64 (p, k); `gold` int64 (n,), -1 where unknown."""
    known = gold >= 0
    flat = patterns.inverse[known] * n_classes + gold[known]
    return np.bincount(flat, minlength=len(patterns.counts) * n_classes).reshape(-1, n_classes).astype(float)


def sample(counts: np.ndarray, gold: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (kept, counts): the patterns to learn from and how many rows each stands for.

    `counts` (p,) and `gold` (p, k), float64: rows of each pattern, and hand-labelled ones among them; `kept` int64,
    numbers of patterns. With more than `most` patterns, `most` unlabelled rows are taken at even steps through the rows
    in order of pattern (that is of hash, so as good as random, yet always the same); patterns with gold are all kept.
    """
    labelled = gold.sum(axis=1)
    unlabelled = counts - labelled
    if len(unlabelled) > most and unlabelled.sum() > most:
        ends = np.cumsum(unlabelled)
        at = np.searchsorted(ends, (np.arange(most) + 0.5) * ends[-1] / most)
        unlabelled = np.bincount(at, minlength=len(ends)).astype(float)
    counts = unlabelled + labelled
    kept = np.flatnonzero(counts)
    return kept, counts[kept]


def em_data(
    cells: np.ndarray, counts: np.ndarray, gold: np.ndarray, accuracy: np.ndarray, *, copies: float, discount: bool
) -> tuple[EMData, np.ndarray]:
    """Return the data for EM and the group, int (m,), of each LF; near-copies are merged into one LF.

    `cells` int16 (p, m), `counts` (p,), `gold` (p, k); `accuracy` (m,) is expected, and a group takes its mean.
    """
    k = gold.shape[1]
    same = equal_votes(cells, counts, k)
    groups = near_copies(same, copies)
    merged = merge(cells, groups, k)
    table = sparse_votes(merged, k)
    of_group = np.bincount(groups, accuracy) / np.bincount(groups)
    data = EMData(table, counts, gold, np.ones(len(of_group)), of_group)
    if not discount:
        return data, groups
    if len(of_group) < len(groups):
        same = equal_votes(merged, counts, k)
    kept = discounts(table, counts, consensus(data), same)
    return EMData(table, counts, gold, kept, of_group), groups


def held_out_scores(learned: EMFit, votes: "csr_array", gold: np.ndarray) -> np.ndarray:
    """Return unnormalised log posteriors, float64 (g, k), of g gold rows, each without what its own gold taught.

    `votes` are the gold rows, `gold` int64 (g,) their classes. A row's gold is taken out of the counts of the LFs that
    vote on it; what it did to the class prior, the offset and the posteriors of other rows is of second order and
    stays.
    """
    k, columns, strengths = len(learned.prior), votes.indices, votes.data
    own = np.eye(k)[gold.repeat(np.diff(votes.indptr))] * strengths[:, None]
    counted = np.maximum(learned.counted[columns] - own, 0)
    precision = precision_of(counted, columns % k, learned.prior)
    evidence = learned.discount[columns, None] * np.log(precision / learned.prior) * strengths[:, None]
    rows = np.arange(len(gold)).repeat(np.diff(votes.indptr))
    return np.log(learned.prior) + learned.offset + _sum_by_row(rows, evidence, len(gold))


class _HeldOut(NamedTuple):
    """Of pattern and class (p, k): whether gold rows of it are held out, and their place in `proba` (g, k)."""

    known: np.ndarray
    place: np.ndarray
    proba: np.ndarray


class LabelModel:
    """Combine votes of LFs into class probabilities, scikit-learn style; EM as described in `em`.

    Parameters
    ----------
    n_classes: number of classes; votes are 0 .. n_classes - 1, or -1 to abstain.
    prior: class shares among rows with votes: "estimate" (`em.class_prior`), "uniform", or n_classes positive numbers;
        given ones count as `given_rows` rows beside the estimate. The mean prediction over the fitted rows with votes
        equals the resulting shares.
    empty: what a row without votes gets: "prior", "uniform", a class id, or class shares (see `majority`).
    lf_accuracy: accuracy that every LF, or each (n_lfs,), is expected to have if all classes were equally common, and
        at least where it votes for one class only; in (0, 1).
    prior_rows: weight of this expectation, in hand-labelled rows (pseudo-counts).
    unlabelled_rows: greatest weight of all unlabelled rows of an LF together, in hand-labelled rows.
    copies: similarity (Jaccard, of equal votes) from which LFs are near-copies and vote as one.
    discount: whether correlated LFs lose evidence.
    temperature: "auto" (from gold, 1 with fewer than MIN_GOLD such rows), or a number > 0; above 1 softens.
    max_patterns: different rows from which on EM learns from an even sample of that many rows.
    max_iter, tol: EM stops after `max_iter` rounds, or when no precision moves by more than `tol`.

    Attributes after `fit`
    ----------------------
    class_prior_ (k,); precision_ (n_lfs, k, k): [j, v, y] is the share of class y where LF j votes v; accuracy_
    (n_lfs,); worse_than_chance_: numbers of the LFs held at chance, never inverted; groups_ (n_lfs,): near-copies share
    a number; discount_ (n_lfs,): share of its evidence that an LF keeps; temperature_; held_out_proba_ (g, k): for the
    rows held_out_rows_ (gold rows with votes) the prediction as if their own gold were unknown; n_iter_, converged_,
    classes_, n_features_in_.

    Deterministic: no random numbers, row order does not matter, and parameters are rounded to DECIMALS places, which
    hides differences between processors.
    """

    def __init__(
        self,
        n_classes: int = 3,
        *,
        prior: Prior = "estimate",
        given_rows: float = GIVEN_ROWS,
        empty: Empty = "prior",
        lf_accuracy: float | Sequence[float] | np.ndarray = 0.75,
        prior_rows: float = 30.0,
        unlabelled_rows: float = 60.0,
        copies: float = 0.9,
        discount: bool = True,
        temperature: float | Literal["auto"] = "auto",
        max_patterns: int = 100_000,
        max_iter: int = 100,
        tol: float = 1e-3,
    ):
        """Keep the parameters as they are; they are checked by `fit`."""
        self.n_classes = n_classes
        self.prior = prior
        self.given_rows = given_rows
        self.empty = empty
        self.lf_accuracy = lf_accuracy
        self.prior_rows = prior_rows
        self.unlabelled_rows = unlabelled_rows
        self.copies = copies
        self.discount = discount
        self.temperature = temperature
        self.max_patterns = max_patterns
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, votes: Any, *, strengths: Any = None, gold: Any = None) -> "LabelModel":
        """Learn from votes int (n, m), graded by strengths float (n, m) in [0, 1], and gold int (n,), -1 for unknown.

        Gold rows keep their class in EM. Raises InputError (GoldError for gold) with the place of a bad entry.
        """
        votes, strengths = self._checked(votes, strengths)
        gold = checks.checked_gold(gold, len(votes), self.n_classes)
        patterns = find_patterns(votes, strengths)
        gold_counts = gold_by_pattern(patterns, gold, self.n_classes)
        of_pattern = self._fit(patterns.cells, patterns.counts, gold_counts)
        rows = np.flatnonzero(gold >= 0)
        rows = rows[of_pattern.known[patterns.inverse[rows], gold[rows]]]
        self.held_out_rows_ = rows
        self.held_out_proba_ = of_pattern.proba[of_pattern.place[patterns.inverse[rows], gold[rows]]]
        return self

    def fit_counts(self, votes: Any, counts: Any, *, strengths: Any = None, gold_counts: Any = None) -> "LabelModel":
        """Learn from rows that are counted: what `fit` learns where each row stands as often as its count says.

        `votes` int (p, m) and `strengths` as in `fit`; `counts` int (p,): how often each row occurs, 0 or more;
        `gold_counts` int (p, n_classes): how many of these are hand-labelled, by class. Equal rows may repeat. The
        result is the same to the last bit, but for held_out_rows_ and held_out_proba_, which are empty. Where more
        than `max_patterns` rows differ, EM learns from an even sample of `max_patterns` unlabelled rows beside all
        hand-labelled ones. Raises InputError with the place of a bad entry.
        """
        votes, strengths = self._checked(votes, strengths)
        counts = checks.checked_counts(counts, (len(votes),), "counts")
        shape = len(votes), self.n_classes
        gold = checks.checked_counts(np.zeros(shape, int) if gold_counts is None else gold_counts, shape, "gold_counts")
        if (over := gold.sum(axis=1) > counts).any():
            row = int(np.argmax(over))
            got = f"{gold[row].sum()} of {counts[row]}"
            raise InputError("more gold than rows", f"gold_counts, row {row}", expected="at most counts", got=got)
        patterns = find_patterns(votes, strengths)
        n = len(patterns.counts)
        by_class = [np.bincount(patterns.inverse, column, n) for column in gold.T]
        self._fit(patterns.cells, np.bincount(patterns.inverse, counts, n), np.stack(by_class, axis=1))
        self.held_out_rows_, self.held_out_proba_ = np.empty(0, int), np.empty((0, self.n_classes))
        return self

    def predict_proba(self, votes: Any, strengths: Any = None) -> np.ndarray:
        """Return class probabilities, float64 (n, n_classes), for votes (n, m) with the LFs of `fit`."""
        if not hasattr(self, "evidence_"):
            raise InputError("the label model has learnt nothing yet", "LabelModel", remedy="Call fit first.")
        votes = checks.checked_votes(votes, self.n_classes)
        if votes.shape[1] != self.n_features_in_:
            expected = f"the {self.n_features_in_} labeling functions of fit"
            raise InputError("wrong number of columns", "votes", expected=expected, got=str(votes.shape[1]))
        patterns = find_patterns(votes, checks.checked_strengths(strengths, votes.shape))
        cells = merge(patterns.cells, self.groups_, self.n_classes)
        parts = [self._cells_proba(cells[block]) for block in blocks(len(cells))]
        return np.concatenate(parts)[patterns.inverse]

    def predict(self, votes: Any, strengths: Any = None) -> np.ndarray:
        """Return the most probable class, int64 (n,), of each row; the lowest id among equals."""
        return self.predict_proba(votes, strengths).argmax(axis=1)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name."""
        return {name: getattr(self, name) for name in _PARAMS}

    def set_params(self, **params: Any) -> "LabelModel":
        """Set parameters by name; raise InputError for a name that does not exist."""
        for name, value in params.items():
            if name not in _PARAMS:
                raise InputError("unknown parameter", f"LabelModel, {name}", remedy=suggest(name, _PARAMS))
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        """Show the parameters that differ from their defaults."""
        values = {name: repr(value) for name, value in self.get_params().items()}
        changed = [f"{name}={value}" for name, value in values.items() if value != repr(_PARAMS[name])]
        return f"LabelModel({', '.join(changed)})"

    def _checked(self, votes: Any, strengths: Any) -> tuple[np.ndarray, np.ndarray | None]:
        checks.check_params(self.get_params())
        empty_shares(self.empty, self.n_classes, np.ones(self.n_classes))
        votes = checks.checked_votes(votes, self.n_classes, empty_ok=False)
        return votes, checks.checked_strengths(strengths, votes.shape)

    def _fit(self, cells: np.ndarray, counts: np.ndarray, gold: np.ndarray) -> "_HeldOut":
        """Learn from patterns (p, m), their counts (p,) and gold (p, k); return what gold rows are held out to get."""
        n_lfs = cells.shape[1]
        kept, sampled = sample(counts, gold, self.max_patterns)
        accuracy = checks.checked_accuracy(self.lf_accuracy, n_lfs)
        data, self.groups_ = em_data(
            cells[kept], sampled, gold[kept], accuracy, copies=self.copies, discount=self.discount
        )
        self.n_features_in_, self.classes_ = n_lfs, np.arange(self.n_classes)
        learned = self._learn(data)
        self._keep(data, learned)
        held_out = self._calibrate(data, learned, kept, len(cells))
        self._warn()
        return held_out

    def _learn(self, data: EMData) -> EMFit:
        given: Any = self.prior
        if isinstance(given, str):
            given = None if given == "estimate" else np.ones(self.n_classes)
        if given is not None:
            given = checks.checked_shares(given, self.n_classes, "LabelModel, prior")
        prior, weights = class_prior(data, given, self.given_rows), PriorWeights(self.prior_rows, self.unlabelled_rows)
        return learn(data, prior, weights, max_iter=self.max_iter, tol=self.tol)

    def _keep(self, data: EMData, learned: EMFit) -> None:
        k, groups = self.n_classes, self.groups_
        n_votes = (data.table.T @ data.counts[:, None]).reshape(-1, k) + _EXTRA_ROWS
        precision = learned.precision.reshape(-1, k, k)
        accuracy = (np.diagonal(precision, axis1=1, axis2=2) * n_votes).sum(axis=1) / n_votes.sum(axis=1)
        low = (learned.low.reshape(-1, k) * n_votes).sum(axis=1) > n_votes.sum(axis=1) / 2
        self.class_prior_ = rounded_shares(learned.prior[None])[0]
        self.offset_, self.evidence_ = learned.offset.round(DECIMALS), learned.evidence.round(DECIMALS)
        self.precision_, self.accuracy_ = precision[groups].round(DECIMALS), accuracy[groups].round(DECIMALS)
        self.discount_ = data.discount[groups].round(DECIMALS)
        self.worse_than_chance_ = np.flatnonzero(low[groups]).tolist()
        self.n_iter_, self.converged_ = learned.n_iter, learned.converged

    def _calibrate(self, data: EMData, learned: EMFit, kept: np.ndarray, n_patterns: int) -> "_HeldOut":
        patterns, classes = np.nonzero(data.gold * covered(data.table)[:, None])
        times = data.gold[patterns, classes].astype(int)
        self.temperature_ = 1.0 if self.temperature == "auto" else float(self.temperature)
        if times.sum() < MIN_GOLD:
            patterns, classes, times = patterns[:0], classes[:0], times[:0]
        scores = held_out_scores(learned, data.table[patterns], classes)
        if len(times) and self.temperature == "auto":
            targets = np.eye(self.n_classes)[classes]
            every = np.repeat(np.arange(len(times)), times)
            self.temperature_ = fit_temperature(scores[every], targets[every], pull=_PULL)
        known, place = np.zeros((n_patterns, self.n_classes), bool), np.zeros((n_patterns, self.n_classes), int)
        known[kept[patterns], classes], place[kept[patterns], classes] = True, np.arange(len(patterns))
        return _HeldOut(known, place, softmax(scores / self.temperature_))

    def _warn(self) -> None:
        if self.worse_than_chance_:
            which = shorten(", ".join(map(str, self.worse_than_chance_)), 80, placeholder=" ...")
            log.warning("labeling functions that look worse than chance are held at chance, not inverted: %s", which)
        if not self.converged_:
            log.warning("label model: EM stopped after %d rounds before it converged", self.n_iter_)

    def _cells_proba(self, cells: np.ndarray) -> np.ndarray:
        rows, columns, strengths = coordinates(cells, self.n_classes)
        evidence = self.evidence_[columns] * strengths[:, None]
        scores = np.log(self.class_prior_) + self.offset_ + _sum_by_row(rows, evidence, len(cells))
        proba = softmax(scores / self.temperature_)
        proba[~cells.any(axis=1)] = empty_shares(self.empty, self.n_classes, self.class_prior_)
        return proba


def _sum_by_row(rows: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Return the sums (n, k) of values (votes, k) by row; without scipy, which one sentence need not import."""
    return np.stack([np.bincount(rows, column, minlength=n) for column in values.T], axis=1)


_PARAMS = {name: p.default for name, p in inspect.signature(LabelModel.__init__).parameters.items() if name != "self"}
