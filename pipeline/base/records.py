"""Records read one by one from CSV and its dialects, JSON and JSON Lines; and how a cell of CSV is guarded."""

import csv
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from pipeline.base.errors import InputError, check_header, suggest
from pipeline.base.files import MAX_BYTES, Line, decode, read_text_lines, read_whole

_DIGITS = 1_000  # nanoseconds of a microsecond

_LIVE = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")

Row = dict[str, Any]

SHOWN = 80
"""Characters of a value that an error shows."""

Need = str | tuple[str, ...]
"""A column that must be there: its name, or several names of which one will do, in any case."""

_DELIMITERS = ",;\t|"
_HEAD, _HEAD_SIZE = 200, 1 << 20  # lines, and characters, of CSV from which its quoting is detected
_DOUBLED: dict[str, Any] = {}
_ESCAPED: dict[str, Any] = {"escapechar": "\\", "doublequote": False}
_BARE: dict[str, Any] = {"quoting": csv.QUOTE_NONE}
_UNENDED = "unexpected end of data"


class NanoTime(time):
    """A time of day to the nanosecond, as Parquet has it; what Python has ends at microseconds."""

    nanoseconds: int

    @classmethod
    def of(cls, nanoseconds: int) -> "NanoTime":
        """Return the time so many nanoseconds after midnight."""
        whole = datetime.min + timedelta(microseconds=nanoseconds // _DIGITS)
        made = cls(whole.hour, whole.minute, whole.second, whole.microsecond)
        made.nanoseconds = nanoseconds
        return made

    def __str__(self) -> str:
        """Write all nine digits of the second."""
        return f"{self.isoformat('microseconds')}{self.nanoseconds % _DIGITS:03}"


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


def check_columns(
    names: Iterable[Any],
    needs: Collection[Need],
    where: Path | str,
    error: type[InputError] = InputError,
    remedy: str = "",
) -> None:
    """Raise `error`, with the nearest name and `remedy`, where a needed column or key is not there."""
    names = list(map(str, names))
    for need in needs:
        needed = need if isinstance(need, str) else need[0]
        if find_column(names, need) is None:
            got, hint = ", ".join(names) or "none", f"{suggest(needed, names)} {remedy}".strip()
            raise error(f"no column or key {needed!r}", where, got=got, remedy=hint)


def find_column(names: Iterable[Any], need: Need) -> str | None:
    """Return the name of a needed column: as it is written, else, of one with several names, the first in any case."""
    names = list(map(str, names))
    if isinstance(need, str):
        return need if need in names else None
    folded = {name.strip().casefold(): name for name in reversed(names)}
    exact = next((name for name in need if name in names), None)
    return exact or next((folded[name.casefold()] for name in need if name.casefold() in folded), None)


class ReadOptions(NamedTuple):
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
        """Raise the caller's error where a needed column is not among some names."""
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


def read_csv(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the rows of a CSV file, None for a blank one."""
    error, guesses = options.error, list[str]()
    lines = read_text_lines(path, error)
    head = _head(lines)
    delimiter = ""
    if head and head[0].text.removeprefix("\ufeff").startswith("sep="):
        delimiter = head.pop(0).text.removeprefix("\ufeff")[4:].rstrip("\r\n") or ","
    place = number = 0
    while head and not head[0].text.strip():
        place += 1
        yield None
        head = head[1:] or _head(lines)
    if not head:
        return
    csv.field_size_limit(MAX_BYTES)
    shown = [line.text for line in head]
    delimiter = (delimiter or max(_DELIMITERS, key=partial(_fit, shown[0], options)))[:1]
    texts = _texts(chain(head, lines), guesses)
    rows = csv.reader(texts, delimiter=delimiter, strict=True, **_quoting(shown, delimiter))
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


def _head(lines: Iterator[Line]) -> list[Line]:
    """Return the first lines, from which the quoting of a file is detected."""
    head: list[Line] = []
    size = 0
    for line in islice(lines, _HEAD):
        head.append(line)
        size += len(line.text)
        if size > _HEAD_SIZE:
            break
    return head


def _texts(lines: Iterable[Line], guesses: list[str]) -> Iterator[str]:
    """Yield the text of lines; the encodings that were guessed for them go to a list."""
    for line in lines:
        guesses += [line.guess] * bool(line.guess)
        yield line.text


def _fit(header: str, options: ReadOptions, delimiter: str) -> tuple[int, int]:
    """Say how well a delimiter fits a header: needed columns that are then there, and columns."""
    try:
        names = _names(next(csv.reader([header], delimiter=delimiter), []), options)
    except csv.Error:
        return 0, 0
    return len(options.needed(names)), len(names)


def _names(cells: Sequence[str], options: ReadOptions) -> list[str]:
    names = [unguard(cell.strip()) for cell in cells]
    unnamed = names.count("")
    return options.names(name or (f"column {n}" if unnamed > 1 else "") for n, name in enumerate(names, 1))


def _csv_row(cells: list[str], names: list[str], where: str, error: type[InputError]) -> Row:
    if any(map(str.strip, cells[len(names) :])):
        got, remedy = repr(cells[len(names)])[:SHOWN], "Put quotes around text that holds the delimiter."
        raise error("more cells than columns", where, got=got, remedy=remedy)
    if len(cells) < len(names):
        got, remedy = f"none for {names[len(cells)]!r}", "Put quotes around text that holds line breaks."
        raise error("fewer cells than columns", where, got=got, remedy=remedy)
    return dict(zip(names, map(unguard, cells), strict=False))


def _quoting(lines: Sequence[str], delimiter: str) -> dict[str, Any]:
    r"""Return the arguments of `csv.reader` under which lines are rows as wide as the first; {} where nothing fits.

    Tried are quotes inside quotes that are doubled, quotes behind a backslash (MySQL, pandas), and, where tabs separate
    the cells, quotes that mean nothing. The last row may go on behind these lines.
    """
    escaped = any('\\"' in line for line in lines)
    for form in (_DOUBLED, *[_ESCAPED] * escaped, *[_BARE] * (delimiter == "\t")):
        if _fits(lines, delimiter, form):
            return form
    return _DOUBLED


def _fits(lines: Sequence[str], delimiter: str, form: dict[str, Any]) -> bool:
    width = 0
    try:
        for cells in csv.reader(lines, delimiter=delimiter, strict=True, **form):
            width = width or len(cells)
            if len(cells) not in (0, 1, width):
                return False
    except csv.Error as problem:
        return _UNENDED in str(problem) and form is _DOUBLED
    return True


def read_jsonl(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the objects of a JSON Lines file, None for a blank line."""
    for line in read_text_lines(path, options.error):
        if line.text.strip():
            where = f"{path}, line {line.number}"
            yield options.record(where, line.number, line.guess, partial(_json_line, line, path, where, options))
        else:
            yield None


def read_json(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the objects of a JSON file; one that lacks the needed keys may hold the list of them."""
    text, guess, problem = decode(read_whole(path, options.error))
    if problem:
        raise options.error(problem, path, remedy="Save it as text in UTF-8.")
    value = _parse(text, path, options.error)
    key = ""
    if isinstance(value, dict) and options.needs and not options.needed(options.names(value)):
        key, value = _find_list(value)
    if not isinstance(value, list):
        yield Record(path, 0, _row(value, path, options), guess)
        return
    for number, item in enumerate(value, 1):
        where = f"{path}, {f'{key}, ' if key else ''}item {number}"
        yield options.record(where, number, guess, partial(_row, item, where, options))


def _json_line(line: Line, path: str, where: str, options: ReadOptions) -> Row:
    return _row(_parse(line.text, path, options.error, line.number), where, options)


def _row(value: Any, where: str, options: ReadOptions) -> Row:
    if not isinstance(value, dict):
        raise options.error("not an object", where, expected='{"text": ...}', got=repr(value)[:SHOWN])
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


def _find_list(value: dict[str, Any], key: str = "") -> tuple[str, Any]:
    """Return the only list of objects in an object, with the keys under which it stands; ("", value) for none.

    So news services answer: {"status": "ok", "articles": [...]}.
    """
    lists = [(name, item) for name, item in value.items() if isinstance(item, list) and _are_objects(item)]
    if len(lists) == 1:
        return f"{key}{lists[0][0]}", lists[0][1]
    inner = [] if lists else [(name, item) for name, item in value.items() if isinstance(item, dict)]
    found = [(name, item) for name, item in (_find_list(one, f"{key}{name}.") for name, one in inner) if name]
    return found[0] if len(found) == 1 else ("", value)


def _are_objects(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)
