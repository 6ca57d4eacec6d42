"""The label model: algebra, planted truth, edge cases, scikit-learn's ways."""

import logging
import pickle
import subprocess
import sys

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import macro_f1
from pipeline.weak.label_model.votes import majority_vote
from tests.weak.planted import SCENARIOS, keywords, outvoted, plant

VOTES, TRUTH = plant(0, n=300, m=9, coverage=(0.1, 0.3))
GOLD = np.where(np.arange(300) < 80, TRUTH, -1)


def proba(votes, **given):
    return LabelModel(3).fit(votes, **given).predict_proba(votes)


@pytest.mark.parametrize("gold", [None, GOLD], ids=["no gold", "gold"])
class TestAlgebra:
    def test_the_order_of_lfs_does_not_matter(self, gold):
        order = np.random.default_rng(0).permutation(9)
        assert proba(VOTES[:, order], gold=gold) == pytest.approx(proba(VOTES, gold=gold), abs=1e-9)

    def test_the_order_of_rows_does_not_matter(self, gold):
        """Not even in the last bit: patterns have an order of their own."""
        order = np.random.default_rng(1).permutation(300)
        shuffled = proba(VOTES[order], gold=None if gold is None else gold[order])
        assert (shuffled == proba(VOTES, gold=gold)[order]).all()

    def test_the_names_of_classes_do_not_matter(self, gold):
        new = np.array([2, 0, 1, -1])
        renamed = proba(new[VOTES], gold=None if gold is None else new[gold])
        assert renamed[:, new[:3]] == pytest.approx(proba(VOTES, gold=gold), abs=1e-9)

    @pytest.mark.parametrize("copies", [1, 3])
    def test_a_duplicated_lf_changes_nothing(self, gold, copies):
        twice = np.hstack([VOTES, np.repeat(VOTES[:, [4]], copies, axis=1)])
        assert proba(twice, gold=gold) == pytest.approx(proba(VOTES, gold=gold), abs=1e-12)

    def test_an_lf_that_always_abstains_changes_nothing(self, gold):
        more = np.hstack([np.full((300, 1), -1), VOTES, np.full((300, 2), -1)])
        assert proba(more, gold=gold) == pytest.approx(proba(VOTES, gold=gold), abs=1e-12)

    def test_full_strength_is_the_same_as_no_strengths(self, gold):
        assert (proba(VOTES, gold=gold, strengths=np.ones(VOTES.shape)) == proba(VOTES, gold=gold)).all()

    def test_votes_of_strength_0_are_abstentions(self, gold):
        noisy = np.where(VOTES < 0, 1, VOTES)
        model = LabelModel(3).fit(noisy, gold=gold, strengths=(VOTES >= 0) * 1.0)
        assert (model.predict_proba(noisy, (VOTES >= 0) * 1.0) == proba(VOTES, gold=gold)).all()


@pytest.mark.parametrize("gold", [None, GOLD], ids=["no gold", "gold"])
class TestGradedAlgebra:
    """The same of graded votes: strengths in steps of a twentieth, which is what is distinguished."""

    STRENGTHS = np.where(VOTES >= 0, np.random.default_rng(5).integers(4, 21, VOTES.shape) / 20, 0)

    def test_neither_the_order_of_lfs_nor_of_rows_matters(self, gold):
        lfs, rows = np.random.default_rng(0).permutation(9), np.random.default_rng(1).permutation(300)
        moved = proba(
            VOTES[rows][:, lfs], gold=None if gold is None else gold[rows], strengths=self.STRENGTHS[rows][:, lfs]
        )
        assert moved == pytest.approx(proba(VOTES, gold=gold, strengths=self.STRENGTHS)[rows], abs=1e-9)

    def test_a_duplicated_lf_and_one_that_abstains_change_nothing(self, gold):
        votes, strengths = (np.hstack([x, x[:, [4]], x[:, [4]]]) for x in (VOTES, self.STRENGTHS))
        votes, strengths = np.hstack([votes, np.full((300, 1), -1)]), np.hstack([strengths, np.zeros((300, 1))])
        before = proba(VOTES, gold=gold, strengths=self.STRENGTHS)
        assert proba(votes, gold=gold, strengths=strengths) == pytest.approx(before, abs=1e-12)

    def test_the_names_of_classes_do_not_matter(self, gold):
        new = np.array([2, 0, 1, -1])
        renamed = proba(new[VOTES], gold=None if gold is None else new[gold], strengths=self.STRENGTHS)
        assert renamed[:, new[:3]] == pytest.approx(proba(VOTES, gold=gold, strengths=self.STRENGTHS), abs=1e-9)


