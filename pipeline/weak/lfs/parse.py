"""Sentences as labeling functions see them: tokens, clauses, and the cues that fired with what scope left of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pipeline.weak.cues.matcher import Match, Matcher, Matches
from pipeline.weak.cues.scope import Scope, Scopes
from pipeline.weak.cues.token_arrays import Tokens, tokenize_all
from pipeline.weak.cues.tokens import MAX_CHARS
from pipeline.weak.lfs.hits import Hits, WeightedCues

_STRETCH = 1 << 18  # characters that are read at a time


class Hit(NamedTuple):
    """A cue that fired: for which LF, where (token positions), the stance it votes for and with what strength."""

    lf: int
    match: Match
    stance: int
    strength: float
    negated: bool


class Parse:
    """One sentence read."""

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
    """n sentences that are read together, with the hits of the cue LFs in all of them; nobody can change its arrays."""

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
        """For each hit the place of its first word among the tokens, int64, ascending."""
        return self.matches.at[self.hits.match, 0]

    @cached_property
    def positions(self) -> np.ndarray:
        """For each hit the position of its first word in its sentence, int64."""
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


def read(texts: Iterable[str], matcher: Matcher, cues: WeightedCues) -> Iterator[Parses]:
    """Read sentences as they are asked for, a stretch of them at a time."""
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
