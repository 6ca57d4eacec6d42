"""Folds: stable, near-duplicates together, shares right in expectation, none empty; planted copies are found."""

import random
from collections import Counter
from itertools import combinations, pairwise, product

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


def article(rng, length=200):
    """Words of a small made-up language, so that unrelated articles share single words and few pairs."""
    return [f"w{rng.randrange(500)}" for _ in range(length)]


def edited(words, rng, edits):
    """The words with some replaced, each by one that occurs nowhere else."""
    words = list(words)
    for at in rng.sample(range(len(words)), edits):
        words[at] = f"new{rng.randrange(10**9)}"
    return words


def jaccard(a, b):
    """The Jaccard similarity of the pairs of adjacent words, as an oracle."""
    one, other = ({*pairwise(text.split())} for text in (a, b))
    return len(one & other) / len(one | other)


@pytest.mark.parametrize(
    ("a", "b", "similarity"),
    [
        ("a b c d", "a b c e", 0.5),
        ("The talks failed. Nobody signed!", "the talks “failed”: nobody signed", 1.0),
        ("go go go", "go go", 1.0),
    ],
    ids=["two pairs shared of four", "case and punctuation do not count", "repeated words count once"],
)
def test_similarity_by_hand(a, b, similarity):
    assert near_duplicate_groups([a, b], similarity, held=None) == [0, 0]
    assert similarity == 1 or near_duplicate_groups([a, b], similarity + 0.01, held=None) == [0, 1]


def test_planted_copies_are_found_and_nothing_else():
    """60 articles, 30 of them with one to three copies that have up to six words replaced and a line added."""
    rng = random.Random(1)
    texts, truth = [], []
    for number in range(60):
        words, first = article(rng), len(texts)
        for copy in range(1 + (number % 2) * rng.randrange(1, 4)):
            line = ["Reporting", "by", f"desk{copy}"] if copy else []
            texts.append(" ".join(edited(words, rng, 2 * copy) + line))
            truth.append(first)
    assert near_duplicate_groups(texts, 0.8) == truth


def test_groups_are_the_connected_pairs_at_or_above_the_threshold():
    """Against all pairs compared exactly: 80 texts whose similarities lie on both sides of the threshold."""
    rng = random.Random(2)
    bases = [article(rng, 100) for _ in range(8)]
    texts = [" ".join(edited(bases[i % 8], rng, rng.randrange(0, 9))) for i in range(80)]
    oracle = list(range(80))
    for a, b in combinations(range(80), 2):
        if jaccard(texts[a], texts[b]) >= 0.8 and oracle[a] != oracle[b]:
            low, high = sorted((oracle[a], oracle[b]))
            oracle = [low if group == high else group for group in oracle]
    assert 8 < len(set(oracle)) < 80
    assert near_duplicate_groups(texts, 0.8, held=None) == oracle


@pytest.mark.parametrize("threshold", [0.1, 0.3, 0.5, 0.8, 0.95, 1.0])
def test_a_pair_is_joined_from_the_threshold_on(threshold):
    """Copies just similar enough are joined, copies just not are not; 20 pairs each."""
    rng = random.Random(3)
    for _ in range(20):
        words = article(rng, 120)
        edits = next((n for n in range(120) if jaccard(" ".join(words), replaced(words, n + 1)) < threshold), 0)
        pair = [" ".join(words), replaced(words, edits)]
        apart = [" ".join(words), replaced(words, edits + 1)]
        assert near_duplicate_groups(pair, threshold, held=None) == [0, 0]
        assert near_duplicate_groups(apart, threshold, held=None) == [0, 1]


def replaced(words, edits):
    return " ".join([*words[: len(words) - edits], *(f"new{i}" for i in range(edits))])


def test_a_chain_of_copies_is_one_group():
    """Each text is near the next; the ends are not near each other but belong to one story."""
    words = [f"w{i}" for i in range(200)]
    texts = [" ".join(words[start : start + 100]) for start in range(0, 60, 6)]
    assert jaccard(texts[0], texts[-1]) < 0.5
    assert near_duplicate_groups(texts, 0.8) == [0] * 10


def test_many_copies_of_one_text_are_one_group():
    """More equal and more nearly equal texts than one text is compared with."""
    rng = random.Random(4)
    words = article(rng)
    texts = [" ".join(edited(words, rng, 2)) for _ in range(200)] + [" ".join(words)] * 200
    assert near_duplicate_groups(texts, 0.8) == [0] * 400


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        ([], []),
        (["Alone."], [0]),
        (["", "", " \n"], [0, 1, 2]),
        (["--", "--"], [0, 1]),
        (["Signed.", "signed", "Refused."], [0, 0, 2]),
        (["No deal", "No deal!", "No deal yet"], [0, 0, 2]),
        (["Deal no", "No deal"], [0, 1]),
        (["", "Talks fail in Oslo", "", "Talks fail in Oslo"], [0, 1, 2, 1]),
    ],
    ids=["none", "one", "empty", "no words", "one word", "two words", "order", "empty between"],
)
def test_short_texts(texts, groups):
    assert near_duplicate_groups(texts, 0.8) == groups


