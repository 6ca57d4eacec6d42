"""A sentence as labeling functions see it: tokens, clauses, and the cues that fired with what scope left of them."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.stances import ABSTAIN, NEUTRAL
from pipeline.weak import scope as sc
from pipeline.weak.matcher import Match, Matcher
from pipeline.weak.scope import Scope, read_scope
from pipeline.weak.tokens import tokenize

if TYPE_CHECKING:
    from pipeline.weak.lf import LF

FAINT = 0.12
"""A cue with less evidence than this left does not vote."""

_GOVERNING_REACH = 7


class Hit(NamedTuple):
    """A cue that fired: for which LF, where (token positions), the stance it votes for and with what strength."""

    lf: int
    match: Match
    stance: int
    strength: float
    negated: bool


@dataclass(slots=True)
class Parse:
    """One sentence read: its text, lower-case tokens, clause scope, and the hits of the cue LFs in sentence order."""

    text: str
    tokens: list[str]
    hits: list[Hit]
    _scope: Scope | None = field(default=None, compare=False, repr=False)

    @property
    def scope(self) -> Scope:
        """The clauses of the sentence; they are read when they are first asked for."""
        if self._scope is None:
            self._scope = read_scope(self.tokens)
        return self._scope


def parse_all(texts: Sequence[str], matcher: Matcher, lfs: "tuple[LF, ...]") -> list[Parse]:
    """Read some sentences, all at once."""
    with _collector_paused():
        tokens = list(map(tokenize, texts))
        found = zip(texts, tokens, matcher.find_all(tokens), strict=True)
        return [_read(text, words, at, lfs) if at else Parse(text, words, []) for text, words, at in found]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from going through many small objects, again and again, that form no cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(text: str, tokens: list[str], matches: list[Match], lfs: "tuple[LF, ...]") -> Parse:
    scope = read_scope(tokens)
    return Parse(text, tokens, _weigh(matches, scope, lfs), scope)


def _weigh(matches: list[Match], scope: Scope, lfs: "tuple[LF, ...]") -> list[Hit]:
    hits: list[Hit] = []
    contrast = scope.contrast
    outdone = contrast > 0 and any(m.at[0] >= contrast and lfs[m.owner].stance != NEUTRAL for m in matches)
    governor, said, last = -99, 1.0, -1
    for match in matches:
        owner, cue, at = match
        lf, head = lfs[owner], at[0]
        stance, negated = lf.stance, False
        strength = cue.worth or lf.strength
        if lf.kind != "phrase":
            segment, left = scope.at(head)
            if scope.negations and scope.negated(head):
                stance, negated = lf.negated, True
            strength *= left * scope.hedge(head)
            if lf.kind == "noun" or scope.nominal(head):
                strength *= sc.NOMINAL
                if head - governor <= _GOVERNING_REACH and scope.at(governor)[0] == segment:
                    strength *= sc.GOVERNED
            else:
                governor = at[-1]
            if scope.question:
                strength *= sc.QUESTION
            if outdone and head < contrast:
                strength *= sc.BEFORE_BUT
            if head != last:
                before, last = said, head
                said *= 1 - sc.LATER * strength
            strength *= before
        if stance != ABSTAIN and strength >= FAINT:
            hits.append(Hit(owner, match, stance, strength, negated))
    return hits
