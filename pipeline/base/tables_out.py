"""The one writer of tables: CSV, JSON Lines, Parquet and XLSX, row by row, whole or not at all."""

import io
import json
import math
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from shutil import get_terminal_size
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, cast

from pipeline.base.errors import ExtraError, InputError
from pipeline.base.logs import Printable, printable
from pipeline.base.records import CsvWriter, NanoTime, Row
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, naming
from pipeline.base.tables_in import set_aside

if TYPE_CHECKING:
    import pyarrow as pa


_MOST_CELL = 32_767  # characters
_MOST_ROWS = 1_048_576

FORMATS = ("table", "jsonl", "csv", "parquet", "xlsx")

_FILES = {"parquet": ("Parquet", ".parquet"), "xlsx": ("XLSX", ".xlsx")}
_NARROWEST = 20  # columns of a terminal
_SHOWN = 80  # characters of a value in an error
_LINE_END = re.compile(r"[\r\n]+")

EXAMPLE: Row = {
    "text": "",
    "label": "",
    "confidence": 0.0,
    "probabilities": dict.fromkeys(STANCES, 0.0),
    "abstained": False,
}
"""An answer as an example: it gives a file without rows its columns, and Parquet its types."""

_LOOSE = "Use --format jsonl, which takes rows as they are."

_NESTED = ("probabilities", "explanation", "relation")

_STRICT = json.JSONEncoder(ensure_ascii=False, default=str, allow_nan=False)


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


