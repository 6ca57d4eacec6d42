"""Scores on parts of the test rows, where an average can hide a weakness."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.report.bootstrap import ArticleBootstrap, Score
from pipeline.report.metrics import absent_stances, row_terms, scores

MIN_ROWS = 30
"""A slice of fewer rows is not shown: its score would be noise."""

LABEL_MODEL = "label model"
"""The group of slices that are chosen by what the label model makes of them."""

_COMPARED = ("macro_f1", "brier")

Slices = Mapping[str, Mapping[str, np.ndarray]]
"""Group -> name -> bool (n,): which rows belong to the slice."""


class Slice(NamedTuple):
    """One slice of `n` rows from `n_articles` articles, with the scores of the system that is reported.

    `absent`: stances without a hand label here; `gain` and `brier_gain`: macro-F1 and Brier score minus those of the
    reference system, paired.
    """

    group: str
    name: str
    n: int
    n_articles: int
    absent: tuple[str, ...]
    macro_f1: Score
    accuracy: Score
    brier: Score
    gain: Score | None
    brier_gain: Score | None


def standard_slices(
    quoted: np.ndarray, votes_cast: np.ndarray, words: np.ndarray, sources: Sequence[str], label_model_right: np.ndarray
) -> dict[str, dict[str, np.ndarray]]:
    """Slice rows by quotation, by how many LFs voted, by whether the label model is right, by length and by source.

    `quoted` bool (n,): stands inside a quotation; `votes_cast` int (n,): LFs that did not abstain; `words` int (n,):
    length, cut at its quartiles; `sources`: n names ('' where unknown); `label_model_right` bool (n,).
    """
    source = np.array([str(s) for s in sources], dtype=object)
    return {
        "quotation": {"quoted": quoted.astype(bool), "not quoted": ~quoted.astype(bool)},
        "LFs that voted": {"none": votes_cast == 0, "one": votes_cast == 1, "two or more": votes_cast >= 2},
        LABEL_MODEL: {"right": label_model_right, "wrong": ~label_model_right},
        "length": _quartiles(words),
        "source": {name or "unknown": source == name for name in sorted(set(source))},
    }


def score_slices(
    gold: np.ndarray,
    proba: np.ndarray,
    reference: np.ndarray | None,
    articles: np.ndarray,
    slices: Slices,
    draw: Callable[[np.ndarray], ArticleBootstrap],
) -> list[Slice]:
    """Score every slice of MIN_ROWS rows or more; `draw` makes the bootstrap of the articles (n,) in a slice."""
    own, other = row_terms(gold, proba), row_terms(gold, reference) if reference is not None else None
    found = []
    for group, name, rows in _shown(slices):
        bootstrap = draw(articles[rows])
        value, draws = _scores(own[rows], bootstrap)
        gains: dict[str, Score] = {}
        if other is not None:
            base, base_draws = _scores(other[rows], bootstrap)
            gains = {key: bootstrap.score(value[key] - base[key], draws[key] - base_draws[key]) for key in _COMPARED}
        found.append(
            Slice(
                group=group,
                name=name,
                n=int(rows.sum()),
                n_articles=bootstrap.n_articles,
                absent=absent_stances(gold[rows]),
                macro_f1=bootstrap.score(value["macro_f1"], draws["macro_f1"]),
                accuracy=bootstrap.score(value["accuracy"], draws["accuracy"]),
                brier=bootstrap.score(value["brier"], draws["brier"]),
                gain=gains.get("macro_f1"),
                brier_gain=gains.get("brier"),
            )
        )
    return found


def hidden_slices(slices: Slices) -> int:
    """Return the number of slices with at least one row but too few to be shown."""
    return sum(bool(0 < rows.sum() < MIN_ROWS) for group in slices.values() for rows in group.values())


def _shown(slices: Slices) -> list[tuple[str, str, np.ndarray]]:
    every = [(group, name, rows) for group, names in slices.items() for name, rows in names.items()]
    return [(group, name, rows) for group, name, rows in every if rows.sum() >= MIN_ROWS]


def _scores(terms: np.ndarray, bootstrap: ArticleBootstrap) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    return scores(terms.sum(axis=0)), scores(bootstrap.sums(terms))


def _quartiles(words: np.ndarray) -> dict[str, np.ndarray]:
    if not len(words):
        return {}
    tops = np.unique(np.quantile(words, [0.25, 0.5, 0.75, 1], method="inverted_cdf").astype(int))
    bottoms = [int(words.min()), *(tops[:-1] + 1)]
    return {_span(low, top): (words >= low) & (words <= top) for low, top in zip(bottoms, tops, strict=True)}


def _span(low: int, top: int) -> str:
    return f"{low} words" if low == top else f"{low}–{top} words"
