"""Input files: lines of any end and encoding, limits, and nothing that hangs."""

import codecs
import gzip
import io
import sys

import pytest

from pipeline.base import files
from pipeline.base.errors import ArticleError, InputError, LFError
from pipeline.base.files import (
    Decoded,
    decode,
    every_other_is_zero,
    has_control_characters,
    marked_encoding,
    open_regular,
    read_stdin,
    read_text_lines,
    read_whole,
    read_yaml,
)


def put(path, content):
    path.write_bytes(content)
    return path


def lines_of(path):
    return [(line.number, line.text) for line in read_text_lines(path)]


def test_lines_keep_their_numbers_and_ends(tmp_path):
    path = put(tmp_path / "a.txt", "\ufeffone\r\n\n two \rü\u2028\x0bé".encode())
    assert lines_of(path) == [(1, "one\r\n"), (2, "\n"), (3, " two \r"), (4, "ü\u2028\x0bé")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_lines_do_not_depend_on_where_a_block_ends(tmp_path, monkeypatch, encoding):
    """Characters in which a byte looks like a line end (U+0A0A, U+0D0A, U+100A) end none, nor does half of CR LF."""
    lines = ["Zürich\u0a0a\r\n", "\r\n", "\u0a0d \u0d0a\r", "\u100a\u2028 \U0001f600\n", "end"]
    path = put(tmp_path / "a.txt", ("\ufeff" + "".join(lines)).encode(encoding))
    for size in range(1, 20):
        monkeypatch.setattr(files, "BLOCK", size if encoding == "utf-8" else size + 3)
        assert lines_of(path) == list(enumerate(lines, 1))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (gzip.compress(b"one", mtime=0), r"a: gzip data, not text: unpack it \(gunzip\)"),
        ("one\n".encode("utf-16-le"), r"a: UTF-16 text without its byte order mark: save it as UTF-8"),
        ("one\n".encode("utf-16-be"), "a: UTF-16 text without its byte order mark"),
        ("one\ntwo".encode("utf-16")[:-1], r"a, line 2: not UTF-16.* text \(truncated data\)\. Save it as"),
        (b"one\n" + b"\0" * 9, r"a, line 2: .*"),
    ],
)
def test_what_is_no_text_of_lines_is_named(tmp_path, content, match):
    with pytest.raises(InputError, match=match):
        lines_of(put(tmp_path / "a", content))


def test_an_encoding_that_is_guessed_is_said_with_the_line(tmp_path):
    path = put(tmp_path / "a", b"one\nZ\xfcrich\nZ\xc3\xbcrich\n")
    assert [(line.text.strip(), line.guess) for line in read_text_lines(path)] == [
        ("one", ""),
        ("Zürich", "cp1252"),
        ("Zürich", ""),
    ]


def test_lines_of_a_packed_file(tmp_path):
    assert lines_of(put(tmp_path / "a.txt.gz", gzip.compress(b"one\ntwo\n", mtime=0))) == [(1, "one\n"), (2, "two\n")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b"text" * 100, mtime=0)[:-9],
        gzip.compress(b"a" * 100, mtime=0)[:10] + b"\xff" * 9,
    ],
    ids=["empty", "other", "cut", "damaged"],
)
def test_a_damaged_packed_file_is_named(tmp_path, content):
    path = put(tmp_path / "a.gz", content)
    for read in (lines_of, read_whole):
        with pytest.raises(InputError, match=r"a\.gz: cannot be read \(.+\)"):
            read(path)


def test_a_bomb_is_named_before_it_fills_memory(tmp_path, monkeypatch):
    """In one line, in many, or read as a whole."""
    monkeypatch.setattr(files, "MAX_BYTES", 2 << 20)
    monkeypatch.setattr(files, "MAX_UNPACKED", 5 << 20)
    one_line = put(tmp_path / "a.gz", gzip.compress(bytes(b"a" * (4 << 20)), mtime=0))
    with pytest.raises(InputError, match=r"a\.gz, line 1: more than 2 MiB in one line"):
        lines_of(one_line)
    with pytest.raises(InputError, match=r"a\.gz: more than 2 MiB in one file"):
        read_whole(one_line)
    many = put(tmp_path / "b.gz", gzip.compress(b"a\n" * (3 << 20), mtime=0))
    with pytest.raises(InputError, match=r"b\.gz: more than 0 GiB when unpacked"):
        lines_of(many)


def test_a_line_that_is_too_long_is_named_by_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(InputError, match=r"a, line 3: more than 0 MiB in one line"):
        lines_of(put(tmp_path / "a", b"one\ntwo\n" + b"x" * 11))


def test_lines_come_as_they_are_read(tmp_path, monkeypatch):
    """The first line comes before a fault further on is met."""
    monkeypatch.setattr(files, "BLOCK", 4)
    lines = read_text_lines(put(tmp_path / "a", b"fine\n" + bytes(range(32))))
    assert next(lines).text == "fine\n"
    with pytest.raises(InputError, match=r"a, line 2: binary data"):
        list(lines)


@pytest.mark.parametrize("make", ["folder", "pipe", "device", "nothing"])
def test_only_regular_files_are_opened(tmp_path, make):
    import os

    path = tmp_path / "a"
    if make == "folder":
        path.mkdir()
    elif make == "pipe":
        os.mkfifo(path)
    elif make == "device":
        path.symlink_to("/dev/zero")
    expected = {"folder": "a folder where a file", "nothing": "no such file"}.get(make, "not a regular file")
    with pytest.raises(ArticleError, match=f"a: {expected}"), open_regular(path, ArticleError):
        pass


