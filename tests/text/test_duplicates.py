"""Near-duplicates: planted copies with edits are found, others are not, whatever the length of the texts."""

import random
from itertools import combinations, pairwise

import pytest

from pipeline.base.errors import ParamsError
from pipeline.text.folds import near_duplicate_groups


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


def test_texts_that_share_no_words_have_no_similarity_and_no_words_have_none_at_all():
    assert near_duplicate_groups(["a b", "c d", "", ""], 0.01) == [0, 1, 2, 3]


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