def test_rows_with_equal_votes_get_equal_answers_alone_or_in_a_batch():
    """One row at a time is the same as all at once."""
    model = LabelModel(3).fit(VOTES)
    together = model.predict_proba(VOTES)
    assert all((model.predict_proba(VOTES[[i]])[0] == together[i]).all() for i in range(0, 300, 17))


def test_a_weaker_vote_moves_the_answer_less():
    """From the row without votes to the row with a full vote, step by step."""
    model = LabelModel(3).fit(VOTES)
    vote = VOTES[np.flatnonzero((VOTES >= 0).any(axis=1))[:1]]
    own = model.predict(vote)[0]
    answers = [model.predict_proba(vote, (vote >= 0) * s)[0, own] for s in (0.1, 0.4, 0.7, 1.0)]
    assert answers == sorted(answers)
    assert len(set(answers)) == 4


def test_more_votes_for_a_class_make_it_more_probable():
    """Independent LFs add up."""
    model = LabelModel(3).fit(VOTES)
    one, two = np.full((1, 9), -1), np.full((1, 9), -1)
    one[0, 0] = two[0, 0] = two[0, 3] = 0
    assert 1 / 3 < model.predict_proba(one)[0, 0] < model.predict_proba(two)[0, 0]


def test_unanimous_lfs_are_followed():
    """Three rows, three LFs, hand-countable."""
    votes = np.array([[0, 0, -1], [1, -1, 1], [-1, 2, 2]])
    assert LabelModel(3).fit(votes).predict(votes).tolist() == [0, 1, 2]


@pytest.fixture(scope="module", params=SCENARIOS)
def planted_results(request):
    """(classes, truth, label model, majority vote) of rows with votes, for 6 seeds of one scenario."""
    kind = SCENARIOS[request.param]
    k = len(kind.get("shares", (1, 1, 1)))
    results = []
    for seed in range(6):
        votes, truth = plant(seed, **kind)
        covered = (votes >= 0).any(axis=1)
        model = LabelModel(k).fit(votes)
        results.append((k, truth[covered], model.predict_proba(votes)[covered], majority_vote(votes, k)[covered]))
    return results


def test_on_planted_truth_it_beats_majority_vote_on_average(planted_results):
    """Macro-F1 over seeds; no scenario is lost."""
    gain = [macro_f1(y, p.argmax(1), k) - macro_f1(y, q.argmax(1), k) for k, y, p, q in planted_results]
    assert np.mean(gain) > 0


def test_on_planted_truth_it_never_collapses(planted_results):
    """No seed is far behind majority vote, and no class is lost."""
    for k, y, p, q in planted_results:
        assert macro_f1(y, p.argmax(1), k) > macro_f1(y, q.argmax(1), k) - 0.08
        assert (np.bincount(p.argmax(1), minlength=k) > 0.3 * np.bincount(y, minlength=k)).all()


SKEWS = [(0.5, 0.5), (0.7, 0.3), (0.86, 0.14), (0.95, 0.05), (0.8, 0.1, 0.1), (0.7, 0.1, 0.1, 0.05, 0.05), (1,) * 8]


