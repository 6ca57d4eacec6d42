"""Adapt a classifier to labels of one's own: a small correction of its log-odds, used only where it is shown to help.

Labels that follow another convention than the codebook are legitimate: what counts as opposition to one's own question
is decided by who asks. Mixed into the training data, a few hundred of them are drowned; as a correction of the
log-odds, regularised on votes, they carry far.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from pipeline.base.calibration import error_by_article, fit_temperature, log_losses, softmax
from pipeline.base.errors import InputError
from pipeline.base.stances import STANCES, stance_id
from pipeline.model.confidence import article_folds, calibrate, choose_threshold
from pipeline.model.features import NEVER, Linear
from pipeline.text.folds import near_duplicate_groups
from pipeline.weak.label_model.selection import macro_f1

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.model.features import Features
    from pipeline.model.stance_model import StanceModel

When = Literal["auto", "on", "off"]

GRID = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Inverse regularisations that are compared, of a correction beside which the log-odds cost next to nothing."""

TARGET = 0.8
"""Target precision of the answers of an adapted model that are not abstained."""

LEAST = 50
"""Labels below which nothing is adapted."""

SIZES = (50, 100, 250, 500, 1000, 2500, 5000)
"""Numbers of labels at which the learning curve is measured, as far as there are as many."""

_OWN_SCALE = 10.0  # of the log-odds that are corrected
_ALIKE = 0.6  # similarity of sentences that must not stand on both sides of a split
_FOLDS = 5
_ROUND = 4
_RESAMPLES = 500
_SOLVER: dict[str, Any] = {"solver": "newton-cholesky", "tol": 1e-10, "max_iter": 200}
N = len(STANCES)


@dataclass(frozen=True)
class Adaptation:
    """What adapting to `labels` hand labels gave, in cross-validation with articles and near-duplicates kept together.

    `used`: whether the correction answers, and `reason` why; `C` its inverse regularisation; `before` and `after`:
    `log_loss` and `macro_f1` without and with it; `gain` in both and its `standard_error`; `curve`: the same with
    fewer labels, each {`labels`, `log_loss`, `macro_f1`}; `forecast`: macro-F1 with twice as many, None where the curve
    is too short to say.
    """

    used: bool
    reason: str
    labels: int
    C: float = 0.0
    before: dict[str, float] = field(default_factory=dict)
    after: dict[str, float] = field(default_factory=dict)
    gain: dict[str, float] = field(default_factory=dict)
    standard_error: dict[str, float] = field(default_factory=dict)
    curve: list[dict[str, float]] = field(default_factory=list)
    forecast: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain data, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Fold:
    """One split of labelled rows: what corrections are fitted on, what is left out, and the classifier between them.

    `X`: features, float64 (n, p), of all rows by this fold's `features`; `train`, `held_out`: numbers of rows, int64
    (a,) and (b,); `base`: a classifier that has not seen the rows `held_out`.
    """

    features: "Features"
    base: Linear
    X: np.ndarray
    train: np.ndarray
    held_out: np.ndarray


def adapt(
    model: "StanceModel",
    texts: Sequence[str],
    labels: Sequence[str],
    articles: Sequence[Any] | None = None,
    when: When = "auto",
    encoder: "Encoder | None" = None,
) -> "StanceModel":
    """Return the model with its classifier corrected by n hand labels (names of stances), where that is shown to help.

    None of the sentences may be ones that the model was trained on. `articles` names the article of each, as in
    `StanceModel.predict_proba`. The correction is used if, on sentences left out, it lowers the log-loss and raises
    macro-F1 by more than one standard error each, or with `when` "on" in any case; then temperature, bias and threshold
    are those that suit it, chosen on sentences left out. `encoder` embeds the sentences for the correction, where the
    model has none. Raises InputError for what is no label, and for a classifier
    that is not linear.
    """
    if not isinstance(model.classifier, Linear):
        got = type(model.classifier).__name__
        raise InputError("only a linear classifier can be adapted", "model", expected="LogisticRegression", got=got)
    if len(texts) != len(labels):
        raise InputError("each sentence needs a label", "labels", expected=str(len(texts)), got=str(len(labels)))
    gold = np.array([stance_id(str(label), f"label {i}") for i, label in enumerate(labels)], int)
    names, before = np.arange(len(texts)) if articles is None else _article_names(articles), model
    if encoder and not model.encoder:
        model = _embedding(model, encoder, texts)
    batch, weak = model.using("classifier").parse(texts, articles)
    X = model.features.transform(batch, weak)
    groups = own_groups(texts, names)
    folds = same_base(model.features, model.classifier, X, groups)
    found, scores = assess(folds, gold, groups, when)
    if not found.used:
        return replace(before, adaptation=found.as_dict())
    calibration, _ = calibrate(scores, np.eye(N)[gold], groups)
    threshold = choose_threshold(calibration.proba(scores), gold, groups, TARGET)
    return replace(
        model,
        classifier=correct(model.classifier, X, model.features.scales, gold, found.C),
        temperature=calibration.temperature,
        bias=calibration.bias,
        threshold=threshold,
        adaptation=found.as_dict(),
    )


