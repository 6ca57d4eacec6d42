"""The trained model: from text to probabilities and answers with their reasons."""

import hashlib
import os
import pickle
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import numpy as np

from pipeline.base.calibration import softmax
from pipeline.base.errors import InputError, check_texts, suggest
from pipeline.base.process import end_after, keeping_processes_off_the_working_directory, workers_would_import_from_here
from pipeline.base.repair import all_repaired
from pipeline.base.stances import STANCES
from pipeline.base.storage import scratch_folder
from pipeline.model.features import Features, Linear, log_odds
from pipeline.model.parsed import ParsedBatch, parse_sentences
from pipeline.weak.lfs.lf_set import cast_all, prefetch
from pipeline.weak.lfs.parse import StanceHit, stance_hits

if TYPE_CHECKING:
    from pipeline.model.encoder import Encoder
    from pipeline.reader.predicting import Reader
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.label_model.selection import SelectedModel
    from pipeline.weak.lfs.lf_set import CastVotes, LFSet


Using = Literal["classifier", "label-model", "reader"]
USING = ("classifier", "label-model", "reader", "reader-large")

BATCH = 4_000
"""Sentences that are answered at a time; bounds memory."""

_AHEAD = 2  # batches that wait for each process
_MOST_KEPT = 2  # models that a process keeps
_IDLE = 300  # seconds after which a process without work ends; joblib's own default

_KEPT: dict[str, "StanceModel"] = {}
"""In a process that answers for another: the models it was sent last, by the hash of what was sent."""

ANSWERS_AT_ONCE = 500
"""Sentences that are explained at a time; bounds memory."""


class ArticleBatch(NamedTuple):
    """A batch of sentences with the article of each (None where it stands alone); no article goes on in another batch.

    The sentences of an article stand together, in their order: neighbours say something about each other.
    """

    texts: Sequence[str]
    articles: Sequence[Hashable | None]


Batch = Sequence[str] | ArticleBatch