@pytest.mark.parametrize("n", [30, 150, 800, 5000])
@pytest.mark.parametrize("unipolar", [True, False], ids=["unipolar", "bipolar"])
def test_over_skews_and_sizes_it_is_not_behind_majority_vote(unipolar, n):
    """Mean macro-F1 over classes from 50:50 to 95:5 and up to 8: at most 0.005 below.

    Which class is common changes: majority vote gives ties to the first.
    """
    gain = []
    for seed, common in enumerate(SKEWS * (1 if n == 5000 else 6)):
        shares = np.roll(common, seed // len(SKEWS))
        coverage = (0.05, 0.3) if unipolar else (0.1, 0.4)
        votes, truth = plant(seed, n=n, m=24, shares=shares, unipolar=unipolar, coverage=coverage)
        covered, k = (votes >= 0).any(axis=1), len(shares)
        ours, theirs = LabelModel(k).fit(votes).predict(votes), majority_vote(votes, k).argmax(axis=1)
        gain.append(np.subtract(*(macro_f1(truth[covered], p[covered], k) for p in (ours, theirs))))
    assert np.mean(gain) > -0.005


@pytest.mark.parametrize(("kind", "least"), [(keywords, -0.005), (outvoted, 0.15)], ids=["keywords", "outvoted"])
def test_a_rare_class_is_found(kind, least):
    """Precise LFs of a rare class are followed where they vote alone, and where they are outvoted."""
    gain = []
    for seed in range(4):
        votes, truth = kind(seed)
        covered = (votes >= 0).any(axis=1)
        ours, theirs = LabelModel(2).fit(votes).predict(votes), majority_vote(votes, 2).argmax(axis=1)
        gain.append(np.subtract(*(macro_f1(truth[covered], p[covered], 2) for p in (ours, theirs))))
    assert np.mean(gain) > least


def test_on_planted_truth_its_probabilities_are_calibrated(planted_results):
    """Mean confidence is close to accuracy, and hardly above it."""
    gap = np.mean([p.max(1).mean() - (p.argmax(1) == y).mean() for _, y, p, _ in planted_results])
    assert -0.08 < gap < 0.04


@pytest.mark.parametrize("unipolar", [True, False], ids=["unipolar", "bipolar"])
def test_on_planted_truth_no_vote_ever_counts_against_its_class(unipolar):
    """Three LFs that are mostly wrong: over seeds, no evidence is inverted, and theirs is the least of all."""
    ranks = []
    for seed in range(8):
        votes, _ = plant(seed, unipolar=unipolar, adversarial=3)
        model = LabelModel(3).fit(votes)
        own = np.diagonal(model.precision_, axis1=1, axis2=2)
        assert (own >= model.class_prior_ - 1e-5).all()
        knows = ((own - model.class_prior_) / (1 - model.class_prior_)).mean(axis=1)
        ranks.append(np.argsort(np.argsort(knows))[:3].mean())
    assert np.mean(ranks) < 6  # of 20 LFs; by chance 9.5


def test_gold_helps():
    """100 gold rows of 600, scored on the others: on average over seeds, with adversarial LFs most."""
    gain = []
    for seed in range(6):
        votes, truth = plant(seed, adversarial=5)
        gold = np.where(np.arange(600) < 100, truth, -1)
        rest = (gold < 0) & (votes >= 0).any(axis=1)
        with_gold, without = LabelModel(3).fit(votes, gold=gold), LabelModel(3).fit(votes)
        gain.append(macro_f1(truth[rest], with_gold.predict(votes[rest]), 3))
        gain[-1] -= macro_f1(truth[rest], without.predict(votes[rest]), 3)
    assert np.mean(gain) > 0.01


def test_gold_calibrates_overconfident_posteriors():
    """Weak echoing LFs, 2,000 rows: confidence is 0.06 or more too high; 200 gold rows put most of that right."""
    before, after = [], []
    for seed in (3, 4, 5):
        kind = {"m": 12, "echoes": 6, "unipolar": False, "accuracy": (0.4, 0.6), "coverage": (0.2, 0.4)}
        votes, truth = plant(seed, n=2000, **kind)
        gold = np.where(np.arange(2000) < 200, truth, -1)
        rest = (gold < 0) & (votes >= 0).any(axis=1)
        for gaps, given in ((before, None), (after, gold)):
            soft = LabelModel(3).fit(votes, gold=given).predict_proba(votes[rest])
            gaps.append(soft.max(axis=1).mean() - (soft.argmax(axis=1) == truth[rest]).mean())
    assert min(before) > 0.06
    assert np.abs(after).max() < 0.06


def test_held_out_predictions_are_kept_for_gold_rows_with_votes():
    """By row number; with fewer than 30 such rows there are none, and the temperature stays 1."""
    model = LabelModel(3).fit(VOTES, gold=GOLD)
    assert model.held_out_rows_.tolist() == np.flatnonzero((GOLD >= 0) & (VOTES >= 0).any(axis=1)).tolist()
    assert model.held_out_proba_.sum(axis=1) == pytest.approx(1)
    few = LabelModel(3).fit(VOTES, gold=np.where(np.arange(300) < 20, TRUTH, -1))
    assert (few.temperature_, len(few.held_out_rows_)) == (1.0, 0)


def test_lfs_worse_than_chance_are_named_and_never_inverted(caplog):
    """LF 0 says class 0 where the truth is 1 or 2: its vote is worth nothing, not a vote for the others."""
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 3, 400)
    votes = np.where(rng.random((400, 6)) < 0.6, truth[:, None], -1)
    votes[:, 0] = np.where((truth > 0) & (rng.random(400) < 0.5), 0, -1)
    with caplog.at_level(logging.WARNING, "pipeline.weak"):
        model = LabelModel(3, prior="uniform").fit(votes, gold=np.where(np.arange(400) < 200, truth, -1))
    assert model.worse_than_chance_ == [0]
    assert "worse than chance are held at chance, not inverted: 0" in caplog.text
    assert model.precision_[0, 0, 0] == pytest.approx(model.class_prior_[0], abs=1e-5)


