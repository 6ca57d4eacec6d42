"""The figures on what the articles say: stances over time, and by source."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from pipeline.base.stances import STANCES
from pipeline.report.corpus import Group
from pipeline.report.drawing import COLOURS, INK, SOFT, Picture, styled_axes

FIGURES = {"timeline": "Sentences of each stance over time", "sources": "Share of opposition and agreement by source"}
"""The figures, and what a screen reader says of each."""

_ORDER = ("opposition", "agreement", "neutral")
_MOST_LABELS = 12


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
    with styled_axes(6.8, 0.9 + 0.42 * len(groups)) as (axes, rendered):
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
