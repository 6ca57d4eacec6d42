"""Hits: what is left of a cue beside others, counted by hand from the constants."""

import pytest

from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.cues import scope_words as sc
from pipeline.weak.lfs.parse import FAINT, GOVERNING_REACH
from tests.weak.small import DEADLOCK, REJECT, SMALL, LFSet, lf, stances, strength


def hits(text: str, lfs: LFSet = SMALL) -> list[tuple[str, int, float]]:
    return [(lfs.names[hit.lf], hit.stance, hit.strength) for hit in lfs.parse(text).hits]


def test_a_phrase_is_worth_what_it_is_whatever_stands_before():
    assert hits("They may not reject a deadlock?")[1] == ("deadlock", OPPOSITION, 1.0)


def test_each_cue_takes_its_share_from_those_behind_it():
    first, second, third = hits("They reject one; they support two; they oppose three.")
    assert [first[2], second[2]] == [1.0, 1 - sc.LATER]
    assert third[2] == pytest.approx((1 - sc.LATER) * (1 - sc.LATER))


def test_cues_of_one_first_word_are_one_cue_to_those_behind():
    lfs = LFSet([REJECT, lf("spurn", "reject~v", strength=0.5)])
    found = {name: strength for name, _, strength in hits("They reject it; they oppose it.", lfs)}
    assert hits("They reject it; they oppose it.", lfs)[:2] == [("reject", OPPOSITION, 1.0), ("spurn", OPPOSITION, 0.5)]
    assert found["reject"] == 1 - sc.LATER


def test_a_noun_is_governed_by_a_verb_in_its_segment_within_reach():
    near, far = (f"They reject {'x ' * n}deal" for n in (GOVERNING_REACH - 1, GOVERNING_REACH))
    left = 1 - sc.LATER
    assert hits(near + " " + "y " * 3)[1:] == []  # 0.95 * 0.2 * 0.5 is less than FAINT
    assert hits(far)[1][2] == pytest.approx(sc.NOMINAL * left)
    assert sc.NOMINAL * sc.GOVERNED * left < FAINT


def test_a_verb_in_another_sentence_governs_nothing():
    parses = next(SMALL.parse_all(["They reject", "a deal"]))
    assert [hit.strength for hit in parses[1].hits] == [sc.NOMINAL]


def test_before_but_a_cue_is_weaker_only_where_a_stance_stands_behind():
    neutral = LFSet([REJECT, lf("meet", "meet~v", NEUTRAL)])
    assert hits("They reject it, but they meet.", neutral)[0][2] == 1.0
    assert hits("They reject it, but support them.")[0][2] == sc.BEFORE_BUT
    assert hits("They reject it, but a deadlock is near.")[0][2] == sc.BEFORE_BUT


def test_a_negated_cue_has_the_stance_of_its_lf_for_that():
    assert hits("They never reject it.") == [("reject", AGREEMENT, 1.0)]
    assert hits("They never saw a deadlock.", LFSet([DEADLOCK])) == [("deadlock", OPPOSITION, 1.0)]


def test_lfs_without_cues_have_no_hits():
    assert hits("They reject it.", LFSet([])) == []


TOGETHER = LFSet([*SMALL, lf("together", "jointly; together", AGREEMENT)])


def test_an_adverb_of_manner_leaves_the_stance_to_a_verb_against():
    """It says how it was done; beside a verb of its own stance, or none, it counts."""
    assert strength("They jointly rejected it.", "together", TOGETHER) < 0.3
    assert strength("They rejected it together.", "together", TOGETHER) < 0.3
    assert strength("They jointly supported it.", "together", TOGETHER) == 1.0
    assert strength("They jointly paid for it.", "together", TOGETHER) == 1.0


def test_an_adverb_of_manner_leaves_the_stance_to_a_verb_for_it():
    angry = LFSet([*SMALL, lf("angry", "(angry|angrily); rally~v")])
    assert strength("They angrily supported it.", "angry", angry) < 0.3
    assert strength("They angrily rejected it.", "angry", angry) == 1.0
    assert strength("They angrily paid for it.", "angry", angry) == 1.0
    assert strength("Angry, they supported it.", "angry", angry) == 1.0
    assert strength("They rally, supporting it.", "angry", angry) == 1.0  # a verb in -ly is none


def test_a_noun_counts_little_before_a_passive_verb_of_another_stance():
    assert strength("The deal was rejected.", "deal") < 0.3
    assert strength("The deal was supported.", "deal") > 0.9
    assert strength("The deal was signed by those who rejected it.", "deal") > 0.9


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The ban was lifted.", AGREEMENT),
        ("The ban was never lifted.", OPPOSITION),
        ("The ban hasn't been lifted.", OPPOSITION),
        ("The ban on those who had no ship was lifted.", AGREEMENT),
    ],
)
def test_a_negation_of_the_verb_inside_a_cue_turns_it_over(text, stance):
    lifted = LFSet([lf("lifted", "ban ..9 lifted", AGREEMENT, negated=OPPOSITION)])
    assert stances(text, lifted) == {"lifted": stance}


def test_a_noun_counts_little_before_a_passive_verb_at_the_end_of_a_cue():
    voted_down = LFSet([*SMALL, lf("voted_down", "plan ..2 rejected", kind="noun")])
    assert strength("The truce plan was rejected.", "deal", voted_down) < 0.3
    assert strength("The truce plan they rejected.", "deal", voted_down) > 0.9


def test_a_prefix_turns_a_cue_round():
    assert hits("They dis-support it.") == [("support", OPPOSITION, 1.0)]
    assert hits("They never dis-support it.") == [("support", AGREEMENT, 1.0)]
    assert hits("They re-support it.") == [("support", AGREEMENT, 1.0)]
