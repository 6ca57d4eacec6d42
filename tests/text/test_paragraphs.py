"""Plain text into paragraphs."""

import os
from textwrap import fill

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text.paragraphs import (
    join_lines,
    join_words,
    known_words,
    list_files,
    split_paragraphs,
    stretches,
)
from tests.words import known_words as wanted_words

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


def test_files_are_listed_sorted_and_with_their_folders(tmp_path):
    """Hidden files, DVC's and the usual documents of a repository are skipped."""
    for name in ("b.txt", "a/c.txt", "a/.hidden", ".git/x.txt", "README.md", "Licence", "raw.dvc", "z.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(list_files(tmp_path)) == [("a/c.txt", ""), ("b.txt", ""), ("z.csv", "")]


def test_what_is_no_regular_file_is_named(tmp_path):
    """Pipes, devices, dangling and circular links, links to folders; a folder called like a file is a folder."""
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("/dev/zero")
    (tmp_path / "c.txt").symlink_to("nowhere")
    (tmp_path / "d.txt").symlink_to("d.txt")
    (tmp_path / "e.txt").mkdir()
    (tmp_path / "f").symlink_to(tmp_path, target_is_directory=True)
    assert list(list_files(tmp_path)) == [
        ("a.txt", "not a regular file"),
        ("b.txt", "not a regular file"),
        ("c.txt", "cannot be read (No such file or directory)"),
        ("d.txt", "cannot be read (Too many levels of symbolic links)"),
        ("f", "a link to a folder, which is not followed"),
    ]


def test_a_link_to_a_regular_file_is_a_file(tmp_path):
    """DVC may store data as links into its cache."""
    (tmp_path / "cache").write_text("x")
    (tmp_path / "a.txt").symlink_to("cache")
    assert ("a.txt", "") in list(list_files(tmp_path))


def test_a_missing_folder_and_a_file_in_its_place_are_errors(tmp_path):
    """Each says what to do or what was found."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArticleError, match=r"raw: no such folder\. Create it"):
        list_files(tmp_path / "raw")
    with pytest.raises(ArticleError, match="a file where a folder of articles was expected"):
        list_files(tmp_path / "file")


@pytest.mark.parametrize(
    ("line", "following", "joined"),
    [
        ("the council re-", "jected it", "the council rejected it"),
        ("their negotia-", "tors left", "their negotiators left"),
        ("a zymo-", "lotic brew", "a zymolotic brew"),  # no part of it is known
        ("a long-", "term plan", "a long-term plan"),
        ("a self-", "made mayor", "a self-made mayor"),
        ("the Anglo-", "Irish pact", "the Anglo-Irish pact"),
        ("no hyphen", "here", "no hyphen here"),
    ],
)
def test_lines_are_joined(line, following, joined):
    assert join_lines(line, following, frozenset()) == joined


def test_a_word_of_the_document_is_known():
    assert join_lines("the zymo-", "tech firm", {"zymotech"}) == "the zymotech firm"
    assert join_words("the zymo- tech firm", {"zymotech"}) == "the zymotech firm"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("they re- jected it and wel- comed that", "they rejected it and welcomed that"),
        ("a whistle-blower in a non-starter", "a whistle-blower in a non-starter"),
        ("they re‐ jected it", "they rejected it"),
        ("short- and long-term plans", "short- and long-term plans"),
        ("a long-term plan of a well-read mayor", "a long-term plan of a well-read mayor"),
        ("plain", "plain"),
    ],
)
def test_words_broken_inside_a_line_are_joined_where_they_are_known(text, joined):
    assert join_words(text, frozenset()) == joined


def test_the_list_holds_the_words_of_the_labeling_functions():
    wanted = wanted_words()
    assert len(known_words().intersection(wanted)) >= 0.95 * len(wanted), "python -m tests.words"


def read(text):
    return [(number, text[start:end]) for number, start, end in stretches(text)]


def test_blank_lines_part_paragraphs_in_lines():
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