def test_expected_accuracy_decides_between_lfs_that_disagree():
    """Nothing else tells two LFs apart that contradict each other."""
    votes = np.array([[0, 1], [0, 1]] * 5)
    assert LabelModel(2, lf_accuracy=[0.9, 0.6]).fit(votes).predict(votes).tolist() == [0] * 10
    assert LabelModel(2, lf_accuracy=[0.6, 0.9]).fit(votes).predict(votes).tolist() == [1] * 10


@pytest.mark.parametrize("shares", [(0.2, 0.65, 0.15), (0.86, 0.1, 0.04)], ids=str)
@pytest.mark.parametrize("unipolar", [True, False], ids=["unipolar", "bipolar"])
def test_the_class_prior_is_estimated(shares, unipolar):
    """Near the planted shares among rows with votes."""
    votes, truth = plant(1, n=2000, shares=shares, unipolar=unipolar)
    planted = np.bincount(truth[(votes >= 0).any(axis=1)], minlength=3)
    assert LabelModel(3).fit(votes).class_prior_ == pytest.approx(planted / planted.sum(), abs=0.06)


def test_a_given_prior_is_worth_20_rows():
    """Its shares and the estimated ones are averaged, these with a weight of as many rows as have votes."""
    votes, _ = plant(1, n=400, unipolar=False)
    rows, given = (votes >= 0).any(axis=1).sum(), np.array([0.5, 0.25, 0.25])
    estimated = LabelModel(3).fit(votes).class_prior_
    expected = (rows * estimated + 20 * given) / (rows + 20)
    assert LabelModel(3, prior=[2, 1, 1]).fit(votes).class_prior_ == pytest.approx(expected, abs=1e-5)


