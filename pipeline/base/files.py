"""Input files: regular ones only, nothing read without a limit, packed ones unpacked, text in lines of any end."""

import codecs
import gzip
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from pipeline.base.encoding import UNMARKED, decode, every_other_is_zero, has_control_characters, marked_encoding
from pipeline.base.errors import InputError

MAX_BYTES = 64 << 20
"""The most that one line, or one file that is read as a whole, may have when unpacked."""

MAX_UNPACKED = 4 << 30
"""The most that a packed file may have in all; a larger one can be unpacked by hand."""

BLOCK = 1 << 20
"""Bytes that are read at a time."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


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
            if stat.S_ISDIR(status.st_mode):
                raise error("a folder where a file was expected", path)
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
