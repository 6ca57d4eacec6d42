"""The verdict on single stops, seen with what stands on both sides of them."""

import re

import pytest

from pipeline.text.stops import NEVER, NUMBERED, SOMETIMES, Stop, ends_sentence


def verdict(before, after, mark=".", closers=""):
    """Whether a sentence ends at `mark` between two pieces of text."""
    text = before + mark + closers + after
    close = len(before + mark + closers)
    gap, openers, word = re.match(r"(\s*)(\W*)(\w*)", text[close:]).groups()
    return ends_sentence(
        Stop(text, 0, len(before), mark, close, 0, bool(gap), openers, close + len(gap + openers), word)
    )


def test_a_word_then_a_capital_is_an_end():
    assert verdict("The talks failed", " Nobody came")


def test_a_small_letter_is_none():
    assert not verdict("The talks failed", " nobody came")


def test_nothing_after_the_stop_is_none():
    assert not verdict("The talks failed", "")


def test_titles_never_end_a_sentence():
    assert [word for word in NEVER if verdict(f"They met {word}", " The")] == []


def test_other_abbreviations_end_one_before_a_starter_only():
    words = SOMETIMES - NEVER - NUMBERED
    assert [word for word in words if not verdict(f"They met {word}", " The")] == []
    assert [word for word in words if verdict(f"They met {word}", " Lund")] == []


def test_references_go_on_with_a_number():
    assert [word for word in NUMBERED - NEVER if verdict(f"They cited {word}", " 5")] == []


@pytest.mark.parametrize("word", ["U.S", "E.U", "D.C", "Ph.D", "N.A.T.O", "J"])
def test_initials_end_one_before_a_starter_only(word):
    assert verdict(f"They met {word}", " The")
    assert not verdict(f"They met {word}", " Lund")


@pytest.mark.parametrize(("word", "ends"), [("So", False), ("Will", False), ("They", True)])
def test_a_starter_that_is_a_family_name_does_not_follow_an_initial(word, ends):
    assert verdict("They met J", f" {word}") is ends


@pytest.mark.parametrize(
    ("before", "mark", "after", "ends"),
    [
        ("We waited", "...", " then left", False),
        ("We waited", "...", " Then we left", True),
        ("We waited", "…", " Lund left", True),
        ("We waited ", "...", " Lund left", False),
        ("We waited ", "...", " They left", True),
        ("We waited", "...", " I left", False),
        ("We waited", "....", " I left", True),
        ("We left the U.S", ". .", " Lund stayed", True),
    ],
)
def test_ellipses(before, mark, after, ends):
    assert verdict(before, after, mark) is ends


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("The talks failed", "The envoys left", True),
        ("In 2008", "The envoys left", True),
        ("See www.example", "Org for more", False),
        ("Ask press@example", "Lund now", False),
        ("Ask Booking", "Com about it", False),
        ("Version 2", "0", False),
        ("Section A", "Lund", False),
        ("Mr", "Lund", False),
    ],
)
def test_without_a_space(before, after, ends):
    assert verdict(before, after) is ends


@pytest.mark.parametrize("mark", ["。", "！", "？"])
def test_full_width_stops_need_no_space_and_no_capital_letters(mark):
    assert verdict("会谈结束", "没有人签字", mark)


def test_dots_of_omission_behind_a_full_stop_belong_to_the_next_sentence():
    """The first of four dots ends the sentence; where a blank stands before them all four are of the omission."""
    starts = {}
    for before in ("They met", "They met "):
        text = f"{before}. . . . Nobody came"
        close = len(f"{before}. . . .")
        starts[before] = Stop(text, 0, len(before), ". . . .", close, 0, True, "", close + 1, "Nobody").next_start
    assert starts == {"They met": len("They met") + 2, "They met ": len("They met . . . . ")}
