"""Train the classifier on soft labels: regularisation chosen on held-out articles, confidence calibrated on gold."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ParameterGrid

from pipeline.base.calibration import ENOUGH, softmax
from pipeline.base.errors import InputError, TrainingError
from pipeline.base.logs import counted
from pipeline.base.stances import STANCES, UNLABELED
from pipeline.model.adaptation import Adaptation, Fold, When, assess, correct, own_groups
from pipeline.model.confidence import article_folds, calibrate, choose_threshold, collapsed, compare
from pipeline.model.features import Features, Linear, log_odds
from pipeline.model.parsed import (
    ALONE,
    Examples,
    ParsedBatch,
    TrainingSentences,
    check_stances,
    make_examples,
    parse_sentences,
    with_shipped,
)
from pipeline.model.soft_labels import SoftLabelClassifier, exported, make_estimator
from pipeline.model.stance_model import StanceModel
from pipeline.weak.lfs.lf_set import CastVotes, LFSet

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.weak.dataset import ShippedRows
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.label_model.selection import SelectedModel

log = logging.getLogger("pipeline.model.training")
N = len(STANCES)

GRID: Mapping[str, Sequence[Any]] = {"C": (0.03, 0.1, 0.3)}
"""What is compared of the default classifier, the most regularised first."""

GOLD_WEIGHT = 1.0
"""Weight of a hand label against the soft label of the same sentence."""
MOST_COMPARED = 10_000
"""About how many training sentences the candidates are compared on; the chosen one is fitted on all."""

# Fitted to the last digits, so that every processor finds the same; nearly so where n-grams make the Hessian too large.
_EXACT, _CLOSE = {"solver": "newton-cholesky", "tol": 1e-10, "max_iter": 100}, {"tol": 1e-8, "max_iter": 1000}
_FEW_COLUMNS = 2000


@dataclass(frozen=True)
class Training:
    """What training gives: the model, the candidates compared, how it was calibrated, and whether it was adapted.

    `candidates`: what `pipeline.model.confidence.compare` says of each. `calibration`: `on` ("dev gold" or "held-out
    articles"), their number, `temperature`, `bias`, and the figures of `pipeline.model.confidence.calibrate`.
    `adaptation`: None where it is off. `shipped_rows`: sentences of the articles that ship that it learnt from, too.
    """

    model: StanceModel
    candidates: list[dict[str, Any]]
    calibration: dict[str, Any]
    adaptation: Adaptation | None = None
    shipped_rows: int = 0


def train_model(
    texts: Sequence[str],
    soft: np.ndarray,
    articles: Sequence[str] | np.ndarray,
    gold: np.ndarray,
    lfs: LFSet,
    label_model: "LabelModel | SelectedModel",
    *,
    dev_texts: Sequence[str] = (),
    dev_gold: Sequence[int] | np.ndarray = (),
    dev_articles: Sequence[str] | np.ndarray | None = None,
    classifier: str = "LogisticRegression",
    classifier_params: Mapping[str, Any] | None = None,
    grid: Mapping[str, Sequence[Any]] | None = None,
    gold_weight: float = GOLD_WEIGHT,
    ngram_max: int = 0,
    min_df: int = 2,
    cv_folds: int = 5,
    precision: float | None = 0.8,
    adapt: When = "off",
    context: bool = True,
    encoder: "Encoder | None" = None,
    sample_weight: np.ndarray | None = None,
    stances: Sequence[int] = (0, 1, 2),
    cast: CastVotes | None = None,
    dev_cast: CastVotes | None = None,
    shipped: "ShippedRows | None" = None,
) -> Training:
    """Train on the sentences of the training fold; calibrate on the hand-labelled ones of the dev fold.

    `soft` float64 (n, 3), rows sum to 1; `articles`: the article of each sentence, which cross-validation keeps
    together; `gold` int64 (n,) and `dev_gold`: stance ids, UNLABELED where nobody labelled. Learnt is (soft +
    gold_weight * gold) / (1 + gold_weight), and the soft label alone, at 1 / (1 + gold_weight) of the weight, where
    there is no gold. `classifier`, `classifier_params`: a classifier of scikit-learn (`soft_labels.make_estimator`);
    `grid`: values of its parameters, the most regularised first, to choose from by cross-validation over articles
    (None: GRID for the default classifier). `context`: whether the sentences of an article stand together, in order,
    and say something about each other. Dev rows are never fitted on: they calibrate, and test the abstention
    thresholds; with `precision` None nothing abstains. `adapt`: whether the gold adapts the classifier (`adaptation`).
    `encoder`: what embeds the sentences. `sample_weight` (n,); `stances`: ids of those that are to be learnt.
    `cast`, `dev_cast`: the votes, where they were cast before. `shipped`: rows that are learnt from beside these, where
    features need no text; choices are made on one's own rows where enough of them have gold. Raises TrainingError where
    a stance is the likeliest of no training row.
    """
    estimator, points = make_estimator(classifier, classifier_params), _points(classifier, classifier_params, grid)
    sentences = TrainingSentences(texts, soft, articles, gold, sample_weight, cast)
    if shipped is not None and len(shipped.gold) and not ngram_max and encoder is None:
        sentences = with_shipped(sentences, shipped, lfs, label_model)
    examples = make_examples(sentences, len(texts), lfs, label_model, gold_weight, encoder, context=context)
    check_stances(examples, stances)
    design = {"ngram_max": ngram_max, "min_df": min_df}
    comparison = _compare(examples, points, estimator, cv_folds, design)
    features, fitted = _fit(examples, comparison.point, estimator, design)
    model, adaptation = StanceModel(lfs, label_model, features, fitted, encoder=encoder), None
    if adapt != "off":
        model, adaptation, comparison = _adapted(model, examples, comparison, adapt)
    dev = _dev(model, dev_texts, dev_gold, dev_articles if context else None, dev_cast)
    model, calibration = _calibrated(model, dev, comparison)
    _warn_of_collapse(model, examples)
    model = _with_thresholds(model, dev, precision)
    return Training(model, comparison.candidates, calibration, adaptation, int((~examples.own).sum()))


def train_variant(
    model: StanceModel,
    batch: ParsedBatch,
    label_model_proba: np.ndarray,
    soft: np.ndarray,
    articles: Sequence[str],
    gold: np.ndarray,
    params: Mapping[str, Any],
    *,
    by_hand: bool,
) -> StanceModel | None:
    """Return a model as `model`, but with a default classifier that learns from `gold` alone, or from `soft` alone.

    For comparison: uncalibrated, with the parameters `params`. `batch`, `label_model_proba` float64 (n, 3): as
    `StanceModel.parse` returns them; `soft` float64 (n, 3); `gold` int (n,), UNLABELED where nobody labelled; `by_hand`
    says which of the two. None where the labels lack a stance.
    """
    targets = np.where((gold != UNLABELED)[:, None], np.eye(N)[gold], soft)
    weights = (gold != UNLABELED).astype(float) if by_hand else np.ones(len(gold))
    names, own = np.asarray(articles), np.ones(len(gold), bool)
    examples = Examples(batch, label_model_proba, targets, weights, names, gold, own)
    if len(np.unique(targets[weights > 0].argmax(axis=1))) < N:
        return None
    known = {name: value for name, value in params.items() if name in LogisticRegression().get_params()}
    features, fitted = _fit(examples, known, LogisticRegression(), {})
    return replace(model, features=features, classifier=fitted, temperature=1.0, bias=(0.0,) * N, adaptation=None)


class _Fit(NamedTuple):
    features: Features
    classifier: Any
    train: np.ndarray
    held_out: np.ndarray


class _Comparison(NamedTuple):
    """Candidates compared on `examples`, and the figures of each.

    `judged`: rows that decide, int (m,). Of the chosen one: `point`, its parameters; `fits`, one a fold; `scores`, (n,
    3), which every row has from the fit that has not seen its article.
    """

    examples: Examples
    judged: np.ndarray
    candidates: list[dict[str, Any]]
    point: Mapping[str, Any]
    fits: Sequence[_Fit]
    scores: np.ndarray


class _Dev(NamedTuple):
    """Hand-labelled dev rows: scores (n, 3) of the classifier, what the label model makes of them, gold, articles."""

    scores: np.ndarray
    weak: np.ndarray
    gold: np.ndarray
    articles: np.ndarray


def _points(
    classifier: str, params: Mapping[str, Any] | None, grid: Mapping[str, Sequence[Any]] | None
) -> list[dict[str, Any]]:
    """Return the parameters of each candidate, the most regularised first."""
    if grid is None:
        grid = GRID if classifier == "LogisticRegression" and not params else {}
    return list(ParameterGrid({name: list(values) for name, values in grid.items()}))


def _whole_articles(articles: np.ndarray) -> np.ndarray:
    """Return the rows of enough articles to compare candidates on: all, or every k-th article of a large corpus."""
    names, place = np.unique(articles, return_inverse=True)
    step = -(-len(articles) // MOST_COMPARED)
    return np.flatnonzero(place % min(step, max(1, len(names) // 2)) == 0)


def _compare(
    examples: Examples,
    points: Sequence[Mapping[str, Any]],
    estimator: Any,
    folds: int,
    design: Mapping[str, int],
) -> _Comparison:
    """Compare the candidates on articles left out, on one's own sentences where enough of them have gold."""
    some = examples[_whole_articles(examples.articles)]
    fits = [_fits(some, point, estimator, folds, design) for point in points]
    scores = [_joined(of_point, some) for of_point in fits]
    labelled = some.own & (some.gold != UNLABELED)
    judged = np.flatnonzero(some.own) if labelled.sum() >= ENOUGH else np.arange(len(some.own))
    on = some[judged]
    candidates = compare(points, [of_point[judged] for of_point in scores], on.targets, on.gold, on.articles)
    best = [candidate["chosen"] for candidate in candidates].index(True)
    return _Comparison(some, judged, candidates, points[best], fits[best], scores[best])


def _fits(
    examples: Examples, point: Mapping[str, Any], estimator: Any, folds: int, design: Mapping[str, int]
) -> list[_Fit]:
    """Return a fit of a candidate for each fold of articles."""
    return [
        _Fit(*_fit(examples[fit], point, estimator, design), fit, held_out)
        for fit, held_out in article_folds(examples.articles, folds)
    ]


def _joined(fits: Sequence[_Fit], examples: Examples) -> np.ndarray:
    """Return the scores (n, 3) that every row gets from the fit that has not seen its article."""
    scores = np.zeros_like(examples.targets)
    for one in fits:
        held_out = examples[one.held_out]
        scores[one.held_out] = _score(one, one.features.transform(held_out.batch, held_out.proba))
    return scores


def _score(one: _Fit, X: np.ndarray) -> np.ndarray:
    if isinstance(one.classifier, Linear):
        return one.classifier.scores(X)
    return log_odds(one.classifier.predict_proba(X * one.features.scales))


def _fit(
    examples: Examples, point: Mapping[str, Any], estimator: Any, design: Mapping[str, int]
) -> tuple[Features, Any]:
    """Return the features of the rows, and a classifier fitted on them: a `Linear` where it can be one.

    A sentence that stands in an article is learnt with its context and once more without, each with half its weight, so
    that the classifier answers both.
    """
    features = Features(examples.batch, examples.proba, **design)
    X, targets, weights = features.transform(examples.batch, examples.proba), examples.targets, examples.weights
    together = np.flatnonzero(examples.batch.articles != ALONE)
    if len(together):
        alone = examples[together]
        X = np.vstack([X, features.transform(alone.batch, alone.proba, alone=True)])
        halved = np.where(examples.batch.articles != ALONE, weights / 2, weights)
        targets, weights = np.vstack([targets, alone.targets]), np.r_[halved, halved[together]]
    try:
        candidate = clone(estimator).set_params(**point)
    except ValueError as error:
        raise InputError("no such parameter", "classifier, grid", got=str(error).split(".")[0]) from None
    if isinstance(estimator, LogisticRegression) and estimator.solver == LogisticRegression().solver:
        few = X.shape[1] <= _FEW_COLUMNS
        X = X if few else csr_array(X)
        candidate.set_params(**(_EXACT if few else _CLOSE))
    try:
        fitted = SoftLabelClassifier(candidate).fit(X * features.scales, targets, weights)
    except (ValueError, TypeError) as error:
        got = " ".join(str(error).split())[:200]
        raise TrainingError(f"{type(estimator).__name__} cannot be fitted", f"classifier, {point}", got=got) from error
    return features, exported(fitted, features.scales) or fitted


def _adapted(
    model: StanceModel, examples: Examples, comparison: _Comparison, when: When
) -> tuple[StanceModel, Adaptation, _Comparison]:
    """Return the model, adapted where that is shown to help, and its scores of labelled rows held out."""
    compared = comparison.examples
    at = np.flatnonzero(compared.own & (compared.gold != UNLABELED))
    gold = compared.gold[at]
    if not isinstance(model.classifier, Linear):
        return model, Adaptation(False, "only a LogisticRegression can be adapted", len(at)), comparison
    groups = own_groups([compared.batch.texts[i] for i in at.tolist()], compared.articles[at])
    number = np.full(len(compared.gold), -1)
    number[at] = np.arange(len(at))
    folds = []
    for one in comparison.fits:
        X = one.features.transform(compared.batch, compared.proba)[at]
        held_out = number[one.held_out][number[one.held_out] >= 0]
        near = np.isin(groups, groups[held_out])  # near-duplicates of what is left out are not learnt from
        folds.append(Fold(one.features, one.classifier, X, np.flatnonzero(~near), held_out))
    adaptation, adapted = assess(folds, gold, groups, when)
    if adaptation.used:
        labelled = np.flatnonzero(examples.own & (examples.gold != UNLABELED))
        X = model.features.transform(examples.batch, examples.proba)[labelled]
        corrected = correct(model.classifier, X, model.features.scales, examples.gold[labelled], adaptation.C)
        model = replace(model, classifier=corrected)
        scores = comparison.scores.copy()
        scores[at] = adapted
        comparison = comparison._replace(scores=scores)
    return replace(model, adaptation=adaptation.as_dict()), adaptation, comparison


def _dev(
    model: StanceModel,
    texts: Sequence[str],
    gold: Sequence[int] | np.ndarray,
    articles: Sequence[str] | np.ndarray | None,
    cast: CastVotes | None,
) -> _Dev:
    if not len(texts):
        return _Dev(np.empty((0, N)), np.empty((0, N)), np.empty(0, int), np.empty(0, int))
    batch = parse_sentences(texts, model.lfs, model.encoder, articles=articles, cast=cast)
    weak = model.label_model.predict_proba(batch.votes, batch.strengths)
    labelled = np.flatnonzero(np.asarray(gold) != UNLABELED)
    names = np.arange(len(texts)) if articles is None else np.asarray(articles)
    scores = model.uncalibrated_scores(model.features.transform(batch, weak))
    return _Dev(scores[labelled], weak[labelled], np.asarray(gold, int)[labelled], names[labelled])


def _calibrated(model: StanceModel, dev: _Dev, comparison: _Comparison) -> tuple[StanceModel, dict[str, Any]]:
    if len(dev.gold) >= ENOUGH:
        on, scores, targets, articles = "dev gold", dev.scores, np.eye(N)[dev.gold], dev.articles
    else:
        on, scores, examples = "held-out articles", comparison.scores, comparison.examples
        scores, targets, articles = (a[comparison.judged] for a in (scores, examples.targets, examples.articles))
    found, figures = calibrate(scores, targets, articles)
    model = replace(model, temperature=found.temperature, bias=found.bias)
    about = {"on": on, "rows": len(scores), "temperature": found.temperature, "bias": list(found.bias), **figures}
    return model, about


def _warn_of_collapse(model: StanceModel, examples: Examples) -> None:
    scores = model.scores(examples.batch, examples.proba)
    for lost in collapsed(examples.proba[examples.own], scores[examples.own]):
        log.warning("%s: label more sentences, or add articles", lost)


def _with_thresholds(model: StanceModel, dev: _Dev, precision: float | None) -> StanceModel:
    if precision is None:
        return model
    proba = softmax(dev.scores / model.temperature + np.array(model.bias))
    threshold = choose_threshold(proba, dev.gold, dev.articles, precision)
    of_label_model = choose_threshold(dev.weak, dev.gold, dev.articles, precision)
    found = {"classifier": threshold, "label model": of_label_model}
    if lost := " and ".join(who for who, value in found.items() if value is None):
        n, one = len(dev.gold), "hand-labelled dev sentence"
        why = "too many errors" if n >= ENOUGH else f"only {counted(n, one)}" if n else f"no {one}"
        log.warning("%s: target precision %.2f not demonstrated (%s): nothing abstains", lost, precision, why)
    return replace(model, threshold=threshold, label_model_threshold=of_label_model)
