"""Cues as numbers: which words an element may be, where cues of one word stand, and where longer ones may begin."""

import numpy as np
import pytest

from pipeline.weak.cues.matcher import CueTable
from pipeline.weak.cues.tokens import Tokens
from tests.weak.small import cues

TABLE = CueTable(cues("deadlock; (sign|ink)~v ..2 treaty; out of the question"))
DEADLOCK, SIGN, QUESTION = range(3)


def number(text: str, table: CueTable = TABLE) -> np.ndarray:
    """Return the numbers of some words, with those of no word before and behind them."""
    return table.number(Tokens.of([text.split()]))


def anchored(text: str, distance: int) -> list[tuple[int, int]]:
    places, found = TABLE.anchored(number(text), distance)
    return sorted(zip(places.tolist(), found.tolist(), strict=True))


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
    assert anchored(text, distance) == [(1, SIGN)]
    assert anchored(text, distance + 1) == []


def test_no_cue_reaches_farther_than_its_gap():
    assert TABLE.farthest == 3
    assert anchored("sign a long new treaty", 3) == []


def test_a_cue_is_found_from_words_behind_its_first():
    """ "of" and "the" stand in many cues: the one with "question" is looked for at "question", and counted back."""
    table = CueTable(cues("out of the question; out of the way; out of the woods"))
    ids = number("it is out of the woods", table)
    assert [part.tolist() for part in table.anchored(ids, 1)] == [[3], [2]]


def test_without_cues_nothing_is_found():
    empty = CueTable([])
    ids = number("word ,", empty)
    assert len(empty.single(ids)[0]) == len(empty.anchored(ids, 1)[0]) == empty.farthest == 0
    assert empty.ends[ids].tolist() == [True, False, True, True]
