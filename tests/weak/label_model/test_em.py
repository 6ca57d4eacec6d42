"""The learning core: evidence, anchors, class balance, chance."""

import numpy as np
import pytest

from pipeline.base.calibration import softmax
from pipeline.weak.label_model.em import EMData, PriorWeights, consensus, learn
from pipeline.weak.label_model.votes import covered, find_patterns, sparse_votes

UNIFORM = np.full(3, 1 / 3)


def problem_of(votes, gold=None, accuracy=0.7):
    """A problem of every row as its own pattern; `gold` {row: class}."""
    found = find_patterns(np.asarray(votes))
    by_class = np.zeros((len(votes), 3))
    for row, c in (gold or {}).items():
        by_class[row, c] = 1
    m = len(votes[0])
    table = sparse_votes(found.cells[found.inverse], 3)
    return EMData(table, np.ones(len(votes)), by_class, np.ones(m), np.full(m, accuracy))


def learnt(data, prior=UNIFORM, rows=10.0, unlabelled=30.0, max_iter=200, tol=1e-8):
    return learn(data, np.asarray(prior), PriorWeights(rows, unlabelled), max_iter=max_iter, tol=tol)


def test_consensus_by_hand():
    """Winners share a row; a row without votes has no consensus."""
    assert consensus(problem_of([[0, 0, 1], [0, 1, -1], [-1, -1, -1]])).tolist() == [
        [1, 0, 0],
        [0.5, 0.5, 0],
        [0, 0, 0],
    ]


def test_without_unlabelled_rows_precision_is_prior_and_gold_counted():
    """Pseudo-counts of 10 rows (7, 1.5, 1.5 at accuracy 0.7) and 10 gold votes, 8 right and 2 of class 2."""
    gold = dict.fromkeys(range(8), 0) | {8: 2, 9: 2}
    precision = learnt(problem_of([[0]] * 10, gold)).precision
    assert precision[0] == pytest.approx(np.array([15, 1.5, 3.5]) / 20)


def test_votes_for_other_classes_inform_the_prior_of_a_vote():
    """Expected 0.55 beyond chance, 10 gold votes for class 0 all right, none for class 1: for class 1 the prior is
    (10 * 0.55 + 10 * 2/3) / (10 + 10 * 2/3) = 0.73 beyond chance; an LF that votes for one class has no such help.
    """
    precision = learnt(problem_of([[0]] * 10, dict.fromkeys(range(10), 0))).precision
    share = (5.5 + 20 / 3) / (10 + 20 / 3)
    assert precision[1, 1] == pytest.approx(share + (1 - share) / 3)
    assert precision[0, 0] == pytest.approx((7 + 10) / 20)


def test_a_vote_alone_gives_its_precision():
    """One LF, evenly spread votes: the posterior is the expected precision, and EM stays there."""
    found = learnt(problem_of([[0], [1], [2]] * 20))
    posterior = softmax(found.scores(problem_of([[0], [1], [2]]).table))
    assert posterior == pytest.approx(np.full((3, 3), 0.15) + 0.55 * np.eye(3), abs=1e-3)
    assert found.converged


def test_the_mean_posterior_over_rows_with_votes_is_the_prior():
    """Whatever the votes say; rows without votes do not count."""
    rng = np.random.default_rng(4)
    votes = np.where(rng.random((3000, 6)) < 0.3, rng.integers(0, 3, (3000, 6)), -1)
    data = problem_of(votes)
    found = learnt(data, prior=[0.2, 0.5, 0.3])
    posterior = softmax(found.scores(data.table))[covered(data.table)]
    assert posterior.mean(axis=0) == pytest.approx([0.2, 0.5, 0.3], abs=0.01)


def test_a_single_row_is_not_forced_to_look_like_the_prior():
    """One row for class 0 stays a row for class 0."""
    data = problem_of([[0, 0]])
    assert softmax(learnt(data).scores(data.table))[0, 0] > 0.8


def test_a_class_that_nobody_votes_for_keeps_what_evidence_leaves_it():
    """Two-class LFs under a uniform prior of three classes: class 1 is not pumped up to a third."""
    rng = np.random.default_rng(5)
    votes = np.where(rng.random((900, 5)) < 0.5, rng.choice([0, 2], (900, 1)), -1)
    data = problem_of(votes)
    posterior = softmax(learnt(data).scores(data.table))[covered(data.table)]
    assert posterior.mean(axis=0)[1] < 0.15
    assert posterior.mean(axis=0)[0] == pytest.approx(posterior.mean(axis=0)[2], abs=0.02)


def test_no_vote_counts_against_its_own_class():
    """An LF that gold shows to be always wrong is held at chance, and named."""
    found = learnt(problem_of([[0, 1]] * 40, dict.fromkeys(range(40), 1)))
    assert found.precision[0, 0] == pytest.approx(1 / 3)
    assert found.evidence[0, 0] == pytest.approx(0)
    assert found.low.tolist() == [True, False, False, False, False, False]


def test_unlabelled_rows_can_never_outweigh_much_gold():
    """200 gold rows say that LF 0 is right half of the time; 5,000 unlabelled rows on which two echoes agree do not."""
    votes = [[0, 0, 0]] * 5200
    found = learnt(problem_of(votes, {row: row % 2 for row in range(200)}))
    assert found.precision[0, 0] == pytest.approx(0.5, abs=0.07)


def test_discounted_evidence_is_a_share_of_the_evidence():
    """An LF that keeps half of its evidence moves log odds half as far."""
    data = problem_of([[0], [1], [2]] * 10)
    half = EMData(data.table, data.counts, data.gold, np.array([0.5]), data.accuracy)
    full, halved = learnt(data, unlabelled=1e-9), learnt(half, unlabelled=1e-9)
    assert halved.evidence == pytest.approx(full.evidence / 2, abs=1e-6)


def test_em_says_when_it_was_stopped():
    """One round is too few here."""
    votes = np.random.default_rng(6).integers(-1, 3, (300, 8))
    stopped = learnt(problem_of(votes.tolist()), max_iter=1)
    assert (stopped.n_iter, stopped.converged) == (1, False)
