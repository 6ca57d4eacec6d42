"""Sentences parsed once: what all features are made from; and as examples, with what is learnt of them."""

import logging
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.base.errors import InputError, TrainingError
from pipeline.base.stances import STANCES, UNLABELED
from pipeline.model.encoder import Encoder, embeddings
from pipeline.weak.lfs.lf_set import CastVotes, LFSet, cast_sentences

if TYPE_CHECKING:
    from pipeline.reader.predicting import Reader
    from pipeline.weak.dataset import ShippedRows
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.label_model.selection import SelectedModel

log = logging.getLogger("pipeline.model.parsed")
N = len(STANCES)

ALONE = -1
"""The article of a sentence that stands alone."""


@dataclass(frozen=True, slots=True)
class ParsedBatch:
    """A batch of n sentences.

    `texts`: n strings; `votes`, `strengths`: (n, number of LFs) as `cast_votes` gives them; `cue_order`: int8 (n, 2),
    the stance of the first and of the last cue in the sentence (ABSTAIN where there is none); `structure`: float32 (n,
    len(STRUCTURE)); `embeddings`: float32 (n, width), width 0 without an encoder; `reader_log_proba`: float64 (n, 3),
    (n, 0) without a reader; `articles`: int64 (n,), equal for the sentences of one article, which stand together in
    their order, ALONE where a sentence stands by itself.
    """

    texts: Sequence[str]
    votes: np.ndarray
    strengths: np.ndarray
    cue_order: np.ndarray
    structure: np.ndarray
    embeddings: np.ndarray
    reader_log_proba: np.ndarray
    articles: np.ndarray

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.votes)

    def __getitem__(self, rows: np.ndarray) -> "ParsedBatch":
        """Return the sentences of some rows, of whole articles where context is to be kept."""
        arrays = (
            self.votes,
            self.strengths,
            self.cue_order,
            self.structure,
            self.embeddings,
            self.reader_log_proba,
            self.articles,
        )
        return ParsedBatch([self.texts[i] for i in rows], *(array[rows] for array in arrays))


def parse_sentences(
    texts: Sequence[str],
    lfs: LFSet,
    encoder: Encoder | None = None,
    reader: "Reader | None" = None,
    articles: Sequence[Hashable | None] | np.ndarray | None = None,
    cast: CastVotes | None = None,
) -> ParsedBatch:
    """Parse every sentence once, with its embedding and the reader's log-probabilities where these are given.

    `articles` (len(texts),), str or any other object that hashes, names the article of each sentence, None where it
    stands alone; without it all do. `cast`: the votes, where they were cast before.
    """
    cast = cast_sentences(texts, lfs) if cast is None else cast
    read = reader.log_proba(texts) if reader else np.empty((len(texts), 0))
    runs = _runs(articles, len(texts))
    return ParsedBatch(texts, *cast, embeddings(texts, encoder), read, runs)


def _runs(articles: Sequence[Hashable | None] | np.ndarray | None, n: int) -> np.ndarray:
    """Return a number for each run of sentences of one article, ALONE for those of none and for runs of one."""
    if articles is None:
        return np.full(n, ALONE)
    if len(articles) != n:
        raise InputError("each sentence needs an article", "articles", expected=str(n), got=str(len(articles)))
    names = list(articles)
    new = [i == 0 or name != names[i - 1] for i, name in enumerate(names)]
    runs = np.cumsum(new) - 1 if n else np.empty(0, int)
    single = np.bincount(runs, minlength=1)[runs] == 1
    return np.where(single | np.array([name is None for name in names], bool), ALONE, runs)


@dataclass(frozen=True, slots=True)
class Examples:
    """n training sentences.

    `batch`: the sentences; `proba` float64 (n, 3): what the label model makes of each; `targets` float64 (n, 3): what
    is learnt; `weights` float64 (n,); `articles` (n,), ids of any dtype; `gold` int64 (n,): stance ids, UNLABELED where
    nobody labelled; `own` bool (n,): whether a sentence is of one's own articles, not of those that ship.
    """

    batch: ParsedBatch
    proba: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    articles: np.ndarray
    gold: np.ndarray
    own: np.ndarray

    def __getitem__(self, at: np.ndarray) -> "Examples":
        """Return some of the examples, int (m,)."""
        return Examples(*(getattr(self, field.name)[at] for field in fields(self)))


