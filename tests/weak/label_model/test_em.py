"""The learning core: evidence, anchors, class balance, chance, class prior."""

import numpy as np
import pytest

from pipeline.base.calibration import softmax
from pipeline.weak.label_model.em import (
    MIN_SHARED,
    EMData,
    PriorWeights,
    class_prior,
    consensus,
    discounts,
    equal_votes,
    learn,
    likely_shares,
    majority_shares,
    merge,
    near_copies,
    precision_of,
)
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.votes import covered, find_patterns, majority_vote, sparse_votes, votes_of
from tests.weak.planted import outvoted, plant

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


def test_before_the_first_round_lfs_learn_from_the_majority_vote():
    """Two LFs agree on 10 rows, which count half for the majority, at a weight of 30 / (10 + 30): 3.75 rows."""
    found = learnt(problem_of([[0, 0]] * 10), max_iter=0)
    assert (found.n_iter, found.converged) == (0, False)
    assert found.precision[0] == pytest.approx(np.array([7 + 3.75, 1.5, 1.5]) / 13.75)


def test_a_round_counts_half_of_what_the_posterior_says():
    """10 pseudo-counts, 4 gold votes, and half of 10 rows of one vote at a weight of 30 / (10 + 30)."""
    found = learnt(problem_of([[0]] * 14, dict.fromkeys(range(4), 1)), max_iter=1)
    assert found.counted[0].sum() == pytest.approx(10 + 4 + 3.75)


def test_an_lf_for_one_rare_class_has_its_expected_accuracy_until_gold_knows_better():
    """A class of a tenth: 0.7 right without gold; with 10 gold votes, all right, 0.55 beyond chance at first."""
    prior = [0.1, 0.6, 0.3]
    assert learnt(problem_of([[0]] * 10), prior, max_iter=0).precision[0, 0] == pytest.approx(0.7)
    found = learnt(problem_of([[0]] * 10, dict.fromkeys(range(10), 0)), prior, max_iter=0)
    assert found.precision[0, 0] == pytest.approx((10 + 10 * (0.55 + 0.45 * 0.1)) / 20)


def test_an_lf_for_two_classes_learns_from_its_votes_for_the_other():
    """3.75 rows a class; votes for class 1 are all right: 0.6 beyond chance, of 3.75 * 0.4 rows that can tell."""
    votes = [[0, 0]] * 10 + [[1, 1]] * 10
    share = (5.5 + 1.5) / (10 + 1.5)
    found = learnt(problem_of(votes), [0.1, 0.6, 0.3], max_iter=0)
    assert found.precision[0, 0] == pytest.approx((3.75 + 10 * (share + (1 - share) * 0.1)) / 13.75)


def test_a_vote_worse_than_chance_is_raised_to_chance_and_the_others_shrink_alike():
    """One of ten right under a chance of 1/3: the other nine tenths share the remaining 2/3."""
    raised = precision_of(np.array([[1.0, 8.0, 1.0], [4.0, 5.0, 1.0]]), np.array([0, 0]), UNIFORM)
    assert raised[0] == pytest.approx(np.array([1 / 3, 8 / 9 * 2 / 3, 1 / 9 * 2 / 3]))
    assert raised[1] == pytest.approx([0.4, 0.5, 0.1])


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


def test_gold_rows_are_no_reason_to_leave_a_class_out_or_to_pump_one_up():
    """Half of the rows of each class are gold, and still balanced; a class that only gold has gets no votes."""
    votes = [[0, 0], [1, 1], [2, 2]] * 40
    half = {row: row % 3 for row in range(60)}
    data = problem_of(votes, half)
    found = softmax(learnt(data, [0.2, 0.5, 0.3]).scores(data.table))
    assert found.mean(axis=0) == pytest.approx([0.2, 0.5, 0.3], abs=0.02)
    two = problem_of([[0, 0], [2, 2]] * 60, dict.fromkeys(range(0, 20, 2), 0))
    assert softmax(learnt(two).scores(two.table)).mean(axis=0)[1] < 0.15


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
    assert near_copies(same([[0, 0]]), 0.9).tolist() == [0, 0]


def test_near_copies_need_similarity_and_enough_shared_votes():
    """19 of 20 rows are enough, 4 of 5 shared votes are too few to tell."""
    many = np.zeros((20, 2), int)
    many[0, 1] = -1
    assert near_copies(same(many), 0.9).tolist() == [0, 0]
    assert near_copies(same(many), 0.95).tolist() == [0, 0]
    assert near_copies(same(many), 0.96).tolist() == [0, 1]
    enough = np.zeros((MIN_SHARED + 1, 2), int)
    enough[0, 1] = -1
    assert near_copies(same(enough), 0.8).tolist() == [0, 0]
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
    pair = find_patterns(np.array([[-1, 2]])).cells
    assert votes_of(merge(pair, np.array([0, 0]), 3)).tolist() == [[2]]


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