def test_a_wrong_prior_costs_little():
    """An even prior on classes 86:14: on average over seeds at most 0.01 macro-F1 below the estimated one."""
    cost = []
    for seed in range(5):
        votes, truth = plant(seed, n=2000, m=12, shares=(0.86, 0.14))
        covered = (votes >= 0).any(axis=1)
        scores = [
            macro_f1(truth[covered], LabelModel(2, prior=prior).fit(votes).predict(votes[covered]), 2)
            for prior in ("estimate", "uniform")
        ]
        cost.append(scores[0] - scores[1])
    assert np.mean(cost) < 0.01


@pytest.mark.parametrize(
    ("empty", "expected"),
    [("uniform", [1 / 3] * 3), (1, [0, 1, 0]), ([0.1, 0.8, 0.1], [0.1, 0.8, 0.1]), ("prior", None)],
)
def test_a_row_without_votes_gets_what_its_policy_says(empty, expected):
    """By default the class prior, never a silent uniform label."""
    model = LabelModel(3, empty=empty, prior=[0.2, 0.5, 0.3]).fit(VOTES)
    answer = model.predict_proba(np.full((2, 9), -1))
    assert answer == pytest.approx(np.tile(expected or model.class_prior_, (2, 1)))


EDGE_CASES = {
    "one row": [[0, 2, -1]],
    "one labeling function": [[0], [1], [-1], [1]],
    "all abstain": [[-1, -1], [-1, -1]],
    "one class only": [[1, 1], [1, -1], [-1, 1]],
    "all rows alike": [[0, 1, 1]] * 50,
    "pure contradiction": [[0, 1]] * 40 + [[1, 0]] * 40,
    "more functions than rows": np.random.default_rng(3).integers(-1, 3, (4, 30)),
}


@pytest.mark.parametrize("prior", ["estimate", "uniform", [0.98, 0.01, 0.01]], ids=str)
@pytest.mark.parametrize("votes", EDGE_CASES.values(), ids=EDGE_CASES)
def test_edge_cases_give_probabilities(votes, prior):
    """Rows sum to 1, nothing is NaN, EM settles."""
    model = LabelModel(3, prior=prior).fit(votes)
    answer = model.predict_proba(votes)
    assert answer.shape == (len(votes), 3)
    assert answer.sum(axis=1) == pytest.approx(1)
    assert (answer >= 0).all()
    assert model.converged_


def test_an_lf_that_never_voted_in_fit_is_trusted_later():
    """Its vote counts by the expected accuracy."""
    votes = np.hstack([VOTES, np.full((300, 1), -1)])
    model = LabelModel(3, prior="uniform").fit(votes)
    later = np.full((1, 10), -1)
    later[0, 9] = 2
    assert model.predict_proba(later)[0, 2] == pytest.approx(0.75, abs=0.1)


def test_a_sample_of_patterns_is_enough():
    """20,000 rows learnt from 2,000 of them give nearly the same answers."""
    votes, _ = plant(5, n=20_000, m=20)
    whole, part = LabelModel(3).fit(votes), LabelModel(3, max_patterns=2000).fit(votes)
    assert np.abs(whole.predict_proba(votes) - part.predict_proba(votes)).mean() < 0.02


def test_predicting_needs_fit_and_its_lfs():
    """Named errors, no AttributeError."""
    with pytest.raises(InputError, match=r"LabelModel: the label model has learnt nothing yet\. Call fit first\."):
        LabelModel(3).predict([[0]])
    with pytest.raises(
        InputError, match="votes: wrong number of columns; expected the 9 labeling functions of fit; got 2"
    ):
        LabelModel(3).fit(VOTES).predict([[0, 1]])


def test_it_keeps_scikit_learns_conventions():
    """get_params, set_params, clone, repr; fit returns the model and leaves the parameters alone."""
    from sklearn.base import clone

    model = LabelModel(4, prior="uniform", lf_accuracy=[0.6] * 9)
    copy = clone(model)
    assert copy is not model
    assert copy.get_params() == model.get_params()
    assert repr(copy.set_params(n_classes=3, lf_accuracy=0.75)) == "LabelModel(prior='uniform')"
    assert copy.fit(VOTES) is copy
    assert copy.get_params() == LabelModel(3, prior="uniform").get_params()
    assert copy.classes_.tolist() == [0, 1, 2]
    with pytest.raises(InputError, match=r"LabelModel, priors: unknown parameter\. Did you mean 'prior'\?"):
        model.set_params(priors="uniform")


