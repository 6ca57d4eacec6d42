"""The report in tables and in words, on its pages and in the terminal."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from pipeline.base.calibration import ENOUGH, wilson
from pipeline.base.logs import counted
from pipeline.base.stances import STANCES
from pipeline.report.changes import SHOWN_IN_MARKDOWN, Changes, changes_table
from pipeline.report.corpus import HOW
from pipeline.report.data import CorpusData, ReportData, Results, System
from pipeline.report.metrics import FEW_ARTICLES, LABEL_MODEL, MIN_ARTICLES, MIN_ROWS, Score
from pipeline.report.rendering import DASH, SYSTEMS, Table, grouped, number, percent, signed, spoken, spread, spread_of

if TYPE_CHECKING:
    from pipeline.weak.invariance import Invariance

_BASELINES = ("label_model", "majority_vote")
_UNKEPT = "No confidence was found above which {} of the answers are right, so none is withheld."
_UNTRIED = (
    "A confidence above which {} of the answers are right is looked for from {} hand-labelled sentences of the dev "
    "fold on; there are {}, so no answer is withheld."
)
_COLOURS = {"opposition": "red", "neutral": "bright_black", "agreement": "green"}
_SCORES = {"macro-F1": "macro_f1", "accuracy": "accuracy", "Brier": "brier", "log-loss": "log_loss"}


def any_interval(scores: Iterable[Score]) -> bool:
    """Tell whether one of the scores at least has an interval."""
    return any(math.isfinite(score.low) for score in scores)


def comparison_table(results: Results, main: str, level: str) -> Table:
    """Compare all systems on the same rows; the last columns are the paired difference and what follows from it."""
    rows = []
    for name, system in results.systems.items():
        s = system.scores
        cells = [spread(s["macro_f1"]), spread(s["accuracy"])]
        cells += [number(s[key].value) for key in ("mcc", "brier", "log_loss")]
        rows.append((spoken(name), *cells, *_behind(main, system.behind)))
    head = ("system", "macro-F1", "accuracy", "MCC", "Brier", "log-loss", f"{spoken(main)} minus it", "verdict")
    within = (
        f", with {level} intervals by article"
        if any_interval(system.scores["macro_f1"] for system in results.systems.values())
        else ""
    )
    return Table(
        f"All systems on the same {counted(results.n, 'sentence')}{within}",
        head,
        tuple(rows),
        note="Differences are of macro-F1, paired: over the same draws of articles. Brier and log-loss: less is "
        "better; they are large for systems that vote without doubt.",
    )


def system_words(results: Results) -> list[tuple[str, str]]:
    """Return what each system that is compared is called, and what it is."""
    return [SYSTEMS[name] for name in results.systems if name in SYSTEMS]


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
    within = f", with {level} intervals by article" if any_interval(system.scores.values()) else ""
    return Table(f"The {spoken(main)}, stance by stance{within}", head, tuple(rows))


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
    """Return whether the probabilities of a system can be taken at their word."""
    if system.ece <= system.ece_null:
        return "no sign of error"
    return "too sure" if system.confidence > system.scores["accuracy"].value else "not sure enough"


def fold_table(folds: Sequence[Mapping[str, Any]]) -> Table:
    """Count articles, sentences and hand labels per fold, with their sum."""
    keys = ("articles", "sentences", "gold")
    rows = [(str(fold["fold"]), *(grouped(fold[key]) for key in keys)) for fold in folds]
    total = ("all", *(grouped(sum(fold[key] for fold in folds)) for key in keys))
    head = ("fold", "articles", "sentences", "hand labels")
    return Table("Whole articles are assigned to folds", head, (*rows, total))


def adaptation_table(adaptation: Mapping[str, Any]) -> Table:
    """Show what adapting to so many hand labels gives, and what twice as many are expected to give."""
    points = [{"labels": 0, **adaptation["before"]}, *adaptation["curve"]] if adaptation["curve"] else []
    rows = [(grouped(p["labels"]), number(p["macro_f1"]), number(p["log_loss"])) for p in points]
    if adaptation["forecast"] is not None:
        rows.append((f"{grouped(2 * adaptation['labels'])} (forecast)", number(adaptation["forecast"]), DASH))
    note = "0: the classifier as it was. Log-loss at the temperature that suits best; less is better."
    return Table(
        "The classifier adapted to so many of the labels, on sentences of articles left out",
        ("labels", "macro-F1", "log-loss"),
        tuple(rows),
        note=note,
    )


def invariance_table(rows: "Sequence[Invariance]") -> Table:
    """Show how many answers change under what should change none."""
    cells = []
    for row in rows:
        low, high = wilson(row.changed, row.cases)
        share = spread(Score(row.changed / row.cases, low, high))
        cells.append((row.change, str(row.changed), str(row.cases), share))
    head = ("change", "answers changed", "sentences", "share (95 % interval)")
    return Table("Answers that change where none should", head, tuple(cells))


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
    within = f", with {level} intervals" if any_interval(part.accuracy for part in results.slices) else ""
    return Table(f"The {spoken(main)} on parts of the rows{within}", head, tuple(rows), note=note.strip())


def _behind(main: str, behind: Score | None) -> tuple[str, str]:
    return (signed(behind), verdict(main, behind)) if behind is not None else (DASH, DASH)


def headline(data: ReportData, results: Results) -> list[str]:
    """Return the result in words: the score, how it compares, how often a chosen answer is right."""
    score = results.systems[data.main].scores["macro_f1"]
    within = f" ({percent(data.confidence)} interval {number(score.low)} to {number(score.high)})"
    return [
        f"On {grouped(results.n)} hand-labelled sentences from {_articles(results.n_articles)} that played no part in "
        f"training, the {spoken(data.main)} reaches a macro-F1 of {number(score.value)}"
        f"{within if math.isfinite(score.low) else ''}.",
        *_comparison(data, results),
        *_answers(data, results),
    ]


def warnings(data: ReportData, results: Results) -> list[str]:
    """Return what makes the result less certain than it looks."""
    found = []
    if results.n_articles < MIN_ARTICLES:
        found.append(
            f"The hand labels come from {_articles(results.n_articles)}: too few to say how much the scores "
            "would vary, so there are no intervals. Label more articles."
        )
    elif results.few_articles:
        found.append(
            f"Only {results.n_articles} articles have hand labels in the {data.fold} fold. With fewer than "
            f"{FEW_ARTICLES} the intervals are too narrow: read them as the least uncertainty there is, and label more "
            "articles."
        )
    if results.absent:
        best = len(STANCES) - len(results.absent)
        found.append(
            f"No sentence is hand-labelled {' or '.join(results.absent)}: it counts as F1 = 0, so macro-F1 cannot "
            f"exceed {number(best / len(STANCES), 2)} here."
        )
    return found


def corpus_headline(data: CorpusData) -> list[str]:
    """Return how much there is, and on how much of it labeling functions vote."""
    size = f"{_articles(data.count('articles'))} with {grouped(data.count('sentences'))} sentences"
    if data.covered is None:
        return [f"{size}."]
    return [f"{size}; at least one labeling function votes on {percent(data.covered)} of them."]


def no_scores(data: CorpusData) -> str:
    """Say that nothing tells how good the predictions are, and what would."""
    return (
        f"No sentence of the {data.fold} fold is hand-labelled, so there are no scores: nothing here tells how often "
        f"the {spoken(data.main)} is right. How to label some sentences: {HOW}."
    )


def calibration_words(data: ReportData, results: Results) -> str:
    """Return whether the probabilities can be taken at their word."""
    system = results.systems[data.main]
    found = f"The expected calibration error is {number(system.ece)}. "
    limit = f"A perfectly calibrated model would stay below {number(system.ece_null)} on 95 % of such samples, "
    if system.ece <= system.ece_null:
        return found + limit + "so there is no sign that the probabilities are wrong."
    return (
        found + limit + f"so the probabilities are off: on average the model is {trust(system)} (mean confidence "
        f"{number(system.confidence, 2)}, right {number(system.scores['accuracy'].value, 2)})."
    )


def _comparison(data: ReportData, results: Results) -> list[str]:
    """Compare the main system with the baselines, and with the best of the others where that is clearly better."""
    others = {name: system for name, system in results.systems.items() if system.behind is not None}
    rivals = [name for name in _BASELINES if name in others]
    if others:
        best = max(others, key=lambda name: others[name].scores["macro_f1"].value)
        behind = others[best].behind
        if best not in rivals and (not rivals or (behind is not None and behind.high < 0)):
            rivals.append(best)
    return [_against(results, data.main, name) for name in rivals]


def _against(results: Results, main: str, name: str) -> str:
    behind, score = results.systems[name].behind, results.systems[name].scores["macro_f1"].value
    digits = telling_digits(results.systems[main].scores["macro_f1"].value, score)
    other = f"the {spoken(name)} ({number(score, digits)})"
    if behind is None or not math.isfinite(behind.low):
        return f"Whether it is better than {other} cannot be told from so few articles."
    if not behind.low <= 0 <= behind.high:
        which = "better" if behind.low > 0 else "worse"
        return f"It is {which} than {other}: the paired difference is {signed(behind, digits)}."
    return f"Whether it is better than {other} cannot be told: the paired difference is {signed(behind, digits)}."


def telling_digits(one: float, other: float) -> int:
    """Return how many decimals two scores that are compared need to differ: 3, or 4 where those agree."""
    return 3 if number(one, 3) != number(other, 3) else 4


def _answers(data: ReportData, results: Results) -> list[str]:
    point = results.answered
    if point is None:
        return [] if data.target_precision is None else [_none_withheld(data, percent(data.target_precision))]
    if not math.isfinite(point.precision.value):
        return [f"No sentence reaches the confidence of {number(point.threshold, 2)} that an answer needs."]
    within = f" (interval {percent(point.precision.low)} to {percent(point.precision.high)})"
    aimed_at = f"; the target is {percent(data.target_precision)}" if data.target_precision is not None else ""
    return [
        f"Where it answers only when its confidence is {number(point.threshold, 2)} or more, it answers "
        f"{percent(point.coverage.value)} of the sentences and {percent(point.precision.value)} of these answers are "
        f"right{within if math.isfinite(point.precision.low) else ''}{aimed_at}."
    ]


def _none_withheld(data: ReportData, aimed_at: str) -> str:
    labelled = next((fold["gold"] for fold in data.folds if fold["fold"] == "dev"), ENOUGH)
    return _UNKEPT.format(aimed_at) if labelled >= ENOUGH else _UNTRIED.format(aimed_at, ENOUGH, labelled)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{grouped(count)} articles"


def print_report(
    file: TextIO, details: Mapping[str, Any], counts: Mapping[str, int], changes: Changes | None, since: str
) -> None:
    """Print what details.json holds; `counts`: answered sentences by stance; `changes`: those since `since`."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True)
    total = sum(counts.values())
    line = Text(f"{grouped(total)} sentences: ")
    for stance in STANCES:
        line.append(f"{counts[stance]} {stance}", style=_COLOURS[stance])
        line.append(f" ({percent(counts[stance] / max(total, 1))})" + ("" if stance == STANCES[-1] else ", "))
    console.print(line)
    systems = {name: scores for name, scores in details.items() if name != "corpus"}
    if not systems:
        console.print(f"No hand labels in the test fold, so there are no scores: {HOW}")
    else:
        first = next(iter(systems.values()))
        table = Table(
            "system",
            *_SCORES,
            title=f"{counted(first['n'], 'hand label')} from {counted(first['articles'], 'article')}",
            box=None,
        )
        for name in sorted(systems, key=lambda name: -systems[name]["macro_f1"]):
            own = systems[name]
            rest = (number(own.get(key)) for key in _SCORES.values() if key != "macro_f1")
            table.add_row(spoken(name), spread_of(own, "macro_f1"), *rest)
        console.print(table)
    if changes is not None:
        console.print(Text(f"Since {since}: {changes.in_words()}"))
        for text, before, after, cause, _ in changes_table(changes, SHOWN_IN_MARKDOWN).rows:
            line = Text("  ").append(before, _COLOURS[before]).append(" → ").append(after, _COLOURS[after])
            console.print(line.append(f" ({cause})  {text}", "default"))
