"""What a cue means depends on where it stands: clauses, contrast, condition, appeal, topic and negation.

Light, deterministic rules over tokens, for many sentences at once; the constants of `scope_words` say how
much of a cue's strength is left in such a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.weak.cues.scope_words import APPEAL, BEFORE_MONTH, HEDGES, MAIN, TOPIC, Role
from pipeline.weak.cues.tokens import Tokens, WordTable
from pipeline.weak.cues.triggers import Words, find_triggers

_LAST, _NEXT = (-1,), (1,)
_NEGATION_REACH = 5
_FAR_NEGATION_REACH = 10
_TOPIC_REACH = 7
_HEDGING = (-4, -3, -2, -1)

_MAY = WordTable(lambda words: np.array([word == "may" for word in words], bool))
_NUMBER = WordTable(lambda words: np.array([word[:1].isdigit() for word in words], bool))
_BEFORE_MONTH = WordTable(lambda words: np.array([word in BEFORE_MONTH for word in words], bool))
_HEDGES = WordTable(lambda words: np.array([HEDGES.get(word, 1.0) for word in words], float))


@dataclass(frozen=True, slots=True)
class Scope:
    """The clauses of one sentence.

    For each token: `segment`, the number of its stretch without a clause boundary; `weight`, the strength left there;
    `negated`, whether an odd number of negations reaches it; `nominal`, whether it reads as a noun or a gerund;
    `hedge`, what modal verbs, attempts and words of the past close before it leave of its strength. `negations` are the
    positions of the words that negate what follows; `contrast` is the position of the last "but" (-1 if none);
    `question` whether the sentence asks.
    """

    tokens: list[str]
    segment: list[int]
    weight: list[float]
    negated: list[bool]
    nominal: list[bool]
    hedge: list[float]
    negations: list[int]
    contrast: int
    question: bool


class Scopes(Sequence[Scope]):
    """The clauses of n sentences. Methods take and return arrays over places, which are those of the tokens.

    `contrasts`, int64 (n,): the place of the last "but" in each sentence (-1 if none); `questions`, bool (n,): whether
    it asks.
    """

    def __init__(self, tokens: Tokens):
        """Read the clauses of tokenised sentences."""
        self._tokens, self._words = tokens, (words := Words(tokens))
        triggers = find_triggers(self._words)
        edges = tokens.starts - 1
        self._turns = self._mask(triggers.turns)
        self._turn, self._reset = self._latest(edges, triggers.turns), self._latest(edges, triggers.resets)
        self._appeal = self._latest(triggers.appeals)
        self._topic = self._latest(self._accepted(triggers.topics))
        self._weight = np.full(len(tokens.ids), MAIN)
        self._weight[triggers.turns] = triggers.weights
        self._negations = self._mask(triggers.negations)
        self._negations_before = np.cumsum(self._negations) - self._negations
        verb = words.near(triggers.negations, (0,), Role.NOT_VERB) & words.near(
            triggers.negations, _LAST, Role.AUXILIARY
        )
        self._verb_negations = self._mask(triggers.negations[verb])
        self._verb_negations_before = np.cumsum(self._verb_negations) - self._verb_negations
        far = self._mask(triggers.far_negations)
        self._far_before = np.cumsum(far) - far
        self._hedge = _HEDGES.of(tokens)[tokens.ids]
        once = words.of(Role.ONCE)
        self._hedge[once[words.near(once, _NEXT, Role.AGAIN) | words.near(once, _LAST, Role.BEFORE_NO)]] = MAIN
        may = np.flatnonzero(_MAY.of(tokens)[tokens.ids])
        beside, before = (tokens.ids[tokens.around(may, steps)[0]] for steps in ((-1, 1), _LAST))
        is_month = _NUMBER.of(tokens)[beside].any(axis=1) | _BEFORE_MONTH.of(tokens)[before].any(axis=1)
        self._hedge[may[is_month]] = MAIN
        self.contrasts = np.full(len(tokens), -1)
        self.contrasts[self._tokens.rows[triggers.contrasts]] = triggers.contrasts
        self.questions = self._words.near(edges + tokens.lengths, (-1, 0), Role.QUESTION)

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self._tokens)

    def __getitem__(self, row: int) -> Scope:  # type: ignore[override]
        """Return the clauses of one sentence."""
        start, length = self._tokens.starts[row], self._tokens.lengths[row]
        one = slice(start, start + length)
        weight, negated, nominal, hedge = (every[one].tolist() for every in self._everywhere)
        return Scope(
            tokens=self._tokens[row],
            segment=np.cumsum(self._turns[one]).tolist(),
            weight=weight,
            negated=negated,
            nominal=nominal,
            hedge=hedge,
            negations=np.flatnonzero(self._negations[one]).tolist(),
            contrast=int(self.contrasts[row] - start) if self.contrasts[row] >= 0 else -1,
            question=bool(self.questions[row]),
        )

    def segments(self, places: np.ndarray) -> np.ndarray:
        """Return the number of the segment of each place (n,), int64 (n,)."""
        return self._turn[places]

    def weights(self, places: np.ndarray) -> np.ndarray:
        """Return the strength left at each place (n,), float64 (n,)."""
        appeal, reset, topic = self._appeal[places], self._reset[places], self._topic[places]
        asked = (appeal > reset) & (appeal < places)  # the verb itself is no part of what it asks for, nor of a topic
        named = (topic > reset) & (places <= topic + _TOPIC_REACH) & (appeal < places)
        region = np.where(asked, APPEAL, np.where(named, TOPIC, MAIN))
        return np.minimum(self._weight[self._turn[places]], region)

    def negated(self, places: np.ndarray) -> np.ndarray:
        """Return bool (n,): whether an odd number of negations in its segment precedes each place (n,)."""
        turn = self._turn[places]
        near, far = (np.maximum(places - reach, turn) for reach in (_NEGATION_REACH, _FAR_NEGATION_REACH))
        count = self._negations_before[places] - self._negations_before[near]
        return (count + self._far_before[near] - self._far_before[far]) % 2 == 1

    def negated_within(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Return int64 (n,): how many negations of a verb stand between each first place (n,) and each last (n,)."""
        return self._verb_negations_before[last] - self._verb_negations_before[np.minimum(first + 1, last)]

    def negates_verb(self, places: np.ndarray) -> np.ndarray:
        """Return bool, of the shape of `places`: whether the word there negates a verb ("was not"); False at -1."""
        return (places >= 0) & (self._verb_negations[places] > 0)

    def nominal(self, places: np.ndarray) -> np.ndarray:
        """Return bool (n,): whether each word (n,) reads as a noun or a gerund, by the word before it."""
        return self._words.near(places, (-1,), Role.BEFORE_NOUN)

    def passive(self, places: np.ndarray) -> np.ndarray:
        """Return bool (n,): whether a form of "be" stands before each word (n,)."""
        return self._words.near(places, (-1, -2), Role.BE)

    def hedges(self, places: np.ndarray) -> np.ndarray:
        """Return float64 (n,): what hedges close before each word (n,) leave of its strength."""
        at, inside = self._tokens.around(places, _HEDGING)
        return np.where(inside, self._hedge[at], 1.0).min(axis=1)

    @cached_property
    def _everywhere(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """What the methods say of every place."""
        every = np.arange(len(self._tokens.ids) - 1)
        return self.weights(every), self.negated(every), self.nominal(every), self.hedges(every)

    def _mask(self, places: np.ndarray) -> np.ndarray:
        mask = np.zeros(len(self._tokens.ids), np.int64)
        mask[places] = 1
        return mask

    def _latest(self, *places: np.ndarray) -> np.ndarray:
        """Return for each place the last of some places up to it, -1 where there is none."""
        latest = np.full(len(self._tokens.ids), -1)
        for some in places:
            latest[some] = some
        return np.maximum.accumulate(latest)

    def _accepted(self, topics: np.ndarray) -> np.ndarray:
        """Return the topics that begin in no other topic, nor in an appeal."""
        reset = self._reset[topics]
        open_ = self._appeal[topics] < reset
        topics, reset = topics[open_], reset[open_]
        accepted = np.zeros(len(topics), bool)
        at = np.flatnonzero(np.diff(reset, prepend=-1))
        while len(at):
            accepted[at] = True
            behind = np.searchsorted(topics, topics[at] + _TOPIC_REACH + 1)
            same = np.append(reset, -1)[behind] == reset[at]
            at = behind[same]
        return topics[accepted]
