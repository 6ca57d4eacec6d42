"""Files written whole or not at all: beside the target, then moved; and values kept by key in a file."""

import errno
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.base.errors import InputError
from pipeline.base.files import read_text_lines
from pipeline.base.paths import how_to_make

if TYPE_CHECKING:
    import pyarrow as pa


try:
    import fcntl
except ImportError:  # Windows: orphans are not swept
    fcntl = None  # type: ignore[assignment]

_NAME = re.compile(r"\..{1,50}\.[0-9a-f]{16}\.tmp", re.DOTALL)
_SCRATCH = "stance-scratch-"
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

log = logging.getLogger("pipeline.base.storage")
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)"
_AT_ONCE = 500  # keys a query
_PATIENCE = 60  # seconds for another process to finish writing


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
    """Return whether a file's name is that of a temporary file made here."""
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
    fd = _open_to_lock(path)
    if fd is None:
        return
    try:
        if _lock(fd) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif _lock(fd):
            path.unlink(missing_ok=True)
    except OSError:
        pass
    finally:
        os.close(fd)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder for the time of the block, in the system's place for such; orphans there are removed first."""
    with suppress(OSError):
        for left in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
            _remove_orphan(left)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_SCRATCH))
        fd = _open_to_lock(folder)
        if fd is None or (_lock(fd) is not False and folder.is_dir()):
            break
        os.close(fd)  # another process took it for an orphan before it was locked
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if fd is not None:
            os.close(fd)


def _open_to_lock(path: Path) -> int | None:
    with suppress(OSError):  # Windows opens no folder
        return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    return None


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


@contextmanager
def atomic_open(path: Path | str, mode: str = "wb") -> Iterator[IO[Any]]:
    """Open a temporary file beside `path` that takes its place only when the block ends without an error.

    The data is on disk (fsync) before the rename; after any error the old file is still there and the temporary one
    is gone. The file keeps the permissions it had; a new one gets those that the umask leaves. A link stays, and what
    it leads to is written; but a link to a write-protected file, as DVC makes to its cache, is replaced. A device or a
    pipe, such as /dev/null, is written to and not replaced. Text is UTF-8 with "\\n" line ends; what UTF-8 cannot hold
    (half of a surrogate pair) is written as JSON would, "\\ud800".
    """
    path = Path(path)
    text = {} if "b" in mode else {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}
    if path.is_dir():
        raise InputError("a folder where a file was expected", path)
    with naming(path):
        if path.exists() and not path.is_file():
            with path.open(mode, **text) as file:  # type: ignore[call-overload]
                yield file
            return
        with replacing(_target(path)) as fd, os.fdopen(fd, mode, closefd=False, **text) as file:  # type: ignore[call-overload]
            yield file


def _target(path: Path) -> Path:
    """Return the file that is to be replaced: what a link leads to, unless that is write-protected."""
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return path if target.exists() and not target.stat().st_mode & 0o222 else target


def write_text(path: Path | str, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with atomic_open(path, "w") as file:
        file.write(text)


def write_json(path: Path | str, value: Any) -> None:
    """Write `value` as indented JSON with sorted keys, so that equal values give equal bytes."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path | str) -> Any:
    """Read one JSON value; raise InputError with line and column where it is broken."""
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        raise InputError("no such file", path) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON ({error})", path) from None


def read_jsonl(path: Path | str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of a JSON Lines file (also .gz); blank lines are skipped."""
    for line in read_text_lines(path):
        if not line.text.strip():
            continue
        try:
            row = json.loads(line.text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"not valid JSON ({error})", f"{path}, line {line.number}") from None
        if not isinstance(row, dict):
            got = line.text[:40].strip()
            raise InputError("not an object", f"{path}, line {line.number}", expected='{"text": ...}', got=got)
        yield line.number, row


def read_lines(path: Path | str) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a text file (also .gz), as `files.read_text_lines` does."""
    return ((line.number, line.text.rstrip("\r\n")) for line in read_text_lines(path))


def write_table(path: Path | str, table: "pa.Table") -> None:
    """Write a Parquet file with page checksums, whole or not at all."""
    import pyarrow.parquet as pq

    with atomic_open(path) as file:
        pq.write_table(table, file, write_page_checksum=True)


def read_table(path: Path | str | IO[bytes], columns: list[str] | None = None) -> "pa.Table":
    """Read a Parquet file (all or the named columns), its page checksums verified; raise InputError where it fails."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, columns=columns, page_checksum_verification=True)
    except FileNotFoundError:
        raise InputError("no such file", path, remedy=how_to_make()) from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"not a readable Parquet file ({' '.join(str(error).split())})", path) from None


def is_file(name: str) -> bool:
    """Return whether a text is the name of a file that is there; whatever no file can be called is none."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long, a null character
        return False


def sha256(path: Path | str) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def naming(path: Path | str) -> Iterator[None]:
    """Let an error of the system name `path` where it names no file, or only the temporary one."""
    try:
        yield
    except OSError as error:
        if error.filename is None or is_temporary(Path(str(error.filename)).name):
            error.filename = str(path)
        raise


class DiskCache:
    """JSON values by key in an SQLite file, each written whole or not at all; several processes may use it at once.

    It never fails: what cannot be read counts as not asked yet, what cannot be written is not kept. The log says so.
    """

    def __init__(self, file: Path | str):
        """Take the file; it is made by the first value that is put into it."""
        self.file = Path(file)

    def get(self, keys: Sequence[str]) -> dict[str, Any]:
        """Return the values that are there, by key; an entry that is no JSON value is not."""
        if not os.path.exists(self.file):  # noqa: PTH110 - Path.exists raises where a folder may not be entered
            return {}
        found = self._do(lambda file: [pair for some in _blocks(keys) for pair in _select(file, some)])
        return {key: value for key, text in found or [] if (value := _read(text)) is not None}

    def put(self, values: Mapping[str, Any]) -> None:
        """Keep values (JSON values, but not null), all of them or, where that fails, none."""
        pairs = [(key, json.dumps(value)) for key, value in values.items()]
        if pairs:
            self._do(lambda file: file.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", pairs))

    def _do(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what `work` returns, None where it fails; a file that is no cache (any more) is set aside."""
        before = None
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            before = _identity(self.file)
            with closing(sqlite3.connect(self.file, timeout=_PATIENCE)) as connection, connection:
                connection.execute(_TABLE)
                return work(connection)
        except (OSError, sqlite3.OperationalError) as error:
            log.warning("%s: this cache cannot be used (%s)", self.file, error)
        except sqlite3.Error as error:
            self._set_aside(before, error)
        return None

    def _set_aside(self, broken: tuple[int, int] | None, error: sqlite3.Error) -> None:
        """Rename a broken file, unless another process has done so, and begun a new one, meanwhile."""
        aside = self.file.with_suffix(".broken")
        try:
            if broken is None or _identity(self.file) != broken:
                return
            self.file.replace(aside)
        except OSError as problem:
            log.warning("%s: broken (%s), and it cannot be set aside (%s)", self.file, error, problem)
            return
        log.warning("%s: broken (%s); it is now called %s, and a new one is begun", self.file, error, aside.name)


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of its name, None where there is no file."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _blocks(keys: Sequence[str]) -> list[Sequence[str]]:
    return [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]


def _select(file: sqlite3.Connection, keys: Sequence[str]) -> list[tuple[str, Any]]:
    places = ",".join("?" * len(keys))
    return file.execute(f"SELECT key, answer FROM answers WHERE key IN ({places})", keys).fetchall()


def _read(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
