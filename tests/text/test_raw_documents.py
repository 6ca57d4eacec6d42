"""Drafts of articles."""

import pytest

from pipeline.text.formats import markdown_blocks
from pipeline.text.paragraphs import Block
from pipeline.text.records import document_of_page, document_of_text, plain_blocks


def test_plain_text_is_normalised_and_taken_apart():
    """Unseen characters are gone before paragraphs are looked for."""
    assert document_of_text("One\u200b.\r\n\u00a0\r\nTwo.").blocks == [Block("One."), Block("Two.")]
    assert plain_blocks("One.\n\nTwo.") == [Block("One."), Block("Two.")]


def test_the_caller_says_how_text_is_taken_apart():
    """Markdown has headings."""
    assert document_of_text("# One\n\nTwo.", markdown_blocks).blocks == [Block("One", "heading"), Block("Two.")]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html>\n<p>One.</p>", " <html><body><p>One.</p></body></html>", "<p>One.</p>"]
)
def test_a_web_page_is_known_by_its_text(text):
    """Whatever its file is called."""
    assert document_of_text(text).blocks == [Block("One.")]


def test_a_page_brings_what_it_says_and_what_was_left_out():
    """Its blocks, title and rest."""
    document = document_of_page(
        "<html><head><title>T</title></head><body><nav>Menu</nav><p>One, two, three.</p></body></html>"
    )
    assert document.blocks == [Block("One, two, three.")]
    assert document.metadata == {"title": "T"}
    assert [cut.text for cut in document.removed] == ["Menu"]


def test_angle_brackets_alone_make_no_web_page():
    """Text may have them."""
    assert document_of_text("He wrote <sic> and a < b.").blocks == [Block("He wrote <sic> and a < b.")]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("The mill doesn&#39;t pay &amp; won&rsquo;t.", 3),
        ("<p>The mill doesn&amp;#39;t pay.</p>", 1),
        ("The mill doesnâ€™t pay.", 1),
        ("The mill doesn't pay.", 0),
    ],
)
def test_damaged_characters_are_mended_and_counted(text, repaired):
    document = document_of_text(text)
    assert document.repaired >= repaired
    assert bool(document.repaired) == bool(repaired)
    assert document.blocks[0].text.replace("’", "'").startswith("The mill doesn't pay")
