"""How a label model learns: the precision of every LF by expectation-maximisation (EM) held in place by beliefs.

Evidence. A vote v of LF j turns the class prior p(y) into R[jv, y], the share of class y among the rows on which j
votes v; several votes multiply: q(y) ~ p(y) * prod_j (R[jv, y] / p(y)) ** d_j, with d_j from `correlation.discounts`.
An LF that abstains says nothing. This is naive Bayes written by precision instead of recall, which also fits LFs that
vote for one class only: Dawid and Skene (1979) learn nothing from those, their confusion row is always 1.

EM alone drifts: LFs that fire together pull a class to themselves until one class owns everything. Three things hold
it: a Beta-like belief that each LF is better than chance; a ceiling on what unlabelled rows can be worth against that
belief and against gold; and class balance: in each E-step the mean posterior is moved to the class prior by an offset
per class (posterior regularisation, Ganchev et al. 2010).
"""

from dataclasses import dataclass

import numpy as np

from pipeline.base.calibration import softmax
from pipeline.weak.label_model.majority import majority_of
from pipeline.weak.label_model.vote_patterns import SparseVotes

BALANCE_ROWS = 30.0
"""Rows distributed by the prior that are mixed in before balancing: a handful of rows need not mirror the prior."""

BALANCE_STEPS = 5
BALANCE_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Problem:
    """What is learnt from. p patterns, m LFs, k classes.

    `table` (p, m * k); `counts` (p,) rows of each pattern; `gold` (p, k) hand-labelled rows among them by class;
    `discount` (m,) share of evidence kept; `knows` (m,) in [0, 1): believed probability that an LF knows the class
    when it votes (its accuracy beyond chance).
    """

    table: SparseVotes
    counts: np.ndarray
    gold: np.ndarray
    discount: np.ndarray
    knows: np.ndarray


@dataclass(frozen=True)
class Strength:
    """Weights in rows: of the belief in an LF, and the most that its unlabelled rows together can be worth."""

    belief: float
    unlabelled: float


@dataclass(frozen=True)
class Learned:
    """What was learnt, of m LFs and k classes.

    `prior` (k,); `counted` (m * k, k): rows, in gold rows' worth, of class y among those on which LF j votes v, belief
    included; `precision` (m * k, k): R; `discount` (m * k,); `offset` (k,) from class balance.
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
        """Return (m * k, k): what a vote adds to the log odds of each class."""
        return self.discount[:, None] * np.log(self.precision / self.prior)

    @property
    def low(self) -> np.ndarray:
        """Return which votes (m * k,) look worse than chance and are held there."""
        voted = np.arange(len(self.counted)) % len(self.prior)
        own = np.take_along_axis(self.counted, voted[:, None], axis=1)[:, 0]
        return own < self.prior[voted] * self.counted.sum(axis=1)

    def scores(self, table: SparseVotes) -> np.ndarray:
        """Return unnormalised log posteriors (rows of the table, k)."""
        return np.log(self.prior) + self.offset + table.dot(self.evidence)


def consensus(problem: Problem) -> np.ndarray:
    """Return the majority vote of each pattern as soft labels (p, k), all 0 where no LF votes."""
    m, k = len(problem.knows), problem.gold.shape[1]
    return majority_of(problem.table.dot(np.tile(np.eye(k), (m, 1))), np.zeros(k))


def learn(problem: Problem, prior: np.ndarray, strength: Strength, *, max_iter: int, tol: float) -> Learned:
    """Run EM until no entry of R moves by more than `tol`, or `max_iter` times."""
    table, k = problem.table, len(prior)
    voted, discount = np.arange(table.n_columns) % k, np.repeat(problem.discount, k)
    gold = table.transpose_dot(problem.gold)
    unlabelled = problem.counts - problem.gold.sum(axis=1)
    seen = table.transpose_dot(unlabelled[:, None])
    worth = strength.unlabelled / (seen + strength.unlabelled)  # of one unlabelled vote, in gold votes
    covered = problem.counts * table.covered()
    cast = (seen + gold.sum(axis=1, keepdims=True)).reshape(-1, k).any(axis=0)
    offset, n_iter, moved = np.zeros(k), 0, np.inf
    counted = _with_belief(gold, problem.knows, prior, strength.belief)
    precision = precision_of(counted, voted, prior)
    while moved > tol and n_iter < max_iter:
        scores = np.log(prior) + table.dot(discount[:, None] * np.log(precision / prior))
        offset = _balanced(scores, offset, covered, prior, cast)
        posterior = softmax(scores + offset) * unlabelled[:, None]
        taught, before = gold + worth * table.transpose_dot(posterior), precision
        counted = _with_belief(taught, problem.knows, prior, strength.belief)
        precision = precision_of(counted, voted, prior)
        n_iter, moved = n_iter + 1, np.abs(precision - before).max()
    return Learned(prior, counted, precision, discount, offset, n_iter, bool(moved <= tol))


def precision_of(counted: np.ndarray, voted: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return R (c, k): the shares of `counted` (c, k), raised to chance where a vote for `voted` (c,) is worse."""
    precision = counted / counted.sum(axis=1, keepdims=True)
    rows = np.arange(len(precision))
    own, chance = precision[rows, voted], prior[voted]
    raised = precision * ((1 - chance) / (1 - own))[:, None]
    raised[rows, voted] = chance
    return np.where((own < chance)[:, None], raised, precision)


