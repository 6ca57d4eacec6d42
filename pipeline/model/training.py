"""Train the classifier on soft labels: regularisation chosen by held-out articles, confidence calibrated on gold."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import GroupKFold

from pipeline.model.confidence import (
    ENOUGH,
    calibration_error,
    choose_threshold,
    error_by_article,
    fit_temperature,
    log_loss,
    log_losses,
)
from pipeline.model.features import Features
from pipeline.model.linear import fit_linear
from pipeline.model.reading import Reading
from pipeline.model.rows import N, Rows, training_rows
from pipeline.model.stance_model import StanceModel
from pipeline.stances import UNLABELED
from pipeline.weak.em import softmax

if TYPE_CHECKING:
    from pipeline.weak.label_model import LabelModel
    from pipeline.weak.votes import LFSet

log = logging.getLogger("pipeline.model.training")


MOST_COMPARED = 10_000
"""About how many training sentences the candidates are compared on; the chosen one is fitted on all."""


@dataclass(frozen=True)
class Training:
    """What training gives: the model, the candidates compared, and how it was calibrated.

    `candidates`: a dict per value of C with `C`, `log_loss` and its `standard_error` by article, `accuracy` (all on
    held-out articles), `rows`, `on` ("gold" or "soft labels") and `chosen`. `calibration`: `on` ("dev gold" or
    "held-out articles"), `rows`, `temperature`, and `log_loss` and `ece` with `_before` and `_after` (on the rows that
    chose the temperature).
    """

    model: StanceModel
    candidates: list[dict[str, Any]]
    calibration: dict[str, Any]


def train_model(
    texts: Sequence[str],
    soft: np.ndarray,
    articles: Sequence[str] | np.ndarray,
    gold: np.ndarray,
    lfs: "LFSet",
    label_model: "LabelModel",
    *,
    dev_texts: Sequence[str] = (),
    dev_gold: Sequence[int] | np.ndarray = (),
    C: float | Sequence[float] = (0.03, 0.1, 0.3, 1.0),
    ngram_max: int = 2,
    min_df: int = 2,
    gold_weight: float = 2.0,
    cv_folds: int = 5,
    precision: float = 0.9,
) -> Training:
    """Train on the sentences of the training fold; calibrate on the hand-labelled ones of the dev fold.

    `soft`: (n, 3), rows sum to 1; `articles`: the article of each sentence, which cross-validation keeps together;
    `gold` (n,) and `dev_gold`: stance ids, UNLABELED where nobody labelled. Gold replaces the soft label and weighs
    `gold_weight`. Dev rows are never fitted on: they choose the temperature and the abstention thresholds alone.
    Raises TrainingError where a stance is missing from the training rows, or no row is left.
    """
    rows = training_rows(texts, soft, articles, gold, gold_weight, lfs, label_model)
    compared = rows[_whole_articles(rows.articles)]
    settings = {"ngram_max": ngram_max, "min_df": min_df}
    values = [float(c) for c in (C if isinstance(C, Sequence) else [C])]
    held_out = _held_out_scores(compared, values, cv_folds, settings)
    candidates = _compare(values, held_out, compared)
    best = [candidate["chosen"] for candidate in candidates].index(True)
    features, fitted = _fit(rows, [values[best]], settings)
    model = StanceModel(lfs, label_model, features, *fitted[0])
    labelled = np.flatnonzero(np.asarray(dev_gold) != UNLABELED)
    dev = model.read([dev_texts[i] for i in labelled.tolist()]), np.asarray(dev_gold, int)[labelled]
    if len(labelled) >= ENOUGH:
        scores, targets, on = model.scores(*dev[0]), np.eye(N)[dev[1]], "dev gold"
    else:
        scores, targets, on = held_out[best], compared.targets, "held-out articles"
    calibration = _calibration(scores, targets, on)
    model = replace(model, temperature=calibration["temperature"])
    return Training(_with_thresholds(model, *dev, precision), candidates, calibration)


def _whole_articles(articles: np.ndarray) -> np.ndarray:
    """Return the rows of enough articles to compare candidates on: all, or every k-th article of a large corpus."""
    names, place = np.unique(articles, return_inverse=True)
    step = -(-len(articles) // MOST_COMPARED)
    return np.flatnonzero(place % min(step, max(1, len(names) // 2)) == 0)


def _held_out_scores(rows: Rows, values: list[float], folds: int, settings: dict[str, int]) -> list[np.ndarray]:
    """Return for each C the scores (n, 3) that every row gets from a classifier that has not seen its article."""
    scores = [np.zeros_like(rows.targets) for _ in values]
    for fit, apart in _article_folds(rows.articles, folds):
        features, fitted = _fit(rows[fit], values, settings)
        X = features.transform(rows[apart].reading, rows[apart].proba)
        for of_c, (weights, bias) in zip(scores, fitted, strict=True):
            of_c[apart] = X.times(weights) + bias
    return scores


def _article_folds(articles: np.ndarray, folds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    n_articles = len(np.unique(articles))
    if n_articles < 2:
        log.warning("only one article to train on: its sentences are held out one by one, which flatters")
        articles = np.arange(len(articles))
    splitter = GroupKFold(min(folds, len(np.unique(articles))))
    yield from splitter.split(articles, groups=articles)


def _fit(
    rows: Rows, values: list[float], settings: dict[str, int]
) -> tuple[Features, list[tuple[np.ndarray, np.ndarray]]]:
    """Return the features of the rows, and the (weights, bias) fitted for each C."""
    features = Features(rows.reading, **settings)
    X, targets, weights = rows.design(features)
    return features, [fit_linear(X, targets, weights, c) for c in values]


def _compare(values: list[float], held_out: list[np.ndarray], rows: Rows) -> list[dict[str, Any]]:
    """Compare candidates by their log-loss on gold where there is enough of it, else on soft labels; choose one.

    Chosen is the most regularised whose loss is within one standard error of the lowest (Breiman et al., 1984): what
    these articles hardly tell apart is decided for the simpler model, which bears news from elsewhere better.
    """
    at = np.flatnonzero(rows.gold != UNLABELED)
    on = "gold" if len(at) >= ENOUGH else "soft labels"
    at = at if len(at) >= ENOUGH else np.arange(len(rows.gold))
    candidates: list[dict[str, Any]] = []
    for C, scores in zip(values, held_out, strict=True):
        losses = log_losses(softmax(scores[at]), rows.targets[at])
        right = scores[at].argmax(axis=1) == rows.targets[at].argmax(axis=1)
        error = error_by_article(losses, rows.articles[at])
        figures = {"log_loss": losses.mean(), "standard_error": error, "accuracy": right.mean()}
        rounded = {name: round(float(figure), 6) for name, figure in figures.items()}
        candidates.append({"C": C, **rounded, "on": on, "rows": len(at), "chosen": False})
    best = min(candidates, key=lambda candidate: candidate["log_loss"])
    bound = best["log_loss"] + best["standard_error"]
    within = [candidate for candidate in candidates if candidate["log_loss"] <= bound]
    min(within, key=lambda candidate: candidate["C"])["chosen"] = True
    return candidates


def _calibration(scores: np.ndarray, targets: np.ndarray, on: str) -> dict[str, Any]:
    temperature = fit_temperature(scores, targets)
    found: dict[str, Any] = {"on": on, "rows": len(scores), "temperature": temperature}
    for when, divisor in (("before", 1.0), ("after", temperature)):
        proba = softmax(scores / divisor)
        found[f"log_loss_{when}"] = round(log_loss(proba, targets), 6)
        found[f"ece_{when}"] = round(calibration_error(proba, targets), 6)
    return found


def _with_thresholds(
    model: StanceModel, read: tuple[Reading, np.ndarray], gold: np.ndarray, precision: float
) -> StanceModel:
    threshold = choose_threshold(softmax(model.scores(*read)), gold, precision)
    of_label_model = choose_threshold(read[1], gold, precision)
    for who, found in (("classifier", threshold), ("label model", of_label_model)):
        if found is None:
            why = f"only {len(gold)} hand-labelled dev sentences" if len(gold) < ENOUGH else "it is never reached"
            log.warning("%s: a precision of %.2f cannot be promised (%s): nothing abstains", who, precision, why)
    return replace(model, threshold=threshold, label_model_threshold=of_label_model)
