"""The figure of who stands towards whom: parties on a circle, arrows of agreement and opposition between them."""

from collections.abc import Sequence
from math import cos, pi, sin

from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from pipeline.report.drawing import COLOURS, INK, PAPER, Picture, styled_axes
from pipeline.report.pairs import Pair

NETWORK = "Parties, with an arrow from each to those that it opposes (dashed) or agrees with"
"""What a screen reader says of the figure."""

_WIDEST, _THINNEST = 4.5, 0.8  # points
_LONGEST_NAME = 16


def draw_network(names: Sequence[str], pairs: Sequence[Pair]) -> Picture:
    """Draw the pairs between some parties, the wider the more sentences; what is balanced counts as neutral."""
    order = _around(names, pairs)
    angles = {name: pi / 2 - 2 * pi * k / len(order) for k, name in enumerate(order)}
    at = {name: (round(cos(angle), 6), round(sin(angle), 6)) for name, angle in angles.items()}
    own = [pair for pair in pairs if pair.source in at and pair.target in at]
    most = max((pair.taken for pair in own), default=1)
    with styled_axes(5.4, 5.0) as (axes, rendered):
        for pair in reversed(own):  # the most frequent on top
            stance = "agreement" if pair.balance > 0 else "opposition" if pair.balance < 0 else "neutral"
            arrow = FancyArrowPatch(
                at[pair.source],
                at[pair.target],
                connectionstyle="arc3,rad=0.14",
                arrowstyle="-|>",
                mutation_scale=11,
                shrinkA=13,
                shrinkB=13,
                color=COLOURS[stance],
                lw=_THINNEST + (_WIDEST - _THINNEST) * pair.taken / most,
                linestyle=_DASHES[stance],
            )
            axes.add_patch(arrow)
        for name, (x, y) in at.items():
            axes.plot(x, y, "o", ms=7, mfc=PAPER, mec=INK, mew=1.2)
            side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
            axes.text(1.12 * x, 1.12 * y, _short(name), ha=side, va="center", color=INK, parse_math=False)
        lines = [Line2D([], [], color=COLOURS[s], ls=_DASHES[s], lw=2, label=s) for s in ("opposition", "agreement")]
        axes.legend(handles=lines, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2)
        axes.set(xlim=(-1.75, 1.75), ylim=(-1.25, 1.25))
        axes.set_axis_off()
    return rendered()


_DASHES = {"opposition": (0, (3, 1.2)), "neutral": (0, (1, 1.5)), "agreement": "solid"}


def _around(names: Sequence[str], pairs: Sequence[Pair]) -> list[str]:
    """Return the parties in an order in which those with most between them stand side by side."""
    between: dict[frozenset[str], int] = {}
    for pair in pairs:
        ends = frozenset((pair.source, pair.target))
        between[ends] = between.get(ends, 0) + pair.taken
    left, order = list(names), list[str]()
    while left:
        last = order[-1] if order else ""
        following = max(left, key=lambda name: (between.get(frozenset((last, name)), 0), -left.index(name)))
        left.remove(following)
        order.append(following)
    return order


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
