"""The columns that a table must have, and what they are called in it."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from pipeline.base.errors import InputError, suggest

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
