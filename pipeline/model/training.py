"""Train the classifier on soft labels: regularisation chosen by held-out articles, confidence calibrated on gold."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.model_selection import GroupKFold

from pipeline.base.calibration import calibration_error, fit_temperature, log_losses, softmax
from pipeline.base.errors import TrainingError
from pipeline.base.stances import STANCES, UNLABELED
from pipeline.model.features import Features
from pipeline.model.linear import fit_linear
from pipeline.model.parsed import Reading, read_both
from pipeline.model.selection import ENOUGH, Candidate, choose_threshold, compare, space
from pipeline.model.stance_model import StanceModel
from pipeline.reader.combining import cross_fitted, fit_combination

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.reader.predicting import Reader
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.lfs.lf_set import LFSet

N = len(STANCES)


@dataclass(frozen=True, slots=True)
class Rows:
    """n training sentences.

    `reading`, `context`: the sentences, and the sentences without their cues; `proba`, `context_proba` (n, 3): what
    the label model makes of each; `targets` (n, 3): gold where there is some, else the soft label; `weights` (n,);
    `articles` (n,); `gold` (n,): stance ids, UNLABELED where nobody labelled.
    """

    reading: Reading
    context: Reading
    proba: np.ndarray
    context_proba: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    articles: np.ndarray
    gold: np.ndarray

    def __getitem__(self, at: np.ndarray) -> "Rows":
        """Return some of the rows."""
        return Rows(*(getattr(self, field.name)[at] for field in fields(self)))

    def weighted(self, gold_weight: float) -> "Rows":
        """Return the rows with the weight 1, or `gold_weight` where there is gold, but for those of no weight."""
        weights = np.where(self.gold != UNLABELED, float(gold_weight), 1.0)
        return replace(self, weights=weights)[np.flatnonzero(weights)]

    def design(self, features: Features) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
        """Return what a classifier learns from: a matrix, target distributions and weights.

        The sentences themselves, and once more the soft-labelled ones with votes, without their cues. Soft labels are
        a function of the votes: alone, the classifier would learn to copy them and give n-grams nothing to do. Without
        votes it must learn what the words around cues say, for sentences where no labeling function knows the words.
        """
        covered = np.flatnonzero(self.reading.strengths.any(axis=1) & (self.gold == UNLABELED))
        whole = features.transform(self.reading, self.proba).to_csr()
        context = features.transform(self.context[covered], self.context_proba[covered]).to_csr()
        targets, weights = np.vstack([self.targets, self.targets[covered]]), np.r_[self.weights, self.weights[covered]]
        return vstack([whole, context], format="csr"), targets, weights


def training_rows(
    texts: Sequence[str],
    soft: np.ndarray,
    articles: Sequence[str] | np.ndarray,
    gold: Sequence[int] | np.ndarray,
    lfs: "LFSet",
    label_model: "LabelModel",
    encoder: "Encoder | None" = None,
) -> Rows:
    """Return the rows, each of weight 1; gold replaces the soft label where there is some.

    Raises TrainingError where the inputs differ in length.
    """
    gold, targets = np.asarray(gold, int), np.array(soft, float).reshape(-1, N)
    if not len(texts) == len(targets) == len(articles) == len(gold):
        got = f"{len(texts)} sentences, {len(targets)} soft labels, {len(articles)} articles, {len(gold)} gold labels"
        raise TrainingError("each sentence needs a soft label, an article and a gold label (or -1)", got=got)
    labelled = gold != UNLABELED
    targets[labelled] = np.eye(N)[gold[labelled]]
    reading, context = read_both(texts, lfs, encoder)
    proba, context_proba = (label_model.predict_proba(r.votes, r.strengths) for r in (reading, context))
    return Rows(reading, context, proba, context_proba, targets, np.ones(len(gold)), np.asarray(articles), gold)


def check_stances(rows: Rows) -> None:
    """Raise TrainingError where a stance is the likeliest of no row."""
    counts = np.bincount(rows.targets.argmax(axis=1), minlength=N)
    if not counts.all():
        got = ", ".join(f"{count} {stance}" for stance, count in zip(STANCES, counts, strict=True))
        remedy = "Add articles, labeling functions or gold labels (which do not count at gold_weight 0)."
        raise TrainingError("a stance is missing from the training sentences", got=got, remedy=remedy)


if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.lfs.lf_set import LFSet

log = logging.getLogger("pipeline.model.training")


MOST_COMPARED = 10_000
"""About how many training sentences the candidates are compared on; the chosen one is fitted on all."""


@dataclass(frozen=True)
class Training:
    """What training gives: the model, the candidates compared, and how it was calibrated.

    `candidates`: what `pipeline.model.selection.compare` says of each. `calibration`: `on` ("dev gold" or
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
    family: str | Sequence[str] = "logistic",
    C: float | Sequence[float] = (0.03, 0.1, 0.3, 1.0),
    ngram_max: int | Sequence[int] = 2,
    min_df: int = 2,
    gold_weight: float | Sequence[float] = 2.0,
    cv_folds: int = 5,
    precision: float | None = 0.8,
    encoder: "Encoder | None" = None,
) -> Training:
    """Train on the sentences of the training fold; calibrate on the hand-labelled ones of the dev fold.

    `soft`: (n, 3), rows sum to 1; `articles`: the article of each sentence, which cross-validation keeps together;
    `gold` (n,) and `dev_gold`: stance ids, UNLABELED where nobody labelled. Gold replaces the soft label and weighs
    `gold_weight`. `family`, `C`, `ngram_max` and `gold_weight` are one value each or several to choose from, by
    cross-validation over articles. Dev rows are never fitted on: they choose the temperature and the abstention
    thresholds alone; with `precision` None nothing is promised. `encoder`: what embeds the sentences; its embeddings
    are features, too.
    Raises TrainingError where a stance is missing from the training rows, or no row is left.
    """
    points = space(family, C, ngram_max, gold_weight)
    rows = training_rows(texts, soft, articles, gold, lfs, label_model, encoder)
    check_stances(rows.weighted(min(point.gold_weight for point in points)))
    compared = rows[_whole_articles(rows.articles)]
    held_out = _held_out_scores(compared, points, cv_folds, min_df)
    candidates = compare(points, held_out, compared.targets, compared.gold, compared.articles)
    best = [candidate["chosen"] for candidate in candidates].index(True)
    features, fitted = _fit(rows, [points[best]], min_df)
    model = StanceModel(lfs, label_model, features, *fitted[0], encoder=encoder)
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


