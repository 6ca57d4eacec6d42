"""Sentences parsed once for all labeling functions: tokens, the hits of cues and their weights."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.cues import scope_words as sc
from pipeline.weak.cues.matcher import Match, Matcher, Matches
from pipeline.weak.cues.scope import Scope, Scopes
from pipeline.weak.cues.tokens import MAX_CHARS, Tokens, WordTable, tokenize_all
from pipeline.weak.lfs.lf import LF, check_words

FAINT = 0.12
"""A cue of which scope leaves less than this does not vote."""

GOVERNING_REACH = 7
"""So many words behind the last word of a verb may stand a noun over which it decides."""

MANNER_REACH = 4
"""So many words from a verb may stand an adverb that says how it was done: "jointly condemned"."""

_NO_ADVERBS = frozenset(["ally", "apply", "bully", "comply", "imply", "rally", "rely", "reply", "supply"])

_STRETCH = 1 << 18  # characters that are read at a time

StanceHit = tuple[int, int, float]
"""A cue of opposition or agreement: its stance, the position of its first token in the sentence, its strength."""

_CLEAR = 0.45

STRUCTURE = ("question", "contrast", "quotation", "negated cue", "no token", "length")
"""What `structure` tells of a sentence; each is in [0, 1]."""

_QUOTES = "“”«»"  # beside the straight one
_LONG = 60  # tokens


@dataclass(frozen=True, slots=True)
class Hits:
    """h hits, in the order of the sentences.

    All arrays are (h,). `match` int64: which of the matches it is; `row` int64: in which sentence; `lf` int64: of which
    LF; `stance` int64, `strength` float64: its vote; `negated` bool: whether a negation turned it over.
    """

    match: np.ndarray
    row: np.ndarray
    lf: np.ndarray
    stance: np.ndarray
    strength: np.ndarray
    negated: np.ndarray


class WeightedCues:
    """The strengths of the cues of some LFs, and what scope leaves of them."""

    def __init__(self, lfs: Sequence[LF], matcher: Matcher):
        """Take LFs, and the matcher of their cues, which knows an LF by its place among them."""
        self._stance = np.array([lf.stance for lf in lfs], np.int64)
        self._negated = np.array([lf.negated for lf in lfs], np.int64)
        self._phrase = np.array([lf.kind == "phrase" for lf in lfs], bool)
        self._noun = np.array([lf.kind == "noun" for lf in lfs], bool)
        own = np.array([lf.strength for lf in lfs], float)
        strengths = np.array([cue.strength or 0.0 for cue in matcher.cues], float)
        self._single = np.array([len(cue.words) == 1 for cue in matcher.cues], bool)
        self._strength = np.where(strengths > 0, strengths, own[matcher.owners] if len(own) else 0.0)

    def weigh(self, matches: Matches, tokens: Tokens, scopes: Scopes) -> Hits:
        """Return the hits among the matches of some sentences."""
        head, row = matches.at[:, 0], tokens.rows[matches.at[:, 0]]
        stance, strength = self._stance[matches.owner], self._strength[matches.cue]
        negated = np.zeros(len(head), bool)
        at = np.flatnonzero(~self._phrase[matches.owner])  # a phrase stands for itself
        negated[at] = scopes.negated(head[at]) ^ _negated_inside(matches, at, scopes) ^ matches.turned[at]
        stance = np.where(negated, self._negated[matches.owner], stance)
        left = strength[at] * (scopes.weights(head[at]) * scopes.hedges(head[at]))
        nominal = self._noun[matches.owner[at]] | scopes.nominal(head[at])
        how = self._single[matches.cue[at]] & _MANNER.of(tokens)[tokens.ids[head[at]]]
        governed = nominal & _governed(head[at], matches.last[at], nominal | how, scopes)
        governed |= nominal & _acted_upon(head[at], matches.last[at], stance[at], nominal, scopes)
        for side, other in ((AGREEMENT, OPPOSITION), (OPPOSITION, AGREEMENT)):
            verbs = ~nominal & ~how & (stance[at] == other)
            governed |= how & (stance[at] == side) & _beside(head[at], matches.last[at], verbs, scopes)
        before_but = head[at] < self._outdone(matches, head, row, scopes)[row[at]]
        for weakened, by in (
            (nominal, sc.NOMINAL),
            (governed, sc.GOVERNED),
            (scopes.questions[row[at]], sc.QUESTION),
            (before_but, sc.BEFORE_BUT),
        ):
            left[weakened] *= by
        strength[at] = left * _not_yet_said(head[at], row[at], left)
        kept = np.flatnonzero((stance != ABSTAIN) & (strength >= FAINT))
        return Hits(kept, row[kept], matches.owner[kept], stance[kept], strength[kept], negated[kept])

    def unscoped(self, parses: "Parses") -> "Parses":
        """Return the sentences with a hit for each cue in them, as if it stood for itself wherever it stands."""
        matches, tokens = parses.matches, parses.tokens
        kept = np.flatnonzero(self._stance[matches.owner] != ABSTAIN)
        owner, row = matches.owner[kept], tokens.rows[matches.at[kept, 0]]
        hits = Hits(kept, row, owner, self._stance[owner], np.ones(len(kept)), np.zeros(len(kept), bool))
        return replace(parses, hits=hits)

    def _outdone(self, matches: Matches, head: np.ndarray, row: np.ndarray, scopes: Scopes) -> np.ndarray:
        """Return for each sentence the place of its last "but" where a cue of a stance stands behind it, else -1."""
        behind = (self._stance[matches.owner] != NEUTRAL) & (head >= scopes.contrasts[row])
        outdone = np.zeros(len(scopes), bool)
        outdone[row[behind]] = True
        return np.where(outdone, scopes.contrasts, -1)


def _negated_inside(matches: Matches, at: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return whether a word in the gaps of each match negates it: "the ban was never lifted"."""
    inside = scopes.negated_within(matches.at[at, 0], matches.last[at])
    own = scopes.negates_verb(matches.at[at, 1:]) & (matches.at[at, 1:] < matches.last[at, None])
    return (inside - own.sum(axis=1)) % 2 == 1


