"""Which reader for which file."""

import gzip
import io

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text.articles import COLUMNS
from pipeline.text.formats import READERS, read_html, read_markdown, read_plain, read_plain_stdin, stem_of, suffix_of
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
