"""The class prior of the label model: the shares of the classes among rows with votes.

Free EM over the prior collapses to one class with LFs that vote for one class each; the majority vote's shares do not.
But majority votes err, and errors make shares look evener than they are. LFs that vote for all classes show by how
much: what is learnt says how they spread their votes over the rows of a class, and under some shares such votes are
likelier than under others. Other LFs say nothing here: how common a class is that they do not know, they cannot tell.
"""

import numpy as np

from pipeline.calibration import softmax
from pipeline.weak.em import Learned, Problem, Strength, consensus, learn

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
