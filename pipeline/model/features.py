"""Features of the classifier: votes, modifiers of cues, neighbours; and the linear model over them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby
from typing import Any
from unicodedata import combining, normalize

import numpy as np

from pipeline.base.stances import ABSTAIN, NEUTRAL, STANCES
from pipeline.model.parsed import ALONE, ParsedBatch
from pipeline.weak.cues import scope_words as sc
from pipeline.weak.cues.scope import Scope
from pipeline.weak.cues.tokens import token_spans, tokenize
from pipeline.weak.lfs.lf_set import LFSet
from pipeline.weak.lfs.parse import GOVERNING_REACH, STRUCTURE, Hit, Parse, Parses

NEVER = -30.0
"""Log-odds of a class that no training row had."""

_DECIMALS = 7
"""Finer than other figures: a probability differs by less than 1e-6 from that of the weights as they were fitted."""

_CONDITIONS = frozenset(["if", "unless", "whether"])
_LONGEST_QUOTE = 60  # characters; in longer ones dots stand for the words that the cue passes over

Words = list[tuple[int, int]]
"""Where words stand in a text: (start, end) each."""

N = len(STANCES)

SCALES = {
    "label model": 10.0,
    "votes": 1.0,
    "evidence": 1.0,
    "order": 0.5,
    "structure": 0.5,
    "context": 1.0,
    "embedding": 3.0,
    "n-grams": 1.0,
}
"""The blocks, in the order of their columns, and how freely the classifier may use each under its regularisation."""

NEIGHBOURS = (-2, -1, 1, 2)
"""Which sentences of an article tell something about one: two before, two behind."""

_PLACES = 3  # first sentences of an article that have a column each, by place
_CONTEXT = N * (len(NEIGHBOURS) + 1) + _PLACES + 1
_LEAST = 1e-3  # a probability of the label model below this says no more than this
_MOST = 3.0  # evidence for one stance beyond this adds nothing
_RARE = 3  # votes of an LF for a stance below which they have no column of their own


@dataclass(frozen=True, eq=False, repr=False)
class Linear:
    """Scores X @ weights + bias: `weights` float64 (p, k), `bias` float64 (k,)."""

    weights: np.ndarray
    bias: np.ndarray

    @classmethod
    def rounded(cls, weights: np.ndarray, bias: np.ndarray) -> "Linear":
        """Round float64 `weights` (p, k) and `bias` (k,): hides how processors differ; differences in a row stay."""
        centred = weights - weights.mean(axis=1, keepdims=True)
        return cls(centred.round(_DECIMALS), bias.round(_DECIMALS))

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Return unnormalised log-probabilities, float64 (n, k), of dense features (n, p).

        Each row's sum is taken by itself, so it does not depend on the batch, nor on a linear algebra library.
        """
        columns = [(X * column).sum(axis=1) for column in self.weights.T]
        return np.stack(columns, axis=1) + self.bias

    def __repr__(self) -> str:
        """Name the shape alone."""
        return f"Linear({self.weights.shape[0]} features)"


@dataclass(frozen=True, slots=True)
class ExplainedCue:
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


def explain_cues(lfs: LFSet, batches: Iterable[Parses]) -> Iterator[list[ExplainedCue]]:
    """Yield all cues of each parsed sentence, in its order, those that do not count among them."""
    for parses in batches:
        for parse, unscoped in zip(parses, lfs.unscoped(parses), strict=True):
            yield _cues(lfs, parse, unscoped.hits) if unscoped.hits else []


def _cues(lfs: LFSet, parse: Parse, found: list[Hit]) -> list[ExplainedCue]:
    counted = {(hit.lf, hit.match.at): hit for hit in parse.hits}
    spans = _spans(parse.text)
    return [
        _cue(parse, spans, hit, counted.get((hit.lf, hit.match.at)), notes)
        for hit, notes in zip(found, _notes(lfs, parse.scope, found), strict=True)
    ]


def _spans(text: str) -> Words:
    """Return where each token stands in `text`, with invisible characters and accents behind its letters."""
    spans = token_spans(text)
    if text.isascii():
        return spans
    kept: list[int] = []  # the place of each character that is left when the tokens are made
    for i, char in enumerate(text):
        joins = kept and combining(char) and len(normalize("NFC", text[kept[-1] : i + 1])) == 1
        if not (joins or _is_ignored(char)):
            kept.append(i)
    ends = [*kept[1:], len(text)]
    return [(kept[start], ends[end - 1]) for start, end in spans]


@cache
def _is_ignored(char: str) -> bool:
    return not char.isascii() and tokenize(f"a{char}b") == ["ab"]


def _cue(parse: Parse, spans: Words, found: Hit, hit: Hit | None, notes: tuple[str, ...]) -> ExplainedCue:
    at = list(found.match.at)
    negated = notes[:1] and notes[0].startswith("negated")
    passage = [_negator(parse.scope, at[0]), *at] if negated else at
    stance, strength = (hit.stance, hit.strength) if hit else (ABSTAIN, 0.0)
    return ExplainedCue(found.lf, stance, strength, [spans[k] for k in at], _quote(parse.text, spans, passage), notes)


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


