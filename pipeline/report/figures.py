"""The figures of the report: of the model and of the articles."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from pipeline.base.calibration import Bin
from pipeline.base.stances import STANCES
from pipeline.report.corpus import Group
from pipeline.report.drawing import (
    COLOURS,
    INK,
    LINE,
    MARKERS,
    OTHER,
    PAPER,
    SOFT,
    Picture,
    styled_axes,
    styled_figure,
)
from pipeline.report.metrics import CoveragePoint, PrecisionRecall, Score, Slice

FIGURES = {"timeline": "Sentences of each stance over time", "sources": "Share of opposition and agreement by source"}
"""The figures, and what a screen reader says of each."""

_ORDER = ("opposition", "agreement", "neutral")
_MOST_LABELS = 12

_NAMED_LFS, _ENOUGH_GOLD, _NAME_LENGTH = 5, 8, 26
_FIRM_BIN = 10


def draw_timeline(groups: Sequence[Group]) -> Picture:
    """Draw the number of sentences of each stance in each month or year, one bar a group."""
    with styled_axes(8.4, 2.7) as (axes, rendered):
        places, bottom = np.arange(len(groups)), np.zeros(len(groups))
        for stance in _ORDER:
            height = np.array([group.counts[STANCES.index(stance)] for group in groups])
            axes.bar(places, height, 0.82, bottom, color=COLOURS[stance], label=stance, lw=0)
            bottom += height
        step = -(-len(groups) // _MOST_LABELS)
        axes.set_xticks(places[::step], [group.name for group in groups][::step])
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.grid(False, axis="x")
        axes.tick_params(length=0)
        axes.spines["left"].set_visible(False)
        axes.set(ylabel="sentences", xlim=(-0.7, max(len(groups), 8) - 0.3))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3)
    return rendered()


def draw_sources(groups: Sequence[Group]) -> Picture:
    """Draw for each source the share of opposition to the left, that of agreement to the right, with intervals."""
    with styled_axes(6.2, 0.9 + 0.42 * len(groups)) as (axes, rendered):
        places = np.arange(len(groups))
        for stance, sign in (("opposition", -1), ("agreement", 1)):
            k = STANCES.index(stance)
            share = sign * np.array([group.shares[k] for group in groups])
            axes.barh(places, share, 0.62, color=COLOURS[stance], label=stance, lw=0)
            for place, group in enumerate(groups):
                axes.plot([sign * group.low[k], sign * group.high[k]], [place] * 2, color=INK, lw=1.1)
        widest = max([0.1, *(float(group.high.take([0, 2]).max()) for group in groups)])
        axes.axvline(0, color=SOFT, lw=0.8)
        axes.set_yticks(places, [f"{_short(group.name)}  ({group.n})" for group in groups])
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(lambda x, _: f"{abs(100 * x):.0f} %")
        axes.xaxis.set_major_locator(MaxNLocator(7, symmetric=True))
        axes.grid(False, axis="y")
        axes.tick_params(length=0)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set(xlim=(-1.05 * widest, 1.05 * widest))
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2)
    return rendered()


def _short(name: str, most: int = 28) -> str:
    return (name if len(name) <= most else f"{name[: most - 1]}…").replace("$", r"\$")  # no formulas


def draw_confusion(matrix: np.ndarray) -> Picture:
    """Draw a confusion matrix, int (3, 3), gold by predicted: counts, shaded by their share of the row."""
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    with styled_axes(4.6, 3.9) as (axes, rendered):
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(STANCES)), STANCES)
        axes.set_yticks(range(len(STANCES)), STANCES)
        axes.set(xlabel="predicted", ylabel="hand label")
        for (row, column), count in np.ndenumerate(matrix):
            colour = PAPER if share[row, column] > 0.55 else INK
            text = f"{count}\n{100 * share[row, column]:.0f} %"
            axes.text(column, row, text, ha="center", va="center", color=colour)
    return rendered()


def draw_precision_recall(curves: Mapping[str, PrecisionRecall]) -> Picture:
    """Draw precision against recall for each stance that has hand labels."""
    with styled_axes(5.4, 3.9) as (axes, rendered):
        for stance, curve in curves.items():
            if len(curve.recall):
                label = f"{stance} (average {curve.average_precision:.2f})"
                recall, precision = np.insert(curve.recall, 0, 0), np.insert(curve.precision, 0, curve.precision[0])
                axes.step(recall, precision, where="pre", color=COLOURS[stance], lw=1.8, label=label)
                _mark_curve(axes, recall, precision, stance)
        axes.set(xlabel="recall: share of the stance that is found", ylabel="precision: share that is right")
        axes.set(xlim=(0, 1.01), ylim=(0, 1.03))
        axes.legend(loc="lower left")
    return rendered()


def draw_reliability(bins: Sequence[Bin]) -> Picture:
    """Draw the share right against confidence with 95 % intervals, above how many rows each bin holds."""
    with styled_figure(5.4, 4.6) as (figure, rendered):
        top, below = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
        top.plot([0, 1], [0, 1], color=SOFT, lw=1, ls="--", label="perfect")
        for b in bins:
            faded = 1 if b.n >= _FIRM_BIN else 0.35
            top.plot([b.confidence] * 2, [b.low, b.high], color=COLOURS["agreement"], alpha=faded)
            top.plot(b.confidence, b.accuracy, "o", color=COLOURS["agreement"], alpha=faded)
        top.plot([], [], "o-", color=COLOURS["agreement"], label=f"observed, 95 % (pale: below {_FIRM_BIN} sentences)")
        top.set(ylabel="share right", xlim=(0.3, 1.01), ylim=(0, 1.03))
        top.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=2)
        below.bar([b.confidence for b in bins], [b.n for b in bins], width=0.03, color=COLOURS["neutral"])
        below.set(xlabel="confidence: highest of the three probabilities", ylabel="sentences")
    return rendered()


def draw_coverage(
    curve: Sequence[CoveragePoint], answered: CoveragePoint | None, target_precision: float | None
) -> Picture:
    """Draw precision against coverage with its interval, the chosen threshold and the target precision."""
    coverage = [p.coverage.value for p in curve]
    lowest = [min(p.precision.value, np.nan_to_num(p.precision.low, nan=1)) for p in curve]
    with styled_axes(5.4, 3.9) as (axes, rendered):
        low, value, high = ([getattr(p.precision, side) for p in curve] for side in ("low", "value", "high"))
        if np.isfinite(low).any():
            axes.fill_between(
                coverage, low, high, color=COLOURS["agreement"], alpha=0.15, lw=0, label="interval by article"
            )
        axes.plot(coverage, value, color=COLOURS["agreement"], lw=1.8, label="precision")
        if target_precision is not None:
            axes.axhline(target_precision, color=SOFT, lw=1, ls="--", label=f"target: {100 * target_precision:.0f} %")
        if answered is not None and np.isfinite(answered.precision.value):
            x, y = answered.coverage.value, answered.precision.value
            axes.plot(x, y, "D", color=COLOURS["opposition"], label=f"threshold {answered.threshold:.2f}")
        axes.set(xlabel="coverage: share of sentences answered", ylabel="precision: share right among answers")
        axes.set(xlim=(0, 1.01), ylim=(min([0.5, *lowest]), 1.01))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return rendered()


def draw_adaptation(adaptation: Mapping[str, Any]) -> Picture:
    """Draw macro-F1 on articles left out against the number of hand labels that the classifier is adapted to."""
    labels, f1 = ([point[key] for point in adaptation["curve"]] for key in ("labels", "macro_f1"))
    with styled_axes(5.4, 3.4) as (axes, rendered):
        before = adaptation["before"]["macro_f1"]
        axes.axhline(before, color=SOFT, lw=1, ls="--", label=f"not adapted: {before:.3f}")
        axes.plot(labels, f1, "o-", color=COLOURS["agreement"], lw=1.8, label="adapted")
        if (forecast := adaptation["forecast"]) is not None:
            twice = 2 * adaptation["labels"]
            axes.plot([labels[-1], twice], [f1[-1], forecast], ":", color=SOFT, lw=1.2)
            axes.plot(twice, forecast, "D", color=PAPER, markeredgecolor=SOFT, label=f"forecast: {forecast:.3f}")
            labels = [*labels, twice]
        axes.set_xscale("log")
        axes.set_xticks(labels, [f"{n}" for n in labels])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set(xlabel="hand labels (log scale)", ylabel="macro-F1 on articles left out")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return rendered()


def draw_slices(slices: Sequence[Slice], overall: Score) -> Picture:
    """Draw the accuracy of each slice with its interval as a forest plot, the overall one as a line."""
    with styled_axes(8.4, 1.0 + 0.27 * len(slices)) as (axes, rendered):
        axes.axvline(overall.value, color=SOFT, lw=1, ls="--", label=f"all sentences: {100 * overall.value:.0f} %")
        for place, part in enumerate(slices):
            score = part.accuracy
            if np.isfinite(score.low):
                axes.plot([score.low, score.high], [place] * 2, color=COLOURS["agreement"], lw=1.6)
            axes.plot(score.value, place, "o", color=COLOURS["agreement"], ms=4 + min(6, part.n / 200))
        names = [f"{part.group}: {part.name}  ({part.n})".replace("$", r"\$") for part in slices]
        axes.set_yticks(range(len(slices)), names)
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.0f} %")
        axes.grid(False, axis="y")
        axes.tick_params(length=0)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set(xlabel="share right")
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0))
    return rendered()


def draw_lfs(lfs: Sequence[Mapping[str, Any]]) -> Picture:
    """Draw each LF's precision on gold against its coverage; the area grows with the share of its votes in conflict.

    LFs without a vote on a hand-labelled sentence have no precision and are drawn below the axis.
    """
    with styled_axes(7.2, 4.6) as (axes, rendered):
        for stance in (*STANCES, "other"):
            group = [lf for lf in lfs if _stance_of(lf) == stance and (lf.get("coverage") or 0) > 0]
            if group:
                _scatter_lfs(axes, group, stance)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:g} %")
        axes.xaxis.set_minor_formatter("")
        axes.set(xlabel="coverage: share of sentences that it votes on (log scale)", ylabel="precision on hand labels")
        axes.set(xlim=(None, 1.1), ylim=(-0.12, 1.05), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
        _mark_area(axes)
        _name_doubtful(axes, lfs)
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), labelspacing=0.9)
    return rendered()


def _scatter_lfs(axes: Axes, group: Sequence[Mapping[str, Any]], stance: str) -> None:
    known = [lf for lf in group if _known(lf.get("precision"))]
    unknown = [lf for lf in group if not _known(lf.get("precision"))]
    for lf in known:
        limits: list[Any] = [lf.get("precision_low"), lf.get("precision_high")]
        if all(map(_known, limits)):
            axes.plot([lf["coverage"]] * 2, limits, color=LINE, lw=1, zorder=1)
    colour, marker = COLOURS.get(stance, OTHER), MARKERS.get(stance, "s")
    x, y = [lf["coverage"] for lf in known], [lf["precision"] for lf in known]
    area = [_area(min(1.0, (lf.get("conflict") or 0) / lf["coverage"])) for lf in known] or [_area(0)]
    axes.scatter(x, y, area, color=colour, marker=marker, alpha=0.7, lw=0.5, edgecolor=PAPER, label=stance, zorder=2)
    axes.scatter([lf["coverage"] for lf in unknown], [-0.07] * len(unknown), 12, color=colour, marker="|", zorder=2)


def _name_doubtful(axes: Axes, lfs: Sequence[Mapping[str, Any]]) -> None:
    """Number the marks of the widest LFs that are more often wrong than right, and name them in the legend."""
    measured = [lf for lf in lfs if _known(lf.get("precision")) and (lf.get("n_gold") or 0) >= _ENOUGH_GOLD]
    doubtful = sorted((lf for lf in measured if lf["precision"] < 0.5), key=lambda lf: (-lf["coverage"], lf["name"]))
    for number, lf in enumerate(doubtful[:_NAMED_LFS], 1):
        point = (lf["coverage"], lf["precision"])
        axes.annotate(str(number), point, (5, 5), textcoords="offset points", fontsize=9, fontweight="bold")
        name = str(lf["name"])[:_NAME_LENGTH].replace("$", r"\$")  # no formulas
        axes.plot([], [], " ", label=f"{number}  {name}")


def _area(conflict_share: float) -> float:
    return 24 + 160 * conflict_share


def _mark_area(axes: Axes) -> None:
    for share in (0, 0.5, 1):
        label = f"{100 * share:.0f} % of its votes contradicted"
        axes.scatter([], [], _area(share), color="none", edgecolor=SOFT, label=label)
    axes.plot([], [], "|", color=SOFT, label="no hand label to measure with")


def _stance_of(lf: Mapping[str, Any]) -> str:
    return lf["stance"] if lf.get("stance") in STANCES else "other"


def _known(value: Any) -> bool:
    return value is not None and bool(np.isfinite(value))


def _mark_curve(axes: Axes, x: np.ndarray, y: np.ndarray, stance: str) -> None:
    places = np.unique(np.searchsorted(x, [0.2, 0.4, 0.6, 0.8]).clip(max=len(x) - 1))
    axes.plot(x[places], y[places], MARKERS[stance], color=COLOURS[stance], ms=6)
