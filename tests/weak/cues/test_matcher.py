"""Matching: where a cue stands, which of several stands, what silences it, what it costs; cues as numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.weak.cues.language import Cue
from pipeline.weak.cues.matcher import CLAUSE_ENDS, IDIOM, CueTable, KeyIndex, Matcher, spread
from pipeline.weak.cues.tokens import Tokens
from tests.weak.small import cues


def find(text: str, *owned: str, idioms: str = "", exceptions: tuple[tuple[int, str], ...] = ()) -> list[tuple]:
    """Return (owner, positions) of the matches; the k-th string of `owned` holds the cues of owner k."""
    pairs = [(k, cue) for k, written in enumerate(owned) for cue in cues(written)]
    pairs += [(IDIOM, cue) for cue in cues(idioms)]
    matcher = Matcher(pairs, [(k, cue) for k, written in exceptions for cue in cues(written)])
    return found(matcher, [text.split()])[0]


def found(matcher: Matcher, sentences: list[list[str]]) -> list[list[tuple]]:
    """Return for each tokenised sentence (owner, positions) of its matches."""
    tokens = Tokens.of(sentences)
    matches: list[list[tuple]] = [[] for _ in sentences]
    for owner, at in zip(*map(np.ndarray.tolist, (matcher.find(tokens).owner, matcher.find(tokens).at)), strict=True):
        row = tokens.rows[at[0]]
        matches[row].append((owner, tuple(place - int(tokens.starts[row]) for place in at if place >= 0)))
    return matches


def test_a_word_is_found_wherever_it_stands():
    assert find("deadlock after deadlock", "deadlock") == [(0, (0,)), (0, (2,))]


def test_the_elements_of_a_cue_stand_in_order_and_side_by_side():
    assert find("they cast doubt on it", "cast doubt on") == [(0, (1, 2, 3))]
    assert find("doubt cast on it", "cast doubt on") == []
    assert find("they cast much doubt on it", "cast doubt on") == []


@pytest.mark.parametrize(
    ("between", "found"), [("", True), ("the", True), ("all the old", True), ("all of the old", False)]
)
def test_a_gap_holds_up_to_its_number_of_words(between, found):
    text = f"lift {between} sanctions"
    assert find(text, "lift ..3 sanctions") == ([(0, (0, len(text.split()) - 1))] if found else [])


@pytest.mark.parametrize("end", sorted(CLAUSE_ENDS))
def test_a_gap_reaches_over_no_end_of_a_clause(end):
    assert find(f"lift {end} sanctions", "lift ..3 sanctions") == []


def test_none_of_several_gaps_does():
    assert find("lift a ban , on fish", "lift ..1 ban ..1 on") == []
    assert find("lift a ban right on fish", "lift ..1 ban ..1 on") == [(0, (0, 2, 4))]


def test_an_end_of_a_clause_can_itself_be_an_element():
    assert find("anything but sure", "anything ..2 but sure") == [(0, (0, 1, 2))]


def test_a_gap_is_as_short_as_can_be():
    assert find("end the war and war", "end ..5 war") == [(0, (0, 2))]
    assert find("end war or war now", "end ..5 war now") == []


def test_matches_come_in_the_order_of_their_first_words():
    assert find("a b c d", "d; b ..1 d", "a; c") == [(1, (0,)), (0, (1, 3)), (1, (2,))]


class TestLongest:
    def test_the_longest_cue_that_begins_at_a_word_stands(self):
        assert find("strike a deal", "strike", "strike a deal") == [(1, (0, 1, 2))]

    def test_a_word_inside_a_longer_cue_does_not_stand_for_itself(self):
        assert find("drop its objection", "objection", "drop ..2 objection") == [(1, (0, 2))]

    def test_a_word_in_the_gap_of_a_longer_cue_does(self):
        assert find("drop fierce objection", "fierce", "drop ..2 objection") == [(1, (0, 2)), (0, (1,))]

    def test_cues_of_equal_length_stand_beside_each_other(self):
        assert find("drop it", "drop it", "drop it") == [(0, (0, 1)), (1, (0, 1))]

    def test_an_idiom_takes_its_words_away(self):
        assert find("a cold war", "war", idioms="cold war") == []
        assert find("a cold war and a war", "war", idioms="cold war") == [(0, (5,))]

    def test_an_idiom_yields_to_a_longer_cue(self):
        assert find("a cold war threat", "cold war threat", idioms="cold war") == [(0, (1, 2, 3))]


class TestExceptions:
    def test_an_exception_silences_what_it_overlaps(self):
        assert find("attack the problem", "attack", exceptions=((0, "attack ..2 problem"),)) == []

    def test_it_silences_nothing_elsewhere_in_the_sentence(self):
        text = "attack the problem after the attack"
        assert find(text, "attack", exceptions=((0, "attack ..2 problem"),)) == [(0, (5,))]

    def test_it_silences_only_its_own_labeling_function(self):
        assert find("attack the problem", "attack", "attack", exceptions=((0, "attack ..2 problem"),)) == [(1, (0,))]

    def test_it_does_not_take_words_from_others_as_an_idiom_does(self):
        assert find("attack the problem", "attack", "problem", exceptions=((0, "attack ..2 problem"),)) == [(1, (2,))]

    def test_it_is_not_a_match_itself(self):
        assert find("attack the problem", "defend", exceptions=((0, "attack"),)) == []


def test_no_tokens_and_no_cues_give_no_matches():
    assert find("", "deadlock; cast doubt; lift ..3 ban") == []
    assert find("deadlock") == []


CROWDED = "go ..9 go ..9 go; go ..9 away; go go ..9 go; go ..9 a ..9 go; a ..9 a ..9 a ..9 b"


@pytest.mark.parametrize("piece", ["go ", "go a ", "a ", "a , ", "go a b , "])
def test_the_work_grows_with_the_words_and_no_faster(piece, monkeypatch):
    """Counted in numbers looked up, on sentences that are full of beginnings of cues with gaps."""
    matcher = Matcher(enumerate(cues(CROWDED)))
    work: list[int] = []
    find = KeyIndex.find
    monkeypatch.setattr(KeyIndex, "find", lambda self, wanted: work.append(len(wanted)) or find(self, wanted))
    totals = []
    for times in (100, 200, 400):
        work.clear()
        matcher.find(Tokens.of([(piece * times).split()]))
        totals.append(sum(work))
    assert totals[2] - totals[1] <= 2.1 * (totals[1] - totals[0])
    assert totals[0] <= 100 * len(piece.split()) * 10 * len(CROWDED.split(";")) * 4


def test_every_match_of_a_crowded_sentence_is_found_once():
    assert len(find("go " * 200, "go ..9 go ..9 go")) == 198


def slow_find(cue: Cue, tokens: list[str]) -> list[tuple[int, ...]]:
    """Follow the definition of a cue word by word."""
    found = []
    for first in range(len(tokens)):
        at = [first] if tokens[first] in cue.words[0] else []
        for words, gap in zip(cue.words[1:], cue.gaps[1:], strict=True):
            reach = [k for k in range(at[-1] + 1, at[-1] + 2 + gap) if k < len(tokens)] if at else []
            hit = next((k for k in reach if tokens[k] in words), None)
            ended = hit is None or any(tokens[k] in CLAUSE_ENDS for k in range(at[-1] + 1, hit))
            at = [] if ended else [*at, hit]
        found += [tuple(at)] if len(at) == len(cue.words) else []
    return found


WORDS = st.sampled_from(["a", "b", "c", ","])
ELEMENT = st.frozensets(WORDS, min_size=1, max_size=2)


@st.composite
def a_cue(draw) -> Cue:
    words = draw(st.lists(ELEMENT, min_size=1, max_size=4))
    gaps = [0, *draw(st.lists(st.integers(0, 3), min_size=len(words) - 1, max_size=len(words) - 1))]
    return Cue("a cue", tuple(words), tuple(gaps))


@settings(deadline=None, max_examples=300)
@given(a_cue(), st.lists(WORDS, max_size=12))
def test_a_cue_is_found_where_its_definition_says(cue, tokens):
    standing = [at for _, at in found(Matcher([(0, cue)]), [tokens])[0]]
    every = slow_find(cue, tokens)
    assert set(standing) <= set(every)
    if len(cue.words) == 1:
        assert standing == every
    for at in set(every) - set(standing):
        assert any(at[0] in other and len(other) > len(at) for other in every)


@settings(deadline=None)
@given(st.lists(a_cue(), max_size=5), st.lists(WORDS, max_size=12))
def test_what_stands_first_in_the_sentence_comes_first(several, tokens):
    matches = found(Matcher(enumerate(several)), [tokens])[0]
    assert matches == sorted(matches, key=lambda match: match[1][0])


@settings(deadline=None)
@given(st.lists(a_cue(), max_size=5), st.lists(a_cue(), max_size=2), st.lists(st.lists(WORDS, max_size=12), max_size=6))
def test_sentences_found_together_have_what_each_has_alone(several, silencing, sentences):
    """So no match reaches from one sentence into the next, and none depends on the company it is found in."""
    matcher = Matcher(enumerate(several), enumerate(silencing))
    assert found(matcher, sentences) == [found(matcher, [tokens])[0] for tokens in sentences]


@pytest.mark.parametrize(
    ("word", "turned"),
    [
        ("re-endorsed", False),
        ("pre-endorse", False),
        ("co-endorsing", False),
        ("de-endorsed", True),
        ("dis-endorse", True),
        ("disendorse", True),
        ("disendorsing", True),
    ],
)
def test_a_word_of_no_cue_counts_for_the_one_that_it_is_derived_from(word, turned):
    matches = Matcher([(0, cue) for cue in cues("endorse~v")]).find(Tokens.of([["they", word, "it"]]))
    assert (matches.at[:, 0].tolist(), matches.turned.tolist()) == ([2], [turned])


@pytest.mark.parametrize("word", ["reendorse", "unendorse", "disclosed", "discovered", "re-", "predendorse"])
def test_other_beginnings_are_no_prefix(word):
    assert find(f"they {word} it", "endorse~v; close~v; cover~v; (endorse|closed|covered)") == []


def test_a_word_of_a_cue_is_derived_from_none():
    assert find("they re-endorse it", "endorse", "re-endorse") == [(1, (1,))]


def test_what_is_turned_round_stands_by_itself():
    """ "Not endorse" is the opposite of "not disendorse"."""
    assert find("not endorse it", "not endorse", "endorse") == [(0, (0, 1))]
    assert find("not dis-endorse it", "not endorse", "endorse") == [(1, (1,))]


TABLE = CueTable(cues("deadlock; (sign|ink)~v ..2 treaty; out of the question"))
DEADLOCK, SIGN, QUESTION = range(3)


def number(text: str, table: CueTable = TABLE) -> np.ndarray:
    """Return the numbers of some words, with those of no word before and behind them."""
    return table.number(Tokens.of([text.split()]))


def anchored(text: str, table: CueTable = TABLE) -> list[list[tuple[int, int]]]:
    """Return the places where cues may begin, and the cues, by the distance of the words of their anchor from 1 on."""
    found = table.anchored(number(text, table))
    return [sorted(zip(places.tolist(), cues.tolist(), strict=True)) for places, cues in found]


def test_equal_words_have_equal_numbers_and_words_of_no_cue_share_one():
    treaty, tree, again, stone = number("treaty tree treaty stone")[1:-1].tolist()
    assert treaty == again != tree == stone


def test_an_element_accepts_its_words_and_no_others():
    words = number("signs inked treaty deadlock unheard-of")[1:-1]
    assert TABLE.accept(np.full(5, SIGN), 0, words).tolist() == [True, True, False, False, False]


def test_a_cue_of_one_word_stands_wherever_the_word_does():
    places, found = TABLE.single(number("deadlock after deadlock"))
    assert (sorted(places.tolist()), set(found.tolist())) == ([1, 3], {DEADLOCK})


@pytest.mark.parametrize(("text", "distance"), [("sign treaty", 1), ("sign a treaty", 2), ("sign a new treaty", 3)])
def test_a_longer_cue_may_begin_where_its_rarest_words_stand_in_reach(text, distance):
    assert anchored(text)[distance - 1] == [(1, SIGN)]
    assert sum(map(len, anchored(text))) == 1


def test_no_cue_reaches_farther_than_its_gap():
    assert TABLE.farthest == 3
    assert sum(map(len, anchored("sign a long new treaty"))) == 0


def test_a_cue_is_found_from_words_behind_its_first():
    """ "of" and "the" stand in many cues: the one with "question" is looked for at "question", and counted back."""
    table = CueTable(cues("out of the question; out of the way; out of the woods"))
    assert anchored("it is out of the woods", table) == [[(3, 2)]]


def test_without_cues_nothing_is_found():
    empty = CueTable([])
    ids = number("word ,", empty)
    assert len(empty.single(ids)[0]) == len([*empty.anchored(ids)]) == empty.farthest == 0
    assert empty.ends[ids].tolist() == [True, False, True, True]


KEYS = st.integers(0, 40) | st.integers(0, 2**40 - 1)
VALUES = st.integers(0, 2**23 - 1)


def index(pairs: list[tuple[int, int]]) -> KeyIndex:
    keys, values = np.array(pairs, np.int64).reshape(-1, 2).T
    return KeyIndex(keys, values)


@settings(deadline=None)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=60, unique=True), st.lists(KEYS, max_size=60))
def test_every_value_of_every_key_is_found_where_it_is_wanted(pairs, wanted):
    wanted = [*wanted, *(key for key, _ in pairs[::2])]
    places, values = index(pairs).look_up(np.array(wanted, np.int64))
    expected = [(i, value) for i, number in enumerate(wanted) for key, value in pairs if key == number]
    assert sorted(zip(places.tolist(), values.tolist(), strict=True)) == sorted(expected)


def test_finding_says_which_places_hold_a_key():
    places, keys = index([(5, 1), (5, 2), (9, 1)]).find(np.array([9, 4, 5, 9]))
    assert sorted(places.tolist()) == [0, 2, 3]
    assert len(set(keys.tolist())) == 2


@pytest.mark.parametrize("pairs", [[], [(0, 0)]])
def test_nothing_wanted_and_nothing_known_give_nothing(pairs):
    assert [len(part) for part in index(pairs).look_up(np.array([], np.int64))] == [0, 0]
    assert [len(part) for part in index([]).look_up(np.array([0, 7]))] == [0, 0]


def test_spreading_repeats_and_counts():
    numbers, nth = spread(np.array([7, 8, 9]), np.array([2, 0, 3]))
    assert numbers.tolist() == [7, 7, 9, 9, 9]
    assert nth.tolist() == [0, 1, 0, 1, 2]