def _held_out_scores(rows: Rows, points: list[Candidate], folds: int, min_df: int) -> list[np.ndarray]:
    """Return for each candidate the scores (n, 3) that every row gets from a fit that has not seen its article."""
    scores = {point: np.zeros_like(rows.targets) for point in points}
    for fit, apart in _article_folds(rows.articles, folds):
        for alike in _of_one_matrix(points):
            features, fitted = _fit(rows[fit], alike, min_df)
            X = features.transform(rows[apart].reading, rows[apart].proba)
            for point, (weights, bias) in zip(alike, fitted, strict=True):
                scores[point][apart] = X.times(weights) + bias
    return list(scores.values())


def _of_one_matrix(points: list[Candidate]) -> Iterator[list[Candidate]]:
    """Yield the candidates that learn from the same matrix together."""
    shared = dict.fromkeys((point.ngram_max, point.gold_weight) for point in points)
    for key in shared:
        yield [point for point in points if (point.ngram_max, point.gold_weight) == key]


def _article_folds(articles: np.ndarray, folds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    n_articles = len(np.unique(articles))
    if n_articles < 2:
        log.warning("only one article to train on: its sentences are held out one by one, which flatters")
        articles = np.arange(len(articles))
    splitter = GroupKFold(min(folds, len(np.unique(articles))))
    yield from splitter.split(articles, groups=articles)


def _fit(rows: Rows, alike: list[Candidate], min_df: int) -> tuple[Features, list[tuple[np.ndarray, np.ndarray]]]:
    """Return the features of the rows, and the (weights, bias) fitted for each of some candidates of one matrix."""
    rows = rows.weighted(alike[0].gold_weight)
    features = Features(rows.reading, ngram_max=alike[0].ngram_max, min_df=min_df)
    X, targets, weights = rows.design(features)
    return features, [fit_linear(X, targets, weights, point.C, point.family) for point in alike]


def _calibration(scores: np.ndarray, targets: np.ndarray, on: str) -> dict[str, Any]:
    temperature = fit_temperature(scores, targets)
    found: dict[str, Any] = {"on": on, "rows": len(scores), "temperature": temperature}
    for when, divisor in (("before", 1.0), ("after", temperature)):
        proba = softmax(scores / divisor)
        right = targets[np.arange(len(targets)), proba.argmax(axis=1)]
        found[f"log_loss_{when}"] = round(float(log_losses(proba, targets).mean()), 6)
        found[f"ece_{when}"] = round(calibration_error(proba.max(axis=1), right), 6)
    return found


def fit_reader(
    reader: "Reader",
    texts: Sequence[str],
    gold: np.ndarray,
    articles: Sequence[str],
    label_model_proba: np.ndarray,
    precision: float | None,
    *,
    same_mix: bool = False,
) -> "Reader":
    """Return the reader with its combination with the label model, and the threshold of the two, chosen on gold.

    `gold` (n,): stance ids; `label_model_proba` (n, 3). The threshold is chosen on answers that were fitted without the
    article. `same_mix`: these are articles of the kind that the reader learnt from. With less gold than is enough the
    reader stays as it is.
    """
    if len(gold) < ENOUGH:
        return reader
    read = reader.log_proba(texts)
    both = cross_fitted(read, label_model_proba, gold, articles, reader.combination, same_mix=same_mix)
    threshold = None if precision is None else choose_threshold(both, gold, precision)
    combination = fit_combination(read, label_model_proba, gold, reader.combination, same_mix=same_mix)
    return replace(reader, combination=combination, threshold=threshold)


def _with_thresholds(
    model: StanceModel, read: tuple[Reading, np.ndarray], gold: np.ndarray, precision: float | None
) -> StanceModel:
    if precision is None:
        return model
    threshold = choose_threshold(softmax(model.scores(*read)), gold, precision)
    of_label_model = choose_threshold(read[1], gold, precision)
    for who, found in (("classifier", threshold), ("label model", of_label_model)):
        if found is None:
            why = f"only {len(gold)} hand-labelled dev sentences" if len(gold) < ENOUGH else "it is never reached"
            log.warning("%s: a precision of %.2f cannot be promised (%s): nothing abstains", who, precision, why)
    return replace(model, threshold=threshold, label_model_threshold=of_label_model)
