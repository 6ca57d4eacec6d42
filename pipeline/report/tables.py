"""The tables on how good the systems are."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.report.bootstrap import Score
from pipeline.report.cells import DASH, Table, grouped, number, signed, spoken, spread
from pipeline.report.results import Results, System
from pipeline.report.slices import LABEL_MODEL, MIN_ROWS


def comparison_table(results: Results, main: str, level: str) -> Table:
    """Compare all systems on the same rows; the last columns are the paired difference and what follows from it."""
    rows = []
    for name, system in results.systems.items():
        s = system.scores
        cells = [spread(s["macro_f1"]), spread(s["accuracy"])]
        cells += [number(s[key].value) for key in ("mcc", "brier", "log_loss")]
        rows.append((spoken(name), *cells, *_behind(main, system.behind)))
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


def _behind(main: str, behind: Score | None) -> tuple[str, str]:
    return (signed(behind), verdict(main, behind)) if behind is not None else (DASH, DASH)
