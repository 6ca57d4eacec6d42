"""Rows in and out of `stance predict`, read and written as a stream: memory stays flat for files of any size."""

import csv
import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pipeline.errors import InputError, suggest
from pipeline.stances import STANCES
from pipeline.storage import atomic_open, decode_lines, read_jsonl, read_lines

FORMATS = ("table", "jsonl", "csv", "parquet")

Row = dict[str, Any]

_NO_ANSWER: Row = {
    "text": "",
    "label": "",
    "confidence": 0.0,
    "probabilities": dict.fromkeys(STANCES, 0.0),
    "abstained": False,
}  # gives a file without rows its columns

_LOOSE = "Use --format jsonl, which takes rows as they are."


def read_rows(source: str, text_column: str = "text") -> Iterator[Row]:
    """Yield the rows of a file, or of stdin for "-", each with its sentence under "text".

    Plain text gives a row a line, empty lines too; .jsonl, .csv (each also .gz) and .parquet keep their other columns.
    Raises InputError naming file and row where the text column is missing or does not hold text.
    """
    if source == "-":
        yield from ({"text": line} for _, line in decode_lines(sys.stdin.buffer, "stdin"))
        return
    reader = _READERS.get(Path(source.removesuffix(".gz")).suffix)
    if reader is None:
        yield from ({"text": line} for _, line in read_lines(source))
        return
    for number, row in reader(source):
        if not isinstance(row.get(text_column), str):
            _complain(source, number, row, text_column)
        yield row if text_column == "text" else {**row, "text": row[text_column]}


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield lists of up to `size` rows."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


class RowWriter:
    """Write rows as they come, to a file (whole or not at all) or to stdout."""

    def __init__(self, path: str | None, form: str):
        """Take a path, or None for stdout, and one of FORMATS; raises InputError for Parquet on stdout."""
        if form not in FORMATS:
            raise InputError("unknown format", "--format", expected=", ".join(FORMATS), got=form)
        if form == "parquet" and path is None:
            raise InputError("Parquet needs a file", "--format", remedy="Add --output FILE.parquet.")
        self._path, self._form, self._stack = path, form, ExitStack()
        self._columns: list[str] = []
        self._csv: csv.DictWriter | None = None
        self._parquet: Any = None

    def __enter__(self) -> "RowWriter":
        """Open the file; it takes its name when the block ends well."""
        mode = "wb" if self._form == "parquet" else "w"
        self._file: IO[Any] = self._stack.enter_context(atomic_open(self._path, mode)) if self._path else sys.stdout
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file, or drop it where the block failed."""
        self._stack.__exit__(kind, error, trace)

    def write(self, rows: list[Row]) -> None:
        """Write some rows; for CSV and Parquet, InputError where a later batch has columns that the first one lacks."""
        getattr(self, f"_write_{self._form}")(rows)
        self._file.flush()

    def _write_jsonl(self, rows: list[Row]) -> None:
        self._file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)

    def _write_csv(self, rows: list[Row]) -> None:
        flat = [_flatten(row) for row in rows or [_NO_ANSWER]]
        self._check_columns(flat)
        if self._csv is None:
            self._csv = csv.DictWriter(self._file, self._columns, lineterminator="\n")
            self._csv.writeheader()
        self._csv.writerows(flat[: len(rows)])

    def _write_parquet(self, rows: list[Row]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._check_columns(rows or [_NO_ANSWER])
        columns = {name: [row.get(name) for row in rows or [_NO_ANSWER]] for name in self._columns}
        try:
            table = pa.table(columns, schema=self._parquet and self._parquet.schema)
        except (pa.ArrowException, UnicodeEncodeError) as error:
            raise InputError(f"does not fit into Parquet columns ({error})", remedy=_LOOSE) from None
        if self._parquet is None:
            writer = pq.ParquetWriter(self._file, table.schema, write_page_checksum=True)
            self._parquet = self._stack.enter_context(writer)
        self._parquet.write_table(table[: len(rows)])

    def _check_columns(self, rows: list[Row]) -> None:
        names = list(dict.fromkeys(name for row in rows for name in row))
        self._columns = self._columns or names
        if more := [name for name in names if name not in self._columns]:
            raise InputError("a column that earlier rows do not have", repr(more[0]), remedy=_LOOSE)

    def _write_table(self, rows: list[Row]) -> None:
        from rich.console import Console
        from rich.text import Text

        colours = dict(zip(STANCES, ("red", "bright_black", "green"), strict=True))
        console = Console(file=self._file, soft_wrap=True, highlight=False)
        for row in rows:
            doubt = "?" if row["abstained"] else " "
            head = f"{row['label']:<10} {row['confidence']:.2f}{doubt} "
            with console.capture() as captured:  # rich would end the program where nobody reads on
                console.print(Text(head, style=colours[row["label"]]) + Text(row["text"], style="default"))
                if "explanation" in row:
                    console.print(Text(" " * len(head) + row["explanation"]["reason"], style="italic"))
            self._file.write(captured.get())


def _jsonl(source: str) -> Iterator[tuple[int, Row]]:
    return read_jsonl(source)


def _csv(source: str) -> Iterator[tuple[int, Row]]:
    try:
        opener = gzip.open if source.endswith(".gz") else open
        with opener(source, "rt", encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 1):
                if None in row:
                    got, remedy = repr(row[None])[:40], "Put quotes around text that holds commas."
                    raise InputError("more cells than columns", f"{source}, row {number}", got=got, remedy=remedy)
                yield number, row
    except FileNotFoundError:
        raise InputError("no such file", source) from None
    except (OSError, EOFError, UnicodeDecodeError, zlib.error, csv.Error) as error:
        raise InputError(f"not a readable CSV file ({error})", source) from None


def _parquet(source: str) -> Iterator[tuple[int, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file_batches = pq.ParquetFile(source).iter_batches(5_000)
        yield from enumerate((row for batch in file_batches for row in batch.to_pylist()), 1)
    except FileNotFoundError:
        raise InputError("no such file", source) from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"not a readable Parquet file ({' '.join(str(error).split())})", source) from None


_READERS = {".jsonl": _jsonl, ".ndjson": _jsonl, ".csv": _csv, ".parquet": _parquet}


def _complain(source: str, number: int, row: Row, column: str) -> None:
    where = f"{source}, row {number}"
    if column not in row:
        remedy = suggest(column, row) or "Name the column with --text-column."
        raise InputError(f"no column {column!r}", where, got=", ".join(map(str, row)), remedy=remedy)
    raise InputError(f"column {column!r} does not hold text", where, expected="text", got=repr(row[column])[:40])


def _flatten(row: Row) -> Row:
    flat = {key: value for key, value in row.items() if key not in ("probabilities", "explanation")}
    flat |= {f"p_{name}": value for name, value in row.get("probabilities", {}).items()}
    if "explanation" in row:
        flat["reason"] = row["explanation"]["reason"]
    return flat
