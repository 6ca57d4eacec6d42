"""Rows that `stance predict` reads, as a stream: memory stays flat for files of any size."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from pipeline.base.errors import InputError, check_header, suggest
from pipeline.base.storage import decode_lines, encoding_of, read_jsonl, read_lines

Row = dict[str, Any]
_Reader = Callable[[str], Iterator[tuple[int, Row]]]

_LONGEST_CELL = 1 << 26  # characters; the other cells of a CSV row may hold whole documents


def read_rows(source: str, text_column: str = "text") -> Iterator[Row]:
    """Yield the rows of a file, or of stdin for "-", each with its sentence under "text".

    Plain text gives a row a line, empty lines too; .jsonl, .csv (each also .gz) and .parquet keep their other columns,
    `text` as `input_text` where another column holds the sentence. Raises InputError for a file of another kind, and
    naming file and row where the text column is missing or does not hold text.
    """
    reader = _plain if source == "-" else _reader(source)
    if reader is _plain:
        text_column = "text"
    for number, row in reader(source):
        if text_column == "text" and isinstance(row.get("text"), str):
            yield row
        elif isinstance(text := row.get(text_column), str):
            yield {**set_aside(row, ("text",)), "text": text}
        else:
            _complain(source, number, row, text_column)


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


def _reader(source: str) -> _Reader:
    suffix = Path(source.removesuffix(".gz")).suffix
    if suffix.lower() not in _READERS:
        expected = f"{' '.join(filter(None, _READERS))} (each but .parquet also .gz)"
        remedy = "Plain text of any name can come from stdin: --input -"
        raise InputError("not a kind of file that is read", source, expected=expected, got=suffix, remedy=remedy)
    return _READERS[suffix.lower()]


def _plain(source: str) -> Iterator[tuple[int, Row]]:
    lines = decode_lines(sys.stdin.buffer, "stdin") if source == "-" else read_lines(source)
    return ((number, {"text": line}) for number, line in lines)


def _jsonl(source: str) -> Iterator[tuple[int, Row]]:
    return read_jsonl(source)


def _csv(source: str) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(_LONGEST_CELL)
    number = 0
    try:
        opener = gzip.open if source.endswith(".gz") else open
        with opener(source, "rb") as file:
            text = io.TextIOWrapper(file, encoding_of(file.peek(4), source), newline="")
            rows = csv.DictReader(text, strict=True)
            names = list(rows.fieldnames or [])
            _check_marks(names, source)
            check_header(names, f"{source}, line {rows.line_num}")
            for number, row in enumerate(rows, 1):
                _check_cells(row, f"{source}, row {number}")
                yield number, row
    except FileNotFoundError:
        raise InputError("no such file", source) from None
    except csv.Error as error:
        remedy = "Is a quote without its pair?"
        raise InputError(f"not valid CSV ({error})", f"{source}, row {number + 1}", remedy=remedy) from None
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        remedy = "Save it as CSV UTF-8." if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(f"not a readable CSV file ({error})", source, remedy=remedy) from None


def _check_marks(names: list[str], source: str) -> None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and mark in names[0]:
            remedy = "Save it as CSV with commas, or as .jsonl."
            raise InputError(f"cells are parted by {name}", source, expected="commas", remedy=remedy)


def _check_cells(row: Row, where: str) -> None:
    if None in row:
        got, remedy = repr(row[None])[:40], "Put quotes around text that holds commas."  # type: ignore[index]
        raise InputError("more cells than columns", where, got=got, remedy=remedy)
    if lacking := [name for name, value in row.items() if value is None]:
        remedy = "Put quotes around text that holds line breaks."
        raise InputError("fewer cells than columns", where, got=f"none for {lacking[0]!r}", remedy=remedy)


def _parquet(source: str) -> Iterator[tuple[int, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source)
        check_header(file.schema_arrow.names, source)
        yield from enumerate((row for batch in file.iter_batches(5_000) for row in batch.to_pylist()), 1)
    except FileNotFoundError:
        raise InputError("no such file", source) from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"not a readable Parquet file ({' '.join(str(error).split())})", source) from None


_READERS: dict[str, _Reader] = {
    **dict.fromkeys(("", ".txt", ".text", ".md", ".log"), _plain),
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".csv": _csv,
    ".parquet": _parquet,
}


def _complain(source: str, number: int, row: Row, column: str) -> NoReturn:
    where = f"{source}, row {number}"
    if column not in row:
        remedy = suggest(column, row) or "Name the column with --text-column."
        raise InputError(f"no column {column!r}", where, got=", ".join(map(str, row)), remedy=remedy)
    raise InputError(f"column {column!r} does not hold text", where, expected="text", got=repr(row[column])[:40])
