"""Tables as CSV of any dialect: what parts the cells, how they are quoted, and which rows are broken."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any

from pipeline.base.csv_cells import unguard
from pipeline.base.errors import InputError, check_header
from pipeline.base.files import MAX_BYTES, Line, read_text_lines
from pipeline.base.records import SHOWN, ReadOptions, Record, Row

_DELIMITERS = ",;\t|"
_HEAD, _HEAD_SIZE = 200, 1 << 20  # lines, and characters, of CSV from which it is told how it is quoted
_DOUBLED: dict[str, Any] = {}
_ESCAPED: dict[str, Any] = {"escapechar": "\\", "doublequote": False}
_BARE: dict[str, Any] = {"quoting": csv.QUOTE_NONE}
_UNENDED = "unexpected end of data"


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
    """Return the first lines, from which it is told how a file is quoted."""
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

    Tried are quotes inside quotes that are doubled, quotes behind a backslash (MySQL, pandas), and, where tabs part the
    cells, quotes that mean nothing. The last row may go on behind these lines.
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
