"""Encodings: known by the first bytes, guessed by name, or refused."""

import codecs

import pytest

from pipeline.base.files import Decoded, decode, every_other_is_zero, has_control_characters, marked_encoding

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