def _governed(head: np.ndarray, last: np.ndarray, nominal: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return for each match whether the last verb before it, in its segment, is close enough to decide over it."""
    verb = np.maximum.accumulate(np.where(nominal, -1, np.arange(len(head))))
    before = np.append(-1, verb)[: len(head)]
    verb = last[before]
    close = head - verb <= GOVERNING_REACH
    return (before >= 0) & close & (scopes.segments(verb) == scopes.segments(head))


def _acted_upon(
    head: np.ndarray, last: np.ndarray, stance: np.ndarray, nominal: np.ndarray, scopes: Scopes
) -> np.ndarray:
    """Return for each match whether a passive verb of another stance follows in its segment: "a deal was rejected"."""
    verb = np.where(nominal & (last > head), last, head)  # a noun's own verb: "plan ..3 rejected"
    verbs = np.flatnonzero((~nominal | (last > head)) & scopes.passive(verb))
    if not len(verbs):
        return np.zeros(len(head), bool)
    verbs = verbs[np.argsort(verb[verbs], kind="stable")]
    behind = np.searchsorted(verb[verbs], head, side="right")
    nearest = verbs[np.minimum(behind, len(verbs) - 1)]
    verb = verb[nearest]
    close = (verb > head) & (verb - head <= GOVERNING_REACH) & (stance[nearest] != stance)
    return close & (scopes.segments(verb) == scopes.segments(head))


def _says_how(word: str) -> bool:
    """Return whether a word is an adverb of manner: "jointly", "together"."""
    return word == "together" or (word.endswith("ly") and word not in _NO_ADVERBS)


_MANNER = WordTable(lambda words: np.array([_says_how(word) for word in words], bool))


def _beside(head: np.ndarray, last: np.ndarray, wanted: np.ndarray, scopes: Scopes) -> np.ndarray:
    """Return for each match whether a wanted one stands close by in its segment."""
    beside, wanted = np.zeros(len(head), bool), np.flatnonzero(wanted)
    if not len(wanted):
        return beside
    behind = np.searchsorted(head[wanted], head)
    for nth in (behind - 1, behind):
        other = wanted[np.clip(nth, 0, len(wanted) - 1)]
        distance = np.where(head[other] > head, head[other] - head, head - last[other])
        close = (distance > 0) & (distance <= MANNER_REACH)
        beside |= close & (scopes.segments(head[other]) == scopes.segments(head))
    return beside


def _not_yet_said(head: np.ndarray, row: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return what the cues before each match in its sentence leave of it; matches of one first word are one cue."""
    first = np.flatnonzero(np.diff(head, prepend=-1))
    row, factor = row[first], 1 - sc.LATER * strength[first]
    left = np.ones(len(first))
    at = np.flatnonzero(np.diff(row, prepend=-1))
    while len(at):
        at = at[at + 1 < len(row)]
        at = at[row[at + 1] == row[at]] + 1
        left[at] = left[at - 1] * factor[at - 1]
    return np.repeat(left, np.diff(first, append=len(head)))


class Hit(NamedTuple):
    """A cue that fired: for which LF, where (token positions), the stance it votes for and with what strength."""

    lf: int
    match: Match
    stance: int
    strength: float
    negated: bool


class Parse:
    """One parsed sentence."""

    def __init__(self, parses: "Parses", row: int):
        """Take the sentences among which it is, and which it is."""
        self._parses, self._row = parses, row
        self.text = parses.texts[row]

    @cached_property
    def tokens(self) -> list[str]:
        """The lower-case tokens."""
        return self._parses.tokens[self._row]

    @cached_property
    def scope(self) -> Scope:
        """The clauses."""
        return self._parses.scopes[self._row]

    @cached_property
    def hits(self) -> list[Hit]:
        """The hits of the cue LFs, in the order of the sentence."""
        return self._parses.hits_of(self._row)


@dataclass(frozen=True, eq=False)
class Parses(Sequence[Parse]):
    """A batch of n parsed sentences, with the hits of the cue LFs in all of them; nobody can change its arrays."""

    texts: list[str]
    tokens: Tokens
    scopes: Scopes
    matches: Matches
    hits: Hits
    matcher: Matcher

    def __post_init__(self) -> None:
        """Lock what all labeling functions read."""
        tokens, scopes, hits = self.tokens, self.scopes, self.hits
        for array in (tokens.ids, tokens.starts, tokens.lengths, tokens.rows, scopes.contrasts, scopes.questions):
            array.flags.writeable = False
        for array in (hits.match, hits.row, hits.lf, hits.stance, hits.strength, hits.negated):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.texts)

    def __getitem__(self, row: int) -> Parse:  # type: ignore[override]
        """Return one sentence."""
        return Parse(self, range(len(self))[row])

    @cached_property
    def places(self) -> np.ndarray:
        """For each of h hits the place of its first word among the tokens, int64 (h,), ascending."""
        return self.matches.at[self.hits.match, 0]

    @cached_property
    def positions(self) -> np.ndarray:
        """For each of h hits the position of its first word in its sentence, int64 (h,)."""
        return self.places - self.tokens.starts[self.hits.row]

    def hits_of(self, row: int) -> list[Hit]:
        """Return the hits of one sentence, in its order."""
        bounds, matches, stances, strengths, negated = self._listed
        own = range(bounds[row], bounds[row + 1])
        return [Hit(matches[k].owner, matches[k], stances[k], strengths[k], negated[k]) for k in own]

    @cached_property
    def _listed(self) -> tuple[list[int], list[Match], list[int], list[float], list[bool]]:
        hits = self.hits
        bounds = np.searchsorted(hits.row, np.arange(len(self) + 1)).tolist()
        at = (self.matches.at[hits.match] - self.tokens.starts[hits.row, None]).tolist()
        cues = [self.matcher.cues[cue] for cue in self.matches.cue[hits.match].tolist()]
        places = [tuple(places[: len(cue.words)]) for places, cue in zip(at, cues, strict=True)]
        matches = list(map(Match, hits.lf.tolist(), cues, places))
        return bounds, matches, hits.stance.tolist(), hits.strength.tolist(), hits.negated.tolist()


