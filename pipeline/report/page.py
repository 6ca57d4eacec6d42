"""The whole report: metrics.json, plot data, figures, and one page as HTML (a single file) and as Markdown."""

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, write_text
from pipeline.report import figures, tables
from pipeline.report import narrative as words
from pipeline.report import tables as lfs
from pipeline.report.data import CorpusData, ReportData
from pipeline.report.metrics import decide
from pipeline.report.plots_data import write_counts, write_empty_plots, write_metrics, write_plots
from pipeline.report.rendering import environment, printable
from pipeline.report.results import Results, compute_results
from pipeline.report.slices import hidden_slices

SHOWN_ERRORS = 20
SHOWN_ARTICLES = 200
FIGURES = ("confusion", "precision_recall", "reliability", "coverage_precision", "lfs")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~$])")


class Raw(str):
    """Markdown that is already escaped."""

    __slots__ = ()


def write_report(folder: Path | str, data: CorpusData) -> Results | None:
    """Write the report on `data` into `folder` and return its numbers; None where `data` is no ReportData.

    Files: metrics.json; plots/ (confusion.csv, pr.json, calibration.json, coverage.json, lfs.csv); figures/*.png;
    report.html (all in one file, works offline); report.md. Each is written whole or not at all, and equal data give
    equal bytes. Without hand labels there are counts in place of scores, and the LFs' figure alone.
    """
    folder = Path(folder)
    results = None
    if isinstance(data, ReportData):
        results = compute_results(data)
        pictures, view = draw_figures(data, results), describe(data, results)
        write_metrics(folder / "metrics.json", data, results)
        write_plots(folder / "plots", data, results)
    else:
        pictures, view = {"lfs": figures.draw_lfs(data.lfs)}, describe_corpus(data)
        write_counts(folder / "metrics.json", data)
        write_empty_plots(folder / "plots", data)
    _write_figures(folder / "figures", pictures)
    write_text(folder / "report.html", render_html(view, pictures))
    write_text(folder / "report.md", render_markdown(view, pictures))
    return results


def draw_figures(data: ReportData, results: Results) -> dict[str, bytes]:
    """Return the PNG of each figure by name."""
    return {
        "confusion": figures.draw_confusion(results.systems[data.main].confusion),
        "precision_recall": figures.draw_precision_recall(results.curves),
        "reliability": figures.draw_reliability(results.bins),
        "coverage_precision": figures.draw_coverage(results.coverage, results.answered, data.promised),
        "lfs": figures.draw_lfs(data.lfs),
    }


def describe_corpus(data: CorpusData) -> dict[str, Any]:
    """Return what the templates show where there are no hand labels, as text, tables and plain numbers."""
    return {
        "scored": False,
        "main": tables.spoken(data.main),
        "fold": data.fold,
        "headline": words.corpus_headline(data),
        "warnings": [words.no_scores(data)],
        "about": data.about,
        "folds": tables.fold_table(data.folds) if data.folds else None,
        "lfs": lfs.lf_table(data.lfs),
        "lf_remarks": lfs.lf_remarks(data.lfs),
        "lf_warnings": lfs.lf_warnings(data.lfs),
        "covered": None if data.covered is None else tables.percent(data.covered),
        "corpus": summarise_articles(data.corpus),
        "corpus_size": len(data.corpus),
    }


def describe(data: ReportData, results: Results) -> dict[str, Any]:
    """Return all that the templates show."""
    level = tables.percent(data.confidence)
    return describe_corpus(data) | {
        "scored": True,
        "resamples": tables.grouped(data.resamples),
        "level": level,
        "n": results.n,
        "n_articles": results.n_articles,
        "headline": words.headline(data, results),
        "warnings": words.warnings(data, results),
        "calibration": words.calibration_words(data, results),
        "calibrations": tables.calibration_table(results),
        "comparison": tables.comparison_table(results, data.main, level),
        "stances": tables.stance_table(results, data.main, level),
        "confusion": tables.confusion_table(results, data.main),
        "slices": tables.slice_table(results, data.main, data.reference, hidden_slices(data.slices), level),
        "errors": confident_errors(data),
    }


def confident_errors(data: ReportData) -> list[dict[str, Any]]:
    """Return the wrong predictions of the main system that it was surest of, surest first."""
    proba = data.systems[data.main]
    predicted, sure = decide(proba), proba.max(axis=1)
    order = [i for i in np.argsort(-sure, kind="stable") if predicted[i] != data.gold[i]]
    return [
        {
            "text": data.texts[i],
            "article": str(data.articles[i]),
            "gold": STANCES[data.gold[i]],
            "predicted": STANCES[predicted[i]],
            "sure": tables.number(sure[i], 2),
            "gold_probability": tables.number(proba[i, data.gold[i]], 2),
            "fired": list(data.fired[i]),
        }
        for i in order[:SHOWN_ERRORS]
    ]


def summarise_articles(corpus: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each article's sentences per stance in number and per cent, most opposing first.

    Of more than SHOWN_ARTICLES articles the middle is left out.
    """
    rows = [_shares(article) for article in corpus if sum(article[stance] for stance in STANCES)]
    rows.sort(key=lambda row: (row["balance"], row["id"]))
    half = SHOWN_ARTICLES // 2
    return rows if len(rows) <= SHOWN_ARTICLES else rows[:half] + rows[-half:]


def render_html(view: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    """Render the page as one HTML file: styles inside, figures embedded, no script, no address."""
    templates = environment(autoescape=True, finalize=printable)
    images = {name: base64.b64encode(png).decode("ascii") for name, png in pictures.items()}
    return templates.get_template("report.html").render(view, images=images)


def render_markdown(view: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    """Render the page as Markdown; every value is escaped, so that no sentence can become markup."""
    templates = environment(autoescape=False, finalize=escape_markdown)
    templates.filters["raw"] = Raw
    return templates.get_template("report.md").render(view, images=sorted(pictures))


def escape_markdown(value: Any) -> Any:
    """Escape text for one line of Markdown, in a table or outside: no markup, no link, no mention, no line break."""
    if isinstance(value, Raw) or not isinstance(value, str):
        return value
    line = " ".join(printable(value).split())
    line = _MARKDOWN.sub(r"\\\1", line.replace("&", "&amp;"))
    return line.replace("://", ":&#47;&#47;").replace("www.", "www&#46;").replace("@", "&#64;")


def _write_figures(folder: Path, pictures: Mapping[str, bytes]) -> None:
    """Write each figure, and remove those that an earlier report had and this one has not."""
    for name in FIGURES:
        if name not in pictures:
            (folder / f"{name}.png").unlink(missing_ok=True)
    for name, png in pictures.items():
        with atomic_open(folder / f"{name}.png") as file:
            file.write(png)


def _shares(article: Mapping[str, Any]) -> dict[str, Any]:
    counts = {stance: int(article[stance]) for stance in STANCES}
    total = sum(counts.values())
    return {
        "id": str(article["id"]),
        "title": str(article.get("title") or article["id"]),
        "counts": counts,
        "width": {stance: round(100 * count / total, 2) for stance, count in counts.items()},
        "balance": (counts["agreement"] - counts["opposition"]) / total,
    }
