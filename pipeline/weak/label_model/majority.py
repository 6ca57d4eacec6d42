"""Majority vote, and what a row without votes gets."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from pipeline.base.errors import InputError
from pipeline.weak.label_model.validation import checked_shares, checked_strengths, checked_votes

Empty = Literal["uniform", "prior"] | int | Sequence[float] | np.ndarray
"""What a row gets on which every LF abstains.

"uniform": every class the same; "prior": the class prior of the label model; a class id: that class, with probability
1; a sequence: these class shares.
"""


def majority_vote(votes: Any, n_classes: int, *, empty: Empty = "uniform", strengths: Any = None) -> np.ndarray:
    """Return soft labels, float64 (n, n_classes): all mass on the class with most votes, shared between tied classes.

    `votes` int (n, m), -1 to abstain; `strengths` float (n, m) in [0, 1] makes a vote count for less, and 0 is
    abstaining; `empty` is the policy for rows without votes (`Empty`, without "prior"). Raises InputError with the
    place of a bad entry.
    """
    votes = checked_votes(votes, n_classes)
    strengths = checked_strengths(strengths, votes.shape)
    tallies = np.empty((len(votes), n_classes))
    for c in range(n_classes):
        chosen = votes == c
        tallies[:, c] = chosen.sum(axis=1) if strengths is None else (chosen * strengths).sum(axis=1)
    return majority_of(tallies, empty_shares(empty, n_classes))


def majority_of(tallies: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Return soft labels (n, k) from tallies (n, k): winners share a row, `empty` (k,) is the row without votes."""
    tallies = tallies.round(9)  # so that sums of strengths can tie
    best = tallies.max(axis=1, keepdims=True, initial=0)
    winners = (tallies == best).astype(float)
    soft = winners / winners.sum(axis=1, keepdims=True)
    soft[best[:, 0] <= 0] = empty
    return soft


def empty_shares(empty: Empty, n_classes: int, prior: np.ndarray | None = None) -> np.ndarray:
    """Return the class shares (n_classes,) that the policy `empty` gives to a row without votes; raise InputError."""
    if isinstance(empty, str):
        if empty == "uniform":
            return np.full(n_classes, 1 / n_classes)
        if empty == "prior" and prior is not None:
            return prior
        valid = '"uniform", a class id or class shares' if prior is None else '"uniform", "prior", a class id or shares'
        raise InputError("unknown policy for rows without votes", "empty", expected=valid, got=repr(empty))
    if not isinstance(empty, (int, np.integer)) or isinstance(empty, bool):
        return checked_shares(empty, n_classes, "empty", zero_ok=True)
    if not 0 <= empty < n_classes:
        raise InputError("no such class", "empty", expected=f"0 to {n_classes - 1}", got=str(empty))
    return np.eye(n_classes)[empty]
