"""docs/evaluation/does-it-carry.md: its tables and its figure."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from benchmarks.carry_sets import REGIMES, UNREAD, EvaluationSet, Run
from pipeline.base.stances import NEUTRAL, STANCES
from pipeline.base.storage import atomic_open, write_text
from pipeline.report.cards import fill_blocks
from pipeline.report.cells import DASH, percent, spread
from pipeline.report.figures import styled_figure
from pipeline.report.metrics import Score
from pipeline.weak.lfs.lf_set import LFSet, cast_votes

PAGE = Path("docs/evaluation/does-it-carry.md")
FIGURE = Path("docs/evaluation/learning-curves.png")

# marker, line and colour of each curve; the colours are told apart with any colour vision (Okabe and Ito)
_LINES = {
    "gold": ("^", "-", "#0067a5"),
    "both": ("s", "-", "#c4500a"),
    "label model": ("", "--", "#222222"),
}

_QUOTES = '"“”«»'
_LENGTHS = {"below 16 words": (0, 16), "16 to 23 words": (16, 24), "24 words or more": (24, 10**6)}
_VOTES = {"no vote for a stance": (0, 1), "one": (1, 2), "two": (2, 3), "three or more": (3, 10**6)}


def write_page(blocks: dict[str, str], figure: bytes) -> None:
    """Write the page with fresh tables, and the figure."""
    write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), blocks))
    with atomic_open(FIGURE) as file:
        file.write(figure)


def curves_block(runs: Sequence[Run], sets: Sequence[EvaluationSet]) -> str:
    """Lay out macro-F1 of every regime and number of articles on every set."""
    head = ("trained on", "articles", *(f"{s.name}, n = {len(s.gold)}" for s in sets))
    rows = [
        (REGIMES[regime], str(size), *(spread(pooled(runs, regime, size, s)) for s in sets))
        for regime in REGIMES
        for size in sizes_of(runs, regime)
    ]
    return table(head, rows)


def pooled(runs: Sequence[Run], regime: str, size: int, of: EvaluationSet) -> Score:
    """Return the mean over the ways of choosing articles, and an interval over these and the resamples at once."""
    found = [run.scores[of.name] for run in runs if (run.regime, run.n_articles) == (regime, size)]
    return of.draws.score(np.mean([value for value, _ in found]), np.concatenate([draws for _, draws in found]))


def sizes_of(runs: Sequence[Run], regime: str) -> list[int]:
    """Return the numbers of articles that are points of a regime's curve."""
    return sorted({run.n_articles for run in runs if run.regime == regime})


def draw_curves(runs: Sequence[Run], sets: Sequence[EvaluationSet]) -> bytes:
    """Draw macro-F1 against the number of articles, a panel for each set."""
    sets = [s for s in sets if s.name != UNREAD]
    columns, rows = min(2, len(sets)), (len(sets) + 1) // 2
    with styled_figure(4.2 * columns, 3.1 * rows + 0.7) as (figure, drawn):
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, s in zip(panels, sets, strict=False):
            for place, regime in enumerate(_LINES):
                _draw_curve(axes, runs, regime, s, 1 + 0.03 * (place - 1))
            axes.set_xscale("log")
            axes.set_xticks(ticks := sizes_of(runs, "gold"), map(str, ticks))
            axes.set_xticks([], minor=True)
            axes.set(title=f"{s.name}, n = {len(s.gold)}", xlabel="articles", ylabel="macro-F1")
        for axes in panels[len(sets) :]:
            axes.set_visible(False)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return drawn().png


def _draw_curve(axes: Axes, runs: Sequence[Run], regime: str, s: EvaluationSet, shift: float) -> None:
    marker, line, colour = _LINES[regime]
    sizes = sizes_of(runs, regime)
    found = [pooled(runs, regime, size, s) for size in sizes]
    x = shift * np.array(sizes)
    axes.plot(x, [f.value for f in found], marker + line, color=colour, ms=5, label=REGIMES[regime])
    if marker:
        axes.vlines(x, [f.low for f in found], [f.high for f in found], color=colour, lw=1, alpha=0.6)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a Markdown table, its numbers flush right."""
    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def contrast_block(sets: Sequence[EvaluationSet], lfs: LFSet) -> str:
    """Lay out what the sets have in common and what not: classes, length, and what a vote of an LF is worth there."""
    shown = [s for s in sets if s.name != UNREAD]
    columns = [dict(_contrast(s, lfs)) for s in shown]
    return table(("", *(s.name for s in shown)), [(name, *(c[name] for c in columns)) for name in columns[0]])


def _contrast(s: EvaluationSet, lfs: LFSet) -> Iterator[tuple[str, str]]:
    yield "sentences", str(len(s.gold))
    for k, stance in enumerate(STANCES):
        yield stance, percent(np.mean(s.gold == k))
    yield from _style(s)
    votes = cast_votes(s.texts, lfs)[0]
    stances = ((votes >= 0) & (votes != NEUTRAL)).sum(axis=1)
    yield "no vote for a stance", percent(np.mean(stances == 0))
    yield from _neutral(_VOTES, stances, s)


def _style(s: EvaluationSet) -> Iterator[tuple[str, str]]:
    lengths = np.array([len(text.split()) for text in s.texts])
    yield "words a sentence, median", f"{np.median(lengths):.0f}"
    yield "with a quotation mark", percent(np.mean([any(mark in text for mark in _QUOTES) for text in s.texts]))
    yield from _neutral(_LENGTHS, lengths, s)


def _neutral(ranges: Mapping[str, tuple[int, int]], values: np.ndarray, s: EvaluationSet) -> Iterator[tuple[str, str]]:
    for name, (low, high) in ranges.items():
        yield f"neutral, {name}", _share(s.gold == NEUTRAL, (values >= low) & (values < high))


def _share(true: np.ndarray, among: np.ndarray) -> str:
    return percent(true[among].mean()) if among.any() else DASH
