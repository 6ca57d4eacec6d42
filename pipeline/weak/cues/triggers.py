"""Scope triggers: the places of words that open a clause, set a contrast, deny, ask or name a topic.

Light, deterministic rules over tokens, for many sentences at once; which words they are stands in `scope_words`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.weak.cues.scope_words import (
    APPOSED,
    CONCEDED,
    CONDITION,
    MAIN,
    OPENERS,
    PARALLEL,
    ROLES,
    TEMPORAL,
    Role,
)
from pipeline.weak.cues.tokens import Tokens, WordTable

_LAST, _NEXT, _SECOND, _SOON = (-1,), (1,), (2,), (1, 2)
_BEFORE_LAST, _SHORTLY_BEFORE = (-2,), (-1, -2)
_BEFORE_CLAIM, _BEFORE_OPINION = (-3, -2), (-4, -3, -2)
_BEHIND_BEGINNING, _BEFORE_ENDING = range(2, 17), range(-16, -1)
_BEHIND_TALK, _BEFORE_DENIAL = range(-6, 0), (-4, -3, -2)
_PUT, _SOON_BEFORE = range(-5, 0), (-4, -3)
_INVERSION, _BEHIND_INVERSION = range(1, 9), range(2, 17)
_SHORTLY_BEHIND = (2, 3)
_BEFORE_BUT = range(-9, 0)
_BEFORE_NOR = range(-12, 0)
_BEHIND_APPEAL = range(1, 8)
_BEHIND_PRONOUN = (Role.BEFORE_NOUN, Role.BREAK, Role.OPENER)

_FAR = (Role.SUBJECT_NEGATOR, Role.UNTRUE, Role.THAT, Role.JUST)
_BEFORE_CLAUSE = (Role.OPENER, Role.BREAK, Role.CONTRAST, Role.WHILE, Role.BEFORE_SUBJECT)

_COLUMN = {role: column for column, role in enumerate(Role)}

_COLUMNS_OF: dict[str, list[int]] = {}

_OPENED = WordTable(lambda words: np.array([OPENERS.get(word, MAIN) for word in words], float))


@dataclass(frozen=True, slots=True)
class Triggers:
    """Places in many sentences, int64 arrays (k,), ascending each.

    `turns`: where a segment begins, a stretch without a clause boundary; `weights` beside them: what its clause leaves
    of a cue's strength; `resets`: those of them that end every appeal and topic; `contrasts`: those of them that set
    what follows against what stands before; `appeals`: verbs that ask another for what follows; `topics`: words behind
    which stands what they are about; `negations`: words that negate what follows;
    `far_negations`: those of them before a subject, which reach the verb behind it ("no member of the bloc agreed").
    """

    turns: np.ndarray
    weights: np.ndarray
    resets: np.ndarray
    contrasts: np.ndarray
    appeals: np.ndarray
    topics: np.ndarray
    negations: np.ndarray
    far_negations: np.ndarray


class Words:
    """The roles of the words of many sentences, by place."""

    def __init__(self, tokens: Tokens):
        """Look up the roles."""
        self.tokens = tokens
        self._roles = _ROLES.of(tokens)
        self._with_role = np.flatnonzero(_HAS_ROLE.of(tokens)[tokens.ids])
        self._some = tokens.ids[self._with_role]

    def of(self, role: Role) -> np.ndarray:
        """Return the places of the words of a role, int64 (k,), ascending."""
        return self._with_role[self._roles[self._some, _COLUMN[role]]]

    def near(self, places: np.ndarray, steps: Sequence[int], *roles: Role) -> np.ndarray:
        """Return bool (n,): whether a word of one of `roles` is some steps from each place (n,), in its sentence."""
        at, _ = self.tokens.around(places, steps)
        ids = self.tokens.ids[at]
        return np.logical_or.reduce([self._roles[ids, _COLUMN[role]].any(axis=1) for role in roles])

    def starts_clause(self, places: np.ndarray) -> np.ndarray:
        """Return bool (n,): whether a clause begins at each place (n,), as far as the word before it shows."""
        first = places == self.tokens.starts[self.tokens.rows[places]]
        return first | self.near(places, _LAST, *_BEFORE_CLAUSE)


def find_triggers(words: Words) -> Triggers:
    """Return where the scope of cues turns."""
    openers, breaks, contrasts, whiles = (
        words.of(Role.OPENER),
        words.of(Role.BREAK),
        _contrasts(words),
        words.of(Role.WHILE),
    )
    negations = _negations(words)
    turns = np.concatenate([openers, breaks, contrasts, whiles])
    apposed = words.near(breaks, (0,), Role.DASH) & words.near(breaks, _NEXT, Role.ARTICLE)
    plain = np.full(len(contrasts), MAIN)
    weights = np.concatenate([_opened(words, openers), np.where(apposed, APPOSED, MAIN), plain, _while(words, whiles)])
    order = np.argsort(turns)
    turns, weights = _conceded(words, turns[order], weights[order])
    return Triggers(
        turns=turns,
        weights=weights,
        resets=np.sort(np.concatenate([breaks, contrasts])),
        contrasts=contrasts,
        appeals=_appeals(words),
        topics=_topics(words),
        negations=negations,
        far_negations=_before_subject(words, negations),
    )


def _opened(words: Words, at: np.ndarray) -> np.ndarray:
    """Return the weight of the clause that each word opens; "as president", "never before" open none."""
    weights = _OPENED.of(words.tokens)[words.tokens.ids[at]]
    compares = words.near(at, _LAST, Role.BEFORE_AS) | words.near(at, _NEXT, Role.BEHIND_AS)
    never_before = words.near(at, (0,), Role.SINCE) & words.near(at, _LAST, Role.SELDOM)
    weights = np.where((words.near(at, (0,), Role.AS) & compares) | never_before, MAIN, weights)
    contrasted = words.near(at, (0,), Role.WHERE) & (at == words.tokens.starts[words.tokens.rows[at]])
    weights = np.where(contrasted, CONCEDED, weights)  # "Where A once reigned, B"
    apposed = words.near(at, (0,), Role.THAT) & words.near(at, _SOON_BEFORE, Role.DASH)
    return np.where(apposed, APPOSED, weights)


def _while(words: Words, at: np.ndarray) -> np.ndarray:
    """Return the weight of the clause behind "while": at the same time, although, or another party's part."""
    leading = at - words.tokens.starts[words.tokens.rows[at]] < 2
    weights = np.where(leading, CONCEDED, PARALLEL)
    return np.where(words.near(at, _NEXT, Role.ING), TEMPORAL, weights)


