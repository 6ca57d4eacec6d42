"""Sentences parsed once: the votes, structure and neighbours that all features are made from."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.base.errors import InputError
from pipeline.base.stances import ABSTAIN
from pipeline.model.encoder import Encoder, embeddings
from pipeline.weak.lfs.lf_set import LFSet, prefetch
from pipeline.weak.lfs.parse import Parses

if TYPE_CHECKING:
    from pipeline.reader.predicting import Reader

STRUCTURE = ("question", "contrast", "quotation", "negated cue", "no token", "length")
"""What is read of a sentence's structure; each is in [0, 1]."""

ALONE = -1
"""The article of a sentence that stands alone."""

_QUOTES = "“”«»"  # beside the straight one
_LONG = 60  # tokens


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
) -> ParsedBatch:
    """Parse every sentence once, with its embedding and the reader's log-probabilities where these are given.

    `articles` (len(texts),) names the article of each sentence, None where it stands alone; without it all do.
    """
    prefetch(texts, lfs)
    parts = [_none(lfs), *(_whole(parses, lfs) for parses in lfs.parse_all(texts))]
    votes, strengths, order, structure = map(np.concatenate, zip(*parts, strict=True))
    read = reader.log_proba(texts) if reader else np.empty((len(texts), 0))
    runs = _runs(articles, len(texts))
    return ParsedBatch(texts, votes, strengths, order, structure, embeddings(texts, encoder), read, runs)


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


def _whole(parses: Parses, lfs: LFSet) -> tuple[np.ndarray, ...]:
    return (*lfs.cast(parses), _order(parses), _structure(parses))


def _none(lfs: LFSet) -> tuple[np.ndarray, ...]:
    votes, strengths = np.empty((0, len(lfs)), np.int8), np.empty((0, len(lfs)), np.float32)
    return votes, strengths, np.empty((0, 2), np.int8), np.empty((0, len(STRUCTURE)), np.float32)


def _order(parses: Parses) -> np.ndarray:
    order = np.full((len(parses), 2), ABSTAIN, np.int8)
    rows, stances = parses.hits.row, parses.hits.stance
    order[rows[::-1], 0] = stances[::-1]  # of several, what is written last stays
    order[rows, 1] = stances
    return order


def _structure(parses: Parses) -> np.ndarray:
    structure = np.zeros((len(parses), len(STRUCTURE)), np.float32)
    structure[:, 0] = parses.scopes.questions
    structure[:, 1] = parses.scopes.contrasts >= 0
    structure[:, 2] = [_quotes(text) for text in parses.texts]
    structure[parses.hits.row[parses.hits.negated], 3] = 1
    structure[:, 4] = parses.tokens.lengths == 0
    structure[:, 5] = np.minimum(parses.tokens.lengths, _LONG) / _LONG
    return structure


def _quotes(text: str) -> bool:
    return '"' in text or (not text.isascii() and any(mark in text for mark in _QUOTES))
