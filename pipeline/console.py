"""Messages and progress: both on stderr, so that stdout carries data alone."""

import logging
import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def set_up_logging(verbosity: int = 0) -> None:
    """Send log records to stderr: warnings only at -1 (`-q`), information at 0, everything at 1 (`-v`)."""
    level = {-1: logging.WARNING, 0: logging.INFO}.get(verbosity, logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s" if verbosity > 0 else "%(message)s"))
    root = logging.getLogger("pipeline")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False


def progress(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield `items` behind a progress bar called `what` where stderr is a terminal; elsewhere just yield them."""
    if not sys.stderr.isatty() or logging.getLogger("pipeline").getEffectiveLevel() > logging.INFO:
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=what, total=total, console=Console(stderr=True), transient=True)