@dataclass(frozen=True, eq=False)
class StanceModel:
    """A classifier over the features of a sentence, with all that is needed to compute them.

    `classifier`: a `Linear`, or a fitted scikit-learn classifier; its log-probabilities are divided by `temperature`,
    and `bias` (3,) is added, before they become probabilities. `threshold` is the confidence below which a prediction
    is flagged as abstained (None: never); `label_model_threshold` that of the label model alone. `encoder`: what embeds
    sentences, where the features ask for it. `adaptation`: what adapting it to labels of one's own gave
    (`Adaptation.as_dict`), None where that was not tried.
    `reader`: what reads sentences; where it answers, it does so together with the classifier. `answered_by` says who
    answers.
    """

    lfs: "LFSet"
    label_model: "LabelModel | SelectedModel"
    features: Features
    classifier: Any
    temperature: float = 1.0
    bias: tuple[float, ...] = (0.0,) * len(STANCES)
    threshold: float | None = None
    label_model_threshold: float | None = None
    answered_by: Using = "classifier"
    encoder: "Encoder | None" = None
    reader: "Reader | None" = None
    adaptation: dict[str, Any] | None = None

    def __repr__(self) -> str:
        """Say in one line what the model is."""
        what = f"{type(self.classifier).__name__} on {len(self.lfs)} labeling functions"
        parts = [what, *(["adapted"] if self.adapted else []), *([self.encoder.name] if self.encoder else [])]
        return f"StanceModel({', '.join(parts)}; answering: {self.answered_by})"

    @property
    def adapted(self) -> bool:
        """Whether labels of one's own correct the classifier."""
        return bool(self.adaptation and self.adaptation["used"])

    def adapt(
        self,
        texts: Iterable[str],
        labels: Iterable[str],
        *,
        articles: Sequence[Hashable | None] | None = None,
        when: Literal["auto", "on"] = "auto",
        encoder: str | None = None,
    ) -> "StanceModel":
        """Return this model with its classifier corrected by n hand labels, where that is shown to help.

        `encoder`: the name of what embeds the sentences for it ("reader", "reader-large", a folder, or one of the hub).
        See `pipeline.model.adaptation.adapt`; `adaptation` of the new model says what was found.
        """
        from pipeline.model.adaptation import adapt
        from pipeline.model.encoder import open_encoder

        return adapt(self, check_texts(texts), list(labels), articles, when, open_encoder(encoder) if encoder else None)

    def using(self, who: str) -> "StanceModel":
        """Return this model with the answers of "classifier", of "label-model", of "reader", or of "reader-large".

        "reader" is the model's own, or the one that ships with the package; "reader-large" the one of a larger base
        model that ships, too, combined as the model's own where that is the same. Raises InputError for another name.
        """
        if who not in USING:
            raise InputError(
                "no such model", expected=" or ".join(USING), got=repr(who), remedy=suggest(str(who), USING)
            )
        if who == "reader-large" or (who == "reader" and self.reader is None):
            from pipeline.reader.predicting import open_reader

            reader = open_reader(who)
            if self.reader and self.reader.adapter.identity == reader.adapter.identity:
                reader = self.reader
            return replace(self, answered_by="reader", reader=reader)
        return replace(self, answered_by=cast(Using, who))

    def predict(
        self, texts: Iterable[str], n_jobs: int = 1, *, articles: Iterable[Hashable | None] | None = None
    ) -> np.ndarray:
        """Return the most probable stance of each sentence, str (len(texts),); of equals the first in STANCES."""
        return np.array(STANCES)[self.predict_proba(texts, n_jobs, articles=articles).argmax(axis=1)]

    def predict_proba(
        self, texts: Iterable[str], n_jobs: int = 1, *, articles: Iterable[Hashable | None] | None = None
    ) -> np.ndarray:
        """Return probabilities, float64 (len(texts), 3) in the order of STANCES, rows sum to 1.

        `articles` names the article of each sentence, whose sentences stand together in their order; a sentence of None
        stands alone, and without `articles` all do. With `n_jobs` > 1 large inputs are shared out over processes; the
        result is the same. Raises InputError naming the position of anything that is not a string.
        """
        sentences = check_texts(texts)
        of_article = None if articles is None else list(articles)
        if of_article is not None and len(of_article) != len(sentences):
            expected, got = str(len(sentences)), str(len(of_article))
            raise InputError("each sentence needs an article", "articles", expected=expected, got=got)
        batches: Iterable[Batch] = in_batches(sentences, of_article or [None] * len(sentences))
        return np.concatenate([np.empty((0, len(STANCES))), *self.predict_batches(batches, n_jobs)])

    def predict_batches(self, batches: Iterable[Batch], n_jobs: int = 1) -> Iterator[np.ndarray]:
        """Yield the probabilities of each batch of n sentences, float64 (n, 3), in order.

        With `n_jobs` > 1 other processes answer, some batches ahead of the one that is yielded. Raises InputError where
        `n_jobs` is no whole number of 1 or more.
        """
        if not isinstance(n_jobs, (int, np.integer)) or isinstance(n_jobs, bool) or n_jobs < 1:
            raise InputError("bad number of processes", "n_jobs", expected="1 or more", got=repr(n_jobs))
        return (answers.proba for answers in self._answers(iter(batches), int(n_jobs), explain=False))

    def answer_batches(
        self, batches: Iterable[Batch], n_jobs: int = 1, *, explain: bool = False
    ) -> Iterator["Answers"]:
        """Yield what `answer_batch` returns, of each batch, in order, from `n_jobs` processes."""
        return self._answers(iter(batches), n_jobs, explain=explain)

    def _answers(self, batches: Iterator[Batch], n_jobs: int, *, explain: bool) -> Iterator["Answers"]:
        first = list(islice(batches, 2))
        if n_jobs < 2 or len(first) < 2 or self._has_network or workers_would_import_from_here():
            yield from (self.answer_batch(batch, explain=explain) for batch in chain(first, batches))
            return
        yield from shared_answers(self, chain(first, batches), n_jobs, explain=explain)

    def answer_batch(self, batch: Batch, *, explain: bool = False, top: int = 5) -> "Answers":
        """Return the answers to n sentences, each parsed once; with `explain` why, with `top` n-grams a stance."""
        texts, articles = batch if isinstance(batch, ArticleBatch) else (batch, None)
        texts = all_repaired(texts)
        prefetch(texts, self.lfs)
        parses = list(self.lfs.parse_all(texts))
        parsed, label_model_proba = self.parse(texts, articles, cast_all(parses, self.lfs))
        proba = self.predict_parsed(parsed, label_model_proba)
        hits = list(chain.from_iterable(map(stance_hits, parses)))
        if not explain:
            return Answers(proba, hits, [])
        from pipeline.model.explanation import explanations

        return Answers(proba, hits, explanations(self, parsed, parses, label_model_proba, proba, top))

    def predict_parsed(self, batch: ParsedBatch, label_model_proba: np.ndarray) -> np.ndarray:
        """Return the probabilities of n sentences that `parse` has parsed, float64 (n, 3)."""
        if self.answered_by == "label-model":
            return label_model_proba
        of_classifier = softmax(self.scores(batch, label_model_proba))
        if self.answered_by == "reader" and self.reader:
            return self.reader.combination.proba(batch.reader_log_proba, of_classifier)
        return of_classifier

    def abstained(self, proba: np.ndarray) -> np.ndarray:
        """Return bool (n,): whether the confidence of each row of `proba` (n, 3) misses the threshold."""
        of_reader = self.reader.threshold if self.reader else None
        threshold = {"label-model": self.label_model_threshold, "reader": of_reader}.get(
            self.answered_by, self.threshold
        )
        return proba.max(axis=1) < (0.0 if threshold is None else threshold)

    def explain(self, text: str, top: int = 5) -> dict[str, Any]:
        """Return why a sentence gets its stance; see `pipeline.model.explanation.explain`."""
        return self.explain_all([text], top)[0]

    def explain_all(
        self, texts: Iterable[str], top: int = 5, *, articles: Sequence[Hashable | None] | None = None
    ) -> list[dict[str, Any]]:
        """Return what `explain` returns, of each sentence; they are parsed together, which is quicker."""
        sentences = check_texts(texts)
        batch = ArticleBatch(sentences, [None] * len(sentences) if articles is None else articles)
        return self.answer_batch(batch, explain=True, top=top).explanations

    def parse(
        self,
        texts: Sequence[str],
        articles: Sequence[Hashable | None] | np.ndarray | None = None,
        cast: "CastVotes | None" = None,
    ) -> tuple[ParsedBatch, np.ndarray]:
        """Return the sentences parsed, and what the label model makes of their votes, float64 (n, 3).

        Damaged characters are repaired first (`pipeline.base.repair`). Where the classifier has an encoder they are
        embedded, too, unless the label model answers; where the reader answers, it is asked. `cast`: the votes, where
        they were cast.
        """
        encoder = None if self.answered_by == "label-model" else self.encoder
        asked = self.reader if self.answered_by == "reader" else None
        batch = parse_sentences(all_repaired(texts), self.lfs, encoder, asked, articles, cast)
        return batch, self.label_model.predict_proba(batch.votes, batch.strengths)

    def scores(self, batch: ParsedBatch, label_model_proba: np.ndarray) -> np.ndarray:
        """Return the classifier's calibrated log-odds, float64 (n, 3), up to a constant a row."""
        X = self.features.transform(batch, label_model_proba)
        return self.uncalibrated_scores(X) / self.temperature + np.array(self.bias)

    def uncalibrated_scores(self, X: np.ndarray) -> np.ndarray:
        """Return the classifier's log-odds, float64 (n, 3), of a matrix of `features`."""
        if isinstance(self.classifier, Linear):
            return self.classifier.scores(X)
        if not len(X):
            return np.empty((0, len(STANCES)))
        return log_odds(self.classifier.predict_proba(X * self.features.scales))

    @property
    def _has_network(self) -> bool:
        return self.answered_by == "reader" or (self.answered_by == "classifier" and self.encoder is not None)


