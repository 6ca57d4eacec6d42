"""Sheets: tables of sentences that a person labels, in a spreadsheet (CSV) or as JSON Lines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.errors import GoldError, InputError, check_header, suggest
from pipeline.base.stances import STANCES, stance_id
from pipeline.base.storage import atomic_open, read_jsonl
from pipeline.text.files import decode

KINDS_OF_FILE = (".csv", ".jsonl")

_SHORT = {stance[0]: stance for stance in STANCES}
_NO = frozenset(["", "no", "n", "false", "0", "none"])
_DELIMITERS = ",;\t"
_FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would compute a cell that begins so
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence that somebody labelled: where it stands ("file, row n"), id, text ("" where the sheet has none)."""

    where: str
    id: str
    text: str
    stance: int
    mixed: bool = False


def check_kind(path: Path | str) -> None:
    """Raise InputError unless the suffix is that of a sheet."""
    if Path(path).suffix.lower() not in KINDS_OF_FILE:
        raise InputError("not a kind of sheet", path, expected=" or ".join(KINDS_OF_FILE), got=Path(path).suffix)


def write_sheet(path: Path | str, rows: Sequence[dict[str, str]]) -> None:
    """Write rows with the same columns, whole or not at all; CSV as spreadsheets expect it.

    That is with a mark for UTF-8, and with a "'" before a sentence that would be taken for a formula.
    """
    check_kind(path)
    with atomic_open(path, "w") as file:
        if Path(path).suffix.lower() == ".jsonl":
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return
        file.write("\ufeff")
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _guarded(value) for name, value in row.items()} for row in rows)


def read_sheet(path: Path | str) -> tuple[list[Filled], int]:
    """Return the labelled rows of a sheet, and the number of rows without a label.

    Columns are `id` and `label` (a stance or its first letter, in any case), where there are such `text` and `mixed`,
    and others, which are passed over. CSV may be parted by commas, semicolons or tabs, with any line ends, in the
    encodings in which spreadsheets save. Raises InputError for a file that cannot be read, GoldError naming the rows
    of unknown labels and of an id that is labelled in two ways.
    """
    check_kind(path)
    filled: list[Filled] = []
    wrong: list[InputError] = []
    empty = 0
    for where, row in _rows(Path(path)):
        try:
            found = _filled(row, where)
        except InputError as error:
            wrong.append(error)
            continue
        filled += [found] * (found is not None)  # type: ignore[list-item]
        empty += found is None
    complain(wrong)
    return _without_repeats(filled), empty


def complain(wrong: Sequence[InputError]) -> None:
    """Raise the first of several errors, which then names the places of the others; nothing where there is none."""
    if wrong:
        first, *others = wrong
        places = ", ".join(error.where.rpartition(", ")[2] for error in others[:_SHOWN])
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        remedy = f"{first.remedy} Likewise: {places}{more}.".strip() if others else first.remedy
        raise GoldError(first.what, first.where, expected=first.expected, got=first.got, remedy=remedy)


def _filled(row: dict[str, Any], where: str) -> Filled | None:
    label = str(row.get("label") or "").strip().casefold()
    if not label:
        return None
    stance = stance_id(_SHORT.get(label, label), where)
    mixed = str(row.get("mixed") or "").strip().casefold() not in _NO
    return Filled(where, str(row["id"]).strip(), str(row.get("text") or ""), stance, mixed)


def _without_repeats(filled: list[Filled]) -> list[Filled]:
    first: dict[str, Filled] = {}
    wrong: list[InputError] = []
    for row in filled:
        before = first.setdefault(row.id, row)
        if before.stance != row.stance:
            got = f"{STANCES[row.stance]}, and {STANCES[before.stance]} in {before.where.rpartition(', ')[2]}"
            wrong.append(GoldError(f"{row.id!r} is labelled in two ways", row.where, got=got))
    complain(wrong)
    return list(first.values())


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("file, row n" as a spreadsheet counts, or "file, line n"; row with lower-case names of columns)."""
    if path.suffix.lower() == ".jsonl":
        for number, row in read_jsonl(path):
            _check_columns(row, f"{path}, line {number}")
            yield f"{path}, line {number}", row
        return
    lines = io.StringIO(_text(path), newline="")
    number = 1
    try:
        rows = csv.reader(lines, delimiter=_delimiter(lines), strict=True)
        names = [cell.strip().casefold() for cell in next(rows, [])]
        check_header(names, f"{path}, row 1")
        _check_columns(names, str(path))
        for number, cells in enumerate(rows, 2):
            if any(cell.strip() for cell in cells):
                _check_width(cells, names, f"{path}, row {number}")
                yield f"{path}, row {number}", dict(zip(names, map(_unguarded, cells), strict=False))
    except csv.Error as error:
        remedy = "Is a quote without its pair?"
        raise InputError(f"not valid CSV ({error})", f"{path}, row {number + 1}", remedy=remedy) from None


def _text(path: Path) -> str:
    try:
        found = decode(path.read_bytes())
    except FileNotFoundError:
        raise InputError("no such file", path) from None
    if found.problem:
        raise InputError(f"not CSV ({found.problem})", path, remedy="Save the sheet as CSV (UTF-8).")
    return found.text


def _delimiter(lines: io.StringIO) -> str:
    """Return the mark that parts the cells of the header; a line "sep=;" of Excel's is passed over."""
    head = lines.readline()
    start = lines.tell() if head.startswith("sep=") else 0
    head = lines.readline() if start else head
    lines.seek(start)
    return max(_DELIMITERS, key=head.count)


def _check_columns(names: Iterable[str], where: str) -> None:
    names = list(names)
    for needed in ("id", "label"):
        if needed not in names:
            got, remedy = ", ".join(names) or "nothing", suggest(needed, names)
            raise InputError(f"no column {needed!r}", where, expected="id, label", got=got, remedy=remedy)


def _check_width(cells: list[str], names: list[str], where: str) -> None:
    if any(cell.strip() for cell in cells[len(names) :]):
        got, remedy = repr(cells[len(names)])[:40], "Put quotes around text that holds the mark between cells."
        raise InputError("more cells than columns", where, got=got, remedy=remedy)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
