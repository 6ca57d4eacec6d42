"""Values and pages as they are written: cells of tables, Markdown, and templates that escape."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.base.stances import STANCES
from pipeline.report.metrics import Score

DASH = "–"
MINUS = "−"
NBSP = "\u00a0"  # keeps an interval on one line

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

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$])")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


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


def spoken(name: str) -> str:
    """Turn the key of a system into words: 'label_model' -> 'label model'."""
    return SYSTEMS[name][0] if name in SYSTEMS else name.replace("_", " ")


def _range(score: Score, digits: int) -> str:
    return f"{number(score.low, digits)}{NBSP}to{NBSP}{number(score.high, digits)}"


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)


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


class Page(NamedTuple):
    """Styles and scripts of a page, and the Content-Security-Policy that allows these alone, by their hashes."""

    css: Markup
    script: Markup
    early: Markup
    policy: Markup


@cache
def page_parts(styles: tuple[str, ...], script: str = "", early: str = "") -> Page:
    """Return the parts of a page from the names of files among the templates."""
    css = "\n" + "".join(_file(name) for name in styles)
    scripts = [_file(name) for name in (script, early)]
    allowed = " ".join(map(_hashed, filter(None, scripts))) or "'none'"
    policy = f"default-src 'none'; style-src {_hashed(css)}; script-src {allowed}; base-uri 'none'; form-action 'none'"
    return Page(Markup(css), Markup(scripts[0]), Markup(scripts[1]), Markup(policy))


def environment(**options: Any) -> Environment:
    """Return an environment of the templates beside this module; a name without a value is an error."""
    return Environment(
        loader=PackageLoader("pipeline.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )


def printable(value: Any) -> Any:
    """Drop control characters, those that reverse the direction of text, and broken halves of characters."""
    return type(value)(_UNPRINTABLE.sub("", value)) if isinstance(value, str) else value


def shares_of(counts: Mapping[str, int]) -> list[tuple[str, float, float]]:
    """Return (stance, start, width) of a bar that is 100 wide."""
    total = sum(counts.get(stance, 0) for stance in STANCES) or 1
    found, start = [], 0
    for stance in STANCES:
        count = counts.get(stance, 0)
        found.append((stance, round(100 * start / total, 2), round(100 * count / total, 2)))
        start += count
    return found


def _file(name: str) -> str:
    return (files("pipeline.report") / "templates" / name).read_text("utf-8") if name else ""


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
