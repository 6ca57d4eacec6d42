"""Encodings: known by the first bytes, guessed by name, or refused."""

import codecs

import pytest

from pipeline.base.encoding import decode, every_other_is_zero, has_control_characters, marked_encoding


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_text_and_utf8_are_read_without_a_guess(encoding):
    assert decode("Zürich agreed.".encode(encoding)) == ("Zürich agreed.", "", "")


@pytest.mark.parametrize(
    ("data", "declared", "text", "guess"),
    [
        (b"Z\xfcrich agreed.", "", "Zürich agreed.", "cp1252"),
        (b"Z\xfcrich agreed.", "latin-1", "Zürich agreed.", ""),
        ("Город согласился с соседями.".encode("cp1251"), "cp1251", "Город согласился с соседями.", ""),
        (b"Z\xfcrich", "no such encoding", "Zürich", "cp1252"),
    ],
)
def test_other_text_is_read_as_declared_or_by_a_guess_that_is_named(data, declared, text, guess):
    assert decode(data, declared) == (text, guess, "")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x1f\x8b\x08", "gzip data, not text: unpack it (gunzip)"),
        (b"PK\x03\x04abc", "zip or Office data, not text"),
        (b"%PDF-1.7", "PDF data, not text"),
        (bytes(range(32)), "binary data, not text"),
        ("one two".encode("utf-16-le"), "UTF-16 text without its byte order mark: save it as UTF-8"),
    ],
)
def test_other_data_is_named(data, problem):
    assert decode(data) == ("", "", problem)


def test_text_of_two_bytes_a_letter_is_known_by_its_zeros():
    assert every_other_is_zero("one".encode("utf-16-le"))
    assert every_other_is_zero("one".encode("utf-16-be"))
    assert not every_other_is_zero(b"one")
    assert not every_other_is_zero(b"")


@pytest.mark.parametrize(("data", "expected"), [(b"a\tb\r\n\x0b\x0c", False), (b"a\x00b", True), (b"\x1b[31m", True)])
def test_control_characters_are_those_that_text_hardly_has(data, expected):
    assert has_control_characters(data) == expected
