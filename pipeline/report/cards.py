"""Model card and data card."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from pipeline.base.errors import InputError
from pipeline.base.logs import counted
from pipeline.base.stances import FOLDS, STANCES, stance_id
from pipeline.gold.labels import Gold
from pipeline.report.metrics import MIN_ARTICLES, ArticleBootstrap, draw_articles
from pipeline.report.rendering import Table, grouped, number, percent, spoken, spread, spread_of
from pipeline.text.dates import date_of

_SHOWN_SOURCES = 6
_SCORES = {"accuracy": "accuracy", "MCC": "mcc", "Brier": "brier", "log-loss": "log_loss"}

UNKNOWN = "unknown"

FEW = 3
"""Topics and regions of fewer articles are counted together."""

_BLOCK = re.compile(r"(<!-- counts: (\w+) -->\n).*?(<!-- /counts -->)", re.DOTALL)


def model_card(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a model's manifest says about it."""
    calibration, threshold, encoder = manifest["calibration"], manifest["threshold"], manifest["encoder"]
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(manifest["libraries"].items()))
    shipped = manifest.get("shipped_rows")
    beside = f", beside {grouped(shipped)} of the articles that ship" if shipped else ""
    return [
        ("Model", f"format {manifest['format_version']}, SHA-256 {manifest['sha256'][:12]}"),
        ("Made for", "English news of diplomacy and politics: the relation between parties that a sentence reports"),
        ("Not made for", "other languages, opinion of the writer, irony; decisions about persons"),
        (
            "Trained on",
            f"{grouped(manifest['rows'])} sentences, {grouped(manifest['gold_rows'])} of them hand-labelled{beside}",
        ),
        ("Calibration", f"temperature {calibration['temperature']:.3f} on {calibration['on']}"),
        ("Abstained", "nothing" if threshold is None else f"answers below a confidence of {threshold:.2f}"),
        ("Sentence encoder", encoder["name"] if encoder else "none"),
        ("Made with", libraries),
    ]


