"""What a person sees: log, progress, and streams that may be closed, narrow or of another encoding."""

import io
import logging
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TextIO, TypeVar

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""C0 (but tab and line feed), DEL, C1, and what turns the direction of writing round."""

_STREAMS = (("stdin", os.O_WRONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_RDWR, "w"))

T = TypeVar("T")


def printable(text: str) -> str:
    """Return `text` with control characters as Python writes them, "\\x1b"; tabs and line feeds stay."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with what is counted, in the plural (`many`, else with an s) where there is not one of it."""
    return f"{count} {one if count == 1 else many or one + 's'}"


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


def keep_stdout_for_answers() -> None:
    """Let nothing but sys.stdout write to standard output; what a library or an LF writes there goes to stderr.

    Where one of the two is closed, they stay as they are.
    """
    try:
        os.fstat(2)
        own = os.dup(1)
    except OSError:
        return
    sys.stdout.flush()
    os.dup2(2, 1)
    # line by line at a terminal, as Python does
    sys.stdout = sys.__stdout__ = os.fdopen(own, "w", 1 if os.isatty(own) else -1, "utf-8")  # type: ignore[misc]


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


def set_up_logging(verbosity: int = 0) -> None:
    """Send log records to stderr: warnings only at -1 (`-q`), information at 0, everything at 1 (`-v`)."""
    level = {-1: logging.WARNING, 0: logging.INFO}.get(verbosity, logging.DEBUG)
    handler = _StderrHandler()
    handler.setFormatter(_Printable("%(levelname)s: %(message)s" if verbosity > 0 else "%(message)s"))
    root = logging.getLogger("pipeline")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def progress(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield `items` behind a progress bar called `what` where stderr is a terminal; elsewhere just yield them."""
    if not _is_watched():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=what, total=total, console=Console(stderr=True), transient=True)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show that something is being done, and for how long, where stderr is a terminal; no bar may be shown inside."""
    if not _is_watched():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        shown.add_task(what, total=None)
        yield


class _Printable(logging.Formatter):
    """Lets no control character of a text or a file's name reach the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


class _StderrHandler(logging.StreamHandler):
    """Writes to what sys.stderr is at the time: a bar puts itself there, so that messages do not run into it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr


def _is_watched() -> bool:
    return sys.stderr.isatty() and logging.getLogger("pipeline").getEffectiveLevel() <= logging.INFO
