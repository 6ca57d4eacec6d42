"""Messages and progress: both on stderr, so that stdout carries data alone."""

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO, TypeVar

from pipeline.base.streams import printable

T = TypeVar("T")


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
