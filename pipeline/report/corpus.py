"""What the articles say, counted; problems of the data; how far the answers can be trusted."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.base.calibration import wilson
from pipeline.base.logs import counted
from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.report.data import ReportData, Results, System
from pipeline.report.metrics import FEW_ARTICLES, MIN_ARTICLES, Score, draw_articles
from pipeline.report.rendering import NBSP, grouped, percent, spread_of
from pipeline.text.dates import date_of, unread_dates

ENOUGH_LABELS = 200
"""From so many hand labels, of FEW_ARTICLES articles, on a measurement is called firm."""

GOOD_PRECISION = 0.7
"""Lowest end of the interval of the precision of opposition and of agreement for which answers are called good."""

HOW = "docs/your-own-articles.md in the project's folder"

SHOWN_SOURCES = 12
"""Sources that are shown one by one; the others are counted together."""

CLEAREST = 5
SHORTEST_CLEAR, LONGEST_CLEAR = 5, 45  # words

FEW_MONTHS = 36
"""A corpus that spans no more months is counted by month, a longer one by year."""

_FUNCTION_WORDS = (
    "the of to and in a that is was for on with as by at from it be are were has have had not this but which or an "
    "he she they his her their its will would said who"
)

_KINDS = {
    "a guess": "whose encoding was guessed",
    "same text as": "dropped as exact copies",
    "look like sentences": "of which much was left out as boilerplate",
    "is taken": "renamed, as the id was taken",
}
"""What a problem is counted under, by words that its line has; all others are skipped files and rows."""

_ENGLISH = 0.18  # share of function words; English news has 0.35 to 0.45, other languages below 0.1
_ENOUGH_WORDS = 40
_YEAR = len("1987")
_DRAWS, _LEVEL, _SEED = 1000, 0.95, 13


@dataclass(frozen=True)
class Trust:
    """`level`: "green" (measured, good), "amber" (measured; weak, or on few labels) or "grey" (not measured)."""

    level: str
    headline: str
    details: Sequence[str] = ()


def measured(data: ReportData, results: Results) -> Trust:
    """Say what the hand labels of a corpus show about the answers on it."""
    scores = results.systems[data.main].scores
    firm = results.n >= ENOUGH_LABELS and not results.few_articles
    lowest = min(_low(scores[f"{stance}_precision"]) for stance in ("opposition", "agreement"))
    of = "article" if results.n_articles == 1 else "articles"
    headline = f"Measured on {grouped(results.n)} hand labels from {results.n_articles} {of} of this corpus"
    if not firm:
        headline += ": too few to be sure"
    details = [
        f"Hand labels confirm {_share(scores['opposition_precision'])} of its answers that are opposition and "
        f"{_share(scores['agreement_precision'])} of those that are agreement. It finds "
        f"{_share(scores['opposition_recall'])} of all opposition and {_share(scores['agreement_recall'])} of all "
        "agreement.",
        *_shares_off(results.systems[data.main]),
    ]
    if not firm:
        details.append(f"Label {FEW_ARTICLES} articles of the test fold, of {ENOUGH_LABELS} sentences or more: {HOW}.")
    elif lowest < GOOD_PRECISION:
        details.append("Single answers are often wrong: read shares over many sentences, and check what you quote.")
    return Trust("green" if firm and lowest >= GOOD_PRECISION else "amber", f"{headline}.", details)


def untested(details: Mapping[str, Mapping[str, float]] | None = None, *, shipped: bool = False) -> Trust:
    """Say that nothing was measured on these articles; `details`: details.json of the model on its own articles."""
    lines = [
        f"Label some of them by hand and it will be: {MIN_ARTICLES} whole articles give first figures, {FEW_ARTICLES} "
        f"firm ones. {HOW} says which, and how."
    ]
    if own := (details or {}).get("classifier"):
        score, of = spread_of(own, "macro_f1", 2), "it ships with" if shipped else "its project has"
        lines.insert(
            0,
            f"On the {grouped(int(own['n']))} hand-labelled test sentences that {of}, the model reaches a macro-F1 of "
            f"{score}; on other news it may be better or worse.",
        )
    return Trust("grey", "Not measured on your articles.", lines)


def _shares_off(system: System) -> list[str]:
    """Say where shares of answers differ from those of hand labels by more than chance explains."""
    matrix, found = system.confusion, []
    for k in (0, 2):
        error = system.scores[f"{STANCES[k]}_share_error"]
        if error.low * error.high > 0:
            answered, labelled = matrix[:, k].sum() / matrix.sum(), matrix[k].sum() / matrix.sum()
            often = "often" if error.value > 0 else "rarely"
            found.append(
                f"{STANCES[k]} too {often} ({percent(answered)} of these sentences, by hand {percent(labelled)})"
            )
    if not found:
        return []
    lines = f"It answers {' and '.join(found)}; other shares on this page will be off in the same way."
    return [lines.replace(" %", f"{NBSP}%")]


def _low(score: Score) -> float:
    return score.low if math.isfinite(score.low) else 0.0


def _share(score: Score) -> str:
    shown = percent(score.value)
    if math.isfinite(score.low):
        shown += f" ({percent(score.low)} to {percent(score.high)})"
    return shown.replace(" %", f"{NBSP}%")


@dataclass(frozen=True)
class Group:
    """Answers counted together: number by stance, int64 (3,), and the ends of the interval of its share, float64 (3,).

    The intervals come from drawing whole articles with replacement, with fewer than five articles from Wilson's formula
    on sentences.
    """

    name: str
    articles: int
    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def n(self) -> int:
        """Number of sentences."""
        return int(self.counts.sum())

    @property
    def shares(self) -> np.ndarray:
        """Share of each stance, float64 (3,)."""
        return self.counts / max(self.n, 1)


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Answered sentences (rows as `pipeline.report.answers` makes them), and what reading the articles brought up.

    problems: "where: what" lines. cut: article -> number of passages cut as boilerplate. copies: article -> the article
    that it is a near-duplicate of.
    """

    rows: Sequence[Row]
    problems: Sequence[str] = ()
    cut: Mapping[str, int] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)