def parse_all(texts: Iterable[str], matcher: Matcher, cues: WeightedCues) -> Iterator[Parses]:
    """Yield parsed sentences in batches, as they are asked for."""
    for stretch in _stretches(texts):
        tokens = tokenize_all(stretch)
        scopes, matches = Scopes(tokens), matcher.find(tokens)
        yield Parses(stretch, tokens, scopes, matches, cues.weigh(matches, tokens, scopes), matcher)


def _stretches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in lists that are quick to read and never large."""
    stretch: list[str] = []
    room = _STRETCH
    for text in texts:
        stretch.append(text)
        room -= min(len(text), MAX_CHARS) + 1
        if room <= 0:
            yield stretch
            stretch, room = [], _STRETCH
    if stretch:
        yield stretch


def stance_hits(parses: Parses) -> list[list[StanceHit]]:
    """Return for each of n sentences its hits that take a side, in its order."""
    found: list[list[StanceHit]] = [[] for _ in range(len(parses))]
    hits = parses.hits
    some = np.flatnonzero(hits.stance != NEUTRAL)
    columns = (array[some].tolist() for array in (hits.row, hits.stance, parses.positions, hits.strength))
    for row, stance, position, strength in zip(*columns, strict=True):
        found[row].append((stance, position, strength))
    return found


class WordSet:
    """Words that are looked for in many sentences at once. Places are those of the sentences' `tokens`."""

    def __init__(self, words: Iterable[str]):
        """Take lower-case words; raise LFError for one that no sentence can have."""
        own = frozenset(words)
        check_words(sorted(own), "WordSet")
        self._table = WordTable(lambda new: np.array([word in own for word in new], bool))

    def places(self, tokens: Tokens) -> np.ndarray:
        """Return the places of the words, int64 (k,), ascending."""
        return np.flatnonzero(self._table.of(tokens)[tokens.ids])

    def near(self, tokens: Tokens, places: np.ndarray, steps: Sequence[int]) -> np.ndarray:
        """Return bool (k,): whether one of the words stands some steps behind each place (k,), in its sentence."""
        at, _ = tokens.around(places, steps)
        return self._table.of(tokens)[tokens.ids[at]].any(axis=1)

    def rows(self, tokens: Tokens) -> np.ndarray:
        """Return bool (n,): which of the n sentences have one of the words."""
        return rows_of(tokens, self.places(tokens))


