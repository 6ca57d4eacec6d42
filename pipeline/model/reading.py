"""Sentences read once: the tokens, votes and structure that all features are made from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import InputError
from pipeline.stances import ABSTAIN
from pipeline.weak.parse import Parse
from pipeline.weak.votes import LFSet, cast_parses

STRUCTURE = ("question", "contrast", "quotation", "negated cue", "no token", "length", "hidden")
"""What is read of a sentence's structure; each is in [0, 1]. "hidden" marks sentences whose cues were hidden."""

_HIDDEN = ""  # stands for a hidden token; no token is empty

_QUOTES = '"“”«»'
_LONG = 60  # tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch of n sentences.

    `tokens`: n lists of lower-case tokens; `votes`, `strengths`: (n, number of LFs) as `cast_votes` gives them;
    `order`: int8 (n, 2), the stance of the first and of the last cue that stands in the sentence (ABSTAIN where there
    is none); `structure`: float32 (n, len(STRUCTURE)).
    """

    tokens: list[list[str]]
    votes: np.ndarray
    strengths: np.ndarray
    order: np.ndarray
    structure: np.ndarray

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.tokens)

    def __getitem__(self, rows: np.ndarray) -> "Reading":
        """Return the sentences of some rows."""
        tokens = [self.tokens[i] for i in rows]
        return Reading(tokens, self.votes[rows], self.strengths[rows], self.order[rows], self.structure[rows])


def read_sentences(texts: Sequence[str], lfs: LFSet) -> Reading:
    """Parse every sentence once."""
    parses = [lfs.parse(text) for text in texts]
    votes, strengths = cast_parses(parses, lfs)
    order = np.array([_order(p) for p in parses], np.int8).reshape(-1, 2)
    structure = np.array([_structure(p) for p in parses], np.float32).reshape(-1, len(STRUCTURE))
    return Reading([p.tokens for p in parses], votes, strengths, order, structure)


def read_context(texts: Sequence[str], lfs: LFSet) -> Reading:
    """Parse sentences as if every LF abstained and every word that fired one were unreadable.

    A classifier that learns from these, too, must learn what the company of cues says, not the cues over again.
    """
    parses = [lfs.parse(text) for text in texts]
    n = len(parses)
    structure = np.array([(*_structure(p)[:-1], 1.0) for p in parses], np.float32).reshape(-1, len(STRUCTURE))
    structure[:, STRUCTURE.index("negated cue")] = 0
    silence = np.full((n, len(lfs)), ABSTAIN, np.int8), np.zeros((n, len(lfs)), np.float32)
    return Reading([_without_cues(p) for p in parses], *silence, np.full((n, 2), ABSTAIN, np.int8), structure)


def check_texts(texts: Iterable[str]) -> list[str]:
    """Return sentences as a list; raise InputError naming the position of anything that is no string."""
    if isinstance(texts, str):
        raise InputError("one string where a list of sentences was expected", remedy="Write [text].")
    texts = list(texts)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError("not a string", f"sentence {i}", expected="str", got=type(text).__name__)
    return texts


def _without_cues(parse: Parse) -> list[str]:
    cues = {k for hit in parse.hits for k in hit.match.at}
    return [_HIDDEN if k in cues else token for k, token in enumerate(parse.tokens)]


def _order(parse: Parse) -> tuple[int, int]:
    return (parse.hits[0].stance, parse.hits[-1].stance) if parse.hits else (ABSTAIN, ABSTAIN)


def _structure(parse: Parse) -> tuple[float, ...]:
    return (
        parse.scope.question,
        parse.scope.contrast >= 0,
        any(mark in parse.text for mark in _QUOTES),
        any(hit.negated for hit in parse.hits),
        not parse.tokens,
        min(len(parse.tokens), _LONG) / _LONG,
        0.0,
    )
