"""Rows in and out of `stance predict`: read and written as a stream, so that memory stays flat for files of any size."""

import csv
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pipeline.errors import InputError, suggest
from pipeline.stances import STANCES
from pipeline.storage import atomic_open, read_jsonl, read_lines

FORMATS = ("table", "jsonl", "csv", "parquet")

Row = dict[str, Any]


def read_rows(source: str, text_column: str = "text") -> Iterator[Row]:
    """Yield the rows of a file, or of stdin for "-", each with its sentence under "text".

    Plain text gives a row a line, empty lines too; .jsonl, .csv (each also .gz) and .parquet keep their other columns.
    Raises InputError naming file and row where the text column is missing or does not hold text.
    """
    if source == "-":
        yield from ({"text": line.rstrip("\n")} for line in sys.stdin)
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
        self._path, self._form, self._stack, self._header = path, form, ExitStack(), False
        self._parquet: Any = None

    def __enter__(self) -> "RowWriter":
        """Open the file; it takes its name when the block ends well."""
        mode = "wb" if self._form == "parquet" else "w"
        self._file: IO[Any] = self._stack.enter_context(atomic_open(self._path, mode)) if self._path else sys.stdout
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file, or drop it where the block failed."""
        if self._parquet:
            self._parquet.close()
        self._stack.__exit__(kind, error, trace)

    def write(self, rows: list[Row]) -> None:
        """Write some rows; all must have the same keys for CSV and Parquet."""
        getattr(self, f"_write_{self._form}")(rows)
        self._file.flush()

    def _write_jsonl(self, rows: list[Row]) -> None:
        self._file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def _write_csv(self, rows: list[Row]) -> None:
        flat = [_flatten(row) for row in rows]
        writer = csv.DictWriter(self._file, list(flat[0]), lineterminator="\n", extrasaction="ignore")
        if not self._header:
            writer.writeheader()
            self._header = True
        writer.writerows(flat)

    def _write_parquet(self, rows: list[Row]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._parquet is None:
            table = pa.Table.from_pylist(rows)
            self._parquet = pq.ParquetWriter(self._file, table.schema, write_page_checksum=True)
        else:
            table = pa.Table.from_pylist(rows, schema=self._parquet.schema)
        self._parquet.write_table(table)

    def _write_table(self, rows: list[Row]) -> None:
        from rich.console import Console
        from rich.text import Text

        colours = dict(zip(STANCES, ("red", "bright_black", "green"), strict=True))
        console = Console(file=self._file, soft_wrap=True, highlight=False)
        for row in rows:
            doubt = "?" if row["abstained"] else " "
            head = f"{row['label']:<10} {row['confidence']:.2f}{doubt} "
            console.print(Text(head, style=colours[row["label"]]) + Text(row["text"], style="default"))
            if "explanation" in row:
                console.print(Text(" " * len(head) + row["explanation"]["reason"], style="italic"))


def _jsonl(source: str) -> Iterator[tuple[int, Row]]:
    return read_jsonl(source)


def _csv(source: str) -> Iterator[tuple[int, Row]]:
    try:
        opener = gzip.open if source.endswith(".gz") else open
        with opener(source, "rt", encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                yield number, {key: value for key, value in row.items() if key is not None}
    except FileNotFoundError:
        raise InputError("no such file", source) from None
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"not a readable CSV file ({error})", source) from None


def _parquet(source: str) -> Iterator[tuple[int, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for batch in pq.ParquetFile(source).iter_batches(5_000):
            yield from enumerate(batch.to_pylist(), 1)
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
