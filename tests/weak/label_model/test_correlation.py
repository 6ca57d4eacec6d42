"""Near-copies and correlated LFs."""

import numpy as np

from pipeline.weak.label_model.em import discounts, equal_votes, merge, near_copies
from pipeline.weak.label_model.votes import covered, find_patterns, majority_vote, sparse_votes, votes_of


def same(votes, n_classes=3):
    found = find_patterns(np.asarray(votes))
    return equal_votes(found.cells, found.counts, n_classes)


def kept_evidence(votes, n_classes=3):
    found = find_patterns(votes)
    table = sparse_votes(found.cells, n_classes)
    consensus = majority_vote(votes_of(found.cells), n_classes, empty="uniform") * covered(table)[:, None]
    return discounts(table, found.counts, consensus, same(votes, n_classes))


def test_equal_votes_by_hand():
    """LFs 0 and 1 meet on three rows and agree on two; LF 2 votes once, alone."""
    votes = [[0, 0, -1], [1, 1, -1], [1, 2, -1], [0, -1, -1], [-1, -1, 2]]
    assert same(votes).tolist() == [[4, 2, 0], [2, 3, 0], [0, 0, 1]]


def test_equal_votes_of_many_and_repeated_rows():
    """Against a plain matrix product, with patterns that occur up to a hundred times."""
    rng = np.random.default_rng(11)
    votes = np.repeat(rng.integers(-1, 3, (300, 7)), rng.integers(1, 100, 300), axis=0)
    expected = sum(((votes == c).T * 1.0) @ (votes == c) for c in range(3))
    assert (same(votes) == expected).all()


def test_exact_copies_are_grouped_however_few_their_votes():
    """LF 2 copies LF 0; LF 1 differs; LFs that never vote are not copies of each other."""
    assert near_copies(same([[0, 1, 0, -1, -1], [1, 1, 1, -1, -1]]), 0.9).tolist() == [0, 1, 0, 2, 3]


def test_near_copies_need_similarity_and_enough_shared_votes():
    """19 of 20 rows are enough, 4 of 5 shared votes are too few to tell."""
    many = np.zeros((20, 2), int)
    many[0, 1] = -1
    assert near_copies(same(many), 0.9).tolist() == [0, 0]
    assert near_copies(same(many), 0.96).tolist() == [0, 1]
    few = np.zeros((5, 2), int)
    few[0, 1] = -1
    assert near_copies(same(few), 0.8).tolist() == [0, 1]


def test_copies_of_copies_share_a_group_whatever_their_order():
    """LF 0 ~ LF 2 ~ LF 1, while 0 and 1 alone are not similar enough."""
    votes = np.zeros((30, 3), int)
    votes[:2, 0], votes[-2:, 1] = -1, -1
    assert near_copies(same(votes), 0.93).tolist() == [0, 0, 0]
    assert near_copies(same(votes[:, :2]), 0.93).tolist() == [0, 1]


def test_a_group_speaks_with_one_voice():
    """The most strength wins, as strong as its strongest member; an even split abstains."""
    votes = np.array([[0, 0, 1], [0, -1, 1], [-1, 2, -1], [0, 0, 0]])
    strengths = np.array([[0.5, 0.25, 0.7], [0.5, 0, 0.5], [0, 0.3, 0], [1, 0.1, 0.1]])
    found = find_patterns(votes, strengths)
    merged = merge(found.cells[found.inverse], np.array([0, 0, 0]), 3)
    assert votes_of(merged).ravel().tolist() == [0, -1, 2, 0]
    assert sparse_votes(merged, 3).data.tolist() == [0.5, 0.3, 1.0]


def test_merging_leaves_single_lfs_alone():
    """Columns of other groups stay as they are, in order of their first member."""
    cells = find_patterns(np.array([[0, 1, 0, 2], [1, -1, 1, 0]])).cells
    assert (merge(cells, np.array([0, 1, 0, 2]), 3) == cells[:, [0, 1, 3]]).all()


def test_independent_lfs_keep_all_their_evidence():
    """Given the class they vote together no more often than chance has it."""
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3, 4000)
    votes = np.where(rng.random((4000, 12)) < 0.5, np.where(rng.random((4000, 12)) < 0.8, truth[:, None], 0), -1)
    assert (kept_evidence(votes) > 0.9).all()


def test_lfs_that_echo_one_another_share_their_evidence():
    """Four LFs that repeat one on 80 % of rows keep less than half each; the others keep theirs."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 4000)
    votes = np.where(rng.random((4000, 12)) < 0.8, truth[:, None], rng.integers(0, 3, (4000, 12)))
    votes = np.where(rng.random((4000, 12)) < 0.3, votes, -1)
    for j in (1, 2, 3):
        votes[:, j] = np.where(rng.random(4000) < 0.8, votes[:, 0], votes[:, j])
    kept = kept_evidence(votes)
    assert (kept[:4] < 0.5).all()
    assert (kept[4:] > 0.9).all()
