"""The report's tables as plain text cells, laid out once and rendered as HTML or Markdown by the templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.report.bootstrap import Score
from pipeline.report.results import Results, System
from pipeline.report.slices import LABEL_MODEL, MIN_ROWS

DASH = "–"
MINUS = "−"
NBSP = "\u00a0"  # keeps an interval on one line


@dataclass(frozen=True)
class Table:
    """A caption, column heads, rows of cells, how many leading columns are text (the others are numbers), a note."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: int = 1
    note: str = ""


def comparison_table(results: Results, main: str, level: str) -> Table:
    """Compare all systems on the same rows; the last columns are the paired difference and what follows from it."""
    rows = []
    for name, system in results.systems.items():
        s = system.scores
        cells = [spread(s["macro_f1"]), spread(s["accuracy"]), spread(s["mcc"]), spread(s["brier"])]
        rows.append((spoken(name), *cells, number(s["log_loss"].value), *_behind(main, system.behind)))
    head = ("system", "macro-F1", "accuracy", "MCC", "Brier", "log-loss", f"{spoken(main)} minus it", "verdict")
    return Table(
        f"All systems on the same {results.n} sentences, with {level} intervals by article",
        head,
        tuple(rows),
        note="Differences are of macro-F1, over the same draws of articles. Brier and log-loss: less is better; "
        "they are large for systems that vote without doubt.",
    )


def verdict(name: str, behind: Score) -> str:
    """Say which system is better, given the interval of the difference `name` minus the other."""
    if behind.low > 0:
        return f"{spoken(name)} better"
    if behind.high < 0:
        return f"{spoken(name)} worse"
    return "no clear difference" if np.isfinite(behind.low) else "cannot be told"


def stance_table(results: Results, main: str, level: str) -> Table:
    """Precision, recall and F1 of each stance."""
    system, rows = results.systems[main], []
    for k, stance in enumerate(STANCES):
        in_gold, predicted = int(system.confusion[k].sum()), int(system.confusion[:, k].sum())
        cell = {key: spread(system.scores[f"{stance}_{key}"]) for key in ("precision", "recall", "f1")}
        precision = cell["precision"] if predicted else DASH
        recall, f1 = (cell["recall"], cell["f1"]) if in_gold else (DASH, DASH)
        rows.append((stance, str(in_gold), str(predicted), precision, recall, f1))
    head = ("stance", "hand labels", "predicted", "precision", "recall", "F1")
    return Table(f"The {spoken(main)}, stance by stance, with {level} intervals by article", head, tuple(rows))


def confusion_table(results: Results, main: str) -> Table:
    """Count hand labels against predictions."""
    matrix = results.systems[main].confusion
    rows = tuple((stance, *(str(count) for count in matrix[k])) for k, stance in enumerate(STANCES))
    return Table("Hand labels (rows) against predictions (columns)", ("hand label", *STANCES), rows)


def calibration_table(results: Results) -> Table:
    """Compare the confidence of each system with the share of its answers that are right."""
    rows = []
    for name, system in results.systems.items():
        right = system.scores["accuracy"].value
        numbers = (number(value) for value in (system.confidence, right, system.ece, system.ece_null))
        rows.append((spoken(name), *numbers, trust(system)))
    return Table(
        "Mean confidence against the share right",
        ("system", "confidence", "right", "calibration error", "by chance up to", "verdict"),
        tuple(rows),
        note="By chance: what a system with true probabilities would show in 95 % of such samples.",
    )


def trust(system: System) -> str:
    """Say whether the probabilities of a system can be taken at their word."""
    if system.ece <= system.ece_null:
        return "no sign of error"
    return "too sure" if system.confidence > system.scores["accuracy"].value else "not sure enough"


def fold_table(folds: Sequence[Mapping[str, Any]]) -> Table:
    """Count articles, sentences and hand labels per fold, with their sum."""
    keys = ("articles", "sentences", "gold")
    rows = [(str(fold["fold"]), *(grouped(fold[key]) for key in keys)) for fold in folds]
    total = ("all", *(grouped(sum(fold[key] for fold in folds)) for key in keys))
    head = ("fold", "articles", "sentences", "hand labels")
    return Table("Articles are dealt into folds whole", head, (*rows, total))


def slice_table(results: Results, main: str, reference: str, hidden: int, level: str) -> Table:
    """Score each slice that is large enough to be shown."""
    compared = any(part.gain for part in results.slices)
    gain_head = (f"macro-F1 minus {spoken(reference)}", f"Brier minus {spoken(reference)}") if compared else ()
    head = ("slice", "sentences", "articles", "macro-F1", "accuracy", "Brier", *gain_head)
    rows = []
    for part in results.slices:
        macro_f1 = f"{spread(part.macro_f1)} *" if part.absent else spread(part.macro_f1)
        counts, scores = (str(part.n), str(part.n_articles)), (macro_f1, spread(part.accuracy), spread(part.brier))
        gains = [signed(gain) for gain in (part.gain, part.brier_gain) if gain]
        rows.append((f"{part.group}: {part.name}", *counts, *scores, *gains))
    note = f"Slices of fewer than {MIN_ROWS} sentences are not shown ({hidden} hidden)." if hidden else ""
    if any(part.group == LABEL_MODEL for part in results.slices):
        note += " Where the label model is wrong another can only do better, and where it is right only worse."
    if any(part.absent for part in results.slices):
        note += " * A stance has no hand label in this slice and counts as F1 = 0: compare accuracy instead."
    return Table(
        f"The {spoken(main)} on parts of the rows, with {level} intervals", head, tuple(rows), note=note.strip()
    )


def number(value: float | None, digits: int = 3) -> str:
    """Format a number with a true minus sign; a dash where it is missing or undefined."""
    value = _float(value)
    if not np.isfinite(value):
        return DASH
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", MINUS)


def grouped(count: int) -> str:
    """Format a count with thin spaces between thousands from 10 000 on."""
    return f"{count:,}".replace(",", "\u202f") if count >= 10_000 else str(count)


def percent(share: float | None) -> str:
    """Format a share as per cent, with a decimal below 10 %."""
    share = _float(share)
    if not np.isfinite(share):
        return DASH
    return f"{100 * share:.{1 if 0 < share < 0.0995 else 0}f} %"


def spread(score: Score, digits: int = 3) -> str:
    """Format a value with its interval: '0.712 (0.655 to 0.748)'."""
    value = number(score.value, digits)
    return value if not np.isfinite(score.low) else f"{value} ({_range(score, digits)})"


def signed(score: Score) -> str:
    """Format a difference with its sign and interval: '+0.041 (0.012 to 0.070)'."""
    return f"+{spread(score)}" if score.value > 0 else spread(score)


def spoken(name: str) -> str:
    """Turn a key into words: 'label_model' -> 'label model'."""
    return name.replace("_", " ")


def _range(score: Score, digits: int) -> str:
    return f"{number(score.low, digits)}{NBSP}to{NBSP}{number(score.high, digits)}"


def _behind(main: str, behind: Score | None) -> tuple[str, str]:
    return (signed(behind), verdict(main, behind)) if behind is not None else (DASH, DASH)


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)


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
