"""Standard streams: closed ones fail by name, and no control character of a text reaches a terminal."""

import io
import os
import re
import sys
from collections.abc import Iterable
from typing import IO

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""C0 (but tab and line feed), DEL, C1, and what turns the direction of writing round."""

_STREAMS = (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_RDWR, "w"))


def printable(text: str) -> str:
    """Return `text` with control characters as Python writes them, "\\x1b"; tabs and line feeds stay."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class Printable:
    """A text stream that lets no control characters through."""

    def __init__(self, stream: IO[str]):
        """Take the stream behind it."""
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text as `printable` returns it."""
        return self._stream.write(printable(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several lines."""
        for line in lines:
            self.write(line)


def open_closed_streams() -> None:
    """Open standard streams that the process was started without, so that using one is an error of the system.

    Without this Python has None for such a stream, and the next file that is opened takes its number. What goes to a
    closed stderr is dropped.
    """
    for number, (name, flags, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)  # reading what is open for writing fails, and the other way round
            if opened != number and not _is_open(number):
                os.dup2(opened, number)
                os.close(opened)
                opened = number
            setattr(sys, name, open(opened, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def finish_stdout() -> None:
    """Write out what stdout holds, or drop it where that fails: the end of the program must not fail on it."""
    try:
        sys.stdout.flush()
        return
    except OSError:
        pass
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = io.StringIO()


def forget_empty_sizes() -> None:
    """Take COLUMNS and LINES out of the environment where they are no positive number: a terminal of no width."""
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "1")
        if not value.isdecimal() or int(value) == 0:
            del os.environ[name]


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
