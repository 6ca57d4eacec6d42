"""Every cue of a sentence with what became of it: for what it counts, and the circumstances that weaken or silence it.

The rules themselves are those of `pipeline.weak.lfs.hits` and `pipeline.weak.cues.scope`; here they are put into words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, groupby
from unicodedata import combining, normalize

from pipeline.base.stances import ABSTAIN, NEUTRAL
from pipeline.weak.cues import scope_words as sc
from pipeline.weak.cues.scope import Scope
from pipeline.weak.cues.tokens import token_spans, tokenize
from pipeline.weak.lfs.hits import GOVERNING_REACH
from pipeline.weak.lfs.lf_set import LFSet
from pipeline.weak.lfs.parse import Hit, Parse

_CONDITIONS = frozenset(["if", "unless", "whether"])
_LONGEST_QUOTE = 60  # characters; in longer ones dots stand for the words that the cue passes over

Words = list[tuple[int, int]]
"""Where words stand in a text: (start, end) each."""


@dataclass(frozen=True, slots=True)
class CueRead:
    """A cue found in a sentence: its LF's number, the `stance` it votes for with what `strength`.

    A cue that does not count votes ABSTAIN with strength 0. `words` are its own, without the word that negates it;
    `quote` is the passage, with that word; `notes` say what weakens, turns or silences it.
    """

    lf: int
    stance: int
    strength: float
    words: Words
    quote: str
    notes: tuple[str, ...]


def read_cues(lfs: LFSet, texts: Sequence[str]) -> Iterator[list[CueRead]]:
    """Yield all cues of each sentence, in its order, those that do not count among them."""
    parses, found = (chain.from_iterable(every.read(texts)) for every in (lfs, _unscoped(lfs)))
    for parse, unscoped in zip(parses, found, strict=True):
        yield _cues(lfs, parse, unscoped.hits) if unscoped.hits else []


def _cues(lfs: LFSet, parse: Parse, found: list[Hit]) -> list[CueRead]:
    counted = {(hit.lf, hit.match.at): hit for hit in parse.hits}
    spans = _spans(parse.text)
    return [
        _cue(parse, spans, hit, counted.get((hit.lf, hit.match.at)), notes)
        for hit, notes in zip(found, _notes(lfs, parse.scope, found), strict=True)
    ]


@lru_cache(maxsize=4)
def _unscoped(lfs: LFSet) -> LFSet:
    """Return the LFs as if every cue stood for itself wherever it stands, so that none is lost."""
    return LFSet((replace(lf, kind="phrase", strength=1.0, function=None) for lf in lfs), lfs.idioms, lfs.proper_names)


def _spans(text: str) -> Words:
    """Return where each token stands in `text`, with invisible characters and accents behind its letters."""
    spans = token_spans(text)
    if text.isascii():
        return spans
    kept: list[int] = []  # the place of each character that is left when the tokens are made
    for i, char in enumerate(text):
        joins = kept and combining(char) and len(normalize("NFC", text[kept[-1] : i + 1])) == 1
        if not (joins or _is_passed_over(char)):
            kept.append(i)
    ends = [*kept[1:], len(text)]
    return [(kept[start], ends[end - 1]) for start, end in spans]


@cache
def _is_passed_over(char: str) -> bool:
    return not char.isascii() and tokenize(f"a{char}b") == ["ab"]


def _cue(parse: Parse, spans: Words, found: Hit, hit: Hit | None, notes: tuple[str, ...]) -> CueRead:
    at = list(found.match.at)
    negated = notes[:1] and notes[0].startswith("negated")
    passage = [_negator(parse.scope, at[0]), *at] if negated else at
    stance, strength = (hit.stance, hit.strength) if hit else (ABSTAIN, 0.0)
    return CueRead(found.lf, stance, strength, [spans[k] for k in at], _quote(parse.text, spans, passage), notes)


def _quote(text: str, spans: Words, at: list[int]) -> str:
    whole = text[spans[at[0]][0] : spans[at[-1]][1]]
    if len(whole) <= _LONGEST_QUOTE:
        return whole
    runs = [[k for _, k in run] for _, run in groupby(enumerate(at), lambda pair: pair[1] - pair[0])]
    return " ... ".join(text[spans[run[0]][0] : spans[run[-1]][1]] for run in runs)


def _notes(lfs: LFSet, scope: Scope, found: list[Hit]) -> Iterator[tuple[str, ...]]:
    voiced_after_but = any(hit.match.at[0] >= scope.contrast and lfs[hit.lf].stance != NEUTRAL for hit in found)
    governor = -99
    for hit in found:
        lf, head = lfs[hit.lf], hit.match.at[0]
        if lf.kind == "phrase":
            yield ()
            continue
        notes = [f'negated by "{scope.tokens[_negator(scope, head)]}"'] if scope.negated[head] else []
        notes += [*_clause(scope, head), *_hedge(scope, head)]
        if not (lf.kind == "noun" or scope.nominal[head]):
            governor = hit.match.at[-1]
        elif head - governor <= GOVERNING_REACH and scope.segment[governor] == scope.segment[head]:
            notes.append(f'what "{scope.tokens[governor]}" is about')
        if scope.question:
            notes.append("in a question")
        if 0 <= head < scope.contrast and voiced_after_but:
            notes.append(f'before "{scope.tokens[scope.contrast]}"')
        yield tuple(notes)


def _clause(scope: Scope, head: int) -> list[str]:
    weight = scope.weight[head]
    opener = scope.tokens[scope.segment.index(scope.segment[head])]
    if weight == sc.MAIN:
        return []
    if weight == sc.TOPIC:
        return ["only talked about"]
    if weight == sc.APPEAL and opener not in _CONDITIONS:
        return ["only asked for"]
    if weight == sc.CONCEDED and opener not in (*sc.OPENERS, "while", "instead", "rather", "for"):
        return ["granted, not the point"]  # "harsh words aside", "what began as"
    return ["in parentheses" if opener == "(" else f'behind "{opener}"']


def _hedge(scope: Scope, head: int) -> list[str]:
    if scope.hedge[head] == 1:
        return []
    last = next(token for token in reversed(scope.tokens[:head]) if token in sc.HEDGES)
    return [f'hedged by "{last}"']


def _negator(scope: Scope, head: int) -> int:
    """Return the position of the last word before `head` that negates in its segment; there is one."""
    return max(k for k in scope.negations if k < head and scope.segment[k] == scope.segment[head])
