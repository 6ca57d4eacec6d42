"""Which lines belong together: paragraphs, wrapped text, headlines, lists."""

import pytest

from pipeline.text.paragraphs import stretches


def read(text):
    return [(number, text[start:end]) for number, start, end in stretches(text)]


def test_blank_lines_part_paragraphs():
    assert read("One.\n\nTwo.\n \t\n\n\nThree.") == [(0, "One."), (1, "Two."), (2, "Three.")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends_of_every_kind(end):
    assert read(f"One.{end}Two.{end}{end}Three.") == [(0, "One."), (0, "Two."), (1, "Three.")]


def test_a_paragraph_separator_parts_like_a_line_end_and_two_like_a_blank_line():
    assert read("One.\u2029Two.\u2029\u2029Three.") == [(0, "One."), (0, "Two."), (1, "Three.")]


def test_a_headline_is_not_joined_to_the_story():
    text = "TALKS FAIL IN OSLO\nThe envoys went home on Tuesday."
    assert read(text) == [(0, line) for line in text.split("\n")]


def test_a_line_that_goes_on_with_a_small_letter_is_joined():
    assert read("The envoys went\nhome.") == [(0, "The envoys went\nhome.")]


@pytest.mark.parametrize("line", ["The President of", "They met Anna,", "He praised the", "They spoke to Mr."])
def test_a_line_that_is_plainly_unfinished_is_joined(line):
    assert len(read(f"{line}\nLund.")) == 1


WRAPPED = """The envoys of four countries met
in Oslo on Tuesday to hear Anna
Lund, who chairs the talks. The
ministers are due Friday.
Few expect a treaty."""


def test_wrapped_text_is_joined_even_before_a_capital_letter():
    """A line that the next word would not have fitted into goes on; a shorter one ended on purpose."""
    story, last = read(WRAPPED)
    assert story == (0, WRAPPED[: WRAPPED.index("\nFew")])
    assert last == (0, "Few expect a treaty.")


def test_long_lines_are_not_taken_for_wrapped_text():
    """The same line ends as above, but each line is a paragraph of 150 characters."""
    line = "Talks went on " * 11 + "in"
    assert len(read(f"{line}\nOslo. {line}\nbut")) == 1
    assert len(read(f"{line} Oslo\n{line} Rome")) == 2


def test_items_of_a_list_are_not_joined():
    text = "They want:\n- the port\n- the crew\n1. an answer\n(a) a date"
    assert len(read(text)) == 5


def test_text_without_words_has_no_stretches():
    assert read("") == read(" \n\n \t\n") == []