def _embedding(model: "StanceModel", encoder: "Encoder", texts: Sequence[str]) -> "StanceModel":
    """Return the model with an encoder whose embeddings do not count yet; `texts` say what the average one is."""
    features = copy(model.features)
    features.centre = encoder.encode(texts).mean(axis=0, dtype=np.float64).round(6)
    at = [features.starts["embedding"]] * encoder.width
    weights = np.insert(model.classifier.weights, at, 0, axis=0)
    return replace(model, features=features, classifier=replace(model.classifier, weights=weights), encoder=encoder)


def correct(base: Linear, X: np.ndarray, scales: np.ndarray, gold: np.ndarray, C: float) -> Linear:
    """Return the classifier `base` corrected by stance ids `gold`, int64 (n,), of rows X, float64 (n, p).

    The correction is a LogisticRegression on the log-odds of `base` and on X * `scales` (p,), so log-odds stay linear
    in X. A stance that no row has is never answered.
    """
    classes = np.unique(gold)
    if len(classes) < 2:
        raise InputError("labels of one stance alone teach nothing", "labels", got=STANCES[classes[0]])
    own = _OWN_SCALE * base.scores(X)
    with threadpool_limits(1):
        model = LogisticRegression(C=C, **_SOLVER).fit(np.hstack([own, X * scales]), gold)
    coef, intercept = model.coef_, model.intercept_
    if len(classes) == 2:
        coef, intercept = np.vstack([0 * coef, coef]), np.r_[0.0, intercept]
    of_base, of_features = _OWN_SCALE * coef[:, :N].T, coef[:, N:].T * scales[:, None]
    weights, bias = np.zeros((X.shape[1], N)), np.full(N, NEVER)
    weights[:, classes] = of_features + base.weights @ of_base
    bias[classes] = intercept + base.bias @ of_base
    return Linear.rounded(weights, bias)


