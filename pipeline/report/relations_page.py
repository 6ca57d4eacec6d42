"""The page of pairs: table, matrix, time lines and network."""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, pi, sin
from pathlib import Path
from typing import Any

from markupsafe import Markup
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from pipeline.actors.parties import names_by_code
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_text
from pipeline.base.tables_in import Row
from pipeline.report.answers import cut
from pipeline.report.drawing import COLOURS, INK, PAPER, Picture, styled_axes, themed
from pipeline.report.index_page import PAGES, places
from pipeline.report.relations import Counts, Pair, count_pairs, most_named, shown_balance, timeline
from pipeline.report.rendering import environment, grouped, page_parts, printable, shares_of

NETWORK = "Parties, with an arrow from each to those that it opposes (dashed) or agrees with"
"""What a screen reader says of the figure."""

_WIDEST, _THINNEST = 4.5, 0.8  # points
_LONGEST_NAME = 16

_DASHES = {"opposition": (0, (3, 1.2)), "neutral": (0, (1, 1.5)), "agreement": "solid"}
SHOWN_PAIRS = 60

SHOWN_PARTIES = 12
"""Parties in the matrix and in the network."""

SHOWN_SENTENCES = 12
"""Sentences of each pair."""

_DEPTHS = 4  # of the colour of a cell


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


def write_relations_page(folder: Path | str, relations: Iterable[Mapping[str, Any]], rows: Sequence[Row]) -> None:
    """Write relations.html from the rows of relations.csv and the answered sentences."""
    pairs = count_pairs(relations)
    shown, names = pairs[:SHOWN_PAIRS], most_named(pairs, SHOWN_PARTIES)
    months, times = timeline(shown)
    sentences = _sentences(shown, rows)
    cells = {
        (pair.source, pair.target): _cell(pair, f"#p{k}" if k <= SHOWN_PAIRS else "") for k, pair in enumerate(pairs, 1)
    }
    view = {
        "pages": PAGES,
        "lead": f"{_many(sum(pair.taken for pair in pairs), 'relation')} of opposition or agreement, in "
        f"{_many(len(pairs), 'pair')} of parties. A relation that goes both ways counts in two pairs.",
        "all": len(pairs),
        "pairs": [
            _pair(k, pair, months, counts, own)
            for k, (pair, counts, own) in enumerate(zip(shown, times, sentences, strict=True), 1)
        ],
        "span": (months[0], months[-1]) if months else None,
        "parties": [(name, names_by_code().get(name, "")) for name in names],
        "matrix": [(name, [cells.get((name, other)) for other in names]) for name in names],
        "network": Markup(themed(draw_network(names, pairs).svg, "network", NETWORK)) if pairs else "",
    }
    templates = environment(autoescape=True, finalize=printable)
    page = page_parts(("page.css", "relations.css"))
    write_text(Path(folder) / "relations.html", templates.get_template("relations.html").render(view, page=page))


def _many(n: int, what: str) -> str:
    return f"{grouped(n)} {what}{'s' * (n != 1)}"


def _pair(
    number: int, pair: Pair, months: Sequence[str], counts: Sequence[Counts], sentences: list[dict[str, Any]]
) -> dict[str, Any]:
    known = names_by_code()
    undated = sum(sum(own) for month, own in pair.months if not month)
    return {
        "id": f"p{number}",
        "source": known.get(pair.source, pair.source),
        "target": known.get(pair.target, pair.target),
        "counts": pair.counts,
        "shares": shares_of(dict(zip(STANCES, pair.counts, strict=True))),
        "articles": pair.articles,
        "sign": _sign(pair.balance),
        "balance": shown_balance(pair.balance),
        "columns": _columns(counts),
        "times": [(name, own) for name, own in zip(months, counts, strict=True) if any(own)],
        "undated": undated,
        "sentences": sentences,
    }


def _columns(counts: Sequence[Counts]) -> list[tuple[str, float, float, float, float]]:
    """Return (stance, x, y, width, height) of the bars of a time line 100 wide; agreement goes up, opposition down."""
    most = max((max(own[0], own[2]) for own in counts), default=0) or 1
    width = 100 / max(len(counts), 12)
    found = []
    for k, own in enumerate(counts):
        for stance, count in ((0, own[0]), (2, own[2])):
            if count:
                height = round(10 * count / most, 2)
                left = round((k + 0.1) * width, 2)
                found.append((STANCES[stance], left, 10 - height if stance else 10, round(0.8 * width, 2), height))
    return found


def _sentences(pairs: Sequence[Pair], rows: Sequence[Row]) -> list[list[dict[str, Any]]]:
    by_id = {row["id"]: row for row in rows}
    each = [pair.ids(by_id)[:SHOWN_SENTENCES] for pair in pairs]
    every = list(dict.fromkeys(name for ids in each for name in ids))
    place = dict(zip(every, places(rows, every), strict=True))
    return [[_sentence(by_id[name], place[name]) for name in ids] for ids in each]


def _sentence(row: Row, place: Mapping[str, str]) -> dict[str, Any]:
    return {**place, "stance": row["stance"], "date": row["date"], "pieces": cut(row["text"], row["marks"])}


def _cell(pair: Pair, address: str) -> dict[str, Any]:
    return {
        "address": address,
        "balance": shown_balance(pair.balance),
        "n": pair.taken,
        "kind": f"{_sign(pair.balance)} c{round(_DEPTHS * abs(pair.balance))}",
    }


def _sign(balance: float) -> str:
    return "agreement" if balance > 0 else "opposition" if balance < 0 else "neutral"
