"""A sentence as labeling functions see it: tokens, clauses, and the cues that fired with what scope left of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue that fired: for which LF, where (token positions), the stance it votes for and with what strength."""

    lf: int
    match: Match
    stance: int
    strength: float
    negated: bool


@dataclass(frozen=True, slots=True)
class Parse:
    """One sentence read: its text, lower-case tokens, clause scope, and the hits of the cue LFs in sentence order."""

    text: str
    tokens: list[str]
    scope: Scope
    hits: list[Hit]


def parse(text: str, matcher: Matcher, lfs: "tuple[LF, ...]") -> Parse:
    """Read one sentence."""
    tokens = tokenize(text)
    matches = matcher.find(tokens)
    scope = read_scope(tokens)
    return Parse(text, tokens, scope, _weigh(matches, scope, lfs) if matches else [])


def _weigh(matches: list[Match], scope: Scope, lfs: "tuple[LF, ...]") -> list[Hit]:
    hits: list[Hit] = []
    voiced_after_but = any(m.at[0] >= scope.contrast and lfs[m.owner].stance != NEUTRAL for m in matches)
    governor, said, last = -99, 1.0, -1
    for match in matches:
        lf, head = lfs[match.owner], match.at[0]
        stance, negated = lf.stance, False
        strength = match.cue.worth or lf.strength
        if lf.kind != "phrase":
            negated = scope.negated(head)
            if negated:
                stance = lf.negated
            nominal = lf.kind == "noun" or scope.nominal(head)
            strength *= scope.weight[head] * scope.hedge(head)
            if nominal:
                strength *= sc.NOMINAL
                if head - governor <= _GOVERNING_REACH and scope.segment[governor] == scope.segment[head]:
                    strength *= sc.GOVERNED
            else:
                governor = match.at[-1]
            if scope.question:
                strength *= sc.QUESTION
            if 0 <= head < scope.contrast and voiced_after_but:
                strength *= sc.BEFORE_BUT
            if head != last:
                before, last = said, head
                said *= 1 - sc.LATER * strength
            strength *= before
        if stance != ABSTAIN and strength >= FAINT:
            hits.append(Hit(match.owner, match, stance, strength, negated))
    return hits