def own_groups(texts: Sequence[str], articles: np.ndarray) -> np.ndarray:
    """Return a group, int32 (n,), for each sentence: sentences of one article, and near-duplicates, share it.

    `articles` (n,): ids of any dtype.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(texts)
    of_article = np.unique(articles, return_inverse=True)[1]
    first = np.unique(of_article, return_index=True)[1][of_article]
    rows, links = np.tile(np.arange(n), 2), np.r_[first, near_duplicate_groups(texts, _ALIKE)]
    graph = coo_matrix((np.ones(2 * n), (rows, links)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1])


def assess(folds: Sequence[Fold], gold: np.ndarray, groups: np.ndarray, when: When) -> tuple[Adaptation, np.ndarray]:
    """Return the gain of corrections on held-out rows, and the scores float64 (n, 3) of the best there.

    `gold` (n,) and `groups` (n,) are those of the rows that the folds number. With `when` "on" it is used whatever it
    gains, but for fewer than LEAST labels.
    """
    n = len(gold)
    base = _scores(folds, lambda fold: fold.base, n)
    if n < LEAST or len(np.unique(gold)) < 2:
        return Adaptation(False, f"{n} hand labels are too few to adapt to (at least {LEAST}, of two stances)", n), base
    losses = {}
    found = {C: _scores(folds, lambda fold, C=C: _corrected(fold, gold, fold.train, C), n) for C in GRID}
    losses = {C: _losses(scores, gold) for C, scores in found.items()}
    best = min(GRID, key=lambda C: (round(float(losses[C].mean()), _ROUND), C))
    gain = _losses(base, gold) - losses[best]
    mean, error = float(gain.mean()), error_by_article(gain, groups)
    f1, f1_error = _f1_gain(base, found[best], gold, groups)
    used = when == "on" or (mean > error and f1 > f1_error)
    why = "used as asked" if when == "on" else "used" if used else "not used: one or both within the standard error"
    reason = (
        f"on articles left out log-loss falls by {mean:.4f} (standard error {error:.4f}) "
        f"and macro-F1 rises by {f1:.4f} ({f1_error:.4f}): {why}"
    )
    curve = list(_curve(folds, gold, groups, best))
    curve.append({"labels": n, **_figures(found[best], gold)})
    adaptation = Adaptation(
        used,
        reason,
        n,
        best,
        _figures(base, gold),
        _figures(found[best], gold),
        {"log_loss": round(mean, _ROUND), "macro_f1": round(f1, _ROUND)},
        {"log_loss": round(error, _ROUND), "macro_f1": round(f1_error, _ROUND)},
        curve,
        _forecast(curve),
    )
    return adaptation, found[best] if used else base


def _article_names(articles: Sequence[Any]) -> np.ndarray:
    """Return names of articles (n,), one of its own for each sentence that stands alone."""
    return np.array([f"alone {i}" if name is None else f"in {name}" for i, name in enumerate(articles)])


def same_base(features: "Features", base: Linear, X: np.ndarray, groups: np.ndarray) -> list[Fold]:
    """Return folds by `groups` (n,) of features float (n, p), for a classifier that has seen none of the labels."""
    return [Fold(features, base, X, fit, held_out) for fit, held_out in article_folds(groups, _FOLDS)]


def _corrected(fold: Fold, gold: np.ndarray, fit: np.ndarray, C: float) -> Linear:
    if len(np.unique(gold[fit])) < 2:
        return fold.base
    return correct(fold.base, fold.X[fit], fold.features.scales, gold[fit], C)


def _scores(folds: Sequence[Fold], of_fold: Any, n: int) -> np.ndarray:
    scores = np.zeros((n, N))
    for fold in folds:
        scores[fold.held_out] = of_fold(fold).scores(fold.X[fold.held_out])
    return scores


def _curve(folds: Sequence[Fold], gold: np.ndarray, groups: np.ndarray, C: float) -> Iterator[dict[str, float]]:
    """Yield figures for fewer labels: whole groups in an order that depends on their number alone."""
    order = np.random.default_rng(0).permutation(len(np.unique(groups)))
    rank = order[np.unique(groups, return_inverse=True)[1]]
    for size in SIZES:
        if size >= 0.8 * len(gold):
            return
        few = {id(fold): fold.train[np.argsort(rank[fold.train], kind="stable")[:size]] for fold in folds}
        scores = _scores(folds, lambda fold, few=few: _corrected(fold, gold, few[id(fold)], C), len(gold))
        yield {"labels": size, **_figures(scores, gold)}


def _forecast(curve: Sequence[dict[str, float]]) -> float | None:
    """Return the macro-F1 with twice the labels: each doubling gives the same share of the one before."""
    if len(curve) < 3:
        return None
    n, f = (np.array([point[name] for point in curve[-3:]]) for name in ("labels", "macro_f1"))
    rates = np.diff(f) / np.diff(np.log2(n))
    share = np.clip(rates[1] / rates[0], 0, 1) if rates[0] > 0 else 0.5
    return round(float(min(1.0, f[-1] + max(rates[1], 0) * share)), _ROUND)


def _f1_gain(before: np.ndarray, after: np.ndarray, gold: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Return what macro-F1 gains from scores (n, 3) to others, and its standard error from resampled groups."""
    of_group = np.unique(groups, return_inverse=True)[1]
    n_groups, classes = int(of_group.max()) + 1, np.unique(gold)
    counts = []
    for scores in (before, after):
        predicted = scores.argmax(axis=1)
        each = np.stack([[(gold == c) & (predicted == c), gold == c, predicted == c] for c in classes])
        per_group = [np.bincount(of_group, weights=flags, minlength=n_groups) for flags in each.reshape(-1, len(gold))]
        counts.append(np.array(per_group).reshape(len(classes), 3, n_groups))
    times = np.random.default_rng(0).multinomial(n_groups, np.full(n_groups, 1 / n_groups), _RESAMPLES)
    drawn = [_mean_f1(count @ times.T) for count in counts]
    whole = [_mean_f1(count.sum(axis=2, keepdims=True))[0] for count in counts]
    return float(whole[1] - whole[0]), float((drawn[1] - drawn[0]).std(ddof=1))


def _mean_f1(counts: np.ndarray) -> np.ndarray:
    hits, of_gold, of_answers = counts.transpose(1, 0, 2)
    return (2 * hits / np.maximum(of_gold + of_answers, 1)).mean(axis=0)


def _losses(scores: np.ndarray, gold: np.ndarray) -> np.ndarray:
    targets = np.eye(N)[gold]
    return log_losses(softmax(scores / fit_temperature(scores, targets)), targets)


def _figures(scores: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    f1 = macro_f1(gold, scores.argmax(axis=1), N) * N / len(np.unique(gold))
    return {"log_loss": round(float(_losses(scores, gold).mean()), _ROUND), "macro_f1": round(f1, _ROUND)}
