"""An XLSX file that is written row by row (extra `xlsx`); nothing in it is computed."""

from collections.abc import Sequence
from types import TracebackType
from typing import IO, Any

from pipeline.base.errors import ExtraError, InputError

_MOST_CELL = 32_767  # characters
_MOST_ROWS = 1_048_576


class Sheet:
    """One sheet of an XLSX file, written when the block ends without an error."""

    def __init__(self, file: IO[bytes]):
        """Take a file that is open for writing; raises ExtraError where openpyxl is not installed."""
        try:
            import openpyxl
        except ImportError as error:
            remedy = "Run `pip install 'stance-pipeline[xlsx]'`, or write CSV."
            raise ExtraError(f"XLSX needs a package that is not installed ({error.name})", remedy=remedy) from None
        self._file, self._rows = file, 0
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("stances")

    def __enter__(self) -> "Sheet":
        """Return the sheet."""
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write the file, unless the block failed."""
        if kind is None:
            self._book.save(self._file)
        else:
            self._sheet.close()

    def append(self, values: Sequence[Any]) -> None:
        """Add a row; raises InputError for more rows, or longer text, than the format holds."""
        self._rows += 1
        if self._rows > _MOST_ROWS:
            raise InputError("more rows than XLSX holds", expected=f"at most {_MOST_ROWS}", remedy="Write CSV.")
        self._sheet.append([self._cell(value) for value in values])

    def _cell(self, value: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        if not isinstance(value, str):
            return value if value is None or isinstance(value, bool | int | float) else str(value)
        text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
        if len(text) > _MOST_CELL:
            where = f"row {self._rows}"
            raise InputError(
                "text longer than XLSX holds", where, expected=f"{_MOST_CELL} characters", remedy="Write CSV."
            )
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"  # text, also where it begins with "="
        return cell