class TrainingSentences(NamedTuple):
    """n training sentences as they are given.

    `soft` float64 (n, 3): soft labels; `articles` (n,), ids of any dtype; `gold` int64 (n,): stance ids, UNLABELED
    where nobody labelled; `weights` float64 (n,), and `cast`, their votes: None where not given.
    """

    texts: Sequence[str]
    soft: np.ndarray
    articles: Sequence[str] | np.ndarray
    gold: np.ndarray
    weights: np.ndarray | None
    cast: CastVotes | None


def with_shipped(
    own: TrainingSentences, shipped: "ShippedRows", lfs: LFSet, label_model: "LabelModel | SelectedModel"
) -> TrainingSentences:
    """Return one's own sentences, and after them those that ship, which have no text."""
    n = len(shipped.gold)
    votes = zip(own.cast or cast_sentences(own.texts, lfs), shipped.cast, strict=True)
    return TrainingSentences(
        [*own.texts, *[""] * n],
        np.concatenate([np.reshape(own.soft, (-1, N)), label_model.predict_proba(*shipped.cast[:2])]),
        np.r_[np.asarray(own.articles, object), shipped.articles.astype(object)],
        np.r_[own.gold, shipped.gold],
        None if own.weights is None else np.r_[own.weights, np.ones(n)],
        CastVotes(*map(np.concatenate, votes)),
    )


def make_examples(
    sentences: TrainingSentences,
    n_own: int,
    lfs: LFSet,
    label_model: "LabelModel | SelectedModel",
    gold_weight: float,
    encoder: "Encoder | None",
    *,
    context: bool,
) -> Examples:
    """Return what is learnt, the first `n_own` sentences being one's own."""
    targets, gold = _targets(sentences, gold_weight)
    names = np.asarray(sentences.articles)
    if len(np.unique(names)) < 2:
        log.warning("only one article to train on: its sentences are held out one by one, which flatters")
    batch = parse_sentences(sentences.texts, lfs, encoder, articles=names if context else None, cast=sentences.cast)
    weights = np.where(gold == UNLABELED, 1, 1 + gold_weight)  # a hand label adds its own weight to its sentence's
    weights = weights / weights.max(initial=1)
    if sentences.weights is not None:
        weights = weights * np.asarray(sentences.weights, float)
    proba = label_model.predict_proba(batch.votes, batch.strengths)
    return Examples(batch, proba, targets, weights, names, gold, np.arange(len(gold)) < n_own)


def _targets(sentences: TrainingSentences, gold_weight: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what is learnt, float64 (n, 3), and gold, int64 (n,)."""
    gold, targets = np.asarray(sentences.gold, int), np.array(sentences.soft, float).reshape(-1, N)
    texts, articles = sentences.texts, sentences.articles
    if not len(texts) == len(targets) == len(articles) == len(gold):
        got = f"{len(texts)} sentences, {len(targets)} soft labels, {len(articles)} articles, {len(gold)} gold labels"
        raise TrainingError("each sentence needs a soft label, an article and a gold label (or -1)", got=got)
    at = np.flatnonzero(gold != UNLABELED)
    targets[at] = (targets[at] + gold_weight * np.eye(N)[gold[at]]) / (1 + gold_weight)
    return targets, gold


def check_stances(examples: Examples, stances: Sequence[int]) -> None:
    """Raise TrainingError where a stance is the likeliest of no row."""
    counts = np.bincount(examples.targets.argmax(axis=1), minlength=N)
    if not counts[list(stances)].all():
        got = ", ".join(f"{count} {stance}" for stance, count in zip(STANCES, counts, strict=True))
        remedy = "Add articles, labeling functions or hand labels."
        raise TrainingError("a stance is missing from the training sentences", got=got, remedy=remedy)
