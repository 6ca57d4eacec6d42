"""The space of classifiers that training chooses from, and how it chooses: on held-out articles, the simpler one."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from typing import Any

import numpy as np

from pipeline.base.calibration import fit_temperature, log_losses, softmax, wilson
from pipeline.base.errors import InputError, suggest
from pipeline.base.stances import UNLABELED

ENOUGH = 100
"""Hand-labelled rows below which nothing is calibrated, chosen or promised on them."""

_ENOUGH_ANSWERS = 30


def error_by_article(values: np.ndarray, articles: np.ndarray) -> float:
    """Return the standard error of a mean where the sentences of one article do not count as independent."""
    _, place = np.unique(articles, return_inverse=True)
    return float(np.sqrt((np.bincount(place, weights=values - values.mean()) ** 2).sum()) / len(values))


def choose_threshold(proba: np.ndarray, gold: np.ndarray, precision: float) -> float | None:
    """Return the lowest confidence from which on at least `precision` of the answers are right, None if there is none.

    So that the promise holds on other sentences, too, the lower end of the 95 % interval (Wilson) of that share has to
    reach it, on at least 30 answers among at least 100 hand-labelled rows; with fewer nothing can be promised.
    """
    if len(gold) < ENOUGH:
        return None
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    order = np.argsort(-confidence, kind="stable")
    shares = np.cumsum(right[order])
    last_of_equals = np.r_[np.diff(confidence[order]) != 0, True]
    for last in np.flatnonzero(last_of_equals)[::-1]:
        if last + 1 >= _ENOUGH_ANSWERS and wilson(int(shares[last]), int(last) + 1)[0] >= precision:
            return float(confidence[order][last])
    return None


FAMILIES = ("logistic", "svm")
"""What `pipeline.model.linear` can fit."""

_SHOWN = 5  # runners-up


@dataclass(frozen=True)
class Candidate:
    """One point of the space: a family of `pipeline.model.linear`, C, the longest n-gram, and the weight of gold."""

    family: str
    C: float
    ngram_max: int
    gold_weight: float

    def __str__(self) -> str:
        """Write it as in a table: 'logistic, C=0.01, 2-grams, gold x1'."""
        return f"{self.family}, C={self.C:g}, {self.ngram_max}-grams, gold x{self.gold_weight:g}"


def space(family: Any, C: Any, ngram_max: Any, gold_weight: Any) -> list[Candidate]:
    """Return every combination of values, each given alone or as several; equal ones once.

    Raises InputError for an unknown family, and for a value outside its range.
    """
    axes = [
        list(axis) if isinstance(axis, Sequence) and not isinstance(axis, str) else [axis]
        for axis in (family, C, ngram_max, gold_weight)
    ]
    found = list(dict.fromkeys(Candidate(f, float(c), int(n), float(g)) for f, c, n, g in product(*axes)))
    for candidate in found:
        _check(candidate)
    return found


def compare(
    candidates: Sequence[Candidate],
    held_out: Sequence[np.ndarray],
    targets: np.ndarray,
    gold: np.ndarray,
    articles: np.ndarray,
) -> list[dict[str, Any]]:
    """Compare candidates by what they say of held-out articles, on gold where there is enough, else on soft labels.

    `held_out`: scores (n, 3) for each candidate; `targets` (n, 3); `gold` and `articles` (n,). Each is a dict of the
    candidate's settings, `log_loss` at the temperature that suits it best and its `standard_error` by article,
    `accuracy`, `rows`, `on` ("gold" or "soft labels") and `chosen`.

    Chosen is the most regularised whose loss is within one standard error of the lowest (Breiman et al., 1984), of the
    family and gold weight that have the lowest: what these articles hardly tell apart is decided for the simpler model,
    which bears news from elsewhere better.
    """
    at = np.flatnonzero(gold != UNLABELED)
    on = "gold" if len(at) >= ENOUGH else "soft labels"
    at = at if len(at) >= ENOUGH else np.arange(len(gold))
    found = []
    for candidate, scores in zip(candidates, held_out, strict=True):
        figures = _figures(scores[at], targets[at], articles[at])
        found.append({**asdict(candidate), **figures, "on": on, "rows": len(at), "chosen": False})
    best = min(found, key=lambda one: one["log_loss"])
    bound = best["log_loss"] + best["standard_error"]
    within = [one for one in found if one["log_loss"] <= bound and _kin(one) == _kin(best)]
    min(within, key=lambda one: (one["C"], one["ngram_max"]))["chosen"] = True
    return found


def in_words(compared: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """Write out the chosen candidate, and the best of the others ('' where there was no choice), with their losses."""
    chosen = next(one for one in compared if one["chosen"])
    lowest = min(one["log_loss"] for one in compared)
    why = "; the simplest within one standard error of the lowest" if chosen["log_loss"] > lowest else ""
    others = sorted((one for one in compared if one is not chosen), key=lambda one: one["log_loss"])[:_SHOWN]
    where = f"on {chosen['rows']} sentences of held-out articles, judged by {chosen['on']}"
    return f"{_said(chosen)}, {where}{why}", "; ".join(map(_said, others))


def _check(one: Candidate) -> None:
    if one.family not in FAMILIES:
        known, remedy = " or ".join(FAMILIES), suggest(str(one.family), FAMILIES)
        raise InputError("no such family", "family", expected=known, got=repr(one.family), remedy=remedy)
    if not 0 < one.C < math.inf:
        raise InputError("out of range", "C", expected="more than 0", got=f"{one.C:g}")
    if one.ngram_max < 1:
        raise InputError("out of range", "ngram_max", expected="1 or more", got=f"{one.ngram_max}")
    if not 0 <= one.gold_weight < math.inf:
        raise InputError("out of range", "gold_weight", expected="0 or more", got=f"{one.gold_weight:g}")


def _said(one: dict[str, Any]) -> str:
    candidate = Candidate(*(one[field.name] for field in fields(Candidate)))
    return f"{candidate}: log-loss {one['log_loss']:.4f} (standard error {one['standard_error']:.4f})"


def _figures(scores: np.ndarray, targets: np.ndarray, articles: np.ndarray) -> dict[str, float]:
    losses = log_losses(softmax(scores / fit_temperature(scores, targets)), targets)
    right = scores.argmax(axis=1) == targets.argmax(axis=1)
    error = error_by_article(losses, articles)
    figures = {"log_loss": losses.mean(), "standard_error": error, "accuracy": right.mean()}
    return {name: round(float(figure), 6) for name, figure in figures.items()}


def _kin(one: dict[str, Any]) -> tuple[str, float]:
    return one["family"], one["gold_weight"]
