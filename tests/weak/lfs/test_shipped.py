"""The shipped Python labeling functions, each alone, on hits that a small lexicon makes."""

import pytest

from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.lfs import shipped as functions
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.shipped import SHIPPED
from tests.weak.small import SMALL, LFSet

LFS = LFSet([*SHIPPED, *SMALL])


def vote(name: str, text: str) -> int | None:
    """Return the stance id that the shipped function `name` votes for, None where it abstains."""
    number = LFS.names.index(name)
    return LFS.vote(text).get(number, (None, 0.0))[0]


def test_all_marked_functions_of_the_module_are_shipped():
    decorated = [value for value in vars(functions).values() if hasattr(value, "_labeling_function")]
    assert [lf.function for lf in SHIPPED] == decorated
    assert len(SHIPPED) >= 5


@pytest.mark.parametrize("lf", SHIPPED, ids=lambda lf: lf.name)
def test_each_bears_an_empty_sentence(lf: LF):
    assert vote(lf.name, "") in (None, NEUTRAL)


@pytest.mark.parametrize(
    ("text", "attributed", "unattributed"),
    [
        ("Rebels killed a farmer.", OPPOSITION, None),
        ("A bomb hit the embassy.", OPPOSITION, None),
        ("A bomb hit the bakery.", None, NEUTRAL),
        ("The flood killed soldiers.", None, NEUTRAL),
        ("The soldiers had lunch.", None, None),
        ("Norway attacked Denmark.", OPPOSITION, None),
        ("Copenhagen shelled the hills of Norway.", OPPOSITION, None),
        ("A bomb killed nine in Norway.", None, NEUTRAL),
        ("Nine tourists in Norway bombed in a song contest.", None, NEUTRAL),
    ],
)
def test_violence_takes_a_stance_only_where_a_party_stands_close_by(text, attributed, unattributed):
    assert vote("violence_of_parties", text) == attributed
    assert vote("violence_unattributed", text) == unattributed


def test_a_question_is_open():
    assert vote("open_question", "Will they sign?") == NEUTRAL
    assert vote("open_question", "They will sign.") is None


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Ordovia rejects what others support.", OPPOSITION),
        ("Borduria supports what others reject.", AGREEMENT),
        ("On the third day of a long week of quiet meals by the sea they reject it.", None),
        ("If they reject it, we leave.", None),
    ],
)
def test_the_first_clear_cue_of_the_opening_words_leads(text, stance):
    assert vote("leading_cue", text) == stance


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Ordovia rejected it, but will now support it.", AGREEMENT),
        ("Borduria supports it, but has rejected the price.", OPPOSITION),
        ("Ordovia rejects it, but Borduria supports it.", None),
        ("Borduria supports it, but dinner is at eight.", None),
        ("Borduria supports it and Ordovia rejects it.", None),
    ],
)
def test_what_stands_behind_but_is_the_main_point(text, stance):
    assert vote("after_but", text) == stance


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Ordovia rejects it, but Borduria supports it.", NEUTRAL),
        ("Ordovia rejects it, but the old port supports it.", NEUTRAL),
        ("Ordovia rejects it while Borduria supports it.", NEUTRAL),
        ("Ordovia rejects it, but it supports the price.", None),
        ("Ordovia rejects it, but strongly supports the price.", None),
        ("Some states reject it, others support it.", NEUTRAL),
        ("Ordovia rejects it while Borduria opposes it.", None),
        ("Ordovia rejects it, but the people of the old port in the north now support it.", None),
    ],
)
def test_two_parties_that_differ_are_neutral(text, stance):
    assert vote("two_parties", text) == stance


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("It rose from 3 in 1990 to 5 in 2001.", NEUTRAL),
        ("It rose from 3 to 5.", None),
        ("They reject 3 of 5 parts of 2001.", None),
    ],
)
def test_figures_without_a_cue_are_neutral(text, stance):
    assert vote("mostly_figures", text) == stance


@pytest.mark.parametrize(
    ("text", "stance"),
    [("Lunch at the harbour", NEUTRAL), ("They reject it.", None), ("They had lunch at the old harbour.", None)],
)
def test_a_few_words_without_a_cue_are_neutral(text, stance):
    assert vote("fragment", text) == stance
