"""Cells of tables: numbers as they are written, and Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.report.metrics import Score
from pipeline.report.rendering import environment, printable

DASH = "–"
MINUS = "−"
NBSP = "\u00a0"  # keeps an interval on one line


@dataclass(frozen=True)
class Table:
    """A caption, column heads, rows of cells, how many leading columns are text (the others are numbers), a note."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text_columns: int = 1
    note: str = ""


def number(value: float | None, digits: int = 3) -> str:
    """Format a number with a true minus sign; a dash where it is missing or undefined."""
    value = _float(value)
    if not np.isfinite(value):
        return DASH
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", MINUS)


def grouped(count: int) -> str:
    """Format a count with thin spaces between thousands from 10 000 on."""
    return f"{count:,}".replace(",", "\u202f") if count >= 10_000 else str(count)


def percent(share: float | None) -> str:
    """Format a share as per cent, with a decimal below 10 %."""
    share = _float(share)
    if not np.isfinite(share):
        return DASH
    return f"{100 * share:.{1 if 0 < share < 0.0995 else 0}f} %"


def spread(score: Score, digits: int = 3) -> str:
    """Format a value with its interval: '0.712 (0.655 to 0.748)'."""
    value = number(score.value, digits)
    return value if not np.isfinite(score.low) else f"{value} ({_range(score, digits)})"


def spread_of(scores: Mapping[str, float], key: str, digits: int = 3) -> str:
    """Format a score of details.json, which leaves out an interval that is not known."""
    return spread(Score(*(float(scores.get(name, np.nan)) for name in (key, f"{key}_low", f"{key}_high"))), digits)


def signed(score: Score, digits: int = 3) -> str:
    """Format a difference with its sign and interval: '+0.041 (0.012 to 0.070)'."""
    return f"+{spread(score, digits)}" if score.value > 0 else spread(score, digits)


SYSTEMS = {
    "classifier": ("classifier", "learns from weak and hand labels; it gives the answers"),
    "reader": ("reader", "a small encoder fine-tuned on news sentences, combined with the classifier"),
    "weak_labels_alone": ("classifier on weak labels alone", "the same classifier without any hand label"),
    "hand_labels_alone": (
        "classifier on hand labels alone",
        "the same classifier without weak labels; it fits articles like the labelled ones, others less",
    ),
    "label_model": ("label model", "the votes of the labeling functions, weighed; no classifier, no hand label"),
    "majority_vote": ("majority vote", "the stance that most labeling functions vote for"),
    "majority_class": (
        "majority class",
        "always the commonest stance, with its share in the training articles as confidence",
    ),
}
"""The systems that are compared: what each is called, and what it is."""


def spoken(name: str) -> str:
    """Turn the key of a system into words: 'label_model' -> 'label model'."""
    return SYSTEMS[name][0] if name in SYSTEMS else name.replace("_", " ")


def _range(score: Score, digits: int) -> str:
    return f"{number(score.low, digits)}{NBSP}to{NBSP}{number(score.high, digits)}"


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)


_MARKUP = re.compile(r"([\\`*_\[\]<>|~$])")


class Raw(str):
    """Markdown that is already escaped."""

    __slots__ = ()


def render_markdown(view: Mapping[str, Any]) -> str:
    """Render the report as Markdown; every value is escaped."""
    templates = environment(autoescape=False, finalize=escape_markdown)
    templates.filters["raw"] = Raw
    return templates.get_template("report.md").render(view)


def escape_markdown(value: Any) -> Any:
    """Escape text for one line of Markdown, in a table or outside: no markup, no link, no mention, no line break."""
    if isinstance(value, Raw) or not isinstance(value, str):
        return value
    line = " ".join(printable(value).split())
    line = _MARKUP.sub(r"\\\1", line.replace("&", "&amp;"))
    return line.replace("://", ":&#47;&#47;").replace("www.", "www&#46;").replace("@", "&#64;")