class RowWriter:
    """Write rows as they come, to a file (whole or not at all) or to stdout.

    CSV has nested values as JSON, and text that a spreadsheet would compute behind a "'". Parquet takes
    the types that are given, those of `example`, and those of other columns from the first rows that are written; a
    column in which these leave a type open (no value at all, only empty lists) becomes text, and its values that are no
    text stand in it as JSON. A terminal gets no control characters.
    """

    def __init__(
        self, path: str | None, form: str, example: Row = EXAMPLE, types: Mapping[str, "pa.DataType"] | None = None
    ):
        """Take a path, or None for stdout, and one of FORMATS; raises InputError for Parquet and XLSX on stdout.

        `example` is a row with what every row will have, each list in it filled; `types`, for Parquet, are those of
        columns that come from elsewhere.
        """
        if form not in FORMATS:
            raise InputError("unknown format", "--format", expected=", ".join(FORMATS), got=form)
        if form in _FILES and path is None:
            name, suffix = _FILES[form]
            raise InputError(f"{name} needs a file", "--format", remedy=f"Add --output FILE{suffix}.")
        self._path, self._form, self._example, self._stack = path, form, example, ExitStack()
        self._columns: list[str] = []
        self._given: dict[str, pa.DataType] = dict(types or {})
        self._types: dict[str, pa.DataType] = {}
        self._open: list[str] = []
        self._csv: CsvWriter | None = None
        self._parquet: Any = None
        self._sheet: Sheet | None = None
        self._written = 0

    def __enter__(self) -> "RowWriter":
        """Open the file; it takes its name when the block ends well."""
        mode = "wb" if self._form in _FILES else "w"
        file: Any = self._stack.enter_context(atomic_open(self._path, mode)) if self._path else sys.stdout
        self._file: IO[Any] = file
        if self._form == "xlsx":
            self._sheet = self._stack.enter_context(Sheet(file))
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file, or drop it where the block failed."""
        self._stack.__exit__(kind, error, trace)

    def write(self, rows: list[Row]) -> None:
        """Write some rows; for tables with columns, InputError where a later batch has some that the first one lacks.

        Also for a value that does not fit into its column of Parquet, naming column and row.
        """
        with naming(self._path or "stdout"):
            getattr(self, f"_write_{self._form}")(rows)
            self._file.flush()
        self._written += len(rows)

    def _write_jsonl(self, rows: list[Row]) -> None:
        self._out.writelines(_as_json(row) + "\n" for row in rows)

    def _write_csv(self, rows: list[Row]) -> None:
        flat = [_flatten(row) for row in rows or [self._example]]
        self._check_columns(flat)
        if self._csv is None:
            self._csv = CsvWriter(self._out, self._columns)
        self._csv.write(flat[: len(rows)])

    def _write_xlsx(self, rows: list[Row]) -> None:
        assert self._sheet is not None
        flat = [_flatten(row) for row in rows or [self._example]]
        if not self._columns:
            self._check_columns(flat)
            self._sheet.append(self._columns)
        self._check_columns(flat)
        for row in flat[: len(rows)]:
            self._sheet.append([row.get(name) for name in self._columns])

    @property
    def _out(self) -> IO[str]:
        """The file, or the terminal without control characters."""
        return cast("IO[str]", Printable(self._file)) if self._file.isatty() else self._file

    def _write_parquet(self, rows: list[Row]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._check_columns(rows or [self._example])
        columns = {name: [row.get(name) for row in rows or [self._example]] for name in self._columns}
        self._types = self._types or {name: self._type(name, values) for name, values in columns.items()}
        columns |= {name: list(map(_as_text, columns[name])) for name in self._open}
        arrays = [self._array(name, columns[name], kind) for name, kind in self._types.items()]
        table = pa.table(arrays, schema=pa.schema(self._types))
        if self._parquet is None:
            writer = pq.ParquetWriter(self._file, table.schema, write_page_checksum=True)
            self._parquet = self._stack.enter_context(writer)
        self._parquet.write_table(table[: len(rows)])

    def _type(self, name: str, values: list[Any]) -> "pa.DataType":
        import pyarrow as pa

        if name in self._given:
            return self._given[name]
        found = self._array(name, [self._example[name]] if name in self._example else values).type
        if _is_open(found):
            self._open.append(name)
            return pa.string()
        return found

    def _array(self, name: str, values: list[Any], kind: "pa.DataType | None" = None) -> "pa.Array":
        """Return a column; raise InputError with the row of the first value that does not fit into it."""
        import pyarrow as pa

        if kind == pa.time64("ns"):
            values = [value.nanoseconds if isinstance(value, NanoTime) else value for value in values]
        faults = (pa.ArrowException, OverflowError, UnicodeEncodeError, TypeError, ValueError)
        try:
            return pa.array(values, kind)
        except faults as fault:
            reason = " ".join(str(fault).split())
        fitting, failing = 0, len(values)  # so many first values fit, so many do not
        while failing - fitting > 1:
            middle = (fitting + failing) // 2
            try:
                pa.array(values[:middle], kind)
                fitting = middle
            except faults:
                failing = middle
        where = f"column {name!r}, row {self._written + failing}"
        what = f"does not fit into Parquet ({reason})"
        raise InputError(what, where, got=repr(values[failing - 1])[:_SHOWN], remedy=_LOOSE) from None

    def _check_columns(self, rows: list[Row]) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row))
        self._columns = self._columns or names
        if more := [name for name in names if name not in self._columns]:
            raise InputError("a column that earlier rows do not have", repr(more[0]), remedy=_LOOSE)

    def _write_table(self, rows: list[Row]) -> None:
        from rich.console import Console
        from rich.text import Text

        colours = dict(zip(STANCES, ("red", "bright_black", "green"), strict=True))
        page = io.StringIO()  # rich would end the program where nobody reads on
        width = max(get_terminal_size().columns, _NARROWEST)
        watched = self._file.isatty()
        console = Console(file=page, force_terminal=watched, soft_wrap=True, highlight=False, width=width)
        for row in rows:
            doubt = "?" if row["abstained"] else " "
            head = f"{row['label']:<10} {row['confidence']:.2f}{doubt} "
            text = self._folded(printable(_in_a_line(row["text"])), len(head))
            console.print(Text(head, style=colours[row["label"]]) + Text(text, style="default"))
            if "explanation" in row:
                reason = row["explanation"]["reason"]
                reason = reason.partition(", ")[2] or reason  # the head has label and confidence
                reason = self._folded(printable(_in_a_line(reason)), len(head))
                console.print(Text(" " * len(head) + reason, style="italic"))
            if "relation" in row:
                relation = printable(_in_a_line(relation_in_words(row["relation"])))
                console.print(Text(" " * len(head) + self._folded(relation, len(head))))
        self._file.write(page.getvalue())

    def _folded(self, text: str, indent: int) -> str:
        """Return `text` in lines that fit the terminal behind an indent; elsewhere as it is."""
        if not self._file.isatty():
            return text
        width = max(get_terminal_size().columns - indent, _NARROWEST)
        return f"\n{' ' * indent}".join(textwrap.wrap(text, width, break_on_hyphens=False))


def _in_a_line(text: str) -> str:
    """Return text with spaces for its line ends: a row of a table is one line."""
    return _LINE_END.sub(" ", text)


def relation_in_words(relation: Row, arrows: tuple[str, str] = ("->", "<->"), unknown: str = "?") -> str:
    """Say a relation in a line: "Norway -> the treaty"; `arrows`: of one direction, and of both."""
    ends = [(relation[side] or {}).get("text", unknown) for side in ("source", "target")]
    first = f" {arrows[relation['symmetric']]} ".join(ends)
    further = [f"{pair['source']['text']} {arrows[0]} {pair['target']['text']}" for pair in relation["others"]]
    arrow = "; ".join([first, *further])
    return f"{arrow} ({relation['why']})" if relation["why"] else arrow


def _flatten(row: Row) -> Row:
    ours = {f"p_{name}": value for name, value in row.get("probabilities", {}).items()}
    if "explanation" in row:
        ours["reason"] = row["explanation"]["reason"]
    if "relation" in row:
        ours |= _flat_relation(row["relation"])
    rest = {name: value for name, value in row.items() if name not in _NESTED}
    return {name: _as_cell(value) for name, value in (set_aside(rest, ours) | ours).items()}


def _flat_relation(relation: Row) -> Row:
    """Return who holds the stance towards whom in columns.

    Each end as its words, code, kind and name; further pairs in one cell: "Chile (CHL) -> Bolivia (BOL); ...".
    """
    flat: Row = {}
    for side in ("source", "target"):
        end = relation[side] or {}
        flat |= {side: end.get("text"), **{f"{side}_{part}": end.get(part) for part in ("code", "kind", "name")}}
    flat |= {name: relation[name] for name in ("symmetric", "voice", "rule", "why")}
    further = (" -> ".join(map(_coded, (pair["source"], pair["target"]))) for pair in relation["others"])
    return flat | {"relation_confidence": relation["confidence"], "others": "; ".join(further)}


def _coded(end: Row) -> str:
    return f"{end['text']} ({end['code']})" if end["code"] else end["text"]


def _as_cell(value: Any) -> Any:
    return _as_json(value) if isinstance(value, dict | list) else value


def _as_text(value: Any) -> str | None:
    return value if isinstance(value, str | None) else _as_json(value)


def _is_open(kind: "pa.DataType") -> bool:
    """Return whether a type, or a part of it, has met no value."""
    import pyarrow as pa

    return pa.types.is_null(kind) or any(_is_open(kind.field(k).type) for k in range(kind.num_fields))


def _as_json(value: Any) -> str:
    """Return JSON, in which a number that JSON does not know (NaN, infinity) is null."""
    try:
        return _STRICT.encode(value)
    except ValueError:
        return _STRICT.encode(_finite(value))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_finite, value))
    return None if isinstance(value, float) and not math.isfinite(value) else value
