"""Sheets: tables of sentences that a person labels, in a spreadsheet (CSV) or as JSON Lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.csv_cells import CsvWriter
from pipeline.base.errors import GoldError, InputError
from pipeline.base.repair import repair
from pipeline.base.stances import STANCES, stance_id
from pipeline.base.storage import atomic_open
from pipeline.base.tables_in import read_records

KINDS_OF_FILE = (".csv", ".jsonl")

_SHORT = {stance[0]: stance for stance in STANCES}
_SHORT |= {form: stance for number, stance in enumerate(STANCES) for form in (str(number), f"{number}.0")}
_NO_LABEL = frozenset(
    ["", "skip", "skipped", "?", "??", "n/a", "na", "nan", "none", "null", "-", "–", "—", "unsure", "todo"]
)
_STRAIGHT = str.maketrans({**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„«»", '"')})
_NO = frozenset(["", "no", "n", "false", "0", "none"])
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
        CsvWriter(file, list(rows[0])).write(rows)


def read_sheet(path: Path | str) -> tuple[list[Filled], int]:
    """Return the labelled rows of a sheet, and the number of rows without a label.

    Columns are `id` and `label` (a stance, its first letter or its id, in any case; skip, ? and n/a are no label),
    where there are such `text` and `mixed`, and others, which are not read. The file is a table of any kind that
    `read_records` reads. Raises InputError for a file that cannot be read, GoldError naming the rows of unknown labels
    and of an id that is labelled in two ways.
    """
    filled: list[Filled] = []
    wrong: list[InputError] = []
    empty = 0
    for record in read_records(path, ("id", "label"), fold=True):
        try:
            found = _filled(record.values, record.where)
        except InputError as error:
            wrong.append(error)
            continue
        filled += [found] * (found is not None)  # type: ignore[list-item]
        empty += found is None
    complain(wrong)
    return _without_repeats(filled), empty


def text_key(text: str) -> str:
    """Return what two texts share that differ in white space, form of quotation marks, or repaired characters only."""
    return " ".join(repair(text)[0].translate(_STRAIGHT).split())


def complain(wrong: Sequence[InputError]) -> None:
    """Raise the first of several errors, which then names the places of the others; nothing where there is none."""
    if wrong:
        first, *others = wrong
        places = ", ".join(error.where.rpartition(", ")[2] for error in others[:_SHOWN])
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        remedy = f"{first.remedy} Likewise: {places}{more}.".strip() if others else first.remedy
        raise GoldError(first.what, first.where, expected=first.expected, got=first.got, remedy=remedy)


def _filled(row: dict[str, Any], where: str) -> Filled | None:
    cell = row.get("label")
    label = "" if cell is None else str(cell).strip().casefold()
    if label in _NO_LABEL:
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
