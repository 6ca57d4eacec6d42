"""A stage as a process: it holds the project's lock, ends when it is asked to, and does not outlive its parent."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from pipeline.base.errors import StanceError

try:
    import fcntl
except ImportError:  # Windows: stages are not locked
    fcntl = None  # type: ignore[assignment]

_SIGTERM_EXIT = 128 + signal.SIGTERM
_PR_SET_PDEATHSIG = 1


@contextmanager
def running(lock: Path, name: str) -> Iterator[None]:
    """Run a stage: raise StanceError, which names the holder, where another process has the lock of this project.

    A stage that DVC started is ended with DVC (on Linux): it must not go on writing beside the next one.
    """
    if "DVC_STAGE" in os.environ:
        end_with_parent()
    with _locked(lock, f"`{name}`, process {os.getpid()}"):
        yield


@contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into SystemExit(143) inside the block, so that temporary files and processes are cleaned up."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def end_with_parent() -> None:
    """Ask the system for SIGTERM when the parent process ends; does nothing where there is no such request."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it has ended before the request
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _locked(path: Path, holder: str) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            got = os.pread(fd, 200, 0).decode("utf-8", "replace").strip()
            what, remedy = "another stage is running in this project", "Wait for it, or end it."
            raise StanceError(what, path, got=got, remedy=remedy) from None
        except OSError:  # a file system without locks
            yield
            return
        os.truncate(fd, 0)
        os.pwrite(fd, f"{holder}\n".encode(), 0)
        yield
    finally:
        os.close(fd)


def _end(signum: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(_SIGTERM_EXIT)
