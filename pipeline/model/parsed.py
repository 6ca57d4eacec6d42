"""Sentences read once: the tokens, votes and structure that all features are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.base.stances import ABSTAIN
from pipeline.model.encoder import Encoder, embeddings
from pipeline.weak.cues.token_arrays import Tokens, join
from pipeline.weak.lfs.lf_set import LFSet, prefetch
from pipeline.weak.lfs.parse import Parses

if TYPE_CHECKING:
    from pipeline.reader.predicting import Reader

STRUCTURE = ("question", "contrast", "quotation", "negated cue", "no token", "length", "hidden")
"""What is read of a sentence's structure; each is in [0, 1]. "hidden" marks sentences whose cues were hidden."""

_QUOTES = "“”«»"  # beside the straight one
_LONG = 60  # tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of n sentences.

    `tokens`: those of n sentences; `votes`, `strengths`: (n, number of LFs) as `cast_votes` gives them;
    `order`: int8 (n, 2), the stance of the first and of the last cue that stands in the sentence (ABSTAIN where there
    is none); `structure`: float32 (n, len(STRUCTURE)); `meaning`: float32 (n, width), the embeddings of the sentences,
    width 0 without an encoder; `read`: float64 (n, 3), the reader's log-probabilities, (n, 0) without a reader.
    """

    tokens: Tokens
    votes: np.ndarray
    strengths: np.ndarray
    order: np.ndarray
    structure: np.ndarray
    meaning: np.ndarray
    read: np.ndarray

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.tokens)

    def __getitem__(self, rows: np.ndarray) -> "Reading":
        """Return the sentences of some rows."""
        arrays = (self.votes, self.strengths, self.order, self.structure, self.meaning, self.read)
        return Reading(self.tokens.take(rows), *(array[rows] for array in arrays))


def read_sentences(
    texts: Sequence[str], lfs: LFSet, encoder: Encoder | None = None, reader: "Reader | None" = None
) -> Reading:
    """Read every sentence once; embed it where there is an encoder, and ask the reader where there is one."""
    prefetch(texts, lfs)
    read = reader.log_proba(texts) if reader else None
    return _joined([_whole(parses, lfs) for parses in lfs.read(texts)], lfs, embeddings(texts, encoder), read)


def read_both(texts: Sequence[str], lfs: LFSet, encoder: Encoder | None = None) -> tuple[Reading, Reading]:
    """Return what `read_sentences` returns, and the sentences as if every LF abstained and no cue could be read.

    A classifier that learns from the second, too, must learn what the company of cues says, not the cues over again.
    Both have the embedding of the whole sentence: it can say what a hidden word said, as no other feature can.
    """
    prefetch(texts, lfs)
    pairs = [(_whole(parses, lfs), _context(parses, lfs)) for parses in lfs.read(texts)]
    meaning = embeddings(texts, encoder)
    whole, context = ([pair[k] for pair in pairs] for k in (0, 1))
    return _joined(whole, lfs, meaning), _joined(context, lfs, meaning)


def _whole(parses: Parses, lfs: LFSet) -> Reading:
    return Reading(parses.tokens, *lfs.cast(parses), _order(parses), _structure(parses), *_nothing(len(parses)))


def _context(parses: Parses, lfs: LFSet) -> Reading:
    structure = _structure(parses)
    structure[:, STRUCTURE.index("negated cue")] = 0
    structure[:, STRUCTURE.index("hidden")] = 1
    return _silent(_without_cues(parses), structure, lfs)


def _silent(tokens: Tokens, structure: np.ndarray, lfs: LFSet) -> Reading:
    """Return sentences without any vote."""
    n = len(tokens)
    votes, strengths = np.full((n, len(lfs)), ABSTAIN, np.int8), np.zeros((n, len(lfs)), np.float32)
    return Reading(tokens, votes, strengths, np.full((n, 2), ABSTAIN, np.int8), structure, *_nothing(n))


def _nothing(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what no encoder and no reader say of n sentences."""
    return np.empty((n, 0), np.float32), np.empty((n, 0))


def _joined(parts: list[Reading], lfs: LFSet, meaning: np.ndarray, read: np.ndarray | None = None) -> Reading:
    parts = [_silent(Tokens.of([]), np.empty((0, len(STRUCTURE)), np.float32), lfs), *parts]
    votes, strengths, order, structure = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("votes", "strengths", "order", "structure")
    )
    read = np.empty((len(votes), 0)) if read is None else read
    return Reading(join([part.tokens for part in parts]), votes, strengths, order, structure, meaning, read)


def _without_cues(parses: Parses) -> Tokens:
    at = parses.matches.at[parses.hits.match]
    return parses.tokens.hide(at[at >= 0])


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
