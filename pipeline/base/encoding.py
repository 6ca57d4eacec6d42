"""Bytes to text: marks, UTF-8, and a guess at the encoding that is named as one; binary data is refused."""

import codecs
import re
from typing import NamedTuple

# longest first: the UTF-16 mark is the beginning of the UTF-32 one
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"%PDF-", "PDF data, not text"),
    (b"PK\x03\x04", "zip or Office data, not text"),
    (b"{\\rtf", "RTF data, not text"),
    (b"PAR1", "Parquet data, not text"),
    (b"\x1f\x8b", "gzip data, not text: unpack it (gunzip)"),
)

UNMARKED = "UTF-16 text without its byte order mark: save it as UTF-8"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_SHARE = 0.02  # text has hardly any control characters, binary data a tenth and more
_CONTROL_FEW = 3

_NON_LATIN_SHARE = 0.3  # of all letters; western European text stays below a tenth
_SAMPLE = 1 << 16  # bytes from which an encoding is guessed


class Decoded(NamedTuple):
    """Text; the name of its encoding where that is only a guess; why there is no text where the bytes are none."""

    text: str = ""
    guess: str = ""
    problem: str = ""


def decode(data: bytes, declared: str = "") -> Decoded:
    """Turn bytes into text: byte order mark, strict UTF-8, the `declared` encoding, then a guess that is named.

    The guess is cp1252, or what charset-normalizer finds where most letters are not Latin. Binary data, and bytes that
    no encoding explains, give a `problem`.
    """
    for magic, problem in _FOREIGN:
        if data.startswith(magic):
            return Decoded(problem=problem)
    decoded = _decode_as_marked(data) or _decode_as(data, "utf-8") or _decode_as(data, declared) or _guess(data)
    if len(_CONTROL.findall(decoded.text)) > max(_CONTROL_FEW, _CONTROL_SHARE * len(decoded.text)):
        return Decoded(problem=UNMARKED if every_other_is_zero(data) else "binary data, not text")
    return decoded


def marked_encoding(head: bytes) -> str:
    """Return the encoding whose byte order mark stands at the beginning, "" where none does."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), "")


def every_other_is_zero(head: bytes) -> bool:
    """Say whether bytes begin as text in UTF-16 does that has no mark, or text in UTF-32."""
    return len(head) > 1 and any(head[:8:2]) != any(head[1:8:2])


def has_control_characters(data: bytes) -> bool:
    """Say whether there are bytes that text hardly has."""
    return bool(_CONTROL_BYTE.search(data))


def _decode_as_marked(data: bytes) -> Decoded | None:
    encoding = marked_encoding(data)
    return _decode_as(data, encoding) if encoding else None


def _decode_as(data: bytes, encoding: str) -> Decoded | None:
    try:
        # what pages call latin-1 is cp1252 (WHATWG Encoding Standard, "names and labels")
        name = codecs.lookup(encoding).name
        return Decoded(data.decode("cp1252" if name in ("iso8859-1", "ascii") else name))
    except (LookupError, UnicodeError):
        return None


def _guess(data: bytes) -> Decoded:
    sample = data[:_SAMPLE]
    high = sum(byte > 127 for byte in sample)
    letters = high + sum(map(str.isalpha, sample.decode("ascii", "ignore")))
    candidates = ["cp1252", _hint(sample)]
    for encoding in reversed(candidates) if high > _NON_LATIN_SHARE * letters else candidates:
        if decoded := _decode_as(data, encoding):
            return Decoded(decoded.text, encoding)
    return Decoded(problem="bytes in no known encoding")


def _hint(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    # without a mark and without zeros it is no UTF-16, whatever the statistics say
    return best.encoding if best and not best.encoding.startswith(("utf_16", "utf_32")) else ""
