"""Expectation-maximisation for the label model, with discounts for labeling functions that copy each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.base.calibration import softmax
from pipeline.weak.label_model.votes import LEVELS, blocks, covered, majority_of, ungraded, votes_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MIN_SHARED = 10
"""Equal votes that two LFs which are not exact copies must share before they can be called near-copies."""

SIGMAS = 2.0
"""Equal votes beyond expectation count as correlation only above this many standard deviations of their number."""

TOLERATED = 0.3
"""Redundancy of a pair that costs nothing: real LFs share topics, and many small excesses would add up."""

CONSENSUS = 0.5
"""Share of what unlabelled rows teach that is counted by the majority vote, the rest by the model's own posterior. Rows
on which one LF votes are counted by the latter alone: that an LF agrees with itself is no evidence."""

BALANCE_ROWS = 1.0
"""Rows distributed by the prior that are mixed in before balancing, so that no class is ever empty."""

BALANCE_STEPS = 10
BALANCE_TOLERANCE = 1e-3

SHARE_ROWS = 0.5
"""Rows of every class that estimated class shares start from."""

GOLD_SHARE_ROWS = 20.0
"""Weight, in gold rows, of shares estimated without gold beside those of gold."""

GIVEN_ROWS = 20.0
"""Weight, in rows, of a class prior given by the user beside the estimate."""

TRUSTED_ROWS = 500.0
"""Rows with votes at which the likelihood has as much say on class shares as the majority vote."""

DEPENDENCE_POWER = 4.0
"""Power of the share of evidence that LFs keep, by which the likelihood has less say."""

OUTVOTED = 1.5
"""A class is outvoted where likelihood or class prior find it more often than the majority vote by this factor."""

MOST_RAISED = 2.0
"""Factor by which the share of an outvoted class is raised at most."""

_TINY = 1e-12

MIXTURE_ROUNDS = 20
MIXTURE_ROWS = 10.0
"""Weight, in rows a class, of the prior of an LF's vote rates."""

MIXTURE_LIFT = 3.0
"""Prior odds of an LF's votes for a class in that class, and against them in others, relative to its overall rate."""


def equal_votes(cells: np.ndarray, counts: np.ndarray, n_classes: int) -> np.ndarray:
    """Return float64 (m, m): the number of rows on which two LFs cast the same vote; an LF's own votes on the diagonal.

    `cells` (p, m) are patterns, `counts` (p,) whole numbers of rows.
    """
    same = np.zeros((cells.shape[1],) * 2)
    counts = counts.astype(np.int64)
    for block in blocks(len(cells)):
        for c in range(n_classes):
            chosen = (cells[block] > c * LEVELS) & (cells[block] <= (c + 1) * LEVELS)
            voting = np.flatnonzero(chosen.any(axis=0))
            same[np.ix_(voting, voting)] += _joint_counts(chosen[:, voting], counts[block])
    return same


def near_copies(same: np.ndarray, threshold: float) -> np.ndarray:
    """Return the group, int (m,), of each LF, numbered in order of appearance: near-copies share a group.

    Two LFs are near-copies when the rows on which both cast the same vote are at least `threshold` of the rows on which
    either votes; unless they are exact copies they must share MIN_SHARED votes. LFs that never vote stay alone.
    """
    from scipy.sparse.csgraph import connected_components

    votes = np.diag(same)
    union = votes[:, None] + votes - same
    alike = (same >= threshold * union) & ((same >= MIN_SHARED) | (same == union)) & (votes > 0)
    return np.asarray(connected_components(alike, directed=False)[1])


def merge(cells: np.ndarray, groups: np.ndarray, n_classes: int) -> np.ndarray:
    """Return cells, int16 (p, g), one column a group: the vote with most strength among its members, as strong as
    its strongest voice; a group that is split evenly abstains.
    """
    first = np.unique(groups, return_index=True)[1]
    if len(first) == cells.shape[1]:
        return cells
    merged = cells[:, first]
    for group in np.flatnonzero(np.bincount(groups) > 1):
        merged[:, group] = _joint_voice(cells[:, groups == group], n_classes)
    return merged


