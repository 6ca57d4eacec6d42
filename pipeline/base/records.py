"""A row of a table as it is read, and the columns that it must have."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.base.errors import InputError, suggest

Row = dict[str, Any]

SHOWN = 80
"""Characters of a value that an error shows."""


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


Need = str | tuple[str, ...]
"""A column that must be there: its name, or several names of which one will do, in any case."""


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
