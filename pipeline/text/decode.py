"""From bytes to clean text: which encoding, and which characters a reader can see."""

import codecs
import re
import unicodedata
from typing import NamedTuple

from pipeline.encoding import every_other_is_zero

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

_UNMARKED = "UTF-16 text without its byte order mark: save it as UTF-8"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROL_SHARE = 0.02  # text has hardly any control characters, binary data a tenth and more
_CONTROL_FEW = 3

_NON_LATIN_SHARE = 0.3  # of all letters; western European text stays below a tenth
_SAMPLE = 1 << 16  # bytes from which an encoding is guessed

_LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028]")
_SPACE = re.compile(r"[^\S\n]")
# soft hyphen, zero-width and bidi controls, variation selectors, tags, private use (icon fonts), other controls
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


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
        return Decoded(problem=_UNMARKED if every_other_is_zero(data) else "binary data, not text")
    return decoded


def normalise(text: str) -> str:
    """Return `text` in NFC, with "\\n" line ends and plain spaces, without characters that nobody sees.

    Removed are soft hyphens (with the line end that one stands at), zero-width and bidi controls, variation selectors,
    private-use and control characters; a lone surrogate becomes U+FFFD. `normalise(normalise(t)) == normalise(t)`.
    """
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n").replace("\xad\n", "")
    text = _SPACE.sub(" ", _UNSEEN.sub("", _SURROGATE.sub("\ufffd", text)))
    return unicodedata.normalize("NFC", text)


def _decode_as_marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    return None


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
    return best.encoding if best else ""