def in_batches(texts: Sequence[str], articles: Sequence[Hashable | None], size: int = BATCH) -> Iterator[ArticleBatch]:
    """Yield batches of about `size` sentences, none of which ends inside an article."""
    start, n = 0, len(texts)
    while start < n:
        end = min(start + size, n)
        while end < n and articles[end] is not None and articles[end] == articles[end - 1]:
            end += 1
        yield ArticleBatch(texts[start:end], articles[start:end])
        start = end


def shared_answers(
    model: "StanceModel", batches: Iterable[Batch], n_jobs: int, *, explain: bool = False
) -> Iterator["Answers"]:
    """Yield what `answer_batch` returns, of each batch, in order, from `n_jobs` processes.

    The processes are those of joblib, which others may use meanwhile, for other models: each batch says which model is
    to answer it, and a process that does not have it reads it from a file, once.
    """
    from joblib.externals.loky import get_reusable_executor

    packed = pickle.dumps(model)
    name = hashlib.sha256(packed).hexdigest()
    with scratch_folder() as folder:
        path = Path(folder, name)
        path.write_bytes(packed)
        with keeping_processes_off_the_working_directory():
            processes = get_reusable_executor(n_jobs, timeout=_IDLE, initializer=end_after, initargs=(os.getpid(),))
        ahead: deque[Future[Answers]] = deque()
        for batch in batches:
            with keeping_processes_off_the_working_directory():  # they start when there is work for them
                ahead.append(processes.submit(_answer, str(path), batch, explain))
            if len(ahead) > _AHEAD * n_jobs:
                yield ahead.popleft().result()
        yield from (answer.result() for answer in ahead)


def _answer(path: str, batch: Batch, explain: bool) -> "Answers":
    name = Path(path).name
    if name not in _KEPT:
        for oldest in list(_KEPT)[: len(_KEPT) - _MOST_KEPT + 1]:
            del _KEPT[oldest]
        _KEPT[name] = pickle.loads(Path(path).read_bytes())  # noqa: S301 - our own bytes
    return _KEPT[name].answer_batch(batch, explain=explain)


class Answers(NamedTuple):
    """The answers to n sentences.

    `proba`: float64 (n, 3), in the order of STANCES; `hits`: n lists, the cues that take a side in each;
    `explanations`: n times what `explain` returns, or none.
    """

    proba: np.ndarray
    hits: list[list[StanceHit]]
    explanations: list[dict[str, Any]]


class Answer(NamedTuple):
    """The answer to one sentence.

    `proba`: float64 (3,), in the order of STANCES; `abstained`: whether it is too doubtful; `explanation`: what
    `explain` returns; `hits`: the cues that take a side.
    """

    proba: np.ndarray
    abstained: bool
    explanation: dict[str, Any]
    hits: list[StanceHit]


def answer_sentences(model: StanceModel, texts: Sequence[str], articles: Sequence[Hashable]) -> Iterator[Answer]:
    """Yield the answer to each sentence, in order; the sentences of an article, named in `articles`, stand together."""
    for batch in in_batches(texts, articles, ANSWERS_AT_ONCE):
        proba, hits, explanations = model.answer_batch(batch, explain=True)
        answers = zip(proba, model.abstained(proba).tolist(), explanations, hits, strict=True)
        yield from (Answer(*answer) for answer in answers)
