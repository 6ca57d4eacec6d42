"""Markdown into blocks."""

import pytest

from pipeline.text.formats import markdown_blocks
from pipeline.text.paragraphs import Block


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The **second** round *fell* through, `he` said.", "The second round fell through, he said."),
        (
            "Both [sides](http://a.example/x) met ![photo](p.png)at <http://b.example>.",
            "Both sides met at http://b.example.",
        ),
        ("One [ref][1] here.\n\n[1]: http://a.example", "One ref here."),
        ("A soft\nbreak and a hard  \none.", "A soft break and a hard one."),
        ("Fish &amp; chips, 5 \\* 3, snake_case_word.", "Fish & chips, 5 * 3, snake_case_word."),
        ("Some <b>bold</b> <!-- hidden --> words.", "Some bold words."),
        ("<div>Said <i>twice</i>&nbsp;over.</div>", "Said twice over."),
    ],
    ids=["emphasis", "links", "reference", "breaks", "escapes", "inline html", "html block"],
)
def test_syntax_becomes_words(source, text):
    """What is left is what a reader sees."""
    assert markdown_blocks(source) == [Block(text)]


def test_lists_and_quotations_become_paragraphs():
    """Markers go, nesting goes, the order stays."""
    source = "> Quoted one\n> goes on.\n>\n> Quoted two.\n\n- First.\n- Second.\n\n  More.\n\n1. Third."
    expected = ["Quoted one goes on.", "Quoted two.", "First.", "Second.", "More.", "Third."]
    assert markdown_blocks(source) == [Block(text) for text in expected]


def test_headings_and_tables_are_marked_as_such():
    """Whoever cuts boilerplate must be able to tell them from paragraphs."""
    source = "# Big *one*\n\nSmall one\n---\n\nText.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n***\n\nEnd."
    assert markdown_blocks(source) == [
        Block("Big one", "heading"),
        Block("Small one", "heading"),
        Block("Text."),
        *[Block(cell, "table") for cell in "ab12"],
        Block("End."),
    ]


def test_indented_and_fenced_text_is_kept():
    """It is no code in an article."""
    assert markdown_blocks("Text.\n\n    Indented\n    text.\n\n```\nFenced.\n```") == [
        Block("Text."),
        Block("Indented text."),
        Block("Fenced."),
    ]