def test_majority_shares_by_hand():
    """30 rows of class 0 and 10 of class 2, half a row more of each class; empty rows do not count."""
    votes = [[0]] * 30 + [[2]] * 10 + [[-1]] * 50
    assert majority_shares(problem_of(votes)) == pytest.approx(np.array([30.5, 0.5, 10.5]) / 41.5)


def test_votes_for_a_class_can_weigh_more_in_the_majority_vote():
    """Two votes for class 0 against one for class 1 that counts twice, then three times."""
    data = problem_of([[0, 0, 1]])
    assert consensus(data).tolist() == [[1, 0, 0]]
    assert consensus(data, np.array([1, 2, 1])).tolist() == [[0.5, 0.5, 0]]
    assert consensus(data, np.array([1, 3, 1])).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize(("rare", "rows"), [(0.01, 0), (1.5 / 101.5, 5), (0.03, 10)], ids=["hardly", "even", "by far"])
def test_em_learns_from_votes_for_an_outvoted_class_as_far_as_it_is_outvoted(rare, rows):
    """Majority vote gives class 1 a share of 0.5 / 101.5; its votes count double, as two others, at three times that.

    Rows for the class count half, at a weight of 30 / (10 + 30), beside 7 pseudo-counts.
    """
    data = problem_of([[0, 0, -1]] * 90 + [[0, 0, 1]] * 10)
    assert majority_shares(data)[1] == pytest.approx(0.5 / 101.5)
    counted = learnt(data, [0.9 - rare, rare, 0.1], max_iter=0).counted
    assert counted[7, 1] == pytest.approx(7 + rows * 0.5 * 30 / 40)


def test_a_tie_is_shared_half_evenly_and_half_as_other_rows_are():
    """30 rows of class 0; 10 are split with class 1, whose share of the others is 0.5 of 31."""
    tie = 10 * (0.5 + 30.5 / 31) / 2
    found = majority_shares(problem_of([[0, 0]] * 30 + [[0, 1]] * 10))
    assert found == pytest.approx(np.array([30.5 + tie, 10.5 - tie, 0.5]) / 41.5)


def test_without_votes_all_classes_are_as_likely():
    assert likely_shares(problem_of([[-1]] * 3)) == pytest.approx(np.full(3, 1 / 3))


def test_gold_outweighs_shares_found_without_it():
    """40 gold rows with votes, all of class 1, against shares worth 20 rows; gold without votes is no matter."""
    votes = [[0]] * 60 + [[-1]] * 5
    without = class_prior(problem_of(votes), None)
    found = class_prior(problem_of(votes, dict.fromkeys(range(40), 1) | {60: 2}), None)
    assert found == pytest.approx((np.array([0, 40, 0]) + 20 * without) / 60)


def test_a_class_with_few_lfs_is_not_outvoted():
    """A class of 7 %, found by 2 LFs of 9: its share comes nearer to the truth than by majority vote, over seeds."""
    majority, likely, estimated = [], [], []
    for seed in range(5):
        votes, truth = outvoted(seed)
        data = problem_of(np.where(votes < 0, -1, votes).tolist())
        covered = (votes >= 0).any(axis=1)
        rare = (truth[covered] == 1).mean()
        majority.append(abs(majority_shares(data)[1] - rare))
        likely.append(abs(likely_shares(data)[1] - rare))
        estimated.append(abs(class_prior(data, None)[1] - rare))
    assert np.mean(likely) < 0.6 * np.mean(majority)
    assert np.mean(estimated) < 0.8 * np.mean(likely)


def test_where_lfs_depend_on_one_another_the_majority_vote_has_more_say():
    """500 rows: the likelihood has half of the say; where 100 of 600 votes keep half, (11 / 12) ** 4 of that."""
    votes = [[0, 0]] * 60 + [[0, 1]] * 40 + [[1, -1]] * 250 + [[2, -1]] * 150
    free = problem_of(votes)
    data = EMData(free.table, free.counts, free.gold, np.array([1, 0.5]), free.accuracy)
    for given, say in ((free, 0.5), (data, 0.5 * (11 / 12) ** 4)):
        majority, likely = majority_shares(given), likely_shares(given)
        assert np.abs(majority - likely).max() > 0.005
        expected = majority ** (1 - say) * likely**say
        assert class_prior(given, None) == pytest.approx(expected / expected.sum())


@pytest.mark.parametrize("votes", [[[-1, -1]] * 5, [[0, -1]] * 5, [[0, 1]] * 5], ids=["none", "one class", "clash"])
def test_shares_are_shares_whatever_the_votes(votes):
    """Positive, and they sum to 1; also where nobody votes."""
    prior = class_prior(problem_of(votes), None)
    assert (prior > 0).all()
    assert prior.sum() == pytest.approx(1)


def test_class_names_do_not_matter():
    """Renaming classes renames the shares."""
    votes, _ = plant(4, shares=(0.2, 0.65, 0.15), unipolar=False)
    new = np.array([2, 0, 1, -1])
    renamed = LabelModel(3).fit(new[votes]).class_prior_
    assert renamed[new[:3]] == pytest.approx(LabelModel(3).fit(votes).class_prior_, abs=1e-6)
