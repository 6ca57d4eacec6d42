"""How figures are drawn: one style, PNG and SVG in the page's colours, the same bytes for the same data."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from lxml import etree
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

THEME = {
    "#1c1e21": "ink",
    "#5a6068": "soft",
    "#d9dce0": "line",
    "#ffffff": "paper",
    "#c4500a": "opposition",
    "#a3a3a3": "neutral",
    "#0067a5": "agreement",
    "#7a4f9a": "other",
}
"""The colours that figures are drawn in, and the names under which a page defines them (classes `f-ink`, `k-ink`)."""

_PIXELS = 4 / 3  # a point
_WIDE = 460  # points; a wider drawing is not shrunk to the width of a telephone
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r"(?:(\w+) )?([\d.]+)px ")

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


def themed(svg: bytes, name: str, title: str) -> str:
    """Return an SVG drawing as an element for a page: ids begin with `name`, `title` is what a screen reader says.

    Every style is turned into attributes and classes, since a page with a strict policy allows no inline style.
    """
    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    for unwanted in [*root.iter(f"{_NAMESPACE}metadata"), *root.iter(f"{_NAMESPACE}style")]:
        unwanted.getparent().remove(unwanted)
    for element in root.iter():
        _restyle(element)
        _rename(element, name)
    width = float(root.get("width").removesuffix("pt"))
    for key in ("height", "version", "id"):
        root.attrib.pop(key, None)
    root.set("width", f"{width * _PIXELS:.0f}")
    kind = "chart wide" if width > _WIDE else "chart"
    root.attrib.update({"role": "img", "class": kind, "aria-label": title})
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _restyle(element: Any) -> None:
    classes = []
    style = dict(re.findall(r"([\w-]+):\s*([^;]+)", element.attrib.pop("style", "")))
    for key in ("fill", "stroke"):
        value = style.get(key) or element.attrib.get(key)
        if value and value.lower() in THEME:
            classes.append(f"{key[0] if key == 'fill' else 'k'}-{THEME[value.lower()]}")
            style.pop(key, None)
            element.attrib.pop(key, None)
    if font := _FONT.match(style.pop("font", "")):
        style |= {"font-size": font[2]} | ({"font-weight": font[1]} if font[1] else {})
    if element.tag == f"{_NAMESPACE}text" and not any(kind.startswith("f-") for kind in classes):
        classes.append("f-ink")
    for key, value in style.items():
        if key != "font-family":
            element.set(key, value.strip())
    if classes:
        element.set("class", " ".join(classes))


def _rename(element: Any, name: str) -> None:
    """Put the name of the figure before every id and every reference to one, so that a page can hold several."""
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif key == _XLINK:
            del element.attrib[key]
            element.set("href", f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))


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