def _with_belief(taught: np.ndarray, knows: np.ndarray, prior: np.ndarray, belief: float) -> np.ndarray:
    """Return rows `taught` (m * k, k) plus `belief` rows by class as believed of each LF and each class that it votes.

    Believed is: with some probability the voted class, otherwise any class by the prior. That probability is `knows`
    (m,), moved by what the LF's votes for other classes have taught; its votes for the class itself speak anyway.
    """
    k = len(prior)
    by_vote = taught.reshape(-1, k, k)
    total = by_vote.sum(axis=2)
    beyond = np.diagonal(by_vote, axis1=1, axis2=2) - prior * total
    most = (1 - prior) * total
    elsewhere, most_elsewhere = (x.sum(axis=1, keepdims=True) - x for x in (beyond, most))
    share = np.clip((belief * knows[:, None] + elsewhere) / (belief + most_elsewhere), 0, 1)[..., None]
    return taught + belief * (share * np.eye(k) + (1 - share) * prior).reshape(-1, k)


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


PRIOR_ROWS = 10.0
"""Rows of every class that the majority vote's shares start from."""

SHARE_ROWS = 20.0
"""Gold rows that shares found without gold are worth when gold rows estimate the class prior."""

ROUNDS = 2
"""How often shares are taken halfway to those under which the votes are likeliest: real LFs depend on one another, and
shares that follow them all the way run off."""

LEAST = 0.25
"""Share of its votes, as part of an even share, that an LF must give to every class to be one that votes for all."""

_LEARN_ITER = 2  # rounds of EM before shares are moved: they hardly change any more with more
_STEPS = 5
_TINY = 1e-9


def estimated_prior(problem: Problem, strength: Strength) -> np.ndarray:
    """Return class shares (k,) among rows with votes, of gold rows too where there are some."""
    shares = majority_shares(problem)
    for _ in range(ROUNDS if _vote_for_all(problem, len(shares)).any() else 0):
        learned = learn(problem, with_gold(problem, shares), strength, max_iter=_LEARN_ITER, tol=0)
        shares = likelier_shares(problem, learned, shares)
    return with_gold(problem, shares)


def majority_shares(problem: Problem) -> np.ndarray:
    """Return the shares (k,) of the majority vote among rows with votes, a little evener."""
    shares = (consensus(problem) * problem.counts[:, None]).sum(axis=0) + PRIOR_ROWS
    return shares / shares.sum()


def likelier_shares(problem: Problem, learned: Learned, shares: np.ndarray) -> np.ndarray:
    """Return `shares` (k,) halfway to those under which the votes of LFs that vote for all classes are likeliest.

    EM over the mixture's weights alone, where LF j casts vote v on a row of class y with the probability that it was
    learnt to have there among its votes (Dawid and Skene, 1979); as many rows again hold `shares` in place.
    """
    table, k = problem.table, len(shares)
    votes = table.ungraded().transpose_dot(problem.counts[:, None])
    joint = (votes * learned.precision + _TINY).reshape(-1, k, k)  # [j, v, y]: rows
    spread = np.log(joint / joint.sum(axis=1, keepdims=True)).reshape(-1, k)
    weight = learned.discount * np.repeat(_vote_for_all(problem, k), k)
    rows = problem.counts * table.covered()
    scores, found = table.dot(weight[:, None] * spread), shares
    for _ in range(_STEPS):
        mass = (softmax(np.log(found) + scores) * rows[:, None]).sum(axis=0) + shares * rows.sum()
        found = mass / mass.sum()
    return found


def with_gold(problem: Problem, shares: np.ndarray) -> np.ndarray:
    """Return `shares` (k,) with those of the gold rows that have votes."""
    mixed = problem.gold[problem.table.covered()].sum(axis=0) + SHARE_ROWS * shares
    return mixed / mixed.sum()


def _vote_for_all(problem: Problem, k: int) -> np.ndarray:
    votes = problem.table.ungraded().transpose_dot(problem.counts[:, None]).reshape(-1, k)
    total = votes.sum(axis=1)
    return (total > 0) & (votes.min(axis=1) >= LEAST / k * total)
