"""CSV that spreadsheets open without computing anything, and that comes back as it was."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

_LIVE = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def guard(cell: str) -> str:
    """Put a "'" before text that a spreadsheet would compute: what begins with = + - @ tab CR and is no number.

    Text that looks guarded already gets one more, so that `unguard(guard(cell)) == cell`.
    """
    return f"'{cell}" if _LIVE.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguard(cell: str) -> str:
    """Take off the "'" that `guard` put before a cell."""
    return cell[1:] if cell.startswith("'") and guard(cell) != cell else cell


class CsvWriter:
    """Rows as CSV with a header: text cells guarded, nothing left out of quotes that would break a row."""

    def __init__(self, file: IO[str], columns: Sequence[str]):
        """Write the header."""
        self.columns = list(columns)
        # the csv module puts quotes around the characters of its line end, so a lone CR needs this one
        self._writer = csv.writer(_WithoutCR(file), lineterminator="\r\n")
        self._writer.writerow(map(guard, self.columns))

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows; a missing value is an empty cell."""
        self._writer.writerows([_cell(row.get(name)) for name in self.columns] for row in rows)


class _WithoutCR:
    """Ends rows with "\\n" alone."""

    def __init__(self, file: IO[str]):
        self._file = file

    def write(self, line: str) -> int:
        return self._file.write(line.removesuffix("\r\n") + "\n")


def _cell(value: Any) -> Any:
    return guard(value) if isinstance(value, str) else value