def data_card(articles: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return where articles come from, and from when: mappings with `source` and `date`."""
    rows = list(articles)
    sources = Counter(row["source"] or "unknown" for row in rows).most_common()
    shown = [f"{name} ({count})" for name, count in sources[:_SHOWN_SOURCES]]
    more = [f"{len(sources) - _SHOWN_SOURCES} more"] if len(sources) > _SHOWN_SOURCES else []
    months = sorted(filter(None, (date_of(row["date"])[: len("1987-04")] for row in rows)))
    undated = sum(not date_of(row["date"]) for row in rows)
    dates = f"{months[0]} to {months[-1]}" if months else "none known"
    without = f"; {counted(undated, 'article')} without one" if undated and months else ""
    return [
        ("Sources", ", ".join([*shown, *more])),
        ("Dates", f"{dates}{without}"),
    ]


def recorded_table(details: Mapping[str, Mapping[str, float]], *, shipped: bool) -> Table:
    """Return the scores of every system in details.json."""
    systems = {name: scores for name, scores in details.items() if name != "corpus"}
    rows = tuple(
        (spoken(name), spread_of(own, "macro_f1"), *(number(own.get(key)) for key in _SCORES.values()))
        for name, own in systems.items()
    )
    first = next(iter(systems.values()), {})
    of = "that the model ships with" if shipped else "of the model's own project"
    caption = f"On {grouped(int(first.get('n', 0)))} hand-labelled test sentences {of}"
    return Table(caption, ("system", "macro-F1", *_SCORES), rows)


@dataclass(frozen=True)
class CardArticle:
    """One article as the card counts it: what its file says, and the number of words of each of its sentences."""

    id: str
    fold: str
    topic: str
    region: str
    source: str
    date: str
    format: str
    words: tuple[int, ...]


def fill_blocks(card: str, blocks: Mapping[str, str]) -> str:
    """Return the card with what stands between `<!-- counts: NAME -->` and `<!-- /counts -->` replaced.

    Raises InputError for a place whose block there is none of, and for a block without a place.
    """
    places = [place[2] for place in _BLOCK.finditer(card)]
    if sorted(places) != sorted(blocks):
        raise InputError("wrong blocks", "data card", expected=", ".join(blocks), got=", ".join(places) or "none")
    return _BLOCK.sub(lambda place: f"{place[1]}\n{blocks[place[2]]}\n\n{place[3]}", card)


def corpus_block(articles: Sequence[CardArticle]) -> str:
    """Count articles and sentences in all, and by region, topic, source, decade and format."""
    return "\n\n".join(
        [
            _totals(articles),
            _counted("region", articles, lambda a: _spelled(a.region), FEW),
            _counted("topic", articles, lambda a: _spelled(a.topic), FEW),
            _counted("source", articles, lambda a: a.source or UNKNOWN),
            _counted(
                "decade", articles, lambda a: f"{date_of(a.date)[:3]}0s" if date_of(a.date) else UNKNOWN, by_name=True
            ),
            _counted("format", articles, lambda a: a.format),
        ]
    )


def gold_block(gold: Sequence[Gold], articles: Sequence[CardArticle]) -> str:
    """Count hand labels by fold and stance, those flagged `mixed`, and the articles that they come from."""
    fold_of = {article.id: article.fold for article in articles}
    folds = [fold_of.get(article_of(item), UNKNOWN) for item in gold]
    rows = []
    for name in (*FOLDS, UNKNOWN, "all"):
        labels = [item for item, fold in zip(gold, folds, strict=True) if name in (fold, "all")]
        stances = Counter(item.stance for item in labels)
        shares = (f"{stances[k]} ({percent(stances[k] / len(labels))})" for k in range(len(STANCES)) if labels)
        if labels:
            counts = (len(set(map(article_of, labels))), len(labels))
            rows.append((name, *map(grouped, counts), *shares, grouped(sum(item.mixed for item in labels))))
    return markdown_table(("fold", "articles", "sentences", *STANCES, "of them mixed"), rows)


def agreement_block(gold: Sequence[Gold], resamples: int, confidence: float, seed: int) -> str:
    """Say how far independent annotators agree: overall and stance by stance, with intervals by article."""
    twice, units = _labelled_twice(gold)
    if not twice:
        return "No sentence was labelled by two annotators."
    table = agreement_table(gold, resamples, confidence, seed)
    return f"{table.caption}\n\n{markdown_table(table.head, table.rows)}\n\n{_disagreements(twice, units)}"


def agreement_table(gold: Sequence[Gold], resamples: int, confidence: float, seed: int) -> Table:
    """Return how far independent annotators agree, without rows where no sentence has labels by two."""
    twice, units = _labelled_twice(gold)
    head = ("classes compared", "labels alike", "Krippendorff's alpha")
    if not twice:
        return Table("No sentence was labelled by two annotators.", head, ())
    draws = draw_articles(np.array([article_of(item) for item in twice]), resamples, confidence, seed)
    pairs = coincidences(units, len(STANCES))
    summed = draws.sums(pairs.reshape(len(twice), -1)).reshape(-1, *pairs.shape[1:])
    total = pairs.sum(axis=0)
    rows = [("all three stances", *_agreement(total, summed, draws))]
    rows += [
        (f"{stance} or not", *_agreement(one_against_rest(total, k), one_against_rest(summed, k), draws))
        for k, stance in enumerate(STANCES)
    ]
    caption = f"{grouped(len(twice))} sentences of {draws.n_articles} articles have labels by two annotators or more."
    if draws.n_articles >= MIN_ARTICLES:
        head = (*head[:2], f"{head[2]} ({percent(confidence)} interval)")
    return Table(caption, head, tuple(rows))


def _labelled_twice(gold: Sequence[Gold]) -> tuple[list[Gold], list[list[int]]]:
    """Return what two or more annotators labelled, and the stance ids that they gave."""
    twice = [item for item in gold if len(item.annotators) > 1]
    return twice, [[stance_id(label, item.id) for label in item.annotators.values()] for item in twice]


def article_of(item: Gold) -> str:
    """Return the id of the article that a hand-labelled sentence is from."""
    return item.id.rpartition(":")[0]


def coincidences(units: Sequence[Sequence[int]], k: int) -> np.ndarray:
    """Return float64 (len(units), k, k): the ordered pairs of labels that each unit's annotators gave.

    A unit of m labels (class ids below k) has m (m - 1) pairs, each worth 1 / (m - 1); one with a single label, none.
    """
    found = np.zeros((len(units), k, k))
    for pairs, labels in zip(found, units, strict=True):
        for one, other in permutations(labels, 2):
            pairs[one, other] += 1 / (len(labels) - 1)
    return found


def nominal_alpha(pairs: np.ndarray) -> np.ndarray:
    """Return Krippendorff's alpha for nominal labels, float64 (...), from summed coincidences float64 (..., k, k).

    One minus the disagreement observed, over that of labels assigned at random (Krippendorff, Content Analysis, 4th
    ed., ch. 12). NaN where all labels are the same: no disagreement is to be expected.
    """
    of_class = pairs.sum(axis=-1)
    n = of_class.sum(axis=-1)
    observed = n - np.trace(pairs, axis1=-2, axis2=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = (n**2 - (of_class**2).sum(axis=-1)) / (n - 1)
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def one_against_rest(pairs: np.ndarray, stance: int) -> np.ndarray:
    """Return coincidences, float64 (..., 2, 2), of "this class" and "another" from those of all classes (..., k, k)."""
    both = pairs[..., stance, stance]
    split = pairs[..., stance, :].sum(axis=-1) - both
    neither = pairs.sum(axis=(-2, -1)) - both - 2 * split
    return np.stack([np.stack([both, split], -1), np.stack([split, neither], -1)], -2)


def _agreement(total: np.ndarray, summed: np.ndarray, draws: ArticleBootstrap) -> tuple[str, str]:
    alike = float(np.trace(total) / total.sum())
    return percent(alike), spread(draws.score(float(nominal_alpha(total)), nominal_alpha(summed)))


def _disagreements(twice: Sequence[Gold], units: Sequence[Sequence[int]]) -> str:
    rows = []
    for pair in combinations(range(len(STANCES)), 2):
        settled = [item for item, labels in zip(twice, units, strict=True) if set(labels) == set(pair)]
        became = Counter(item.stance for item in settled)
        labels = " against ".join(STANCES[k] for k in pair)
        counts = (len(settled), *(became[k] for k in range(len(STANCES))), sum(item.mixed for item in settled))
        rows.append((labels, *map(grouped, counts)))
    return markdown_table(
        ("labels given", "sentences", *(f"adjudicated as {s}" for s in STANCES), "of them mixed"), rows
    )


def _totals(articles: Sequence[CardArticle]) -> str:
    words = [n for article in articles for n in article.words]
    low, median, high = np.percentile(words, [25, 50, 75])
    rows = [
        ("articles", grouped(len(articles))),
        ("sentences", grouped(len(words))),
        ("words", grouped(sum(words))),
        ("words a sentence: median (quartiles)", f"{median:.0f} ({low:.0f} to {high:.0f})"),
        ("sentences an article: median", f"{np.median([len(article.words) for article in articles]):.0f}"),
    ]
    return markdown_table(("all", "count"), rows)


_Key = Callable[[CardArticle], str]


def _counted(name: str, articles: Iterable[CardArticle], key: _Key, smallest: int = 1, *, by_name: bool = False) -> str:
    """Lay out a table, the largest count first or by name; values of fewer than `smallest` articles in a last row."""
    counts = _count(articles, key)
    large = {value: count for value, count in counts.items() if count[0] >= smallest}
    rows = sorted(large.items(), key=lambda row: row[0] if by_name else (-row[1][0], row[0]))
    if rest := [count for value, count in counts.items() if value not in large]:
        rows.append((f"{len(rest)} others", (sum(a for a, _ in rest), sum(s for _, s in rest))))
    return markdown_table((name, "articles", "sentences"), [(value, *map(grouped, count)) for value, count in rows])


def _count(articles: Iterable[CardArticle], key: _Key) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for article in articles:
        n_articles, n_sentences = found.get(key(article), (0, 0))
        found[key(article)] = (n_articles + 1, n_sentences + len(article.words))
    return found


def _spelled(value: str) -> str:
    """Give "North-America" and "north america" one spelling."""
    return value.casefold().replace("-", " ") or UNKNOWN


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a Markdown table, its numbers flush right."""
    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
