"""Training rows: sentences with what is known of their stance."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, vstack

from pipeline.errors import TrainingError
from pipeline.model.features import Features
from pipeline.model.reading import Reading, read_both
from pipeline.stances import STANCES, UNLABELED

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.weak.label_model import LabelModel
    from pipeline.weak.votes import LFSet

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
