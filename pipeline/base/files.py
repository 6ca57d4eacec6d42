"""Text and YAML files as they come: encodings, compression, limits, and errors that name the place."""

import codecs
import gzip
import os
import re
import stat
import sys
import zlib
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

import yaml

from pipeline.base.errors import InputError

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

MAX_BYTES = 64 << 20
"""The most that one line, or one file that is read as a whole, may have when unpacked."""

MAX_UNPACKED = 4 << 30
"""The most that a packed file may have in all; a larger one can be unpacked by hand."""

BLOCK = 1 << 20
"""Bytes that are read at a time."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MERGE = "tag:yaml.org,2002:merge"


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
    """Return whether bytes begin as text in UTF-16 does that has no mark, or text in UTF-32."""
    return len(head) > 1 and any(head[:8:2]) != any(head[1:8:2])


def has_control_characters(data: bytes) -> bool:
    """Return whether there are bytes that text hardly has."""
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


class Line(NamedTuple):
    """A line with its end, its number from 1, and the name of its encoding where that is only a guess."""

    number: int
    text: str
    guess: str = ""


@contextmanager
def open_regular(path: Path | str, error: type[InputError] = InputError) -> Iterator[IO[bytes]]:
    """Open a regular file for reading, unpacked where it ends in .gz; whatever the system says is raised as `error`.

    A pipe or a device is refused without waiting for it.
    """
    path = Path(path)
    try:
        # non-blocking, or opening a pipe would wait for its writer
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise error("not a regular file", path)
            if path.suffix.lower() != ".gz":
                yield file
            elif status.st_size == 0:
                raise error("cannot be read (an empty .gz file)", path, remedy="Copy it again.")
            else:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield unpacked  # type: ignore[misc]
    except FileNotFoundError:
        raise error("no such file", path) from None
    except IsADirectoryError:
        raise error("a folder where a file was expected", path) from None
    except (OSError, EOFError, zlib.error) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise error(f"cannot be read ({reason})", path, remedy="Copy it again, or remove it.") from None
    except MemoryError:
        raise error("cannot be read (not enough memory)", path) from None


def read_whole(path: Path | str, error: type[InputError] = InputError) -> bytes:
    """Return the content of a regular file, unpacked where it ends in .gz; at most MAX_BYTES."""
    with open_regular(path, error) as file:
        return _whole(file, path, error)


def read_stdin(error: type[InputError] = InputError) -> bytes:
    """Return all of standard input; at most MAX_BYTES."""
    with _reading_stdin(error) as file:
        return _whole(file, "stdin", error)


def read_text_lines(source: Path | str, error: type[InputError] = InputError) -> Iterator[Line]:
    """Yield the lines of a text file, or of stdin for "-", as they are read; they end with LF, CR LF or CR.

    The encoding is that of the byte order mark, or UTF-8; of a line that is neither it is a guess. Raises `error`
    naming the line where it is binary data or longer than MAX_BYTES.
    """
    with _reading_stdin(error) if source == "-" else open_regular(source, error) as file:
        yield from decode_lines(file, "stdin" if source == "-" else source, error)


def decode_lines(file: IO[bytes], where: Path | str, error: type[InputError] = InputError) -> Iterator[Line]:
    """Yield the lines of an open binary file as `read_text_lines` does; `where` is named in errors."""
    blocks = _blocks(file, where, error)
    first = next(blocks, b"")
    wide = marked_encoding(first).startswith(("utf-16", "utf-32"))
    number, guess = 0, ""
    pieces = _decoded_blocks(_chain(first, blocks), marked_encoding(first)) if wide else _chain(first, blocks)
    try:
        for number, line in enumerate(_lines(pieces, where, error), 1):
            found = Line(number, line) if isinstance(line, str) else _decoded(line, number, guess, where, error)
            guess = found.guess or guess
            yield found
    except UnicodeDecodeError as problem:
        what = f"not {problem.encoding.upper()} text ({problem.reason})"
        raise error(what, f"{where}, line {number + 1}", remedy="Save it as UTF-8.") from None


@contextmanager
def _reading_stdin(error: type[InputError]) -> Iterator[IO[bytes]]:
    try:
        yield sys.stdin.buffer
    except OSError as problem:
        raise error(f"cannot be read ({problem.strerror or problem})", "stdin") from None


def _whole(file: IO[bytes], where: Path | str, error: type[InputError]) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise error(f"more than {MAX_BYTES >> 20} MiB in one file", where, remedy="Split it, or use JSON Lines.")
    return data


def _blocks(file: IO[bytes], where: Path | str, error: type[InputError]) -> Iterator[bytes]:
    total, packed = 0, isinstance(file, gzip.GzipFile)
    while block := file.read(BLOCK):
        total += len(block)
        if packed and total > MAX_UNPACKED:
            what = f"more than {MAX_UNPACKED >> 30} GiB when unpacked"
            raise error(what, where, remedy="If that is right, unpack it (gunzip) first.")
        yield block


def _decoded_blocks(blocks: Iterable[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in blocks:
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _lines(blocks: Iterable[Any], where: Path | str, error: type[InputError]) -> Iterator[Any]:
    """Yield lines with their ends of pieces that are all bytes or all text."""
    number, rest = 1, None
    for block in blocks:
        if not block:
            continue
        block = block if rest is None else rest + block
        lines = _LINE.findall(block) if isinstance(block, str) else block.splitlines(keepends=True)
        # the last line may go on, and a CR may be half of CR LF
        rest = None if lines[-1].endswith("\n" if isinstance(block, str) else b"\n") else lines.pop()
        for line in lines if rest is None else [*lines, rest]:
            if len(line) > MAX_BYTES:
                raise error(f"more than {MAX_BYTES >> 20} MiB in one line", f"{where}, line {number}")
            number += line is not rest
        yield from lines
    if rest is not None:
        yield rest


def _decoded(line: bytes, number: int, guess: str, where: Path | str, error: type[InputError]) -> Line:
    """Return a line of UTF-8, or of the encoding that was guessed for an earlier line."""
    if number > 1 and not has_control_characters(line):
        try:
            return Line(number, line.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    text, new, problem = decode(line)
    if new and guess:
        text, new, problem = decode(line, guess)
        new = new or guess
    if number == 1 and not marked_encoding(line) and every_other_is_zero(line):
        problem = UNMARKED
    if problem:
        raise error(problem, f"{where}, line {number}" if number > 1 else where, remedy="Save it as text in UTF-8.")
    return Line(number, text, new)


def _chain(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks


class _Loader(_BASE):
    """Plain YAML, but a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.tag == _MERGE:
                continue
            if (key.tag, str(key.value)) in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark)
            seen.add((key.tag, str(key.value)))
        return super().construct_mapping(node, deep)


def read_yaml(path: Path | str, error: type[InputError] = InputError, missing: str = "") -> Any:
    """Return what a YAML file holds, None where it is empty; raise `error` with the line where it is wrong.

    `missing` is the remedy where there is no such file. A file that nests too deeply is refused like any other.
    """
    if not Path(path).exists():
        raise error("no such file", path, remedy=missing)
    try:
        text = read_whole(path, error).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"not UTF-8 text ({problem.reason} at byte {problem.start + 1})", path) from None
    try:
        return yaml.load(text, _Loader)  # a safe loader
    except yaml.MarkedYAMLError as problem:
        line = f", line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        what = " ".join(filter(None, [problem.context, problem.problem]))
        if "stands twice" in what:
            raise error(what, f"{path}{line}", remedy="Keep one of the two lines.") from None
        raise error(f"not valid YAML ({what})", f"{path}{line}") from None
    except yaml.YAMLError as problem:
        raise error(f"not valid YAML ({' '.join(str(problem).split())})", path) from None
    except (RecursionError, ValueError, MemoryError) as problem:
        reason = str(problem) or type(problem).__name__
        raise error(f"not readable YAML ({reason})", path) from None
