"""Where the scope of cues turns, in many sentences at once: rules over a word and the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.weak.scope_words import CONCEDED, MAIN, OPENERS, PARALLEL, ROLES, TEMPORAL, Role
from pipeline.weak.token_arrays import Tokens, WordTable

_LAST, _NEXT, _SECOND, _SOON = (-1,), (1,), (2,), (1, 2)
_BEFORE_BUT = range(-9, 0)
_BEHIND_APPEAL = range(1, 8)


@dataclass(frozen=True, slots=True)
class Marks:
    """Places in many sentences, ascending each.

    `turns`: where a segment begins, a stretch without a clause boundary; `weights` beside them: what its clause leaves
    of a cue's evidence; `resets`: those of them that end every appeal and topic; `contrasts`: those of them that set
    what follows against what stands before; `appeals`: verbs that ask another for what follows; `topics`: words behind
    which stands what they are about; `negations`: words that negate what follows.
    """

    turns: np.ndarray
    weights: np.ndarray
    resets: np.ndarray
    contrasts: np.ndarray
    appeals: np.ndarray
    topics: np.ndarray
    negations: np.ndarray


class Words:
    """The roles of the words of many sentences, by place."""

    def __init__(self, tokens: Tokens):
        """Look up the roles."""
        self.tokens = tokens
        self._roles = _ROLES.of(tokens)[tokens.ids]

    def of(self, role: Role) -> np.ndarray:
        """Return the places of the words of a role, ascending."""
        return np.flatnonzero(self._roles & role)

    def near(self, places: np.ndarray, steps: Sequence[int], role: Role) -> np.ndarray:
        """Return for each place whether a word of a role stands one of these steps behind it, in its sentence."""
        at, _ = self.tokens.around(places, steps)
        return ((self._roles[at] & role) != 0).any(axis=1)


def find_marks(words: Words) -> Marks:
    """Return where the scope of cues turns."""
    openers, breaks, contrasts, whiles = (
        words.of(Role.OPENER),
        words.of(Role.BREAK),
        _contrasts(words),
        words.of(Role.WHILE),
    )
    turns = np.concatenate([openers, breaks, contrasts, whiles])
    plain = np.full(len(breaks) + len(contrasts), MAIN)
    weights = np.concatenate([_opened(words, openers), plain, _while(words, whiles)])
    order = np.argsort(turns)
    return Marks(
        turns=turns[order],
        weights=weights[order],
        resets=np.sort(np.concatenate([breaks, contrasts])),
        contrasts=contrasts,
        appeals=_appeals(words),
        topics=_topics(words),
        negations=_negations(words),
    )


def _opened(words: Words, at: np.ndarray) -> np.ndarray:
    """Return the weight of the clause that each word opens; "as president", "as good as" open none."""
    weights = _OPENED.of(words.tokens)[words.tokens.ids[at]]
    compares = words.near(at, _LAST, Role.BEFORE_AS) | words.near(at, _NEXT, Role.BEHIND_AS)
    return np.where(words.near(at, (0,), Role.AS) & compares, MAIN, weights)


def _while(words: Words, at: np.ndarray) -> np.ndarray:
    """Return the weight of the clause behind "while": at the same time, although, or another party's part."""
    leading = at - words.tokens.starts[words.tokens.rows[at]] < 2
    weights = np.where(leading, CONCEDED, PARALLEL)
    return np.where(words.near(at, _NEXT, Role.ING), TEMPORAL, weights)


def _contrasts(words: Words) -> np.ndarray:
    """Return where "but" sets something against what stands before: not at the start, nor in "nothing but"."""
    at = words.of(Role.CONTRAST)
    joins = words.near(at, _LAST, Role.NOT_BUT) | words.near(at, _BEFORE_BUT, Role.ONLY)
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
    return np.union1d(words.of(Role.TOPIC_VERB), linked)


def _negations(words: Words) -> np.ndarray:
    """Return the words that negate: not in "not only"; "refuse to", "deny doing", "deny that", "far from doing" do."""
    plain, refusals, denials = words.of(Role.NEGATOR), words.of(Role.REFUSAL), words.of(Role.DENIAL)
    far, that = words.of(Role.FAR), words.of(Role.THAT)
    negations = [
        plain[~words.near(plain, _NEXT, Role.NOT_NEGATING)],
        refusals[words.near(refusals, _SOON, Role.TO)],
        denials[words.near(denials, _NEXT, Role.ING)],
        far[words.near(far, _NEXT, Role.FROM) & words.near(far, _SECOND, Role.ING)],
        that[words.near(that, _LAST, Role.DENIAL)],
    ]
    return np.unique(np.concatenate(negations))


def _roles_of(words: list[str]) -> np.ndarray:
    roles = [_ROLES_OF.get(word, 0) | (Role.ING.value if word.endswith("ing") else 0) for word in words]
    return np.array(roles, np.int32)


_ROLES_OF: dict[str, int] = {}
for _role, _group in ROLES.items():
    for _word in _group:
        _ROLES_OF[_word] = _ROLES_OF.get(_word, 0) | _role.value

_ROLES = WordTable(_roles_of)
_OPENED = WordTable(lambda words: np.array([OPENERS.get(word, MAIN) for word in words], float))
