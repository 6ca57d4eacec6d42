"""Values that took long or cost money to get, kept in a file by key."""

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

log = logging.getLogger("pipeline.base.cache")

_TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)"
_AT_ONCE = 500  # keys a query
_PATIENCE = 60  # seconds for another process to finish writing


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
