"""How far the answers on a page can be trusted: what was measured, on what, and a colour for it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.report.bootstrap import Score
from pipeline.report.cells import NBSP, grouped, percent, spread_of
from pipeline.report.data import ReportData
from pipeline.report.results import Results

ENOUGH_LABELS, ENOUGH_ARTICLES = 200, 20
"""From so many hand labels of so many articles on a measurement is called firm."""

GOOD_PRECISION = 0.7
"""Lowest end of the interval of the precision of opposition and of agreement for which answers are called good."""

HOW = "docs/your-own-articles.md"


@dataclass(frozen=True)
class Trust:
    """`level`: "green" (measured, good), "amber" (measured; weak, or on few labels) or "grey" (not measured)."""

    level: str
    headline: str
    details: Sequence[str] = ()


def measured(data: ReportData, results: Results) -> Trust:
    """Say what the hand labels of a corpus show about the answers on it."""
    scores = results.systems[data.main].scores
    firm = results.n >= ENOUGH_LABELS and results.n_articles >= ENOUGH_ARTICLES
    lowest = min(_low(scores[f"{stance}_precision"]) for stance in ("opposition", "agreement"))
    of = "article" if results.n_articles == 1 else "articles"
    headline = f"Measured on {grouped(results.n)} hand labels from {results.n_articles} {of} of this corpus"
    if not firm:
        headline += ": too few to be sure"
    details = [
        f"Of the sentences that it calls opposition {_share(scores['opposition_precision'])} are, of those that it "
        f"calls agreement {_share(scores['agreement_precision'])}. It finds {_share(scores['opposition_recall'])} of "
        f"all opposition and {_share(scores['agreement_recall'])} of all agreement.",
    ]
    if not firm:
        details.append(f"Label {ENOUGH_LABELS} sentences of {ENOUGH_ARTICLES} articles in the test fold: {HOW}.")
    elif lowest < GOOD_PRECISION:
        details.append("Single answers are often wrong: read shares over many sentences, and check what you quote.")
    return Trust("green" if firm and lowest >= GOOD_PRECISION else "amber", f"{headline}.", details)


def untested(details: Mapping[str, Mapping[str, float]] | None = None) -> Trust:
    """Say that nothing was measured on these articles; `details`: details.json of the model on its own articles."""
    said = ["Label 50 sentences by hand and it will be: stance review writes the sheet; " + HOW + " says how."]
    if own := (details or {}).get("classifier"):
        score = spread_of(own, "macro_f1", 2)
        said.insert(
            0,
            f"On the {grouped(int(own['n']))} hand-labelled test sentences that it ships with, the model reaches a "
            f"macro-F1 of {score}; on other news it may be better or worse.",
        )
    return Trust("grey", "Not measured on your articles.", said)


def _low(score: Score) -> float:
    return score.low if math.isfinite(score.low) else 0.0


def _share(score: Score) -> str:
    shown = percent(score.value)
    if math.isfinite(score.low):
        shown += f" ({percent(score.low)} to {percent(score.high)})"
    return shown.replace(" %", f"{NBSP}%")
