"""The labeling functions (LFs) as tables: what each does, those to look at again, those that never vote."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.report.bootstrap import Score
from pipeline.report.cells import DASH, Table, number, percent, spread

NAMED = 12
"""LFs that never vote and are named one by one."""

_WORTH = ("worth to label model", "worth to classifier")


def lf_table(lfs: Sequence[Mapping[str, Any]]) -> Table:
    """List the labeling functions, those that vote most first."""
    ordered = sorted(lfs, key=lambda lf: (-(lf.get("coverage") or 0), str(lf["name"])))
    counted = ("coverage", "overlap", "conflict", "alone")
    head = ("labeling function", "votes for", "coverage ▼", *counted[1:], "right", "precision", *_WORTH)
    rows = tuple(
        (
            str(lf["name"]),
            str(lf.get("votes_for") or lf.get("stance") or DASH),
            *(percent(lf.get(key)) for key in counted),
            f"{lf['correct']} of {lf['n_gold']}" if lf.get("n_gold") else DASH,
            spread(_precision(lf), 2),
            number(lf.get("worth"), 4),
            number(lf.get("classifier_worth"), 4),
        )
        for lf in ordered
    )
    return Table("Labeling functions, widest coverage first", head, rows, 2)


def lf_warnings(lfs: Sequence[Mapping[str, Any]]) -> Table:
    """List the warnings, one a row, of the LFs that vote."""
    rows = [(str(lf["name"]), warning) for lf in lfs if lf.get("votes") for warning in lf.get("warnings") or ()]
    return Table("Labeling functions that deserve a second look", ("labeling function", "why"), tuple(sorted(rows)), 2)


def lf_remarks(lfs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say in sentences how many LFs have a warning, and which never vote."""
    warned, silent = len({row[0] for row in lf_warnings(lfs).rows}), [str(lf["name"]) for lf in lfs if _is_silent(lf)]
    found = ["No labeling function is too broad, one-sided, redundant or worse than chance beyond doubt."]
    if warned:
        which = "1 labeling function deserves" if warned == 1 else f"{warned} labeling functions deserve"
        found = [f"{which} a second look: what is said below holds with all of its 95 % interval."]
    if silent:
        more = f" and {len(silent) - NAMED} more" if len(silent) > NAMED else ""
        which = "1 labeling function votes" if len(silent) == 1 else f"{len(silent)} labeling functions vote"
        found.append(f"{which} on none of these sentences: {', '.join(sorted(silent)[:NAMED])}{more}.")
    return found


def _is_silent(lf: Mapping[str, Any]) -> bool:
    return lf.get("votes") == 0


def _precision(lf: Mapping[str, Any]) -> Score:
    low_value_high = (lf.get(key) for key in ("precision", "precision_low", "precision_high"))
    return Score(*(float("nan") if value is None else float(value) for value in low_value_high))
