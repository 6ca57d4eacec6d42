"""The one reader of tables: CSV of any dialect, JSON, JSON Lines, Parquet, each also packed, as a stream of records."""

import csv
import io
import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from pipeline.base.columns import Need, check_columns, find_column
from pipeline.base.csv_cells import unguard
from pipeline.base.csv_dialect import quoting
from pipeline.base.encoding import decode
from pipeline.base.errors import InputError, check_header
from pipeline.base.files import MAX_BYTES, Line, open_regular, read_text_lines, read_whole
from pipeline.base.json_list import find_list

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

log = logging.getLogger("pipeline.base.tables_in")

TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".log")
"""Suffixes of plain text, of which `read_rows` makes a row a line."""

_DELIMITERS = ",;\t|"
_HEAD = 200  # lines of CSV from which is told how it is quoted
_BATCH = 1_000  # rows of Parquet in memory at a time
_SHOWN = 80  # characters of a value in an error


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table: values by column, where a person finds it ("a.csv, row 3"), and its number.

    Numbers count from 1, lines in JSON Lines, elsewhere rows: neither the header nor blank rows have one, though
    "row 3" counts both, as a spreadsheet does. The only object of a JSON file has 0. `guess` names the encoding where
    that was guessed. `problem` says what is wrong with a row that was asked for although it cannot be read.
    """

    where: str
    number: int
    values: Row
    guess: str = ""
    problem: InputError | None = None


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
    """Yield the rows of a table; blank lines and rows are passed over, and counted in the log at the end.

    `needs`: columns that must be there, several names of one in a tuple; `fold`: names of columns in lower case;
    `flat`: leave out nested and binary columns of Parquet that are not needed; `lenient`: yield a row that cannot be
    read with its `problem`, and go on. A JSON object without the needed keys may hold the list of records. CSV may be
    parted by commas, semicolons, tabs or bars (what `sep=` in a first line says, else what the header looks like), in
    any encoding that `read_text_lines` knows; the mark against formulas of `csv_cells` is taken off. Null is None.
    Raises `error` naming file and row, with `remedy` where a needed column is missing, for whatever cannot be read.
    """
    if suffix_of(path) not in _READERS:
        expected = f"{' '.join(_READERS)} (each also .gz)"
        raise error("not a kind of table that is read", path, expected=expected, got=suffix_of(path) or "no suffix")
    options = _Options(needs, fold, flat, error, remedy, lenient)
    blank = 0
    for record in _READERS[suffix_of(path)](str(path), options):
        if record is None:
            blank += 1
        else:
            yield record
    if blank:
        log.info("%s: %d blank line%s passed over", path, blank, "" if blank == 1 else "s")


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
    with _open_parquet(source, InputError) as file:
        types = {field.name: field.type for field in file.schema_arrow}
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
            got = repr(text)[:_SHOWN]
            raise InputError(f"column {column!r} does not hold text", record.where, expected="text", got=got)
        yield {**row, "text": text} if column == "text" else {**set_aside(row, ("text",)), "text": text}


def _guessed(encoding: str) -> str:
    return f"neither UTF-8 nor marked, read as {encoding} (a guess)"


class _Options(NamedTuple):
    """What `read_records` was asked for."""

    needs: Collection[Need]
    fold: bool
    flat: bool
    error: type[InputError]
    remedy: str
    lenient: bool

    def names(self, names: Iterable[Any]) -> list[str]:
        """Return names of columns in the case that was asked for."""
        return [str(name).strip().casefold() if self.fold else name for name in names]

    def check(self, names: Iterable[Any], where: str) -> None:
        check_columns(names, self.needs, where, self.error, self.remedy)

    def needed(self, names: Iterable[str]) -> set[str]:
        """Return the needed columns that are among some names."""
        names = list(names)
        return {found for need in self.needs if (found := find_column(names, need)) is not None}

    def record(self, where: str, number: int, guess: str, values: Callable[[], Row]) -> Record:
        """Return a row, or what is wrong with it where that was asked for."""
        try:
            return Record(where, number, values(), guess)
        except InputError as problem:
            if not self.lenient:
                raise
            return Record(where, number, {}, guess, problem)


def _read_csv(path: str, options: _Options) -> Iterator[Record | None]:
    error, guesses = options.error, list[str]()
    texts = _csv_lines(path, guesses, error)
    first = next(texts, "").removeprefix("\ufeff")
    delimiter = ""
    if first.startswith("sep="):
        delimiter, first = first[4:].rstrip("\r\n") or ",", next(texts, "")
    place = number = 0
    while first and not first.strip():
        place += 1
        yield None
        first = next(texts, "")
    if not first:
        return
    csv.field_size_limit(MAX_BYTES)
    delimiter = (delimiter or max(_DELIMITERS, key=partial(_fit, first, options)))[:1]
    head = [first, *islice(texts, _HEAD)]
    rows = csv.reader(chain(head, texts), delimiter=delimiter, strict=True, **quoting(head, delimiter))
    names: list[str] | None = None
    try:
        for cells in rows:
            place += 1
            where = f"{path}, row {place}"
            if names is None:
                names = _names(cells, options)
                check_header([name for name in names if name], where, error)
                options.check(names, f"{path}, line {place}")
            elif not cells or (len(cells) > 1 and not any(map(str.strip, cells))):
                yield None
            else:
                number += 1
                values = partial(_csv_row, cells, names, where, error)
                yield options.record(where, number, "".join(guesses[:1]), values)
                guesses.clear()
    except csv.Error as problem:
        where, remedy = f"{path}, row {place + 1}", "Is a quote without its pair?"
        raise error(f"not valid CSV ({problem})", where, remedy=remedy) from None


def _csv_lines(path: str, guesses: list[str], error: type[InputError]) -> Iterator[str]:
    for line in read_text_lines(path, error):
        guesses += [line.guess] * bool(line.guess)
        yield line.text


def _fit(header: str, options: _Options, delimiter: str) -> tuple[int, int]:
    """Say how well a header is parted by a mark: needed columns that are then there, and columns."""
    try:
        names = _names(next(csv.reader([header], delimiter=delimiter), []), options)
    except csv.Error:
        return 0, 0
    return len(options.needed(names)), len(names)


def _names(cells: Sequence[str], options: _Options) -> list[str]:
    names = [unguard(cell.strip()) for cell in cells]
    unnamed = names.count("")
    return options.names(name or (f"column {n}" if unnamed > 1 else "") for n, name in enumerate(names, 1))


def _csv_row(cells: list[str], names: list[str], where: str, error: type[InputError]) -> Row:
    if any(map(str.strip, cells[len(names) :])):
        got, remedy = repr(cells[len(names)])[:_SHOWN], "Put quotes around text that holds the mark between cells."
        raise error("more cells than columns", where, got=got, remedy=remedy)
    if len(cells) < len(names):
        got, remedy = f"none for {names[len(cells)]!r}", "Put quotes around text that holds line breaks."
        raise error("fewer cells than columns", where, got=got, remedy=remedy)
    return dict(zip(names, map(unguard, cells), strict=False))


def _read_jsonl(path: str, options: _Options) -> Iterator[Record | None]:
    for line in read_text_lines(path, options.error):
        if line.text.strip():
            where = f"{path}, line {line.number}"
            yield options.record(where, line.number, line.guess, partial(_json_line, line, path, where, options))
        else:
            yield None


def _read_json(path: str, options: _Options) -> Iterator[Record | None]:
    text, guess, problem = decode(read_whole(path, options.error))
    if problem:
        raise options.error(problem, path, remedy="Save it as text in UTF-8.")
    value = _parse(text, path, options.error)
    key = ""
    if isinstance(value, dict) and options.needs and not options.needed(options.names(value)):
        key, value = find_list(value)
    if not isinstance(value, list):
        yield Record(path, 0, _row(value, path, options), guess)
        return
    for number, item in enumerate(value, 1):
        where = f"{path}, {f'{key}, ' if key else ''}item {number}"
        yield options.record(where, number, guess, partial(_row, item, where, options))


def _json_line(line: Line, path: str, where: str, options: _Options) -> Row:
    return _row(_parse(line.text, path, options.error, line.number), where, options)


def _row(value: Any, where: str, options: _Options) -> Row:
    if not isinstance(value, dict):
        raise options.error("not an object", where, expected='{"text": ...}', got=repr(value)[:_SHOWN])
    row = dict(zip(options.names(value), value.values(), strict=True))
    options.check(row, where)
    return row


def _parse(text: str, path: str, error: type[InputError], line: int = 0) -> Any:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as problem:
        what = f"not valid JSON ({problem.msg} at column {problem.colno})"
        remedy = "" if line or problem.msg != "Extra data" else "If each line is an object, name the file .jsonl."
        raise error(what, f"{path}, line {line or problem.lineno}", remedy=remedy) from None
    except (RecursionError, ValueError, MemoryError) as problem:
        reason = str(problem) or "not enough memory"
        raise error(f"not readable JSON ({reason})", f"{path}, line {line}" if line else path) from None


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


def _read_parquet(path: str, options: _Options) -> Iterator[Record | None]:
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
        return batch.to_pylist()
    except (ValueError, OverflowError, KeyError):  # text that is no UTF-8, a year above 9999
        for number in range(batch.num_rows):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                try:
                    column[number].as_py()
                except (ValueError, OverflowError, KeyError) as problem:
                    where = f"{path}, row {before + number + 1}"
                    raise error(f"column {name!r} holds what cannot be read ({problem})", where) from None
        raise


def _not_parquet(path: str, problem: BaseException, error: type[InputError]) -> NoReturn:
    reason = " ".join(str(problem).split()) or "not enough memory"
    raise error(f"not a readable Parquet file ({reason})", path) from None


_READERS = {
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
}

TABLE_SUFFIXES = tuple(_READERS)
"""Suffixes of the tables that are read, each also with .gz behind it."""