def _conceded(words: Words, turns: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return turns and weights with those of what is granted without "although" before the main point.

    "Harsh words aside, A"; "instead of B, A"; "for all its B, A"; "what began as B ended in A".
    """
    aside = words.of(Role.ASIDE)
    aside = aside[words.near(aside, _NEXT, Role.BREAK) & ~words.near(aside, _PUT, Role.PUT)]
    instead, each = words.of(Role.INSTEAD), words.of(Role.FOR)
    instead = instead[words.near(instead, _NEXT, Role.OF)]
    each = each[words.near(each, _NEXT, Role.ALL) & words.starts_clause(each)]
    began, ended = words.of(Role.BEGAN), words.of(Role.ENDED)
    began = began[words.near(began, _BEHIND_BEGINNING, Role.ENDED)]
    ended = ended[words.near(ended, _BEFORE_ENDING, Role.BEGAN)]
    before = np.searchsorted(turns, aside) - 1
    begins = words.tokens.starts[words.tokens.rows[aside]]
    opened = np.where(before >= 0, turns[before] if len(turns) else 0, 0)
    begun_as = began[words.near(began, _NEXT, Role.AS)] + 1
    low = np.concatenate([np.maximum(begins, opened), instead, each, began, begun_as])
    inverted = words.of(Role.IF_INVERTED)
    inverted = inverted[inverted == words.tokens.starts[words.tokens.rows[inverted]]]
    would = words.near(inverted, range(3, 30), Role.WOULD)
    inverted = inverted[would & ~words.near(inverted, range(1, 60), Role.QUESTION)]  # "were they to agree, we would"
    having = words.of(Role.HAVING)
    having = having[having == words.tokens.starts[words.tokens.rows[having]]]  # "Having fought, they share"
    places = np.concatenate([turns, low, inverted, having, ended])
    beside = zip((low, inverted, having, ended), (CONCEDED, CONDITION, TEMPORAL, MAIN), strict=True)
    every = np.concatenate([weights, *(np.full(len(some), weight) for some, weight in beside)])
    order = np.lexsort((every, places))  # of two weights of one place the lower stands
    places, every = places[order], every[order]
    first = np.flatnonzero(np.diff(places, prepend=-1))
    return places[first], every[first]


def _contrasts(words: Words) -> np.ndarray:
    """Return where "but" sets something against what stands before: not at the start, nor in "nothing but"."""
    at = words.of(Role.CONTRAST)
    joins = words.near(at, _LAST, Role.NOT_BUT) | words.near(at, _BEFORE_BUT, Role.ONLY)
    joins |= words.near(at, (0,), Role.YET) & words.near(at, _NEXT, Role.TO)
    return at[~joins & (at > words.tokens.starts[words.tokens.rows[at]])]


def _appeals(words: Words) -> np.ndarray:
    """Return where a verb of asking is followed by what another is to do; "want to" speaks of oneself."""
    at = words.of(Role.APPEAL)
    oneself = words.near(at, (0,), Role.WANT) & words.near(at, _NEXT, Role.TO)
    naming = words.near(at, (0,), Role.CALL) & ~words.near(at, _NEXT, Role.CALL_LINK)
    return at[words.near(at, _BEHIND_APPEAL, Role.APPEAL_LINK) & ~oneself & ~naming]


def _topics(words: Words) -> np.ndarray:
    nouns = words.of(Role.TOPIC_NOUN)
    linked = nouns[words.near(nouns, _NEXT, Role.TOPIC_LINK)]
    about = words.of(Role.ABOUT)
    about = about[words.near(about, _BEHIND_TALK, Role.TALK)]  # "spoke by telephone about"
    about = about[~(words.near(about, _NEXT, Role.PRONOUN) & words.near(about, _SECOND, *_BEHIND_PRONOUN))]
    return np.unique(np.concatenate([words.of(Role.TOPIC_VERB), linked, about]))


def _negations(words: Words) -> np.ndarray:
    """Return the words that negate: not in "not only"; "refuse to", "deny doing", "deny that", "far from doing" do."""
    plain, refusals, denials = words.of(Role.NEGATOR), words.of(Role.REFUSAL), words.of(Role.DENIAL)
    plain = plain[~_to_the_utmost(words, plain)]
    far, but, yet = words.of(Role.FAR), words.of(Role.CONTRAST), words.of(Role.YET)
    distant = words.near(far, _SECOND, Role.ING) | words.near(far, _SECOND, Role.FAR_FROM)
    wont = words.near(plain, _LAST, Role.HABIT)
    second = words.near(plain, (0,), Role.NOR) & words.near(plain, _BEFORE_NOR, Role.NEITHER)  # "neither A nor B"
    habit = wont & words.near(plain, _BEFORE_LAST, Role.BEFORE_HABIT)  # "as is his wont"
    negations = [
        plain[~words.near(plain, _NEXT, Role.NOT_NEGATING) & ~habit & ~_superlative(words, plain) & ~second],
        refusals[words.near(refusals, _SOON, Role.TO)],
        denials[words.near(denials, _NEXT, Role.ING)],
        far[words.near(far, _NEXT, Role.FROM) & distant],
        but[words.near(but, _LAST, Role.ANYTHING)],
        yet[words.near(yet, _NEXT, Role.TO)],
        _untrue(words),
        _denied_that(words),
        _few(words),
    ]
    return np.unique(np.concatenate(negations))


def _before_subject(words: Words, at: np.ndarray) -> np.ndarray:
    """Return those negations that open a clause: "no member of the bloc agreed", "under no circumstances will they"."""
    led = words.near(at, _LAST, Role.BEFORE_NO) & words.starts_clause(at - 1)
    opens = words.starts_clause(at) | led | words.near(at, (0,), Role.THAT)
    return at[words.near(at, (0,), *_FAR) & opens]


def _superlative(words: Words, at: np.ndarray) -> np.ndarray:
    """Return where a word denies nothing: "never have they worked so closely"."""
    inverted = words.near(at, (0,), Role.SELDOM) & words.near(at, _INVERSION, Role.AUXILIARY) & words.starts_clause(at)
    return inverted & words.near(at, _BEHIND_INVERSION, Role.DEGREE)


def _to_the_utmost(words: Words, at: np.ndarray) -> np.ndarray:
    """Return where a word denies that more is possible: "could not agree more"."""
    could = words.near(at, _LAST, Role.COULD) | words.near(at, (0,), Role.COULD)
    return could & words.near(at, _NEXT, Role.OPINE) & words.near(at, _SHORTLY_BEHIND, Role.MORE)


def _denied_that(words: Words) -> np.ndarray:
    """Return each "that" behind which stands what is not so: "denied that", "wrong to say that", "no sign that"."""
    at = words.of(Role.THAT)
    negated = words.near(at, _BEFORE_OPINION, Role.NOT)
    opinion = words.near(at, _SHORTLY_BEFORE, Role.OPINION)
    opinion |= words.near(at, _LAST, Role.SAID) & words.near(at, _BEFORE_LAST, Role.BE)  # "cannot be said that"
    untrue = words.near(at, _LAST, Role.UNTRUE) | (
        words.near(at, _LAST, Role.CLAIM) & words.near(at, _BEFORE_CLAIM, Role.UNTRUE)
    )
    denied = words.near(at, _LAST, Role.DENIAL) & ~words.near(at, _BEFORE_DENIAL, Role.NOT)
    return at[denied | (negated & opinion) | (untrue & ~negated)]


def _untrue(words: Words) -> np.ndarray:
    """Return where something is wrong to say."""
    at = words.of(Role.UNTRUE)
    return at[words.near(at, _NEXT, Role.TO) & words.near(at, _SECOND, Role.CLAIM)]


def _few(words: Words) -> np.ndarray:
    """Return each "few" or "nothing" that is nearly nobody: neither "a few" nor "few days"."""
    at = words.of(Role.SUBJECT_NEGATOR)
    at = at[~words.near(at, (0,), Role.NEGATOR) & words.starts_clause(at)]
    few = at[~words.near(at, _NEXT, Role.TIME_UNIT) & ~words.near(at, _NEXT, Role.NOT_NEGATING)]
    return np.union1d(few, _just_some(words))


def _just_some(words: Words) -> np.ndarray:
    """Return each "only" before a number of those who do something: "only two of the nine agreed", "just a handful"."""
    at = words.of(Role.JUST)
    at = at[words.starts_clause(at) & words.near(at, _NEXT, Role.COUNT)]
    counted = words.near(at, _SECOND, Role.OF, Role.HANDFUL) | ~words.near(at, _NEXT, Role.ARTICLE)
    return at[counted & ~words.near(at, (2, 3), Role.TIME_UNIT)]


def _roles_of(words: list[str]) -> np.ndarray:
    """Return for each word and role, bool (words, roles), whether it has the role."""
    roles = np.zeros((len(words), len(_COLUMN)), bool)
    for row, word in enumerate(words):
        roles[row, _COLUMNS_OF.get(word, [])] = True
        roles[row, _COLUMN[Role.ING]] = word.endswith("ing")
        roles[row, _COLUMN[Role.COUNT]] |= word[:1].isdigit()
    return roles


for _role, _group in ROLES.items():
    for _word in _group:
        _COLUMNS_OF.setdefault(_word, []).append(_COLUMN[_role])

_ROLES, _HAS_ROLE = WordTable(_roles_of), WordTable(lambda words: np.any(_roles_of(words), axis=1, keepdims=False))
