"""Plots for DVC: their data, and the page that shows them offline."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.base.errors import ExtraError
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_json, write_text
from pipeline.report.data import CorpusData, ReportData, Results
from pipeline.report.metrics import Score

DIGITS = 6
LF_CONTRIBUTIONS = ("classifier_contribution", "classifier_log_loss")
"""Columns on what an LF adds to the classifier, which only the evaluation knows."""

LF_COLUMNS = (
    *("name", "stance", "coverage", "overlap", "conflict", "votes", "correct", "n_gold"),
    *("precision", "precision_low", "precision_high", "alone", "contribution", *LF_CONTRIBUTIONS),
)

PLOTTED = ("confusion", "pr", "calibration", "coverage")
"""Plots that need hand labels."""

HEADLINE = {
    "n": "n",
    "macro_f1": "macro_f1",
    "macro_f1_low": "macro_f1_low",
    "macro_f1_high": "macro_f1_high",
    "accuracy": "accuracy",
    "brier": "brier",
    "ece": "ece",
    "answered": "coverage_at_threshold",
    "answered_right": "precision_at_threshold",
}
"""The figures of metrics.json, and what each is called in details.json."""

_RECALLS = np.linspace(0, 1, 51)

_VEGA_LITE = "5.20"  # DVC's plots are written for version 5

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Plots</title>
{refresh_tag}
<script>%s</script>
<style>body { font: 1rem/1.5 system-ui, sans-serif; margin: 1.5rem; } table { border-spacing: 1rem; }</style>
</head>
<body>
{plot_divs}
</body>
</html>
"""


def write_metrics(folder: Path, data: ReportData, results: Results) -> None:
    """Write metrics.json, the main system's most important figures by short names, and details.json, all of them.

    details.json: {system: {score: value, score_low: ..., score_high: ...}}, and "corpus" as `write_counts` does.
    """
    details = {name: _metrics(name, data, results) for name in results.systems}
    own = details[data.main]
    names = {short: name for short, name in HEADLINE.items() if name in own}
    figures = {short: own[name] for short, name in names.items()}
    others = {name: system["macro_f1"] for name, system in details.items() if name != data.main}
    figures |= {f"{name}_macro_f1": others[name] for name in (data.reference,) if name in others}
    write_json(folder / "metrics.json", figures)
    write_json(folder / "details.json", details | {"corpus": _counts(data)})


def write_counts(folder: Path, data: CorpusData) -> None:
    """Write what can be counted without hand labels: {articles, sentences, gold, covered}."""
    write_json(folder / "metrics.json", _counts(data))
    write_json(folder / "details.json", {"corpus": _counts(data)})


def write_plots(folder: Path, data: ReportData, results: Results) -> None:
    """Write confusion.json, pr.json, calibration.json, coverage.json and lfs.csv into `folder`.

    Each is a list of rows whose fields the templates in .dvc/plots name.
    """
    tables = {
        "confusion": _confusion_rows(results.systems[data.main].confusion),
        "pr": _precision_at_recalls(results),
        "calibration": [_rounded(b._asdict()) for b in results.bins],
        "coverage": [_coverage_row(point) for point in results.coverage],
    }
    for name in PLOTTED:
        write_json(folder / f"{name}.json", tables[name])
    _write_lfs(folder / "lfs.csv", data)


def read_lf_contributions(path: Path) -> dict[str, dict[str, float]]:
    """Return {LF: {column: value}} of LF_CONTRIBUTIONS from lfs.csv, {} where there is no such file or column."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if set(LF_CONTRIBUTIONS) <= set(row)]
    return {
        row["name"]: {key: float(row[key]) for key in LF_CONTRIBUTIONS}
        for row in rows
        if row[LF_CONTRIBUTIONS[0]] != "nan"
    }


def write_empty_plots(folder: Path, data: CorpusData) -> None:
    """Write the files of `write_plots` without a row, but for lfs.csv, which needs no hand labels."""
    for name in PLOTTED:
        write_json(folder / f"{name}.json", [])
    _write_lfs(folder / "lfs.csv", data)


def _counts(data: CorpusData) -> dict[str, float]:
    counts: dict[str, float] = {what: data.count(what) for what in ("articles", "sentences", "gold")}
    return _rounded(counts | ({} if data.covered is None else {"covered": data.covered}))


def _metrics(name: str, data: ReportData, results: Results) -> dict[str, float]:
    system = results.systems[name]
    found: dict[str, float] = {"n": results.n, "articles": results.n_articles, "absent_stances": len(results.absent)}
    for key, score in system.scores.items():
        found |= _spread(key, score)
    found |= {"ece": system.ece, "ece_null_95": system.ece_null}
    if name == data.main:
        for other, behind in ((o, s.behind) for o, s in results.systems.items() if s.behind is not None):
            found |= _spread(f"macro_f1_over_{other}", behind)
        if results.answered is not None:
            found |= {"threshold": results.answered.threshold}
            found |= _spread("coverage_at_threshold", results.answered.coverage)
            found |= _spread("precision_at_threshold", results.answered.precision)
    return _rounded(found)


def _spread(key: str, score: Score) -> dict[str, float]:
    return {key: score.value, f"{key}_low": score.low, f"{key}_high": score.high}


def _confusion_rows(matrix: np.ndarray) -> list[dict[str, Any]]:
    """One row a cell: sentences, and their share of those with the same hand label."""
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    cells = ((STANCES[k], STANCES[j], int(n), float(share[k, j])) for (k, j), n in np.ndenumerate(matrix))
    return [{"actual": a, "predicted": p, **_rounded({"n": n, "share": s})} for a, p, n, s in cells]


def _precision_at_recalls(results: Results) -> list[dict[str, Any]]:
    """One row a stance and recall: interpolated precision, so that curves share their x."""
    return [
        {"stance": stance, **_rounded({"recall": float(recall), "precision": float(precision)})}
        for stance, curve in results.curves.items()
        if len(curve.recall)
        for recall, precision in zip(_RECALLS, curve.precision_at(_RECALLS), strict=True)
    ]


def _coverage_row(point: Any) -> dict[str, float]:
    precision = {"precision": point.precision.value, "low": point.precision.low, "high": point.precision.high}
    return _rounded({"threshold": point.threshold, "coverage": point.coverage.value} | precision)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    """Round floats and leave out what is undefined: JSON has no NaN."""
    return {
        key: round(value, DIGITS) + 0.0 if isinstance(value, float) else value
        for key, value in values.items()
        if math.isfinite(value)
    }


def _write_lfs(path: Path, data: CorpusData) -> None:
    _write_csv(path, LF_COLUMNS, [{**lf, "stance": lf.get("stance") or "other"} for lf in data.lfs])


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    write_text(path, text.getvalue())


def _cell(value: Any) -> Any:
    """Round floats; 'nan' for what is missing, because plots draw an empty cell as 0."""
    if value is None or isinstance(value, float | np.floating):
        return "nan" if value is None or not math.isfinite(value) else round(float(value), DIGITS)
    return value


def page_template() -> str:
    """Return the template that DVC's `plots.html_template` can name; raise ExtraError without the extra `plots`."""
    try:
        from vl_convert import javascript_bundle
    except ImportError:
        remedy = "Run `pip install 'stance-pipeline[plots]'`."
        raise ExtraError("Vega's scripts are not installed", "plots", remedy=remedy) from None
    return _PAGE % javascript_bundle(vl_version=_VEGA_LITE)