def test_the_order_of_texts_only_renumbers_groups():
    rng = random.Random(5)
    bases = [article(rng, 80) for _ in range(10)]
    texts = [" ".join(edited(bases[i % 10], rng, 2)) for i in range(40)]
    order = rng.sample(range(40), 40)
    groups, shuffled = near_duplicate_groups(texts, 0.8), near_duplicate_groups([texts[i] for i in order], 0.8)
    assert {frozenset(order[i] for i in range(40) if shuffled[i] == g) for g in shuffled} == {
        frozenset(i for i in range(40) if groups[i] == g) for g in groups
    }


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, float("nan")])
def test_an_impossible_threshold_is_refused(threshold):
    match = rf"impossible similarity of near-duplicates; expected 0 < threshold <= 1; got {threshold}"
    with pytest.raises(ParamsError, match=match):
        near_duplicate_groups(["a"], threshold)


def test_a_threshold_too_low_for_any_shortcut_still_joins():
    assert near_duplicate_groups(["They met in Oslo.", "They met in Bergen."], 0.01) == [0, 0]


@pytest.mark.parametrize(("kept", "joined"), [(18, True), (17, False)])
def test_a_text_is_inside_another_from_the_share_held_on(kept, joined):
    """20 pairs of words, of which the longer text holds 17, or 16: 0.85 is the share that is asked for."""
    whole = [f"v{i}" for i in range(300)]
    piece = [*whole[100 : 100 + kept], *(f"new{i}" for i in range(21 - kept))]
    assert near_duplicate_groups([" ".join(whole), " ".join(piece)], 0.8, held=0.85) == [0, 0 if joined else 1]


@pytest.mark.parametrize(("words", "joined"), [(21, True), (20, False)])
def test_a_text_of_fewer_than_twenty_pairs_of_words_may_stand_anywhere(words, joined):
    whole = [f"v{i}" for i in range(300)]
    assert near_duplicate_groups([" ".join(whole), " ".join(whole[:words])], 0.8) == [0, 0 if joined else 1]


def test_work_grows_with_the_number_of_texts_not_of_pairs(monkeypatch):
    """Unrelated articles are never compared, and pages from one template with a bounded number of others each."""
    from pipeline.text import folds as duplicates

    calls = []
    is_near = duplicates._is_near
    monkeypatch.setattr(duplicates, "_is_near", lambda *pair: calls.append(1) or is_near(*pair))
    monkeypatch.setattr(duplicates, "_NEIGHBOURS", 5)
    rng = random.Random(6)
    near_duplicate_groups([" ".join(article(rng, 60)) for _ in range(300)], 0.8)
    assert not calls
    page, counts = article(rng, 100), []
    for n in (100, 400):
        calls.clear()
        near_duplicate_groups([" ".join(edited(page, rng, 5)) for _ in range(n)], 0.8)
        counts.append(len(calls))
    assert 0 < counts[1] < 6 * counts[0]


def story(seed, words=300):
    return article(random.Random(seed), words)


@pytest.mark.parametrize(
    "version",
    [
        lambda words: words[: len(words) // 2],
        lambda words: words[:60],
        lambda words: [word for n, word in enumerate(words) if n % 10],
        lambda words: ["by", "our", "desk", *words, *story(99, 80)],
        lambda words: [*words[150:], *words[:150]],
    ],
    ids=["first half", "stub", "words dropped", "lines added", "order"],
)
def test_versions_of_one_story_are_one_group(version):
    others = [" ".join(story(seed)) for seed in range(1, 30)]
    whole = story(0)
    groups = near_duplicate_groups([*others, " ".join(whole), " ".join(version(whole))], 0.8)
    assert groups == [*range(30), 29]


def test_a_short_text_and_a_common_formula_join_nothing():
    formula = story(50, 25)
    texts = [" ".join([*story(seed, 100), *formula]) for seed in range(5)]
    assert near_duplicate_groups([*texts, " ".join(story(1, 100)[:15])], 0.8) == [0, 1, 2, 3, 4, 5]


def test_the_order_of_the_texts_changes_no_group():
    whole = story(0)
    texts = [" ".join(whole), " ".join(whole[:90]), *(" ".join(story(seed)) for seed in range(1, 10))]
    assert len(set(near_duplicate_groups(texts, 0.8))) == len(set(near_duplicate_groups(texts[::-1], 0.8))) == 10


def test_texts_that_share_no_words_and_texts_without_words_stay_apart():
    assert near_duplicate_groups(["a b", "c d", "", ""], 0.01) == [0, 1, 2, 3]
