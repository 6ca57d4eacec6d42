"""Which reader for which file."""

import gzip
import io

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text.articles import COLUMNS
from pipeline.text.formats import (
    READERS,
    markdown_blocks,
    read_html,
    read_markdown,
    read_plain,
    read_plain_stdin,
    split_front_matter,
    stem_of,
    suffix_of,
)
from pipeline.text.paragraphs import Block

HEAD = "---\ntitle: Two rivers\ndate: 1975-11-28\nregion: north\n---\n\n"


@pytest.mark.parametrize(
    ("name", "suffix", "stem"),
    [
        ("a.txt", ".txt", "a"),
        ("2001/talks.v2.TXT.gz", ".txt", "2001/talks.v2"),
        ("a/notes", "", "a/notes"),
        ("a.jsonl.GZ", ".jsonl", "a"),
    ],
)
def test_a_file_is_known_by_its_suffix(name, suffix, stem):
    """The one before .gz, in any letter case; the rest is the stem."""
    assert (suffix_of(name), stem_of(name)) == (suffix, stem)
    assert suffix in READERS


def test_plain_text_with_front_matter(tmp_path):
    """The front matter is what the file says, the rest is text."""
    (tmp_path / "a.txt").write_text(f"{HEAD}# It rained.\n")
    (document,) = read_plain(tmp_path / "a.txt", COLUMNS)
    assert document.metadata == {"title": "Two rivers", "date": "1975-11-28", "region": "north"}
    assert document.blocks == [Block("# It rained.")]


def test_plain_text_from_stdin(monkeypatch):
    """As from a file."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{HEAD}# It rained.\n".encode())))
    document = read_plain_stdin()
    assert (document.metadata["title"], document.blocks) == ("Two rivers", [Block("# It rained.")])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"It rained."))))
    assert read_plain_stdin().problem == "gzip data, not text: unpack it (gunzip)"


def test_markdown_with_front_matter(tmp_path):
    """Its first heading is a heading."""
    (tmp_path / "a.md").write_text(f"{HEAD}# Rain\n\nIt **rained**.\n")
    (document,) = read_markdown(tmp_path / "a.md", COLUMNS)
    assert document.metadata["title"] == "Two rivers"
    assert document.blocks == [Block("Rain", "heading"), Block("It rained.")]


def test_a_web_page_in_the_encoding_it_names(tmp_path):
    """Which is no guess."""
    (tmp_path / "a.html").write_bytes('<meta charset="windows-1250"><p>Źle, powiedział.</p>'.encode("cp1250"))
    (document,) = read_html(tmp_path / "a.html", COLUMNS)
    assert (document.blocks, document.guess) == ([Block("Źle, powiedział.")], "")


@pytest.mark.parametrize("reader", [read_plain, read_markdown, read_html])
def test_packed_guessed_and_binary_files(tmp_path, reader):
    """Each reader unpacks, names the encoding that it guessed, and says of binary data that it is none."""
    (tmp_path / "a.gz").write_bytes(gzip.compress("It’s Zürich.".encode("cp1252")))
    (guessed,) = reader(tmp_path / "a.gz", COLUMNS)
    assert guessed.guess == "cp1252"
    assert [block.text for block in guessed.blocks] in ([], ["It’s Zürich."])
    (tmp_path / "b").write_bytes(bytes(range(32)) * 9)
    (binary,) = reader(tmp_path / "b", COLUMNS)
    assert binary.problem == "binary data, not text"


def test_broken_front_matter_names_the_file(tmp_path):
    """Where to look is part of the message."""
    (tmp_path / "a.txt").write_text("---\ntitle: Rain\n\nIt rained.")
    with pytest.raises(ArticleError, match=r"a\.txt: front matter that does not end\. Put a line"):
        list(read_plain(tmp_path / "a.txt", COLUMNS))


def test_front_matter_is_taken_off_as_text():
    """Dates, numbers and "no" stay as written, lists are joined, keys are in lower case, empty values are left out."""
    text = '---\nTitle: "Talks: round two"\ndate: 1975-11-28\nregion: no\nn: 007\ntags: [a, b]\nnone:\n---\n\nBody.\n'
    values, body = split_front_matter(text)
    assert values == {"title": "Talks: round two", "date": "1975-11-28", "region": "no", "n": "007", "tags": "a, b"}
    assert body.strip() == "Body."


def test_nested_front_matter_becomes_a_line():
    values, _ = split_front_matter("---\nby: {desk: Oslo, names: [Ann, Lee]}\n---\nBody.")
    assert values == {"by": "desk: Oslo; names: Ann, Lee"}


def test_a_colon_in_an_unquoted_title_is_forgiven():
    """It is no YAML, and the commonest mistake of all."""
    values, body = split_front_matter("---\ntitle: Envoy: 'no deal'\ndate: 2001-02-03\n---\nBody.")
    assert values == {"title": "Envoy: 'no deal'", "date": "2001-02-03"}
    assert body.strip() == "Body."


@pytest.mark.parametrize(
    "text",
    ["Body.", "---\n\nBody.\n\n---\n", "---\nA sentence with a rule above.\n---\n", "---\nLISBON: A sentence.\n", ""],
    ids=["none", "rules", "prose between rules", "dateline", "empty"],
)
def test_text_without_front_matter_is_left_alone(text):
    """Rules of dashes are no front matter."""
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: a\n\nBody.", "front matter that does not end"),
        ("---\ntitle: [a\nnonsense\n---\nBody.", "expected key: value; got 'nonsense'"),
        ("---\na: &x [1]\nb: *x\n---\nBody.", "YAML alias"),
    ],
)
def test_broken_front_matter_is_an_error(text, message):
    """Otherwise it would be read as the beginning of the story."""
    with pytest.raises(ArticleError, match=message):
        split_front_matter(text)


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
