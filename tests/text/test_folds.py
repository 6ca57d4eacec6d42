"""Folds: stable under additions, near-duplicates together, shares right in expectation, no empty fold."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from pipeline.base.errors import ParamsError
from pipeline.text.folds import assign_folds, near_duplicate_groups

IDS = [f"wire/{i}" for i in range(2000)]
ALONE = list(range(len(IDS)))


def folds_of(ids, groups=None, dev=0.2, test=0.3, seed=13):
    groups = range(len(ids)) if groups is None else groups
    return dict(zip(ids, assign_folds(ids, list(groups), dev, test, seed), strict=True))


def test_an_article_keeps_its_fold_when_others_are_added():
    few = folds_of(IDS[:200])
    assert few.items() <= folds_of(IDS).items()


def test_neither_the_order_of_articles_nor_group_numbers_matter():
    backwards = folds_of(IDS[::-1], [7 * i for i in ALONE])
    assert backwards == folds_of(IDS)


def test_shares_hold_in_expectation():
    """Of 2,000 articles the counts stay within four standard errors of their shares."""
    counts = Counter(folds_of(IDS).values())
    for fold, share in (("train", 0.5), ("dev", 0.2), ("test", 0.3)):
        assert abs(counts[fold] - 2000 * share) < 4 * (2000 * share * (1 - share)) ** 0.5


def test_shares_hold_for_groups_of_near_duplicates():
    """A group of many members is no likelier to be held out than a single article."""
    folds = assign_folds(IDS, [i // 5 for i in ALONE], 0.2, 0.3, 13)
    assert abs(Counter(folds[::5])["test"] - 120) < 4 * (400 * 0.3 * 0.7) ** 0.5


def test_near_duplicates_share_a_fold():
    folds = assign_folds(IDS, [i % 300 for i in ALONE], 0.2, 0.3, 13)
    assert all(len({*folds[start::300]}) == 1 for start in range(300))


def test_a_copy_named_after_the_original_moves_nothing():
    """The original decides for the group, whatever group numbers say."""
    before = folds_of(IDS)
    copies = [f"{name}-copy" for name in IDS]
    after = folds_of(copies + IDS, ALONE + ALONE)
    assert before.items() <= after.items()


def test_a_later_number_moves_nothing():
    """Numbered ids grow: article 10 does not come before article 9."""
    before = folds_of(["a-9", *IDS])
    assert before.items() <= folds_of(["a-9", *IDS, "a-10"], [0, *range(1, 2001), 0]).items()


def test_a_copy_whose_id_comes_first_decides_for_the_group():
    """The documented exception: the group follows its first member, here the new one, for all 2,000 groups."""
    copies = [f"b{i}" for i in ALONE]
    joint = folds_of(copies + IDS, ALONE + ALONE)
    assert {name: joint[name] for name in copies} == folds_of(copies)


def test_the_seed_changes_the_folds():
    first, second = folds_of(IDS, seed=1), folds_of(IDS, seed=2)
    moved = sum(first[name] != second[name] for name in IDS) / len(IDS)
    assert moved == pytest.approx(1 - 0.5**2 - 0.2**2 - 0.3**2, abs=0.05)


def test_folds_are_the_same_on_every_machine():
    """A recorded answer: it may never change, or everybody's test articles change."""
    folds = folds_of([f"{name}.txt" for name in "abcdefgh"])
    assert " ".join(folds.values()) == "dev train test train dev train train test"


@pytest.mark.parametrize(
    ("n", "recorded"),
    [
        (2, ["tr te", "tr te", "tr te", "te tr", "te tr", "te tr", "te tr", "te tr"]),
        (3, ["tr te de", "tr de te", "de te tr", "te de tr", "te tr de", "te de tr", "te tr de", "te de tr"]),
        (4, ["de te de tr", "tr de te te", "de te tr de", "te de tr tr"]),
    ],
)
def test_few_articles_take_the_nearest_and_always_the_same(n, recorded):
    """Recorded answers, too, of the first seeds."""
    found = [assign_folds(["a", "b", "c", "d"][:n], list(range(n)), 0.2, 0.3, seed) for seed in range(len(recorded))]
    assert [" ".join(fold[:2] for fold in folds) for folds in found] == recorded


