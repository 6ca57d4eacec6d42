"""Input files: lines of any end and encoding, limits, and nothing that hangs."""

import gzip
import io
import sys

import pytest

from pipeline.base import files
from pipeline.base.errors import ArticleError, InputError
from pipeline.base.files import open_regular, read_stdin, read_text_lines, read_whole


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
