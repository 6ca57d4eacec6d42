"""How figures are drawn: one style, as PNG and as SVG; the same data give the same bytes, no global state is kept."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

# distinguishable with any colour vision (Okabe and Ito): vermilion, grey, blue; never the only mark
COLOURS = {"opposition": "#c4500a", "neutral": "#a3a3a3", "agreement": "#0067a5"}
MARKERS = {"opposition": "v", "neutral": "o", "agreement": "^"}
INK, SOFT, LINE, PAPER, OTHER = "#1c1e21", "#5a6068", "#d9dce0", "#ffffff", "#7a4f9a"

_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.labelcolor": SOFT,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "text.color": INK,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": SOFT,
    "svg.fonttype": "none",
    "svg.hashsalt": "stance",
}
_DPI = 144


class Picture(NamedTuple):
    """A figure twice: for a folder, and for a page."""

    png: bytes
    svg: bytes


@contextmanager
def styled_figure(width: float, height: float) -> Iterator[tuple[Figure, Callable[[], Picture]]]:
    """Yield a figure (size in inches) in the house style, and what renders it once the block has ended."""
    png, svg = io.BytesIO(), io.BytesIO()
    with style.context(["default", _STYLE]):
        figure = Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.06, h_pad=0.06))
        canvas = FigureCanvasAgg(figure)
        yield figure, lambda: Picture(png.getvalue(), svg.getvalue())
        canvas.print_figure(png, dpi=_DPI, format="png", facecolor=PAPER, metadata={"Software": None})
        FigureCanvasSVG(figure).print_figure(
            svg, format="svg", facecolor="none", metadata={"Date": None, "Creator": None}
        )


@contextmanager
def styled_axes(width: float, height: float) -> Iterator[tuple[Axes, Callable[[], Picture]]]:
    """Yield the only axes of a figure in the house style, and what renders it once the block has ended."""
    with styled_figure(width, height) as (figure, rendered):
        yield figure.subplots(), rendered
