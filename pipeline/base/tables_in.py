"""The one reader of tables: CSV of any dialect, JSON, JSON Lines, Parquet, each also packed, as a stream of records."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.base.csv_in import read_csv
from pipeline.base.errors import InputError
from pipeline.base.files import read_text_lines
from pipeline.base.json_in import read_json, read_jsonl
from pipeline.base.parquet_in import parquet_types, read_parquet
from pipeline.base.records import SHOWN, Need, ReadOptions, Record, Row

if TYPE_CHECKING:
    import pyarrow as pa

log = logging.getLogger("pipeline.base.tables_in")

TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".log")
"""Suffixes of plain text, of which `read_rows` makes a row a line."""


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
    encoding that `read_text_lines` knows; the mark against formulas of `csv_cells` is taken off. Null is None. Raises
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
        log.info("%s: %d blank line%s skipped", path, blank, "" if blank == 1 else "s")


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
        log.warning("%s: %s of %d row%s", source, what, count, "" if count == 1 else "s")


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
        yield {"text": line.text.rstrip("\r\n")}


def _table_rows(source: str, column: str, counts: Counter[str]) -> Iterator[Row]:
    if suffix_of(source) not in _READERS:
        expected = f"{' '.join((*TEXT_SUFFIXES[1:], *_READERS))} (each also .gz)"
        remedy = "Plain text of any name can come from stdin: --input -"
        raise InputError(
            "not a kind of file that is read", source, expected=expected, got=suffix_of(source), remedy=remedy
        )
    for record in read_records(source, (column,), remedy="Name the column with --text-column."):
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


def _guessed(encoding: str) -> str:
    return f"neither UTF-8 nor marked, read as {encoding} (a guess)"


_READERS: dict[str, Callable[[str, ReadOptions], Iterator[Record | None]]] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}

TABLE_SUFFIXES = tuple(_READERS)
"""Suffixes of the tables that are read, each also with .gz behind it."""
