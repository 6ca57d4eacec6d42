"""The page on the model: how far to trust it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, write_text
from pipeline.report import figures, narrative
from pipeline.report.cards import model_card, recorded_table
from pipeline.report.changes import PLACE
from pipeline.report.corpus import HOW
from pipeline.report.data import CorpusData, ReportData, Results, compute_results
from pipeline.report.drawing import Picture, themed
from pipeline.report.index_page import PAGES
from pipeline.report.metrics import LABEL_MODEL, Score, decide, hidden_slices
from pipeline.report.plots import write_counts, write_empty_plots, write_metrics, write_plots
from pipeline.report.rendering import (
    DASH,
    Table,
    environment,
    grouped,
    number,
    page_parts,
    percent,
    printable,
    render_markdown,
    spoken,
    spread,
)

NAMED = 12
"""LFs that a sentence names one by one."""

_CONTRIBUTIONS = ("adds to label model", "adds to classifier")

SHOWN_ERRORS, SHOWN_RIGHT = 12, 4
TOP_LFS = 20

NOT_MEASURED = (
    f"Nothing was measured on these articles. Label some of them by hand and run the pipeline on them, and this page "
    f"tells how often the answers are right: {HOW}."
)

FIGURES = {
    "confusion": "Confusion matrix",
    "precision_recall": "Precision against recall for each stance",
    "reliability": "Accuracy against confidence",
    "coverage_precision": "Precision against coverage",
    "slices": "Accuracy on slices of the sentences",
    "lfs": "Precision against coverage of the labeling functions",
    "adaptation": "Macro-F1 against the number of hand labels",
}
"""The figures of this page, and what a screen reader says of each."""


def lf_table(lfs: Sequence[Mapping[str, Any]]) -> Table:
    """List the labeling functions, those that vote most first."""
    ordered = sorted(lfs, key=lambda lf: (-(lf.get("coverage") or 0), str(lf["name"])))
    counted = ("coverage", "overlap", "conflict", "alone")
    head = ("labeling function", "votes for", "coverage ▼", *counted[1:], "right", "precision", *_CONTRIBUTIONS)
    rows = tuple(
        (
            str(lf["name"]),
            str(lf.get("votes_for") or lf.get("stance") or DASH),
            *(percent(lf.get(key)) for key in counted),
            f"{lf['correct']} of {lf['n_gold']}" if lf.get("n_gold") else DASH,
            spread(_precision(lf), 2),
            number(lf.get("contribution"), 4),
            number(lf.get("classifier_contribution"), 4),
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
    warned = list(dict.fromkeys(row[0] for row in lf_warnings(lfs).rows))
    unused = [str(lf["name"]) for lf in lfs if _never_votes(lf)]
    found = ["No labeling function is too broad, one-sided, redundant or worse than chance beyond doubt."]
    if warned:
        which = "1 labeling function deserves" if len(warned) == 1 else f"{len(warned)} labeling functions deserve"
        found = [f"{which} a second look, beyond what chance explains (95 %): {_named(warned)}."]
    if unused:
        which = "1 labeling function votes" if len(unused) == 1 else f"{len(unused)} labeling functions vote"
        found.append(f"{which} on none of these sentences: {_named(unused)}.")
    return found


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(sorted(names)[:NAMED])}{more}"


def _never_votes(lf: Mapping[str, Any]) -> bool:
    return lf.get("votes") == 0


def _precision(lf: Mapping[str, Any]) -> Score:
    low_value_high = (lf.get(key) for key in ("precision", "precision_low", "precision_high"))
    return Score(*(float("nan") if value is None else float(value) for value in low_value_high))


def write_report(folder: Path | str, data: CorpusData) -> Results | None:
    """Write the report on `data` into `folder` and return its numbers; None where `data` is no ReportData.

    Files: metrics.json (about ten figures), details.json; plots/ (confusion.json, pr.json, calibration.json,
    coverage.json, lfs.csv); figures/*.png; model.html (all in one file, works offline); report.md. Each is written
    whole or not at all, and equal data give equal bytes. Without hand labels there are counts in place of scores, and
    the figures that need none.
    """
    folder = Path(folder)
    results = None
    if isinstance(data, ReportData):
        results = compute_results(data)
        pictures, view = draw_figures(data, results), describe(data, results)
        write_metrics(folder, data, results)
        write_plots(folder / "plots", data, results)
    else:
        pictures, view = _corpus_figures(data), describe_corpus(data)
        write_counts(folder, data)
        write_empty_plots(folder / "plots", data)
    write_figures(folder / "figures", pictures, FIGURES)
    write_text(folder / "model.html", render_html(view, pictures))
    write_text(folder / "report.md", render_markdown(view))
    return results


def write_model_page(
    folder: Path | str, manifest: Mapping[str, Any], details: Mapping[str, Any] | None, *, shipped: bool = False
) -> None:
    """Write model.html about a model that was not measured on the articles at hand; `details`: its scores on others."""
    data = CorpusData(about=model_card(manifest))
    recorded = recorded_table(details, shipped=shipped) if details else None
    view = describe_corpus(data) | {"headline": [NOT_MEASURED], "warnings": [], "recorded": recorded}
    write_text(Path(folder) / "model.html", render_html(view, {}))


def draw_figures(data: ReportData, results: Results) -> dict[str, Picture]:
    """Return each figure by name."""
    main = results.systems[data.main]
    drawn = {
        "confusion": figures.draw_confusion(main.confusion),
        "precision_recall": figures.draw_precision_recall(results.curves),
        "reliability": figures.draw_reliability(results.bins),
        "coverage_precision": figures.draw_coverage(results.coverage, results.answered, data.target_precision),
    }
    if parts := [part for part in results.slices if part.group != LABEL_MODEL]:
        drawn["slices"] = figures.draw_slices(parts, main.scores["accuracy"])
    return drawn | _corpus_figures(data)


def _corpus_figures(data: CorpusData) -> dict[str, Picture]:
    drawn = {"lfs": figures.draw_lfs(data.lfs)} if data.lfs else {}
    if data.adaptation and data.adaptation["curve"]:
        drawn["adaptation"] = figures.draw_adaptation(data.adaptation)
    return drawn


def write_figures(folder: Path, pictures: Mapping[str, Picture], names: Mapping[str, str]) -> None:
    """Write the PNG of each figure, and remove those of `names` that an earlier report had and this one has not."""
    for name in names.keys() - pictures.keys():
        (folder / f"{name}.png").unlink(missing_ok=True)
    for name, picture in pictures.items():
        with atomic_open(folder / f"{name}.png") as file:
            file.write(picture.png)


def describe_corpus(data: CorpusData) -> dict[str, Any]:
    """Return what the templates show where there are no hand labels, as text, tables and plain numbers."""
    voting = sorted((lf for lf in data.lfs if lf.get("votes") != 0), key=lambda lf: -(lf.get("coverage") or 0))
    never = sorted(str(lf["name"]) for lf in data.lfs if lf.get("votes") == 0)
    return {
        "scored": False,
        "main": spoken(data.main),
        "fold": data.fold,
        "headline": narrative.corpus_headline(data),
        "warnings": [narrative.no_scores(data)],
        "about": data.about,
        "recorded": None,
        "folds": narrative.fold_table(data.folds) if data.folds else None,
        "lfs": lf_table(voting[:TOP_LFS]),
        "other_lfs": lf_table(voting[TOP_LFS:]),
        "unused_lfs": never,
        "measured_lfs": any(lf.get("n_gold") for lf in data.lfs),
        "lf_remarks": lf_remarks(data.lfs) if data.lfs else [],
        "lf_warnings": lf_warnings(data.lfs),
        "covered": None if data.covered is None else percent(data.covered),
        "agreement": data.agreement,
        "invariance": narrative.invariance_table([row for row in data.invariance if row.cases]),
        "changed_pairs": [(row.change, *pair) for row in data.invariance for pair in row.examples],
        "adaptation": narrative.adaptation_table(data.adaptation) if data.adaptation else None,
        "adapted": data.adaptation["reason"] if data.adaptation else "",
    }


def describe(data: ReportData, results: Results) -> dict[str, Any]:
    """Return all that the templates show."""
    level = percent(data.confidence)
    return describe_corpus(data) | {
        "scored": True,
        "resamples": grouped(data.resamples),
        "level": level,
        "n": results.n,
        "n_articles": results.n_articles,
        "headline": narrative.headline(data, results),
        "warnings": narrative.warnings(data, results),
        "calibration": narrative.calibration_words(data, results),
        "calibrations": narrative.calibration_table(results),
        "systems": narrative.system_words(results),
        "comparison": narrative.comparison_table(results, data.main, level),
        "intervals": narrative.any_interval(system.scores["macro_f1"] for system in results.systems.values()),
        "slice_intervals": narrative.any_interval(part.accuracy for part in results.slices),
        "stances": narrative.stance_table(results, data.main, level),
        "confusion": confusion_cells(results.systems[data.main].confusion),
        "slices": narrative.slice_table(results, data.main, data.reference, hidden_slices(data.slices), level),
        "cells": sentences_by_cell(data),
    }


def confusion_cells(matrix: np.ndarray) -> list[dict[str, Any]]:
    """Return the rows of a confusion matrix, int (3, 3), gold by predicted, each cell with its share of the row."""
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return [
        {
            "stance": stance,
            "cells": [
                {
                    "count": int(matrix[k, j]),
                    "share": percent(shares[k, j]),
                    "shade": round(9 * float(shares[k, j])),
                    "id": _cell(k, j),
                    "right": k == j,
                }
                for j in range(len(STANCES))
            ],
        }
        for k, stance in enumerate(STANCES)
    ]


def sentences_by_cell(data: ReportData) -> list[dict[str, Any]]:
    """Return the sentences of each cell of the confusion matrix, the surest first; those of errors come first."""
    proba = data.systems[data.main]
    predicted, sure = decide(proba), proba.max(axis=1)
    order = np.argsort(-sure, kind="stable")
    found = []
    for k, j in sorted(np.ndindex(len(STANCES), len(STANCES)), key=lambda cell: (cell[0] == cell[1], *cell)):
        rows = [int(i) for i in order if data.gold[i] == k and predicted[i] == j]
        if rows:
            shown = rows[: SHOWN_RIGHT if k == j else SHOWN_ERRORS]
            found.append(
                {
                    "id": _cell(k, j),
                    "gold": STANCES[k],
                    "predicted": STANCES[j],
                    "n": len(rows),
                    "shown": len(shown),
                    "items": [_item(data, i) for i in shown],
                }
            )
    return found


def render_html(view: Mapping[str, Any], pictures: Mapping[str, Picture]) -> str:
    """Render the page as one HTML file: styles and figures inside, no script, nothing fetched."""
    templates = environment(autoescape=True, finalize=printable)
    shown = {name: Markup(themed(picture.svg, name, FIGURES[name])) for name, picture in pictures.items()}
    page = page_parts(("page.css", "model.css"))
    return templates.get_template("model.html").render(view, figures=shown, page=page, pages=PAGES, changes_place=PLACE)


def _cell(gold: int, predicted: int) -> str:
    return f"{STANCES[gold]}-as-{STANCES[predicted]}"


def _item(data: ReportData, i: int) -> dict[str, Any]:
    proba = data.systems[data.main]
    place = data.places[i] if data.places else {}
    return {
        "text": data.texts[i],
        "article": str(data.articles[i]),
        "sure": number(proba[i].max(), 2),
        "gold_probability": number(proba[i, data.gold[i]], 2),
        "fired": list(data.fired[i]),
        **{key: place.get(key, "") for key in ("title", "address", "before", "after")},
    }
