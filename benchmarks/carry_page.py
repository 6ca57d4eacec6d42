"""docs/evaluation/does-it-carry.md: its tables and its figure."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from benchmarks.carry_sets import REGIMES, START, UNREAD, EvaluationSet, Run
from pipeline.base.storage import atomic_open, write_text
from pipeline.report.cards import fill_blocks
from pipeline.report.cells import signed, spread
from pipeline.report.figures import styled_figure
from pipeline.report.metrics import Score

PAGE = Path("docs/evaluation/does-it-carry.md")
FIGURE = Path("docs/evaluation/learning-curves.png")

# marker, line and colour of each curve; the colours are told apart with any colour vision (Okabe and Ito)
_LINES = {
    "weak": ("o", "-", "#767676"),
    "gold": ("^", "-", "#0067a5"),
    "both": ("s", "-", "#c4500a"),
    "free": ("D", ":", "#7a4f9a"),
    "label model": ("", "--", "#222222"),
}
_GAINS = (("weak", "gold"), ("label model", "label model"))


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


def start_block(runs: Sequence[Run], sets: Sequence[EvaluationSet]) -> str:
    """Compare the pipeline on all articles, hand labels included, with the one on a few articles without any."""
    most = max(run.n_articles for run in runs)
    shown = [("weak", START), ("weak", most), ("gold", most)]
    head = ("sentences", f"{START} articles, weak", f"{most}, weak", f"{most}, by hand", "gain", "label model's gain")
    rows = []
    for s in sets:
        gains = [gain(runs, s, (regime, START), (more, most)) for regime, more in _GAINS]
        scores = (pooled(runs, *key, s) for key in shown)
        rows.append((f"{s.name}, n = {len(s.gold)}", *map(spread, scores), *map(signed, gains)))
    return table(head, rows)


def pooled(runs: Sequence[Run], regime: str, size: int, of: EvaluationSet) -> Score:
    """Return the mean over the ways of choosing articles, and an interval over these and the resamples at once."""
    found = [run.scores[of.name] for run in runs if (run.regime, run.n_articles) == (regime, size)]
    return of.draws.score(np.mean([value for value, _ in found]), np.concatenate([draws for _, draws in found]))


def gain(runs: Sequence[Run], of: EvaluationSet, less: tuple[str, int], more: tuple[str, int]) -> Score:
    """Return the paired difference between two regimes and sizes, the second with a single run."""
    (best,) = [run.scores[of.name] for run in runs if (run.regime, run.n_articles) == more]
    found = [run.scores[of.name] for run in runs if (run.regime, run.n_articles) == less]
    differences = np.concatenate([best[1] - draws for _, draws in found])
    return of.draws.score(best[0] - np.mean([value for value, _ in found]), differences)


def sizes_of(runs: Sequence[Run], regime: str) -> list[int]:
    """Return the numbers of articles that are points of a regime's curve."""
    return sorted({run.n_articles for run in runs if run.regime == regime} - {START})


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
            axes.set_xticks(ticks := sizes_of(runs, "weak"), map(str, ticks))
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
