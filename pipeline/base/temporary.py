"""Temporary files that become the real ones: made beside them, locked while they are written, swept when orphaned."""

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: orphans are not swept
    fcntl = None  # type: ignore[assignment]

_NAME = re.compile(r"\..{1,50}\.[0-9a-f]{16}\.tmp", re.DOTALL)
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def replacing(target: Path) -> Iterator[int]:
    """Yield the descriptor of a new file beside `target`, which takes its place when the block ends without an error.

    It is on disk before that, and has the permissions of `target`, or what the umask leaves where there is none.
    Orphans of writers of this target that were killed are removed first: nobody holds their lock.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    path, fd = _create(target, 0o666 if mode is None else mode)
    try:
        yield fd
        os.fsync(fd)
        if mode is not None and stat.S_IMODE(os.fstat(fd).st_mode) != mode:
            path.chmod(mode)
        path.replace(target)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(fd)


def is_temporary(name: str) -> bool:
    """Say whether a file's name is that of a temporary file made here."""
    return bool(_NAME.fullmatch(name))


def _create(target: Path, mode: int) -> tuple[Path, int]:
    while True:
        path = target.with_name(f"{_prefix(target)}{secrets.token_hex(8)}.tmp")
        fd = os.open(path, _FLAGS, mode)
        if _lock(fd) is not False and os.fstat(fd).st_nlink:
            return path, fd
        os.close(fd)  # another process took it for an orphan before it was locked


def _sweep(target: Path) -> None:
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if entry.name.startswith(_prefix(target)) and is_temporary(entry.name):
                _remove_orphan(Path(entry))


def _remove_orphan(path: Path) -> None:
    with suppress(OSError):
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            if _lock(fd):
                path.unlink()
        finally:
            os.close(fd)


def _lock(fd: int) -> bool | None:
    """Lock a file and return True; False where another process has it, None where files cannot be locked."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _prefix(target: Path) -> str:
    return f".{target.name[:50]}."