def discounts(table: "csr_array", counts: np.ndarray, consensus: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return the share, float64 (m,), of its evidence that each LF keeps, 1 where it is independent of the others.

    Given the class, LFs should cast the same vote no more often than chance has it. With `consensus` (p, k) standing in
    for the class, the equal votes beyond that (and beyond SIGMAS deviations) as a share of the most there could be is
    the redundancy of a pair, 0 to 1. What exceeds TOLERATED, rescaled to 0 to 1, is r; an LF keeps 1 / (1 + sum of its
    r): g LFs that said the same would keep 1/g each.
    """
    m, k = len(same), consensus.shape[1]
    weighted = consensus * counts[:, None]
    by_class = (ungraded(table).T @ weighted).reshape(m, k, k)  # [j, v, y]: rows of class y on which j votes v
    expected = np.einsum("ivy,jvy->ij", by_class / np.maximum(weighted.sum(axis=0), 1), by_class)
    votes = np.diag(same)
    beyond = same - expected - SIGMAS * np.sqrt(expected + 1)
    redundancy = beyond / np.maximum(np.minimum(votes[:, None], votes) - expected, 1)
    r = np.clip((redundancy - TOLERATED) / (1 - TOLERATED), 0, 1)
    np.fill_diagonal(r, 0)
    return 1 / (1 + r.sum(axis=1))


def _joint_counts(chosen: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return (v, v): chosen.T @ (chosen * counts) for chosen bool (p, v), one binary digit of the counts at a time.

    64 rows make a word and common bits are counted, which needs no linear algebra library and its threads.
    """
    total = np.zeros((chosen.shape[1],) * 2)
    for digit in range(int(counts.max(initial=0)).bit_length()):
        bits = np.packbits(chosen[(counts >> digit) & 1 == 1].T, axis=1)
        words = np.ascontiguousarray(np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))).view(np.uint64)
        common = [np.bitwise_count(words & words[j]).sum(axis=1) for j in range(len(words))]
        total += np.reshape(common, total.shape) * 2.0**digit
    return total