def test_dev_share_does_not_touch_test():
    one, other = folds_of(IDS, dev=0.0), folds_of(IDS, dev=0.4)
    assert {i for i in IDS if one[i] == "test"} == {i for i in IDS if other[i] == "test"}


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_few_articles_still_fill_every_fold(n):
    """Two articles are train and test; from three on dev has one, too."""
    wanted = {"train", "test"} if n == 2 else {"train", "dev", "test"}
    assert [seed for seed in range(40) if set(folds_of(IDS[:n], seed=seed).values()) != wanted] == []


def test_one_story_is_for_training():
    assert {tuple(assign_folds(["a", "b"], [0, 0], 0.2, 0.3, seed)) for seed in range(10)} == {("train", "train")}


@pytest.mark.parametrize(("dev", "test"), [(0.0, 0.3), (0.2, 0.0), (0.0, 0.0)])
def test_a_fold_without_a_share_stays_empty(dev, test):
    wanted = {"train"} | ({"dev"} if dev else set()) | ({"test"} if test else set())
    for n, seed in product((3, 50), range(10)):
        assert set(folds_of(IDS[:n], dev=dev, test=test, seed=seed).values()) == wanted


def test_moving_a_group_for_want_of_articles_is_reported(caplog):
    folds_of(["a", "b", "c"], seed=0)
    assert [record.getMessage() for record in caplog.records] == [
        "few articles: fold train was empty and takes one from dev"
    ]


def test_no_articles_no_folds():
    assert assign_folds([], [], 0.2, 0.3, 13) == []


@pytest.mark.parametrize(("dev", "test"), [(0.5, 0.5), (-0.1, 0.3), (0.2, 1.0)])
def test_impossible_shares_are_refused(dev, test):
    match = (
        rf"^split: impossible shares of folds; expected dev_share and test_share of 0 or more .*; got {dev} and {test}"
    )
    with pytest.raises(ParamsError, match=match):
        assign_folds(["a"], [0], dev, test, 13)


def test_an_article_without_a_group_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        assign_folds(["a", "b"], [0], 0.2, 0.3, 13)


def test_an_id_with_a_broken_character_has_a_fold():
    assert assign_folds(["a\ud800"], [0], 0.2, 0.3, 13) == ["train"]


def stories(rng, n=60, n_sentences=8):
    """Return the sentences of n stories, each of which comes again, shortened, and a label a story, by chance."""
    found, labels = [], []
    for _ in range(n):
        words, label = [f"w{k}" for k in rng.choice(1500, 60)], int(rng.integers(3))
        story = [" ".join(rng.choice(words, 12)) for _ in range(n_sentences)]
        found += [story, story[:-1]]
        labels += [label, label]
    return found, np.array(labels)


def share_right(texts, labels, held_out):
    """Train on what is not held out; return the share of the held-out texts that are answered rightly."""
    counts = CountVectorizer().fit_transform(texts)
    model = MultinomialNB().fit(counts[~held_out], labels[~held_out])
    return (model.predict(counts[held_out]) == labels[held_out]).mean()


def test_labels_by_chance_are_answered_by_chance_across_folds_and_by_heart_without_them():
    """Five times 60 stories: across folds within three standard errors of a third; across a random half far above."""
    rng, across, at_random, tested = np.random.default_rng(5), [], [], 0
    for seed in range(5):
        told, labels = stories(rng)
        ids = [f"story/{k}" for k in range(len(told))]
        groups = near_duplicate_groups([" ".join(story) for story in told], 0.8)
        folds = np.array(assign_folds(ids, groups, 0.0, 0.5, seed))
        of_story = np.repeat(np.arange(len(told)), [len(story) for story in told])
        sentences = [sentence for story in told for sentence in story]
        across.append(share_right(sentences, labels[of_story], (folds == "test")[of_story]))
        at_random.append(share_right(sentences, labels[of_story], rng.random(len(sentences)) < 0.5))
        tested += len({group for group, fold in zip(groups, folds, strict=True) if fold == "test"})
    assert abs(np.mean(across) - 1 / 3) < 3 * (1 / 3 * 2 / 3 / tested) ** 0.5
    assert np.mean(at_random) > 0.9
