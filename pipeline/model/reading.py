"""Sentences read once: the tokens, votes and structure that all features are made from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import InputError
from pipeline.model.encoder import Encoder, embeddings
from pipeline.stances import ABSTAIN
from pipeline.weak.parse import Parse
from pipeline.weak.votes import LFSet, cast_parses
from pipeline.weak.zero_shot import foresee

STRUCTURE = ("question", "contrast", "quotation", "negated cue", "no token", "length", "hidden")
"""What is read of a sentence's structure; each is in [0, 1]. "hidden" marks sentences whose cues were hidden."""

_HIDDEN = ""  # stands for a hidden token; no token is empty

_QUOTES = "“”«»"  # beside the straight one
_LONG = 60  # tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of n sentences.

    `tokens`: n lists of lower-case tokens; `votes`, `strengths`: (n, number of LFs) as `cast_votes` gives them;
    `order`: int8 (n, 2), the stance of the first and of the last cue that stands in the sentence (ABSTAIN where there
    is none); `structure`: float32 (n, len(STRUCTURE)); `meaning`: float32 (n, width), the embeddings of the sentences,
    width 0 without an encoder.
    """

    tokens: list[list[str]]
    votes: np.ndarray
    strengths: np.ndarray
    order: np.ndarray
    structure: np.ndarray
    meaning: np.ndarray

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.tokens)

    def __getitem__(self, rows: np.ndarray) -> "Reading":
        """Return the sentences of some rows."""
        arrays = (self.votes, self.strengths, self.order, self.structure, self.meaning)
        return Reading([self.tokens[i] for i in rows], *(array[rows] for array in arrays))


def read_sentences(texts: Sequence[str], lfs: LFSet, encoder: Encoder | None = None) -> Reading:
    """Parse every sentence once, and embed it where there is an encoder."""
    foresee(texts, lfs)
    return _whole(lfs.parse_all(texts), lfs, embeddings(texts, encoder))


def read_both(texts: Sequence[str], lfs: LFSet, encoder: Encoder | None = None) -> tuple[Reading, Reading]:
    """Return what `read_sentences` returns, and the sentences as if every LF abstained and no cue could be read.

    A classifier that learns from the second, too, must learn what the company of cues says, not the cues over again.
    Both have the embedding of the whole sentence: it can say what a hidden word said, as no other feature can.
    """
    foresee(texts, lfs)
    parses = list(lfs.parse_all(texts))
    meaning = embeddings(texts, encoder)
    return _whole(parses, lfs, meaning), _context(parses, lfs, meaning)


def check_texts(texts: Iterable[str]) -> list[str]:
    """Return sentences as a list; raise InputError naming the position of anything that is no string."""
    if isinstance(texts, str):
        raise InputError("one string where a list of sentences was expected", remedy="Write [text].")
    texts = list(texts)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError("not a string", f"sentence {i}", expected="str", got=type(text).__name__)
    return texts


def _whole(parses: Iterable[Parse], lfs: LFSet, meaning: np.ndarray) -> Reading:
    tokens: list[list[str]] = []
    marks: list[tuple[float, ...]] = []

    def noted() -> Iterator[Parse]:
        for parse in parses:
            tokens.append(parse.tokens)
            marks.append(_order(parse) + _structure(parse))
            yield parse

    votes, strengths = cast_parses(noted(), lfs)
    order, structure = np.split(np.array(marks, np.float32).reshape(-1, 2 + len(STRUCTURE)), [2], axis=1)
    return Reading(tokens, votes, strengths, order.astype(np.int8), structure, meaning)


def _context(parses: list[Parse], lfs: LFSet, meaning: np.ndarray) -> Reading:
    n = len(parses)
    structure = np.array([(*_structure(p)[:-1], 1.0) for p in parses], np.float32).reshape(-1, len(STRUCTURE))
    structure[:, STRUCTURE.index("negated cue")] = 0
    silence = np.full((n, len(lfs)), ABSTAIN, np.int8), np.zeros((n, len(lfs)), np.float32)
    order = np.full((n, 2), ABSTAIN, np.int8)
    return Reading([_without_cues(p) for p in parses], *silence, order, structure, meaning)


def _without_cues(parse: Parse) -> list[str]:
    cues = {k for hit in parse.hits for k in hit.match.at}
    return [_HIDDEN if k in cues else token for k, token in enumerate(parse.tokens)]


def _order(parse: Parse) -> tuple[int, int]:
    return (parse.hits[0].stance, parse.hits[-1].stance) if parse.hits else (ABSTAIN, ABSTAIN)


def _structure(parse: Parse) -> tuple[float, ...]:
    return (
        parse.scope.question,
        parse.scope.contrast >= 0,
        '"' in parse.text or (not parse.text.isascii() and any(mark in parse.text for mark in _QUOTES)),
        any(hit.negated for hit in parse.hits),
        not parse.tokens,
        min(len(parse.tokens), _LONG) / _LONG,
        0.0,
    )