def test_a_closed_stdin_is_named(monkeypatch):
    class Closed(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Closed())))
    with pytest.raises(InputError, match=r"stdin: cannot be read \(Bad file descriptor\)"):
        list(read_text_lines("-"))
    with pytest.raises(InputError, match=r"stdin: cannot be read"):
        read_stdin()


def put_of_yaml_file(tmp_path, text):
    path = tmp_path / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing\n", None),
        ("\ufeffa: [1, no, 2001-05-03x]", {"a": [1, False, "2001-05-03x"]}),
        ("base: &b {x: 1}\nmore: {<<: *b, y: 2}", {"base": {"x": 1}, "more": {"x": 1, "y": 2}}),
    ],
)
def test_values(tmp_path, text, value):
    assert read_yaml(put_of_yaml_file(tmp_path, text)) == value


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a: 1\nb: 2\na: 3\n", r"a\.yaml, line 3: the key 'a' stands twice\. Keep one of the two lines\."),
        ("a: {b: 1, b: 2}", r"line 1: the key 'b' stands twice"),
        ("? [a]\n: 1", r"a\.yaml, line 1: not valid YAML \(.*unhashable"),
        ("a: [1,\n", r"a\.yaml, line \d: not valid YAML"),
        ("a: !!python/object:os.system {}", r"a\.yaml, line 1: not valid YAML"),
        (b"a: \xff", r"a\.yaml: not UTF-8 text \(invalid start byte at byte 4\)"),
        ("a: \x00", r"a\.yaml.*: not valid YAML"),
        ("[" * 5_000, r"a\.yaml.*: not (valid|readable) YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, match):
    with pytest.raises(LFError, match=match):
        read_yaml(put_of_yaml_file(tmp_path, text), LFError)


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"gone\.yaml: no such file\. Run it elsewhere\."):
        read_yaml(tmp_path / "gone.yaml", missing="Run it elsewhere.")


QUOTED = "The envoy’s “plan” – José Núñez’s – was turned down in Zürich."


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"", ""),
        (b"one", ""),
        (codecs.BOM_UTF8 + b"one", "utf-8-sig"),
        ("one".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "one".encode("utf-16-be"), "utf-16"),
        ("one".encode("utf-32"), "utf-32"),
    ],
)
def test_a_mark_says_which_encoding_follows(head, encoding):
    assert marked_encoding(head) == encoding


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_settles_the_encoding(mark, encoding):
    """The mark itself is no part of the text, and nothing was guessed."""
    assert decode(mark + QUOTED.encode(encoding)) == Decoded(QUOTED)


def test_utf8_is_no_guess():
    """Most files are UTF-8 without a mark."""
    assert decode(QUOTED.encode()) == Decoded(QUOTED)
    assert decode(b"") == Decoded("")


def test_western_text_is_read_as_cp1252_and_the_guess_is_named():
    """Curly quotes and accents of a Windows text come out right."""
    assert decode(QUOTED.encode("cp1252")) == Decoded(QUOTED, "cp1252")


def test_cyrillic_text_is_not_taken_for_western():
    """Where most letters are not Latin, their distribution tells the encoding."""
    text = "Министр заявил, что делегация не согласна с этим предложением. Переговоры продолжатся в пятницу. " * 3
    decoded = decode(text.encode("cp1251"))
    assert decoded == Decoded(text, "cp1251")


def test_a_declared_encoding_is_used_and_is_no_guess():
    """A page that says windows-1250 means it; latin-1 means cp1252, as browsers have it."""
    assert decode("Źródła mówią „nie”".encode("cp1250"), "windows-1250") == Decoded("Źródła mówią „nie”")
    assert decode(QUOTED.encode("cp1252"), "ISO-8859-1") == Decoded(QUOTED)


@pytest.mark.parametrize("declared", ["klingon", "rot13", "zip"])
def test_a_declared_encoding_that_is_none_is_passed_over(declared):
    """Neither unknown names nor Python's codecs that are no text encodings do harm."""
    assert decode(QUOTED.encode("cp1252"), declared).guess == "cp1252"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"%PDF-1.7\nsome text", "PDF data, not text"),
        (b"PK\x03\x04rest", "zip or Office data, not text"),
        (b"{\\rtf1 text}", "RTF data, not text"),
        (b"PAR1rest", "Parquet data, not text"),
        (bytes(range(32)) * 8 + b"text", "binary data, not text"),
        (b"\x1f\x8b\x08 and more", "gzip data, not text: unpack it (gunzip)"),
        ("A text".encode("utf-16-le"), "UTF-16 text without its byte order mark: save it as UTF-8"),
        ("A text".encode("utf-16-be"), "UTF-16 text without its byte order mark: save it as UTF-8"),
    ],
)
def test_data_that_is_no_text_is_named(data, problem):
    """A file of another kind behind a text suffix is a problem and never text."""
    assert decode(data) == Decoded(problem=problem)


def test_a_stray_control_character_does_not_make_text_binary():
    """Old wire copy has a few of them."""
    assert decode(b"Talks resumed.\x00\x03").text == "Talks resumed.\x00\x03"


def test_text_of_two_bytes_a_letter_is_known_by_its_zeros():
    assert every_other_is_zero("one".encode("utf-16-le"))
    assert every_other_is_zero("one".encode("utf-16-be"))
    assert not every_other_is_zero(b"one")
    assert not every_other_is_zero(b"")


@pytest.mark.parametrize(("data", "expected"), [(b"a\tb\r\n\x0b\x0c", False), (b"a\x00b", True), (b"\x1b[31m", True)])
def test_control_characters_are_those_that_text_hardly_has(data, expected):
    assert has_control_characters(data) == expected
