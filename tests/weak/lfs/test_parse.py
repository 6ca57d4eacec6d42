"""Reading a sentence: which hits it has, how strong beside others, and that any text can be read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.errors import LFError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.cues import scope_words as sc
from pipeline.weak.cues.language import words
from pipeline.weak.cues.tokens import MAX_CHARS
from pipeline.weak.lfs.parse import (
    FAINT,
    GOVERNING_REACH,
    Parse,
    WordSet,
    clear_hits,
    opening_stances,
    rows_of,
    stance_hits,
    stances_of,
    votes_where,
)
from tests.weak.small import DEADLOCK, REJECT, SMALL, LFSet, lf, stances, strength


def what_is_read(parse: Parse) -> tuple:
    return parse.text, parse.tokens, parse.hits, parse.scope


def test_hits_come_in_the_order_of_the_sentence_with_their_places():
    parse = SMALL.parse("Ordovia rejects it, and Borduria supports it.")
    assert [(hit.lf, hit.match.at, hit.stance) for hit in parse.hits] == [(0, (1,), OPPOSITION), (1, (6,), AGREEMENT)]
    assert parse.tokens[1] == "rejects"
    assert parse.text.startswith("Ordovia")


def test_a_hit_says_whether_it_was_negated():
    (hit,) = SMALL.parse("Ordovia does not reject it.").hits
    assert (hit.stance, hit.negated) == (AGREEMENT, True)


def test_a_cue_has_its_own_worth_where_it_says_so_and_else_that_of_its_lf():
    lfs = LFSet([lf("clash", "clash~v; differ~v =0.25", strength=0.5)])
    assert [lfs.parse(text).hits[0].strength for text in ("they clash", "they differ")] == [0.5, 0.25]


def test_a_faint_hit_is_no_hit():
    lfs = LFSet([lf("clash", "clash~v", strength=0.5)])
    assert FAINT > 0.5 * 0.15
    assert lfs.parse("If they clash, we leave.").hits == []


@pytest.mark.parametrize(
    "text", ["", " ", "\n", ".", "?", "but", "not", "'", "“”", "\u200b", "\x00", "while", "as", "("]
)
def test_next_to_nothing_can_be_read(text):
    assert SMALL.parse(text).hits == []


def test_a_sentence_of_any_length_costs_no_more_than_a_long_one():
    parse = SMALL.parse("They reject the deal and " * 4_000)
    assert len("They reject the deal and " * 4_000) == 100_000
    assert len(parse.tokens) == MAX_CHARS // 5
    assert len(parse.hits) <= len(parse.tokens)


def test_a_megabyte_is_read_as_its_beginning_is():
    text = "They refuse to reject the deal if, and but while not, " * 20_000
    assert len(text) > 1_000_000
    assert SMALL.parse(text).hits == SMALL.parse(text[:MAX_CHARS]).hits


@settings(deadline=None)
@given(st.lists(st.text(max_size=60) | st.sampled_from(["They reject it.", "", "Is it a deal?"]), max_size=6))
def test_sentences_read_together_are_read_as_each_is_alone(texts):
    together = [parse for parses in SMALL.parse_all(texts) for parse in parses]
    assert list(map(what_is_read, together)) == [what_is_read(SMALL.parse(text)) for text in texts]


def test_sentences_read_together_can_be_counted_from_the_end():
    (parses,) = SMALL.parse_all(["Dinner is at eight.", "They reject it."])
    assert what_is_read(parses[-1]) == what_is_read(parses[1])
    assert len(parses[-1].hits) == 1
    with pytest.raises(IndexError, match="out of range"):
        parses[2]


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    parse = SMALL.parse(text)
    assert len(parse.scope.segment) == len(parse.tokens)


PIECES = st.sampled_from(
    sorted(words("they reject support the deal deadlock not never refuse to but if , . ? ( ) while may urged talks on"))
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_hits_are_votes_of_some_strength(text):
    for hit in SMALL.parse(text).hits:
        assert 0 <= hit.lf < len(SMALL)
        assert hit.stance in (OPPOSITION, AGREEMENT)
        assert FAINT <= hit.strength <= 1
        assert not (hit.negated and SMALL[hit.lf].kind == "phrase")


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_reading_is_the_same_every_time(pieces):
    text = " ".join(pieces)
    assert what_is_read(SMALL.parse(text)) == what_is_read(SMALL.parse(text))


TEXTS = ["They reject it and support it.", "", "If they reject it, they support it.", "It rains on a deal."]


@pytest.fixture
def parses():
    return next(SMALL.parse_all(TEXTS))


def test_a_word_set_knows_where_its_words_stand(parses):
    they = WordSet(["they", "never-heard-of"])
    assert they.rows(parses.tokens).tolist() == [True, False, True, False]
    assert len(they.places(parses.tokens)) == 3
    assert rows_of(parses.tokens, they.places(parses.tokens)[1:]).tolist() == [False, False, True, False]


def test_a_word_is_near_within_its_sentence_only(parses):
    it, they = WordSet(["it"]), WordSet(["they"])
    places = it.places(parses.tokens)
    assert they.near(parses.tokens, places, (-2,)).tolist() == [True, False, True, True, False]
    assert they.near(parses.tokens, places, range(1, 9)).tolist() == [False, False, True, False, False]


def test_the_first_clear_hit_of_a_sentence_gives_its_stance(parses):
    """The condition leaves too little of the first cue of the third sentence."""
    assert opening_stances(parses, 99).tolist() == [OPPOSITION, ABSTAIN, AGREEMENT, AGREEMENT]
    assert opening_stances(parses, 2).tolist() == [OPPOSITION, ABSTAIN, ABSTAIN, ABSTAIN]
    assert parses.hits.strength[clear_hits(parses)].min() >= 0.45


def test_of_several_hits_the_first_gives_the_stance(parses):
    every = np.arange(len(parses.hits.row))
    assert stances_of(parses, every).tolist() == [OPPOSITION, ABSTAIN, OPPOSITION, AGREEMENT]
    assert stances_of(parses, every[1:2]).tolist() == [AGREEMENT, ABSTAIN, ABSTAIN, ABSTAIN]


@pytest.mark.parametrize(
    ("word", "read"), [("Striker", "striker"), ("can't", "can 't"), ("peace talks", "peace talks")]
)
def test_a_word_that_no_sentence_can_have_is_refused(word, read):
    with pytest.raises(LFError, match=f"WordSet: no word of a sentence is ever .*{word}.: it is read as .*{read}"):
        WordSet(["peace", word])


def test_votes_are_abstentions_but_for_the_chosen():
    assert votes_where(np.array([True, False]), AGREEMENT).tolist() == [AGREEMENT, ABSTAIN]


def test_the_hits_that_take_a_side_are_told_by_sentence():
    rejected, none, signed = stance_hits(next(SMALL.parse_all(["They rejected it.", "It rained.", "They back it."])))
    assert [(stance, position) for stance, position, _ in rejected + signed] == [(OPPOSITION, 1), (AGREEMENT, 1)]
    assert none == []


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
