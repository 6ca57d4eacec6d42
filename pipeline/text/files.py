"""Files of articles: which ones a folder holds, and their bytes; nothing hangs, and nothing is read without a limit."""

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.errors import ArticleError

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