def count_groups(rows: Iterable[Row], name_of: Mapping[str, str]) -> list[Group]:
    """Count the answers of each group; `name_of` gives an article's group, articles without one are left out."""
    members: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if name := name_of.get(row["article_id"]):
            members[name].append(row)
    return [_group(name, own) for name, own in sorted(members.items())]


def by_source(rows: Sequence[Row]) -> list[Group]:
    """Count the answers of each source, the one with most sentences first; the smallest of many are one group."""
    sources = {row["article_id"]: row["source"] or "source unknown" for row in rows}
    order = [name for name, _ in Counter(sources[row["article_id"]] for row in rows).most_common()]
    if len(order) > SHOWN_SOURCES:
        rest = f"{len(order) - SHOWN_SOURCES + 1} other sources"
        shown = order[: SHOWN_SOURCES - 1]
        sources = {article: name if name in shown else rest for article, name in sources.items()}
        order = [*shown, rest]
    return sorted(count_groups(rows, sources), key=lambda group: order.index(group.name))


def by_time(rows: Sequence[Row]) -> list[Group]:
    """Count the answers by month or by year, without gaps; a time without articles has a group without sentences.

    Articles of which only the year is known count by year, and in no month.
    """
    dates = {row["article_id"]: date_of(row["date"]) for row in rows}
    known = sorted(date for date in dates.values() if date)
    years = [date[:_YEAR] for date in known]
    months = [date[:7] for date in known if len(date) > _YEAR]
    spanned = months and [months[0][:_YEAR], months[-1][:_YEAR]] == [years[0], years[-1]]
    if spanned and _number(months[-1]) - _number(months[0]) < FEW_MONTHS:
        names = [f"{k // 12}-{k % 12 + 1:02}" for k in range(_number(months[0]), _number(months[-1]) + 1)]
        of_article = {article: date[:7] for article, date in dates.items() if len(date) > _YEAR}
    else:
        names = [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if years else []
        of_article = {article: date[:_YEAR] for article, date in dates.items() if date}
    found = {group.name: group for group in count_groups(rows, of_article)}
    nothing = np.zeros(len(STANCES), int)
    return [found.get(name) or Group(name, 0, nothing, nothing, nothing) for name in names]


def clearest(rows: Sequence[Row], stance: str, copies: Mapping[str, str]) -> list[Row]:
    """Return the CLEAREST sentences that take a stance, the surest first, none that a hand label contradicts.

    They are of as many stories as there are: a story has a second one only where others have none left.
    """
    fitting = [
        row
        for row in rows
        if row["stance"] == stance
        and not row["abstained"]
        and row["gold"] in (None, stance)
        and SHORTEST_CLEAR <= len(row["text"].split()) <= LONGEST_CLEAR
    ]
    seen: Counter[str] = Counter()
    ranked = []
    for row in sorted(fitting, key=lambda row: (-row["confidence"], row["id"])):
        story = copies.get(row["article_id"], row["article_id"])
        ranked.append((seen[story], -row["confidence"], row["id"], row))
        seen[story] += 1
    chosen = [row for *_, row in sorted(ranked, key=lambda one: one[:3])[:CLEAREST]]
    return sorted(chosen, key=lambda row: (-row["confidence"], row["id"]))


def find_problems(corpus: Corpus) -> list[tuple[str, list[str]]]:
    """Return what is doubtful about the data, as (summary, details) pairs, the most serious first."""
    articles = {row["article_id"]: row for row in corpus.rows}
    words: dict[str, list[str]] = defaultdict(list)
    for row in corpus.rows:
        words[row["article_id"]] += re.findall(r"\w+", row["text"].lower())
    foreign = [name for name, own in words.items() if not looks_english(own)]
    undated = [name for name, row in articles.items() if not row["date"]]
    unread = unread_dates({name: row["date"] for name, row in articles.items()})
    year_alone = [name for name, row in articles.items() if len(date_of(row["date"])) == _YEAR]
    nameless = [name for name, row in articles.items() if not row["source"]]
    kinds: dict[str, list[str]] = defaultdict(list)
    for line in corpus.problems:
        kinds[_kind(line)].append(line)
    cuts = [f"{name}: {count}" for name, count in corpus.cut.items()]
    found: list[tuple[str, Iterable[str]]] = [
        (f"{counted(len(foreign), 'article')} that may not be in English, which is all this model knows", foreign),
        *(
            (f"{counted(len(lines), 'file or row', 'files or rows')} {kind}", lines)
            for kind, lines in sorted(kinds.items())
        ),
        (
            f"{counted(len(corpus.copies), 'near-duplicate')} of other articles, counted like all others",
            (f"{name} is like {first}" for name, first in corpus.copies.items()),
        ),
        (f"{counted(len(undated), 'article')} without a date", undated),
        (f"{counted(len(unread), 'article')} with a date that is not understood", unread),
        (f"{counted(len(year_alone), 'article')} with a year for a date, so counted in no month", year_alone),
        (f"{counted(len(nameless), 'article')} without a source", nameless),
        (f"Boilerplate (bylines, share buttons, repeated titles) was cut from {counted(len(cuts), 'article')}", cuts),
    ]
    return [(summary, lines) for summary, lines in ((s, list(d)) for s, d in found) if lines]


def looks_english(words: Sequence[str]) -> bool:
    """Return whether lower-case words look like English text; too few of them always do."""
    known = set(_FUNCTION_WORDS.split())
    return len(words) < _ENOUGH_WORDS or sum(word in known for word in words) / len(words) >= _ENGLISH


def _group(name: str, rows: Sequence[Row]) -> Group:
    answers = np.array([[row["stance"] == stance for stance in STANCES] for row in rows], float)
    articles = np.array([row["article_id"] for row in rows])
    counts = answers.sum(axis=0).astype(int)
    draws = draw_articles(articles, _DRAWS, _LEVEL, _SEED)
    if draws.n_articles < MIN_ARTICLES:
        low, high = np.transpose([wilson(int(count), len(rows)) for count in counts])
    else:
        sums = draws.sums(answers)
        low, high = np.quantile(sums / sums.sum(axis=1, keepdims=True), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], axis=0)
    return Group(name, draws.n_articles, counts, low, high)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _kind(line: str) -> str:
    return next((kind for sign, kind in _KINDS.items() if sign in line.lower()), "skipped")
