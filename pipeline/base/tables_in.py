"""The one reader of tables: rows of any format, the columns that they must have, and what was skipped."""

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.base.errors import ExtraError, InputError, check_header
from pipeline.base.files import open_regular, read_text_lines, read_whole
from pipeline.base.logs import counted
from pipeline.base.records import SHOWN, NanoTime, Need, ReadOptions, Record, Row, read_csv, read_json, read_jsonl

if TYPE_CHECKING:
    import pyarrow as pa


_BATCH = 1_000  # rows in memory at a time

log = logging.getLogger("pipeline.base.tables_in")

TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".log")
"""Suffixes of plain text, of which `read_rows` makes a row a line."""

_PAGE_BREAK = re.compile("[\v\f]")  # ends a line, as in articles


def parquet_types(path: str, error: type[InputError] = InputError) -> dict[str, "pa.DataType"]:
    """Return the types of the columns of a file."""
    with _open_parquet(path, error) as file:
        return {field.name: field.type for field in file.schema_arrow}


def _open_parquet(path: str, error: type[InputError]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_regular(path, error):
            pass  # a pipe or a folder is named as in every other format
        # a packed file cannot be read from its end
        source: Any = io.BytesIO(read_whole(path, error)) if path.lower().endswith(".gz") else path
        return pq.ParquetFile(source, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as problem:
        _not_parquet(path, problem, error)


def read_parquet(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the rows of a Parquet file."""
    import pyarrow as pa

    error, number = options.error, 0
    with _open_parquet(path, error) as file:
        schema = file.schema_arrow
        check_header(options.names(schema.names), path, error)
        options.check(options.names(schema.names), path)
        columns = flat_columns(schema, options.needed(schema.names)) if options.flat else schema.names
        try:
            for batch in file.iter_batches(_BATCH, columns=columns):
                for row in _python_rows(batch, path, number, error):
                    number += 1
                    values = dict(zip(options.names(row), row.values(), strict=True)) if options.fold else row
                    yield Record(f"{path}, row {number}", number, values)
        except (pa.ArrowException, OSError, MemoryError) as problem:
            _not_parquet(path, problem, error)


def flat_columns(schema: "pa.Schema", needs: Collection[str]) -> list[str]:
    """Return the needed columns and all that are neither nested nor binary, in the order of the table."""
    from pyarrow.types import is_binary, is_binary_view, is_fixed_size_binary, is_large_binary, is_nested

    unread = (is_nested, is_binary, is_binary_view, is_fixed_size_binary, is_large_binary)
    left_out = [field.name for field in schema if any(is_such(field.type) for is_such in unread)]
    return [name for name in schema.names if name in needs or name not in left_out]


def _python_rows(batch: Any, path: str, before: int, error: type[InputError]) -> list[Row]:
    """Return the rows of a batch; raise `error` naming row and column of what Python has no value for."""
    try:
        return _with_nanoseconds(batch, batch.to_pylist())
    except (ValueError, OverflowError, KeyError):  # text that is no UTF-8, a year above 9999
        for number in range(batch.num_rows):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                try:
                    column[number].as_py()
                except (ValueError, OverflowError, KeyError) as problem:
                    where = f"{path}, row {before + number + 1}"
                    raise error(f"column {name!r} holds what cannot be read ({problem})", where) from None
        raise


def _with_nanoseconds(batch: Any, rows: list[Row]) -> list[Row]:
    """Put back into the rows of a batch what Python's times of day leave out."""
    import pyarrow as pa

    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if column.type == pa.time64("ns"):
            for row, nanoseconds in zip(rows, column.cast(pa.int64()).to_pylist(), strict=True):
                row[name] = None if nanoseconds is None else NanoTime.of(nanoseconds)
    return rows


def _not_parquet(path: str, problem: BaseException, error: type[InputError]) -> NoReturn:
    reason = " ".join(str(problem).split()) or "not enough memory"
    raise error(f"not a readable Parquet file ({reason})", path) from None


def suffix_of(path: Path | str) -> str:
    """Return the suffix that says of what kind a file is, the one before ".gz": ".csv" for "a.CSV.gz"."""
    name = Path(path).name.lower()
    return Path(name.removesuffix(".gz")).suffix


def read_records(
    path: Path | str,
    needs: Collection[Need] = (),
    *,
    fold: bool = False,
    flat: bool = False,
    lenient: bool = False,
    error: type[InputError] = InputError,
    remedy: str = "",
) -> Iterator[Record]:
    """Yield the rows of a table; blank lines and rows are skipped, and counted in the log at the end.

    `needs`: columns that must be there, several names of one in a tuple; `fold`: names of columns in lower case;
    `flat`: leave out nested and binary columns of Parquet that are not needed; `lenient`: yield a row that cannot be
    read with its `problem`, and go on. A JSON object without the needed keys may hold the list of records. CSV may be
    separated by commas, semicolons, tabs or bars, as `sep=` says in a first line, else as the header looks, in any
    encoding that `read_text_lines` knows; the mark against formulas is taken off. Null is None. Raises
    `error` naming file and row, with `remedy` where a needed column is missing, for whatever cannot be read.
    """
    if suffix_of(path) not in _READERS:
        expected = f"{' '.join(_READERS)} (each also .gz)"
        raise error("not a kind of table that is read", path, expected=expected, got=suffix_of(path) or "no suffix")
    options = ReadOptions(needs, fold, flat, error, remedy, lenient)
    blank = 0
    for record in _READERS[suffix_of(path)](str(path), options):
        if record is None:
            blank += 1
        else:
            yield record
    if blank:
        log.info("%s: %s skipped", path, counted(blank, "blank line"))


def read_rows(source: str, text_column: str = "text") -> Iterator[Row]:
    """Yield the rows of a file, or of stdin for "-", each with its sentence under "text".

    Plain text gives a row a line, empty lines too; tables keep their other columns, `text` as `input_text` where
    another column holds the sentence. A sentence that is null is an empty one. Raises InputError for a file of another
    kind, and naming file and row where the text column is missing or does not hold text.
    """
    counts: Counter[str] = Counter()
    is_plain = source == "-" or suffix_of(source) in TEXT_SUFFIXES
    yield from (_plain_rows(source, counts) if is_plain else _table_rows(source, text_column, counts))
    for what, count in counts.items():
        log.warning("%s: %s of %s", source, what, counted(count, "row"))


def read_types(source: str, text_column: str = "text") -> dict[str, "pa.DataType"]:
    """Return the types of the columns of the rows that `read_rows` yields, {} for what is no Parquet file."""
    if source == "-" or suffix_of(source) != ".parquet":
        return {}
    types = parquet_types(source)
    if text_column == "text" or text_column not in types:
        return types
    return {**set_aside(types, ("text",)), "text": types[text_column]}


def set_aside(row: Row, names: Collection[str]) -> Row:
    """Return the row with its columns of these names called `input_<name>` (once more `input_` where that is taken)."""
    if row.keys().isdisjoint(names):
        return row
    kept: Row = {}
    for name, value in row.items():
        new = f"input_{name}" if name in names else name
        while new != name and new in row:
            new = f"input_{new}"
        kept[new] = value
    return kept


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield lists of up to `size` rows."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def _plain_rows(source: str, counts: Counter[str]) -> Iterator[Row]:
    for line in read_text_lines(source):
        if line.guess:
            counts[_guessed(line.guess)] += 1
        yield from ({"text": text} for text in _PAGE_BREAK.split(line.text.rstrip("\r\n")))


def _table_rows(source: str, column: str, counts: Counter[str]) -> Iterator[Row]:
    if suffix_of(source) not in _READERS:
        expected = f"{' '.join((*TEXT_SUFFIXES[1:], *_READERS))} (each also .gz)"
        remedy = "Plain text of any name can come from stdin: --input -"
        raise InputError(
            "not a kind of file that is read", source, expected=expected, got=suffix_of(source), remedy=remedy
        )
    for record in read_records(
        source,
        (column,),
        remedy="Name the column with --text-column; with whole articles in the rows, -a FILE in place of -i.",
    ):
        if record.guess:
            counts[_guessed(record.guess)] += 1
        row, text = record.values, record.values[column]
        if text is None:
            counts["null is read as an empty sentence"] += 1
            text = ""
        if not isinstance(text, str):
            got = repr(text)[:SHOWN]
            raise InputError(f"column {column!r} does not hold text", record.where, expected="text", got=got)
        yield {**row, "text": text} if column == "text" else {**set_aside(row, ("text",)), "text": text}


def _xlsx_records(path: str, options: ReadOptions) -> Iterator[Record | None]:
    sheet = _sheet(path, options.error)
    header = options.names(str(cell or "").strip() for cell in next(sheet, ()))
    check_header(header, path, options.error)
    options.check(header, f"{path}, row 1")
    for number, cells in enumerate(sheet, 1):
        values = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        filled = any(value is not None for value in values.values())
        yield Record(f"{path}, row {number + 1}", number, values) if filled else None


def _sheet(path: str, error: type[InputError]) -> Iterator[tuple[Any, ...]]:
    """Return the rows of the first sheet of a workbook."""
    try:
        import openpyxl
    except ImportError:
        what = "not a kind of file that is read without the extra `formats` (Excel, by openpyxl)"
        raise ExtraError(what, path, remedy="Run `pip install 'stance-pipeline[formats]'`.") from None
    data = read_whole(path, error)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return iter(_with_days(list(book.worksheets[0].iter_rows(values_only=True))))
    except (zipfile.BadZipFile, KeyError):  # no archive, or one without the parts of a workbook
        remedy = "Save it again as .xlsx, without a password, or as CSV."
        raise error("cannot be read: not an Excel workbook (.xlsx)", path, remedy=remedy) from None
    except Exception as problem:  # of the library's and of XML's kinds
        reason = " ".join(str(problem).split())[:SHOWN]
        remedy = "Save it as CSV."
        raise error(f"cannot be read ({type(problem).__name__}: {reason})", path, remedy=remedy) from None


def _with_days(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with days in the columns whose times are all midnight: Excel has no cells of days alone."""
    midnight: dict[int, bool] = {}
    for row in rows:
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                midnight[place] = midnight.get(place, True) and cell.time() == time.min
    days = {place for place, always in midnight.items() if always}
    if not days:
        return rows
    return [tuple(_day(cell) if place in days else cell for place, cell in enumerate(row)) for row in rows]


def _day(cell: Any) -> Any:
    return cell.date() if isinstance(cell, datetime) else cell


def _guessed(encoding: str) -> str:
    return f"neither UTF-8 nor marked, read as {encoding} (a guess)"


_READERS: dict[str, Callable[[str, ReadOptions], Iterator[Record | None]]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".xlsx": _xlsx_records,
}

TABLE_SUFFIXES = tuple(_READERS)
"""Suffixes of the tables that are read, each also with .gz behind it."""
