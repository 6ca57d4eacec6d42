"""Bytes into clean text."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.files import Decoded, decode, normalise

QUOTED = "The envoy’s “plan” – José Núñez’s – was turned down in Zürich."
UNSEEN = "\x00\x07\x1b\x7f\x81\xad\u200b\u200c\u200d\u200e\u202a\u202e\u2060\u2066\ufe0f\ufeff\ue000"


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb\rc\x85d\u2028e\x0cf\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\u2029b", "a\n\nb"),
        ("a\u00a0b\u202fc\u3000d\te", "a b c d e"),
        ("sup\u200bport and nego\xadtiate and com\xad\npromise", "support and negotiate and compromise"),
        (f"re{UNSEEN}jects", "rejects"),
        ("Zu\u0308rich", "Z\u00fcrich"),
        ("e\u200b\u0301", "\u00e9"),
        ("lone \ud800 half", "lone \ufffd half"),
    ],
    ids=[
        "line ends",
        "paragraph end",
        "spaces",
        "hyphenation",
        "unseen",
        "composed",
        "composed once bared",
        "surrogate",
    ],
)
def test_normalise(before, after):
    """Line ends, spaces, unseen characters and composition have one form."""
    assert normalise(before) == after


@given(st.text(st.one_of(st.characters(exclude_categories=[]), st.sampled_from(UNSEEN + "\r\n\u2028\u2029\u0308\xad"))))
def test_normalise_is_idempotent(text):
    """Normalised text stays as it is, is NFC, encodable, and has no character that nobody sees."""
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once.encode().decode()) & set(UNSEEN + "\r\t\xa0")
