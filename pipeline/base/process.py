"""The process itself: one stage at a time, ended by signals as expected; and what it may import."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import all_suffixes
from pathlib import Path
from types import FrameType
from typing import NoReturn

from pipeline.base.errors import StanceError

_SAFE_PATH = "PYTHONSAFEPATH"

_SIGTERM_EXIT = 128 + signal.SIGTERM
_PR_SET_PDEATHSIG = 1
_PATIENCE = 5  # seconds


@contextmanager
def keeping_processes_off_the_working_directory() -> Iterator[None]:
    """Let Python processes that are started in the block leave the working directory out of their import path.

    Python before 3.11 does not know how; see `workers_would_import_from_here`.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def cores() -> int:
    """Return how many processor cores there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_would_import_from_here() -> bool:
    """Return whether the working directory holds modules that a worker process would take for those it needs.

    Before Python 3.11 nothing keeps `python -m`, by which workers start, from putting it first.
    """
    if sys.version_info >= (3, 11):
        return False
    return any(
        file.name.endswith(tuple(all_suffixes())) or (file / "__init__.py").exists() for file in Path().iterdir()
    )


try:
    import fcntl
except ImportError:  # Windows: stages are not locked
    fcntl = None  # type: ignore[assignment]


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


def end_after(parent: int) -> None:
    """End this process soon after its parent, the process `parent`, has ended; for processes that wait for work.

    A thread looks every second; unlike the request of `end_with_parent` it does not depend on the parent's thread.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


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
    # leaving waits for threads, and those of a library may wait for processes that the signal has ended, too
    last_resort = threading.Timer(_PATIENCE, os._exit, (_SIGTERM_EXIT,))
    last_resort.daemon = True
    last_resort.start()
    raise SystemExit(_SIGTERM_EXIT)