class Features:
    """The fitted features: which votes have columns, the means of context and embeddings, and a vectoriser of n-grams.

    `ngram_max` 0 (no n-grams), or the longest n-gram of a `TfidfVectorizer` of scikit-learn, which then is needed for
    predicting, too; `min_df`: sentences that an n-gram must occur in.
    """

    def __init__(self, batch: ParsedBatch, label_model_proba: np.ndarray, *, ngram_max: int = 0, min_df: int = 2):
        """Learn from the training sentences, and what the label model makes of them (n, 3)."""
        self.n_lfs = batch.votes.shape[1]
        cast = np.stack([(batch.votes == k).sum(axis=0) for k in range(N)], axis=1)
        self.vote_columns = np.flatnonzero(cast.ravel() >= _RARE)  # LF j voting k: N * j + k
        self.shares = label_model_proba.mean(axis=0).round(6) if len(batch) else np.full(N, 1 / N)
        together = batch.articles != ALONE
        context = _context(batch.articles, label_model_proba - self.shares)
        self.context_mean = context[together].mean(axis=0).round(6) if together.any() else np.zeros(_CONTEXT)
        self.centre = (batch.embeddings.sum(axis=0, dtype=np.float64) / max(len(batch), 1)).round(6)
        self.vectoriser = _vectoriser(batch.texts, ngram_max, min_df) if ngram_max else None

    @property
    def widths(self) -> dict[str, int]:
        """Number of columns of each block, in order."""
        ngrams = len(self.vectoriser.vocabulary_) if self.vectoriser else 0
        widths = (N, len(self.vote_columns), 2 * N + 1, 2 * N, len(STRUCTURE), _CONTEXT, len(self.centre), ngrams)
        return dict(zip(SCALES, widths, strict=True))

    @property
    def starts(self) -> dict[str, int]:
        """First column of each block."""
        return dict(zip(SCALES, accumulate(self.widths.values(), initial=0), strict=False))

    @property
    def scales(self) -> np.ndarray:
        """Scales of the columns, float64 (width,): a classifier learns from what `transform` returns times these."""
        return np.repeat(list(SCALES.values()), list(self.widths.values()))

    def transform(self, batch: ParsedBatch, label_model_proba: np.ndarray, *, alone: bool = False) -> np.ndarray:
        """Return the matrix, float64 (len(batch), all widths), of sentences that the label model gives (n, 3).

        `alone`: as if every sentence stood alone.
        """
        blocks: list[np.ndarray] = [
            log_odds(label_model_proba),
            _votes(batch)[:, self.vote_columns],
            _evidence(batch),
            _cue_order(batch),
            batch.structure,
            np.zeros((len(batch), _CONTEXT)) if alone else self._context(batch, label_model_proba),
            batch.embeddings - self.centre,
        ]
        if self.vectoriser:
            blocks.append(self.vectoriser.transform(batch.texts).toarray())
        return np.hstack([np.asarray(block, np.float64) for block in blocks])

    def ngram(self, column: int) -> str:
        """Return the n-gram of a column of its block."""
        names: Any = self.vectoriser
        return str(names.get_feature_names_out()[column])

    def _context(self, batch: ParsedBatch, label_model_proba: np.ndarray) -> np.ndarray:
        context = _context(batch.articles, label_model_proba - self.shares)
        return np.where((batch.articles != ALONE)[:, None], context - self.context_mean, 0)


def log_odds(proba: np.ndarray) -> np.ndarray:
    """Return log-probabilities, float64 (n, k), less their mean, none below the log of 0.001 before."""
    logs = np.log(np.maximum(proba, _LEAST))
    return logs - logs.mean(axis=1, keepdims=True)


def _vectoriser(texts: Sequence[str], ngram_max: int, min_df: int) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    found = TfidfVectorizer(ngram_range=(1, ngram_max), min_df=min_df, sublinear_tf=True).fit(texts)
    vars(found).pop("_stop_words_id", None)  # an address in memory, other in every process
    return found


def _votes(batch: ParsedBatch) -> np.ndarray:
    votes = np.zeros((len(batch), batch.votes.shape[1], N), np.float32)
    rows, lfs = np.nonzero(batch.strengths)
    votes[rows, lfs, batch.votes[rows, lfs]] = batch.strengths[rows, lfs]
    return votes.reshape(len(batch), N * batch.votes.shape[1])


def _evidence(batch: ParsedBatch) -> np.ndarray:
    """Return for each stance the sum and the highest of its votes' strengths, and whether nothing voted."""
    of_stance = [np.where(batch.votes == k, batch.strengths, 0) for k in range(N)]
    sums = np.stack([np.minimum(s.sum(axis=1), _MOST) for s in of_stance], axis=1)
    highest = np.stack([s.max(axis=1, initial=0) for s in of_stance], axis=1)
    return np.hstack([sums, highest, sums.sum(axis=1, keepdims=True) == 0])


def _cue_order(batch: ParsedBatch) -> np.ndarray:
    """Return one-hot which stance's cue stands first, and which last."""
    return np.hstack([batch.cue_order[:, [side]] == np.arange(N) for side in (0, 1)])


def _context(articles: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Return what an article tells of its sentences (n, _CONTEXT): neighbours, mean of the others, and place.

    `beyond` (n, 3): what the label model says of each sentence beyond the average.
    """
    n, blocks = len(articles), []
    for step in NEIGHBOURS:
        at = np.arange(n) + step
        inside = (at >= 0) & (at < n)
        at = np.clip(at, 0, max(n - 1, 0))
        same = inside & (articles[at] == articles) if n else inside
        blocks.append(np.where(same[:, None], beyond[at], 0) if n else beyond)
    starts = np.flatnonzero(np.diff(articles, prepend=-2))
    lengths = np.diff(np.r_[starts, n])
    if n:
        sums = np.repeat(np.add.reduceat(beyond, starts, axis=0), lengths, axis=0)
        others = np.repeat(lengths, lengths)[:, None]
        blocks.append(2 * (sums - beyond) / np.maximum(others - 1, 1))
    else:
        blocks.append(beyond)
    place = np.arange(n) - np.repeat(starts, lengths)
    first = place[:, None] == np.arange(_PLACES)
    share = place / np.maximum(np.repeat(lengths, lengths) - 1, 1)
    return np.hstack([*blocks, first, share[:, None]])