def test_equal_fits_pickle_to_equal_bytes():
    """And a pickled model answers as before."""
    one, other = (LabelModel(3).fit(VOTES, gold=GOLD) for _ in range(2))
    assert pickle.dumps(one) == pickle.dumps(other)
    assert (pickle.loads(pickle.dumps(one)).predict_proba(VOTES) == other.predict_proba(VOTES)).all()  # noqa: S301


def test_importing_it_does_not_import_scikit_learn():
    """Nor scipy: `import sklearn` costs seconds."""
    modules = "pipeline.weak.label_model.label_model, pipeline.weak.label_model.selection, pipeline.weak.lf_analysis"
    code = f"import sys, {modules}; sys.exit(bool({{'sklearn', 'scipy'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestCounts:
    """Learning from counted rows is learning from the rows, to the last bit."""

    ROWS, INVERSE = np.unique(VOTES, axis=0, return_inverse=True)
    COUNTS = np.bincount(INVERSE)
    GOLD_COUNTS = np.zeros((len(ROWS), 3), int)
    np.add.at(GOLD_COUNTS, (INVERSE[GOLD >= 0], GOLD[GOLD >= 0]), 1)

    @pytest.mark.parametrize("by_hand", [False, True], ids=["no gold", "gold"])
    def test_counted_rows_teach_what_rows_teach(self, by_hand):
        rows = LabelModel(3).fit(VOTES, gold=GOLD if by_hand else None)
        counted = LabelModel(3).fit_counts(self.ROWS, self.COUNTS, gold_counts=self.GOLD_COUNTS if by_hand else None)
        assert counted.temperature_ == rows.temperature_
        assert (counted.predict_proba(VOTES) == rows.predict_proba(VOTES)).all()

    def test_equal_rows_may_repeat_and_counts_of_0_are_no_rows(self):
        votes = np.vstack([self.ROWS, self.ROWS, np.zeros((1, 9), int)])
        counts = np.r_[self.COUNTS - 1, np.ones(len(self.ROWS), int), 0]
        counted = LabelModel(3).fit_counts(votes, counts)
        assert (counted.predict_proba(VOTES) == LabelModel(3).fit(VOTES).predict_proba(VOTES)).all()

    def test_strengths_are_counted_too(self):
        strengths = np.where(VOTES >= 0, 0.5, 0)
        counted = LabelModel(3).fit_counts(VOTES, np.ones(300, int), strengths=strengths)
        assert (counted.predict_proba(VOTES) == proba_of_half_votes(strengths)).all()

    def test_the_cap_holds_for_counts(self):
        """More patterns than `max_patterns`: an even sample, the same as of rows."""
        model = LabelModel(3, max_patterns=20)
        counted = model.fit_counts(self.ROWS, self.COUNTS).predict_proba(VOTES)
        assert (counted == LabelModel(3, max_patterns=20).fit(VOTES).predict_proba(VOTES)).all()

    @pytest.mark.parametrize(
        ("counts", "gold", "message"),
        [
            ([1, -1], None, "counts, row 1: negative count; expected 0 or more; got -1"),
            ([1.5, 1], None, "counts: not integers"),
            ([1], None, r"counts: wrong shape; expected \(2,\); got \(1,\)"),
            ([1, 1], [[1, 1, 0], [0, 0, 0]], "gold_counts, row 0: more gold than rows; expected at most counts; got 2"),
        ],
    )
    def test_bad_counts_are_refused(self, counts, gold, message):
        with pytest.raises(InputError, match=message):
            LabelModel(3).fit_counts([[0], [1]], counts, gold_counts=gold)


def proba_of_half_votes(strengths):
    return LabelModel(3).fit(VOTES, strengths=strengths).predict_proba(VOTES)
