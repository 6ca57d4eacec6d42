"""How the cells of a CSV file are quoted, told from its first lines."""

import csv
from collections.abc import Sequence
from typing import Any

_DOUBLED: dict[str, Any] = {}
_ESCAPED: dict[str, Any] = {"escapechar": "\\", "doublequote": False}
_BARE: dict[str, Any] = {"quoting": csv.QUOTE_NONE}
_UNENDED = "unexpected end of data"


def quoting(lines: Sequence[str], delimiter: str) -> dict[str, Any]:
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
