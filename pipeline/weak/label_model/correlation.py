"""LFs that repeat each other: near-copies are merged, and the evidence of correlated LFs is discounted."""

import numpy as np

from pipeline.weak.label_model.vote_patterns import LEVELS, SparseVotes, blocks, votes_of

MIN_SHARED = 10
"""Equal votes that two LFs which are not exact copies must share before they can be called near-copies."""

SIGMAS = 2.0
"""Equal votes beyond expectation count as correlation only above this many standard deviations of their number."""

TOLERATED = 0.3
"""Redundancy of a pair that costs nothing: real LFs share topics, and many small excesses would add up to silence."""


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
    """Return the group (m,) of each LF, numbered in order of appearance: near-copies share a group.

    Two LFs are near-copies when the rows on which both cast the same vote are at least `threshold` of the rows on which
    either votes; unless they are exact copies they must share MIN_SHARED votes. LFs that never vote stay alone.
    """
    votes = np.diag(same)
    union = votes[:, None] + votes - same
    alike = (same >= threshold * union) & ((same >= MIN_SHARED) | (same == union)) & (votes > 0)
    first = np.arange(len(votes))
    for j in range(len(votes)):
        linked = np.flatnonzero(alike[j, :j])
        if len(linked):
            roots = np.unique(first[linked])
            first[np.isin(first, roots)] = roots[0]
            first[j] = roots[0]
    return np.unique(first, return_inverse=True)[1]


def merge(cells: np.ndarray, groups: np.ndarray, n_classes: int) -> np.ndarray:
    """Return cells (p, g) with one column per group: the vote with most strength among its members, as strong as its
    strongest voice; a group that is split evenly abstains.
    """
    first = np.unique(groups, return_index=True)[1]
    if len(first) == cells.shape[1]:
        return cells
    merged = cells[:, first]
    for group in np.flatnonzero(np.bincount(groups) > 1):
        merged[:, group] = _joint_voice(cells[:, groups == group], n_classes)
    return merged


def discounts(ungraded: SparseVotes, counts: np.ndarray, consensus: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return the share (m,) of its evidence that each LF keeps, 1 where it is independent of the others.

    Given the class, LFs should cast the same vote no more often than chance has it. With `consensus` (p, k) standing in
    for the class, the equal votes beyond that (and beyond SIGMAS deviations) as a share of the most there could be is
    the redundancy of a pair, 0 to 1. What exceeds TOLERATED, rescaled to 0 to 1, is r; an LF keeps 1 / (1 + sum of its
    r): g LFs that said the same would keep 1/g each.
    """
    m, k = len(same), consensus.shape[1]
    weighted = consensus * counts[:, None]
    by_class = ungraded.transpose_dot(weighted).reshape(m, k, k)  # [j, v, y]: rows of class y on which j votes v
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