def _joint_voice(cells: np.ndarray, n_classes: int) -> np.ndarray:
    votes, level = votes_of(cells), (cells - 1) % LEVELS + 1
    levels = np.stack([np.where(votes == c, level, 0) for c in range(n_classes)], axis=-1)
    tallies = levels.sum(axis=1)
    best = tallies.argmax(axis=1)
    strongest = levels.max(axis=1)[np.arange(len(cells)), best]
    tied = (tallies == tallies.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return np.where(tied, 0, best * LEVELS + strongest)


@dataclass(frozen=True)
class EMData:
    """What EM learns from: p patterns, m LFs, k classes; float64 arrays.

    `table` (p, m * k); `counts` (p,) rows of each pattern; `gold` (p, k) hand-labelled rows among them by class;
    `discount` (m,) share of evidence kept; `accuracy` (m,) in (0, 1): expected accuracy of an LF if all classes were
    equally common.
    """

    table: "csr_array"
    counts: np.ndarray
    gold: np.ndarray
    discount: np.ndarray
    accuracy: np.ndarray

    @property
    def knows(self) -> np.ndarray:
        """The prior probability, float64 (m,), that an LF knows the class when it votes: its accuracy beyond chance."""
        k = self.gold.shape[1]
        return np.maximum(self.accuracy - 1 / k, 0) / (1 - 1 / k)


@dataclass(frozen=True)
class PriorWeights:
    """Weights in hand-labelled rows: of an LF's prior (pseudo-counts), and at most of its unlabelled rows."""

    prior: float
    unlabelled: float


@dataclass(frozen=True)
class EMFit:
    """The fitted model of m LFs and k classes; float64 arrays.

    `prior` (k,); `counted` (m * k, k): weighted rows of class y among those on which LF j votes v, pseudo-
    counts included; `precision` (m * k, k): R; `discount` (m * k,); `offset` (k,) from class balance.
    """

    prior: np.ndarray
    counted: np.ndarray
    precision: np.ndarray
    discount: np.ndarray
    offset: np.ndarray
    n_iter: int
    converged: bool

    @property
    def evidence(self) -> np.ndarray:
        """What a vote adds to the log-odds of each class, float64 (m * k, k)."""
        return self.discount[:, None] * np.log(self.precision / self.prior)

    @property
    def low(self) -> np.ndarray:
        """Which votes look worse than chance and are held there, bool (m * k,)."""
        voted = np.arange(len(self.counted)) % len(self.prior)
        own = np.take_along_axis(self.counted, voted[:, None], axis=1)[:, 0]
        return own < self.prior[voted] * self.counted.sum(axis=1)

    def scores(self, table: "csr_array") -> np.ndarray:
        """Return unnormalised log posteriors, float64 (p, k), of a table of p rows."""
        return np.log(self.prior) + self.offset + table @ self.evidence


def consensus(data: EMData, weight: np.ndarray | None = None) -> np.ndarray:
    """Return the majority vote of each pattern as soft labels, float64 (p, k), all 0 where no LF votes.

    A vote for a class counts its `weight` (k,), 1 by default.
    """
    m, k = len(data.knows), data.gold.shape[1]
    return majority_of(data.table @ np.tile(np.diag(np.ones(k) if weight is None else weight), (m, 1)), np.zeros(k))


def learn(data: EMData, prior: np.ndarray, weights: PriorWeights, *, max_iter: int, tol: float) -> EMFit:
    """Run EM from `prior` float64 (k,) until no entry of R moves by more than `tol`, or `max_iter` times.

    In the majority vote that it learns from, votes for an outvoted class weigh more, by as much as it is outvoted.
    """
    table, k = data.table, len(prior)
    voted, discount = np.arange(table.shape[1]) % k, np.repeat(data.discount, k)
    gold = table.T @ data.gold
    unlabelled = data.counts - data.gold.sum(axis=1)
    seen = table.T @ unlabelled[:, None]
    row_weight = weights.unlabelled / (seen + weights.unlabelled)  # of one unlabelled vote, in gold votes
    covered_rows = data.counts * covered(table)
    cast = (seen + gold.sum(axis=1, keepdims=True)).reshape(-1, k).any(axis=0)
    several = unlabelled * (np.diff(table.indptr) > 1)
    weight = np.maximum(prior / (OUTVOTED * majority_shares(data)), 1)
    majority = CONSENSUS * (table.T @ (consensus(data, weight) * several[:, None]))
    offset, n_iter, moved = np.zeros(k), 0, np.inf
    with_gold = gold.reshape(-1, k * k).sum(axis=1) > 0
    counted = _with_prior(gold + row_weight * majority, data, prior, weights.prior, with_gold)
    precision = precision_of(counted, voted, prior)
    while moved > tol and n_iter < max_iter:
        scores = np.log(prior) + table @ (discount[:, None] * np.log(precision / prior))
        offset = _balanced(scores, offset, covered_rows, prior, cast)
        posterior = softmax(scores + offset) * unlabelled[:, None]
        learnt, before = majority + (1 - CONSENSUS) * (table.T @ posterior), precision
        counted = _with_prior(gold + row_weight * learnt, data, prior, weights.prior, with_gold)
        precision = precision_of(counted, voted, prior)
        n_iter, moved = n_iter + 1, np.abs(precision - before).max()
    return EMFit(prior, counted, precision, discount, offset, n_iter, bool(moved <= tol))


def precision_of(counted: np.ndarray, voted: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return R, float64 (c, k): shares of `counted` (c, k), at least chance for the class `voted`, int64 (c,)."""
    precision = counted / counted.sum(axis=1, keepdims=True)
    rows = np.arange(len(precision))
    own, chance = precision[rows, voted], prior[voted]
    raised = precision * ((1 - chance) / (1 - own))[:, None]
    raised[rows, voted] = chance
    return np.where((own < chance)[:, None], raised, precision)


def _with_prior(counted: np.ndarray, data: EMData, prior: np.ndarray, rows: float, with_gold: np.ndarray) -> np.ndarray:
    """Return `counted` rows (m * k, k) plus `rows` pseudo-counts by class for each LF and each class that it votes.

    Their shares are: with some probability the voted class, otherwise any class by the prior. That probability is
    `problem.knows`, moved by what is counted of the LF's votes for other classes. An LF that votes for one class only
    is written to find it, however rare: its pseudo-counts are right with its expected accuracy at least, but for LFs
    `with_gold` (m,), of whose votes gold knows some.
    """
    k = len(prior)
    by_vote = counted.reshape(-1, k, k)
    total = by_vote.sum(axis=2)
    beyond = np.diagonal(by_vote, axis1=1, axis2=2) - prior * total
    most = (1 - prior) * total
    elsewhere, most_elsewhere = (x.sum(axis=1, keepdims=True) - x for x in (beyond, most))
    share = np.clip((rows * data.knows[:, None] + elsewhere) / (rows + most_elsewhere), 0, 1)
    one_class = ((total > 0).sum(axis=1) <= 1)[:, None] & ~with_gold[:, None]
    least = (data.accuracy[:, None] - prior) / (1 - prior)
    share = np.where(one_class, np.maximum(share, least), share)[..., None]
    return counted + rows * (share * np.eye(k) + (1 - share) * prior).reshape(-1, k)


def _balanced(
    scores: np.ndarray, offset: np.ndarray, counts: np.ndarray, prior: np.ndarray, cast: np.ndarray
) -> np.ndarray:
    """Return the offset (k,) by which the mean posterior over rows with votes is the prior, by iterative scaling.

    Classes for which no vote was `cast` (k,) keep the mass that the evidence leaves them.
    """
    if not cast.any():
        return offset
    for _ in range(BALANCE_STEPS):
        mass = (softmax(scores + offset) * counts[:, None]).sum(axis=0)
        mass = mass + BALANCE_ROWS * softmax((np.log(prior) + offset)[None])[0]
        target = prior * mass[cast].sum() / prior[cast].sum()
        step = np.where(cast, np.log(target / mass), 0)
        if np.abs(step).max() < BALANCE_TOLERANCE:
            break
        offset = offset + step
    return offset


def class_prior(data: EMData, given: np.ndarray | None, given_rows: float = GIVEN_ROWS) -> np.ndarray:
    """Return class shares among rows with votes, float64 (k,): of majority vote and likelihood, gold, and `given`.

    Majority votes err where one class has more LFs than another; the likelihood runs off where rows are few or LFs
    depend on one another. So the logarithms of their shares are averaged, the likelihood's with a weight that rises
    with the number of rows, and with the share of their evidence that LFs keep. It starts from the majority vote, so a
    class that it finds far more often (OUTVOTED) is more common still, and its share is raised. `given` shares (k,),
    where there are some, count as `given_rows` rows.
    """
    rows = float((data.counts * covered(data.table)).sum())
    majority, likely = majority_shares(data), likely_shares(data)
    weight = rows / (rows + TRUSTED_ROWS) * _kept(data) ** DEPENDENCE_POWER
    raised = np.clip(likely / (OUTVOTED * majority), 1, MOST_RAISED)
    shares = majority ** (1 - weight) * (likely * raised) ** weight
    gold = data.gold[covered(data.table)].sum(axis=0)
    shares = gold + GOLD_SHARE_ROWS * shares / shares.sum()
    shares = shares / shares.sum()
    if given is not None:
        shares = (rows * shares + given_rows * given) / (rows + given_rows)
    return shares


def majority_shares(data: EMData) -> np.ndarray:
    """Return the shares of majority votes, float64 (k,); ties count half evenly, half as the other rows."""
    vote, rows = consensus(data), data.counts
    untied = _shares_of(vote * (vote.max(axis=1, keepdims=True) == 1), rows)
    tied = vote * untied
    return _shares_of((vote + tied / np.maximum(tied.sum(axis=1, keepdims=True), _TINY)) / 2, rows)


def likely_shares(data: EMData) -> np.ndarray:
    """Return the shares, float64 (k,), of the classes of a latent class model fitted to the votes by EM.

    An LF votes v, or abstains, with a rate of its own in each class (Lazarsfeld 1950, Dawid and Skene 1979); the rates
    have a prior of MIXTURE_ROWS rows a class around the LF's overall rates, and EM starts from the majority vote.
    """
    table, k, m = ungraded(data.table), data.gold.shape[1], len(data.knows)
    rows = data.counts * covered(data.table)
    total = rows.sum()
    if not total:
        return np.full(k, 1 / k)
    cast = (table.T @ rows[:, None]).reshape(m, k)
    overall = np.hstack([cast, total - cast.sum(axis=1, keepdims=True)]) + 0.1
    weight = (cast.sum(axis=1) > 0)[:, None, None] * data.discount[:, None, None]  # an LF that never votes says nothing
    lift = np.vstack([np.where(np.eye(k) > 0, MIXTURE_LIFT, 1 / MIXTURE_LIFT), np.ones(k)])
    base = (overall / overall.sum(axis=1, keepdims=True))[:, :, None] * lift  # [j, v or abstention, y]
    base = MIXTURE_ROWS * base / base.sum(axis=1, keepdims=True)
    posterior = consensus(data)
    shares = _shares_of(posterior, rows)
    for _ in range(MIXTURE_ROUNDS):
        weighted = posterior * rows[:, None]
        voted = (table.T @ weighted).reshape(m, k, k)
        abstained = weighted.sum(axis=0) - voted.sum(axis=1)
        counted = np.concatenate([voted, abstained[:, None]], axis=1) + base
        rates = np.log(counted / counted.sum(axis=1, keepdims=True)) * weight
        abstention = rates[:, k]
        votes = (rates[:, :k] - abstention[:, None]).reshape(m * k, k)
        posterior = softmax(np.log(shares) + abstention.sum(axis=0) + table @ votes)
        shares = _shares_of(posterior, rows)
    return shares


def _kept(data: EMData) -> float:
    """Return the share of the evidence of all votes that is kept, 1 where no LF depends on another."""
    votes = (data.counts @ ungraded(data.table)).reshape(len(data.discount), -1).sum(axis=1)
    return float(votes @ data.discount / votes.sum()) if votes.any() else 1.0


def _shares_of(posterior: np.ndarray, rows: np.ndarray) -> np.ndarray:
    shares = (posterior * rows[:, None]).sum(axis=0) + SHARE_ROWS
    return shares / shares.sum()
