"""Plain text into paragraphs."""

from textwrap import fill

import pytest

from pipeline.text.paragraphs import split_paragraphs

STORY = [
    "VALLETTA — The two delegations parted on Monday without a date for another round, each blaming the map.",
    "A spokesman for the northern side said that No. 5 of the seven points had never been on the table, whatever "
    "al-Watan printed, and that nobody would be sorry to see it go.",
    "Short one.",
    '"We were asked to bring a pen," said the mediator. "Nobody told us what for, and the ink has long since dried on '
    'the document that we carried from hotel to hotel."',
]


def test_blank_lines_part_paragraphs():
    """Paragraphs on one line each come out as they are."""
    assert split_paragraphs("\n\n".join(STORY)) == STORY
    assert split_paragraphs("\n \n\n".join(STORY) + "\n") == STORY


def test_a_text_with_one_paragraph_a_line_stays_so():
    """Single line ends part paragraphs where lines end as sentences do."""
    assert split_paragraphs("\n".join(STORY)) == STORY


@pytest.mark.parametrize("width", [50, 72, 100])
def test_hard_wrapped_text_is_joined(width):
    """Wrapping at any usual width is undone."""
    assert split_paragraphs("\n\n".join(fill(paragraph, width, break_on_hyphens=False) for paragraph in STORY)) == STORY


def test_wrapped_paragraphs_may_be_parted_by_indentation_alone():
    """An indented line begins a paragraph of a wrapped text."""
    text = "\n".join(fill(paragraph, 60, initial_indent="   ", break_on_hyphens=False) for paragraph in STORY)
    assert split_paragraphs(text) == STORY


def test_an_indented_wrapped_block_is_one_paragraph():
    """Indentation of a whole block (a quotation) means nothing."""
    indented = fill(f"{STORY[1]} {STORY[3]}", 60, initial_indent="    ", subsequent_indent="    ")
    assert split_paragraphs(indented) == [f"{STORY[1]} {STORY[3]}"]


def test_a_title_above_wrapped_text_is_not_joined_to_it():
    """A line that is not full ends its paragraph."""
    text = "Two maps, one table\n" + "\n\n".join(fill(paragraph, 70) for paragraph in STORY)
    assert split_paragraphs(text)[:2] == ["Two maps, one table", STORY[0]]


def test_a_title_above_one_line_paragraphs_is_not_joined_to_them():
    """Nor is it when the first paragraph begins with a small letter, as "al-" does."""
    text = "Militia denies the raid\nal-Nur fighters were elsewhere, it said.\nThe army was not."
    assert split_paragraphs(text) == text.split("\n")


def test_a_sentence_broken_by_a_line_end_is_put_together():
    """A line that begins with a small letter goes on from one that did not end a sentence."""
    assert split_paragraphs("The pact was signed\nby both sides.\nIt holds.") == [
        "The pact was signed by both sides.",
        "It holds.",
    ]


def test_lists_stay_lists():
    """Items are paragraphs; a wrapped item goes on in its next line."""
    text = (
        "The northern side put three demands on the table on Tuesday, and said\nthat it would not go back to the hall"
        " until all were met in writing:\n- land for the families that were driven out of the valley in the\n"
        "  winter of the first year;\n- a road;\n- seats."
    )
    assert split_paragraphs(text)[1:] == [
        "- land for the families that were driven out of the valley in the winter of the first year;",
        "- a road;",
        "- seats.",
    ]


def test_a_number_at_the_beginning_of_a_wrapped_line_is_no_list():
    """A full line goes on even where the next begins like "5. "."""
    text = (
        "The committee of the whole house returned at long last to point\n5. That took it until well after midnight,"
        " and once again to\nnobody's surprise it went on after breakfast until a cake came."
    )
    assert len(split_paragraphs(text)) == 1


def test_a_word_hyphenated_at_a_line_end_is_mended_where_the_text_knows_it():
    """The hyphen of a compound stays."""
    text = (
        "After a night of haggling over words nobody would remember, the nego-\ntiators rose and went to bed. The"
        " negotiators had promised a well-\nmeant text, and a text with meaning is what they brought to the\ntable."
    )
    (joined,) = split_paragraphs(text)
    assert "the negotiators rose" in joined
    assert "a well-meant text" in joined


def test_emphasis_marked_by_asterisks_becomes_its_words():
    """Plain text often has it; a lone asterisk or a row of them is none."""
    assert split_paragraphs("He said **no**, *twice*.\n\n* * *\n\n5 * 3") == ["He said no, twice.", "* * *", "5 * 3"]


def test_nothing_comes_of_nothing():
    """Blank text has no paragraphs."""
    assert split_paragraphs("") == split_paragraphs(" \n \n") == []
