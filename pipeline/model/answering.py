"""Answers with their reasons, sentence by sentence, in batches."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.model.stance_model import StanceModel, in_batches

BATCH = 500
"""Sentences that are explained at a time; bounds memory."""


class Answer(NamedTuple):
    """Probabilities float64 (3,) in the order of STANCES, whether they are too doubtful, and what `explain` returns."""

    proba: np.ndarray
    abstained: bool
    explanation: dict[str, Any]


def answer_sentences(model: StanceModel, texts: Sequence[str], articles: Sequence[Hashable]) -> Iterator[Answer]:
    """Yield the answer to each sentence, in order; the sentences of an article, named in `articles`, stand together."""
    for batch in in_batches(texts, articles, BATCH):
        proba = model.answer(batch)
        explained = model.explain_all(batch.texts, articles=batch.articles)
        answers = zip(proba, model.abstained(proba).tolist(), explained, strict=True)
        yield from (Answer(*answer) for answer in answers)
