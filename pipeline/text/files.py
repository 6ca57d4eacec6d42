"""Files of articles: which ones a folder holds, and their bytes; nothing hangs, and nothing is read without a limit."""

import codecs
import gzip
import os
import re
import stat
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from pipeline.base.encoding import every_other_is_zero
from pipeline.base.errors import ArticleError

MAX_BYTES = 64 << 20
"""The most that one article, or one line of a file with many, may have when unpacked."""

_NOT_ARTICLES = {"readme", "license", "licence", "copying", "changelog", "contributing"}


def list_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (path relative to `folder`, what is wrong with it or "") of every file below it, sorted.

    Hidden files, `*.dvc`, README and licence files are passed over; links to folders are not followed, and like
    anything else that is no regular file they come with what is wrong. Raise ArticleError where there is no folder.
    """
    if not folder.exists():
        raise ArticleError("no such folder", folder, remedy="Create it and put your articles there.")
    if not folder.is_dir():
        raise ArticleError("a file where a folder of articles was expected", folder)
    return iter(sorted(_walk(folder)))


def read_whole(path: Path) -> bytes:
    """Return the content of a regular file, unpacked where it ends in .gz; at most MAX_BYTES."""
    with open_regular(path) as file:
        return _whole(file, path)


def read_stdin() -> bytes:
    """Return all of standard input; at most MAX_BYTES."""
    return _whole(sys.stdin.buffer, "stdin")


def read_raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line with its end) of a regular file, unpacked where it ends in .gz."""
    with open_regular(path) as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                raise ArticleError(f"more than {MAX_BYTES >> 20} MiB in one line", f"{path}, line {number}")
            yield number, line


@contextmanager
def open_regular(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file for reading, unpacked where it ends in .gz; whatever fails meanwhile is an ArticleError.

    A pipe or a device is refused without waiting for it.
    """
    try:
        # non-blocking, or opening a pipe would wait for its writer
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ArticleError("not a regular file", path)
            if path.suffix.lower() != ".gz":
                yield file
            elif status.st_size == 0:
                raise ArticleError("cannot be read (an empty .gz file)", path, remedy="Copy it again.")
            else:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield unpacked  # type: ignore[misc]
    except FileNotFoundError:
        raise ArticleError("no such file", path) from None
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(f"cannot be read ({reason})", path, remedy="Copy it again, or remove it.") from None


def _whole(file: IO[bytes], where: Path | str) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ArticleError(f"more than {MAX_BYTES >> 20} MiB in one file", where, remedy="Split it, or use JSON Lines.")
    return data


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    for parent, subfolders, names in os.walk(folder, onerror=_raise):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        links = [name for name in subfolders if Path(parent, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(parent, name)
            if not _is_passed_over(name):
                yield path.relative_to(folder).as_posix(), _what_is_wrong(path)


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name.endswith(".dvc") or name.lower().split(".")[0] in _NOT_ARTICLES


def _what_is_wrong(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISDIR(mode):
        return "a link to a folder, which is not followed"
    return "" if stat.S_ISREG(mode) else "not a regular file"


def _raise(error: OSError) -> None:
    raise ArticleError(f"cannot be read ({error.strerror})", error.filename)


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