def rows_of(tokens: Tokens, places: np.ndarray) -> np.ndarray:
    """Return bool (n,): which of the n sentences one of the places (k,) is in."""
    found = np.zeros(len(tokens), bool)
    found[tokens.rows[places]] = True
    return found


def clear_hits(parses: Parses) -> np.ndarray:
    """Return the numbers of the hits that are clear cues of agreement or opposition, int64 (k,)."""
    return np.flatnonzero((parses.hits.strength >= _CLEAR) & (parses.hits.stance != NEUTRAL))


def stances_of(parses: Parses, hits: np.ndarray) -> np.ndarray:
    """Return int (n,): the stance of the first of `hits` (k,) in each of n sentences, ABSTAIN where there is none."""
    stances = np.full(len(parses), ABSTAIN)
    stances[parses.hits.row[hits[::-1]]] = parses.hits.stance[hits[::-1]]
    return stances


def opening_stances(parses: Parses, within: int) -> np.ndarray:
    """Return int (n,): the stance of each sentence's first clear hit up to a position, ABSTAIN where there is none.

    Hits in relative clauses are passed over.
    """
    clear = clear_hits(parses)
    clear = clear[parses.scopes.weights(parses.places[clear]) != sc.RELATIVE]  # "the duke, who refused, ..."
    first = clear[np.diff(parses.hits.row[clear], prepend=-1) != 0]
    return stances_of(parses, first[parses.positions[first] <= within])


def votes_where(chosen: np.ndarray, stance: int) -> np.ndarray:
    """Return int (n,): a stance for each chosen sentence, bool (n,), ABSTAIN for the others."""
    return np.where(chosen, stance, ABSTAIN)


def cue_order(parses: Parses) -> np.ndarray:
    """Return int8 (n, 2): the stance of the first and of the last cue of each sentence, ABSTAIN where it has none."""
    order = np.full((len(parses), 2), ABSTAIN, np.int8)
    rows, stances = parses.hits.row, parses.hits.stance
    order[rows[::-1], 0] = stances[::-1]  # of several, what is written last stays
    order[rows, 1] = stances
    return order


def structure(parses: Parses) -> np.ndarray:
    """Return float32 (n, len(STRUCTURE))."""
    table = np.zeros((len(parses), len(STRUCTURE)), np.float32)
    table[:, 0] = parses.scopes.questions
    table[:, 1] = parses.scopes.contrasts >= 0
    table[:, 2] = [_quotes(text) for text in parses.texts]
    table[parses.hits.row[parses.hits.negated], 3] = 1
    table[:, 4] = parses.tokens.lengths == 0
    table[:, 5] = np.minimum(parses.tokens.lengths, _LONG) / _LONG
    return table


def _quotes(text: str) -> bool:
    return '"' in text or (not text.isascii() and any(mark in text for mark in _QUOTES))
