"""Answers with their reasons, sentence by sentence, in batches."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from pipeline.model.stance_model import StanceModel

BATCH = 500
"""Sentences that are explained at a time; bounds memory."""


class Answer(NamedTuple):
    """Probabilities float64 (3,) in the order of STANCES, whether they are too doubtful, and what `explain` returns."""

    proba: np.ndarray
    abstained: bool
    explanation: dict[str, Any]


def answer_sentences(model: StanceModel, texts: Iterable[str]) -> Iterator[Answer]:
    """Yield the answer to each sentence, in order."""
    texts = list(texts)
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        proba = model.predict_proba(batch)
        answers = zip(proba, model.abstained(proba).tolist(), model.explain_all(batch), strict=True)
        yield from (Answer(*answer) for answer in answers)
