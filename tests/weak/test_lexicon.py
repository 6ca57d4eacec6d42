"""The shipped labeling functions: each holds on its own examples, and says what it rests on."""

from collections import Counter

from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.weak.cues.tokens import tokenize
from pipeline.weak.lfs.lf import LF
from pipeline.weak.loading import load_lfs

LFS = load_lfs()
DATA = [lf for lf in LFS if lf.cues]


def vote(lf: LF, sentence: str) -> int:
    return LFS.vote(sentence).get(LFS.names.index(lf.name), (ABSTAIN, 0.0))[0]


def test_each_votes_for_its_stance_on_its_own_examples():
    assert [lf.name for lf in LFS if not lf.fires] == []
    assert [(lf.name, sentence) for lf in LFS for sentence in lf.fires if vote(lf, sentence) != lf.stance] == []


def test_none_does_on_its_own_counterexamples():
    assert [lf.name for lf in LFS if not lf.quiet] == []
    assert [(lf.name, sentence) for lf in LFS for sentence in lf.quiet if vote(lf, sentence) == lf.stance] == []


def test_each_says_why_and_by_which_rule():
    assert [lf.name for lf in LFS if len(lf.why) < 10] == []
    assert [lf.name for lf in LFS if not (lf.rule[0].isdigit() or lf.rule.startswith(STANCES))] == []


def test_each_has_a_strength_another_stance_if_negated_and_either_cues_or_a_function():
    assert [lf.name for lf in LFS if not 0 < lf.strength <= 1 or lf.negated == lf.stance] == []
    assert [lf.name for lf in LFS if bool(lf.cues) == bool(lf.function)] == []


def test_there_are_many_as_data_and_some_as_functions_for_every_stance():
    assert len(DATA) >= 40
    assert 3 <= len(LFS) - len(DATA) <= len(DATA) / 3
    assert set(Counter(lf.stance for lf in DATA)) == {0, 1, 2}
    assert min(Counter(lf.stance for lf in DATA).values()) >= 10


def test_names_are_unique():
    assert len(set(LFS.names)) == len(LFS)


def test_no_cue_begins_with_a_gap():
    every = [cue for lf in LFS for cue in (*lf.cues, *lf.exceptions)] + list(LFS.idioms)
    assert all(cue.gaps[0] == 0 and len(cue.gaps) == len(cue.words) for cue in every)


def test_every_cue_can_be_found_in_some_sentence():
    """Each of its elements has a word that sentences are split into."""
    every = [(lf.name, cue) for lf in LFS for cue in (*lf.cues, *lf.exceptions)] + [("idiom", c) for c in LFS.idioms]
    words = {word for _, cue in every for element in cue.words for word in element}
    tokens = {word for word in words if tokenize(word) == [word]}
    assert [(name, cue.source) for name, cue in every if any(tokens.isdisjoint(element) for element in cue.words)] == []
