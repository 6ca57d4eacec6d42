"""Which answers are given: target precision, and the choice of parameters by cross-validation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.base.calibration import (
    DECIMALS,
    ENOUGH,
    Z95,
    calibration_error,
    error_by_article,
    fit_temperature,
    log_losses,
    softmax,
)
from pipeline.base.stances import STANCES, UNLABELED
from pipeline.reader.predicting import cross_fitted, fit_combination
from pipeline.weak.label_model.selection import COLLAPSE, SIZEABLE

if TYPE_CHECKING:
    from pipeline.reader.predicting import Reader

_SHOWN = 5  # runners-up
_ROUND = 4  # decimals: more would show what processors differ in

_FIRST_SHARE, _FIRST_ANSWERS = 0.2, 50  # of the rows, answered at the first threshold that is tested
_STEPS = 100  # between thresholds 0 and 1 that are tested, from the top
_FOLDS = 5
_PULL = 2.0  # nats: half the weight of normal priors on log temperature (deviation 0.5) and on biases (0.5)
_ROUNDS = 100
_SETTLED = 1e-10


def compare(
    candidates: Sequence[Mapping[str, Any]],
    held_out: Sequence[np.ndarray],
    targets: np.ndarray,
    gold: np.ndarray,
    articles: np.ndarray,
) -> list[dict[str, Any]]:
    """Compare candidates by what they say of held-out articles, on gold where there is enough, else on soft labels.

    `candidates`: parameters of each, the most regularised first; `held_out`: scores float64 (n, 3) of each; `targets`
    float64 (n, 3); `gold` int64 (n,); `articles` (n,), ids of any dtype. Returned is for each `params`, `log_loss` at
    the temperature that suits it best and its `standard_error` by article, `accuracy`, `rows`, `on` ("gold" or "soft
    labels") and `chosen`.

    Chosen is the first whose loss is within one standard error of the lowest (Breiman et al., 1984), the error being
    that of the difference: where these articles hardly distinguish two models, the simpler one is chosen.
    """
    at = np.flatnonzero(gold != UNLABELED)
    on = "gold" if len(at) >= ENOUGH else "soft labels"
    at = at if len(at) >= ENOUGH else np.arange(len(gold))
    labels = targets[at] if on == "soft labels" else np.eye(targets.shape[1])[gold[at]]
    losses = [log_losses(softmax(s[at] / fit_temperature(s[at], labels)), labels) for s in held_out]
    best = int(np.argmin([round(float(loss.mean()), _ROUND) for loss in losses]))
    found = []
    for params, scores, loss in zip(candidates, held_out, losses, strict=True):
        right = float((scores[at].round(_ROUND).argmax(axis=1) == labels.argmax(axis=1)).mean())  # ties are ties
        figures = {"log_loss": loss.mean(), "standard_error": error_by_article(loss, articles[at]), "accuracy": right}
        rounded = {name: round(float(figure), _ROUND) for name, figure in figures.items()}
        found.append({"params": dict(params), **rounded, "on": on, "rows": len(at), "chosen": False})
    for one, loss in zip(found, losses, strict=True):
        behind = loss - losses[best]
        if round(float(behind.mean()), _ROUND) <= round(error_by_article(behind, articles[at]), _ROUND):
            one["chosen"] = True
            break
    return found


def in_words(compared: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Write out the chosen candidate, and the best of the others ('' where there was no choice), with their losses."""
    chosen = next(one for one in compared if one["chosen"])
    lowest = min(one["log_loss"] for one in compared)
    why = "; the simplest within one standard error of the lowest" if chosen["log_loss"] > lowest else ""
    others = sorted((one for one in compared if one is not chosen), key=lambda one: one["log_loss"])[:_SHOWN]
    where = f"on {chosen['rows']} sentences of held-out articles, scored on {chosen['on']}"
    return f"{_candidate_in_words(chosen)}, {where}{why}", "; ".join(map(_candidate_in_words, others))


def _candidate_in_words(one: Mapping[str, Any]) -> str:
    params = ", ".join(f"{name}={value}" for name, value in one["params"].items()) or "as given"
    return f"{params}: log-loss {one['log_loss']:.4f} (standard error {one['standard_error']:.4f})"


class Calibration(NamedTuple):
    """What turns scores (n, k) into probabilities: softmax(scores / temperature + bias)."""

    temperature: float
    bias: tuple[float, ...]

    def proba(self, scores: np.ndarray) -> np.ndarray:
        """Return probabilities, float64 (n, k)."""
        return softmax(scores / self.temperature + np.array(self.bias))


def calibrate(scores: np.ndarray, targets: np.ndarray, articles: np.ndarray) -> tuple[Calibration, dict[str, float]]:
    """Return a calibration of scores on targets, both float64 (n, k), and figures that are cross-fitted by article.

    `articles` (n,): ids of any dtype. A bias for each class is taken beside the temperature where that lowers the
    log-loss on articles left out by more than one standard error. The figures: `log_loss_before`, `log_loss_after`,
    `ece_before`, `ece_after`, those after from calibrations that have not seen the row's article.
    """
    losses, held_out = {}, {}
    for with_bias in (False, True):
        proba = np.empty_like(scores)
        for fit, rest in article_folds(articles, _FOLDS):
            proba[rest] = _fit(scores[fit], targets[fit], with_bias).proba(scores[rest])
        held_out[with_bias], losses[with_bias] = proba, log_losses(proba, targets)
    gain = losses[False] - losses[True]
    with_bias = bool(gain.mean() > error_by_article(gain, articles))
    figures = {}
    for when, proba in (("before", softmax(scores)), ("after", held_out[with_bias])):
        right = targets[np.arange(len(targets)), proba.argmax(axis=1)]
        figures[f"log_loss_{when}"] = round(float(log_losses(proba, targets).mean()), DECIMALS)
        figures[f"ece_{when}"] = round(calibration_error(proba.max(axis=1), right), DECIMALS)
    return _fit(scores, targets, with_bias), figures


def collapsed(label_model_proba: np.ndarray, scores: np.ndarray) -> list[str]:
    """Return a sentence for each stance that the label model gives a real share of rows, and the classifier none.

    Both are float64 (n, 3). A real share and none are what `weak.label_model.selection` takes for one.
    """
    n, found = len(scores), []
    before, after = (np.bincount(x.argmax(axis=1), minlength=len(STANCES)) for x in (label_model_proba, scores))
    for k in np.flatnonzero((before > SIZEABLE * n) & (after < COLLAPSE * before)):
        answers = f"{after[k]} of {n} training sentences, the label model {before[k]}"
        found.append(f"the classifier hardly ever answers {STANCES[k]} ({answers})")
    return found


def article_folds(articles: np.ndarray, folds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (rows to fit on, rows to leave out), int64 (a,) and (b,), in folds of about equal size.

    `articles` (n,): ids of any dtype; no article is on both sides.
    """
    from sklearn.model_selection import GroupKFold

    groups = np.unique(articles, return_inverse=True)[1]
    groups = groups if len(np.unique(groups)) > 1 else np.arange(len(groups))
    yield from GroupKFold(min(folds, len(np.unique(groups)))).split(groups, groups=groups)


def choose_threshold(proba: np.ndarray, gold: np.ndarray, articles: np.ndarray, precision: float) -> float | None:
    """Return the lowest confidence from which on the target `precision` is shown to be kept, None if there is none.

    `proba` float64 (n, k), `gold` int64 (n,), `articles` (n,), ids of any dtype. Thresholds are tested in a fixed
    sequence, from the highest that answers a fifth of the rows (at least 50) downwards, until one fails; so the chance
    to return one that does not keep the precision is that of one test. A test passes where the lower end of the 95 %
    interval (Wilson) of the share right reaches the precision, on the effective number of independent answers: errors
    cluster by article. At least 100 rows are needed.
    """
    if len(gold) < ENOUGH:
        return None
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    independent = _independent_share(right.astype(float), articles)
    found = None
    for threshold in np.arange(_STEPS - 1, 0, -1) / _STEPS:
        answered = confidence >= threshold
        n = int(answered.sum())
        if n < max(_FIRST_ANSWERS, _FIRST_SHARE * len(gold)):
            continue
        if _lower_end(float(right[answered].mean()), n * independent) < precision:
            break
        found = round(float(threshold), DECIMALS)
    return found


def fit_reader(
    reader: "Reader",
    texts: Sequence[str],
    gold: np.ndarray,
    articles: Sequence[str],
    classifier_proba: np.ndarray,
    precision: float | None,
    *,
    same_mix: bool = False,
) -> "Reader":
    """Return the reader with its combination with the classifier, and the threshold of the two, chosen on gold.

    `gold` int64 (n,): stance ids; `classifier_proba` float64 (n, 3). The threshold is chosen on answers that were
    fitted without the article. `same_mix`: these are articles of the kind that the reader was trained on. With less
    gold than is enough the reader stays as it is.
    """
    if len(gold) < ENOUGH:
        return reader
    read = reader.log_proba(texts)
    both = cross_fitted(read, classifier_proba, gold, articles, reader.combination, same_mix=same_mix)
    threshold = None if precision is None else choose_threshold(both, gold, np.asarray(articles), precision)
    combination = fit_combination(read, classifier_proba, gold, reader.combination, same_mix=same_mix)
    return replace(reader, combination=combination, threshold=threshold)


def _independent_share(values: np.ndarray, articles: np.ndarray) -> float:
    """Return the number of independent rows per row, at most 1: the inverse of the design effect of articles."""
    independent = float(values.var() / len(values))
    return min(1.0, independent / max(error_by_article(values, articles) ** 2, 1e-12)) if independent else 1.0


def _lower_end(p: float, n: float) -> float:
    centre = p + Z95**2 / (2 * n)
    return (centre - Z95 * np.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n))) / (1 + Z95**2 / n)


def _fit(scores: np.ndarray, targets: np.ndarray, with_bias: bool) -> Calibration:
    """Return the calibration of least log-loss, by Newton's method on the inverse temperature and k biases."""
    k = scores.shape[1]
    centred = scores - scores.mean(axis=1, keepdims=True)
    at = np.r_[1.0, np.zeros(k)]
    free = np.r_[True, np.full(k, with_bias)]
    for _ in range(_ROUNDS):
        proba = softmax(at[0] * centred + at[1:])
        slopes = np.concatenate([centred[:, :, None], np.broadcast_to(np.eye(k), (len(centred), k, k))], axis=2)
        gradient = ((proba - targets)[:, :, None] * slopes).sum(axis=(0, 1)) + 4 * _PULL * np.r_[at[0] - 1, at[1:]]
        mean = (proba[:, :, None] * slopes).sum(axis=1)
        spread = slopes - mean[:, None]
        curvature = np.einsum("nk,nki,nkj->ij", proba, spread, spread) + 4 * _PULL * np.eye(k + 1)
        step = np.zeros(k + 1)
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], gradient[free])
        at = at - np.clip(step, -1, 1)
        at[0] = np.clip(at[0], 0.2, 5)
        if np.abs(step).max() < _SETTLED:
            break
    bias = at[1:] - at[1:].mean()
    return Calibration(round(float(1 / at[0]), DECIMALS), tuple(float(b) for b in bias.round(DECIMALS)))
