"""Encodings: told by the first bytes, or refused with what to do."""

import codecs
import gzip

import pytest

from pipeline.base.errors import InputError
from pipeline.base.storage import encoding_of, every_other_is_zero


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"", "utf-8-sig"),
        (b"a", "utf-8-sig"),
        (codecs.BOM_UTF8 + b"one", "utf-8-sig"),
        ("one".encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + "one".encode("utf-16-be"), "utf-16"),
    ],
)
def test_it_is_utf8_but_for_utf16_with_its_mark(head, encoding):
    assert encoding_of(head, "a.txt") == encoding


@pytest.mark.parametrize(
    ("head", "match"),
    [
        (gzip.compress(b"one", mtime=0), r"a\.txt: gzip data, not text\. Unpack it \(gunzip\)"),
        ("one".encode("utf-16-le"), r"a\.txt: not UTF-8 text \(it looks like UTF-16 without .*Save it as UTF-8"),
        ("one".encode("utf-32"), r"a\.txt: not UTF-8 text \(it looks like .* UTF-32"),
    ],
)
def test_other_data_is_named_with_what_to_do(head, match):
    with pytest.raises(InputError, match=match):
        encoding_of(head, "a.txt")


def test_text_of_two_bytes_a_letter_is_known_by_its_zeros():
    assert every_other_is_zero("one".encode("utf-16-le"))
    assert every_other_is_zero("one".encode("utf-16-be"))
    assert not every_other_is_zero(b"one")
    assert not every_other_is_zero(b"")
