"""What a cue means depends on where it stands: clauses, contrast, condition, appeal, topic and negation.

Light, deterministic rules over tokens; each constant says how much of a cue's evidence is left in such a place.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipeline.weak.scope_words import (
    APPEAL_LINKS,
    APPEAL_VERBS,
    BEFORE_NOUNS,
    BREAKS,
    CONTRASTS,
    DENIALS,
    NEGATING,
    NEGATORS,
    NOT_BUT,
    NOT_NEGATING,
    TOPIC_LINKS,
    TOPIC_NOUNS,
    TOPIC_VERBS,
)
from pipeline.weak.words import words

MAIN = 1.0
SAID_THAT = 1.0  # what somebody says is reported; reported is as good as voiced
RELATIVE = 0.7  # "who", "which": beside the main point
TEMPORAL = 0.6  # "after", "when", "amid": the circumstance
AMID = 0.4  # "amid A": the background
ASIDE = 0.5  # in parentheses
PARALLEL = 0.6  # "..., while B ...": another party's part
CONCEDED = 0.25  # "although A", "despite A": A is not the main point
CONDITION = 0.15  # "if A", "whether A": A is not said to be so
BEFORE_BUT = 0.35  # "A, but B": A, where B has a cue
APPEAL = 0.15  # "urged them to A": nobody has done A
TOPIC = 0.3  # "talks on A", "discuss A"
MODAL = 0.75  # "may A", "could A"
OUGHT = 0.4  # "should A", "needs to A": wished for, not done
ATTEMPT = 0.6  # "a bid to A", "trying to A"
PAST = 0.6  # "once A", "used to A"
GOVERNED = 0.2  # a noun behind the verb that decides over it: "rejected the deal"
QUESTION = 0.2  # "Does A ...?"
NOMINAL = 0.95  # "its rejection of", "the offer"
LATER = 0.5  # what a full cue takes from each cue behind it: the main point tends to come first

_OPENERS = {
    **dict.fromkeys(["that"], SAID_THAT),
    **dict.fromkeys(["which", "who", "whose", "whom", "where"], RELATIVE),
    **dict.fromkeys(words("after when since following before until because as"), TEMPORAL),
    **dict.fromkeys(["although", "though", "despite", "notwithstanding", "whereas", "albeit"], CONCEDED),
    **dict.fromkeys(["if", "unless", "whether"], CONDITION),
    **dict.fromkeys(["amid", "amidst"], AMID),
    "(": ASIDE,
}
_HEDGES = {
    **dict.fromkeys(["may", "might", "could", "possibly", "perhaps", "reportedly"], MODAL),
    **dict.fromkeys(["should", "ought", "need", "needs"], OUGHT),
    **dict.fromkeys(["bid", "attempt", "attempts", "effort", "efforts", "try", "tries", "tried", "trying"], ATTEMPT),
    **dict.fromkeys(["seek", "seeks", "seeking", "sought", "order", "aim", "aims", "aimed", "hoping"], ATTEMPT),
    **dict.fromkeys(["once", "formerly", "previously", "used"], PAST),
}

_HEDGING = frozenset(_HEDGES)
_NEGATION_REACH = 5
_TOPIC_REACH = 7

_TOPICS = TOPIC_NOUNS | TOPIC_VERBS
_MARKS = frozenset(_OPENERS) | BREAKS | CONTRASTS | {"while"} | APPEAL_VERBS | _TOPICS | NEGATING
"""Only at these words can the scope of what stands behind change."""


@dataclass(slots=True)
class Scope:
    """The clauses of a sentence.

    `negations` are the positions of the words that negate what follows; `contrast` is the position of the last "but"
    (-1 if none); `question` whether the sentence asks. From the position `starts[k]` on, `stretches[k]` holds: the
    number of the segment (a stretch without a clause boundary), the weight of its clause, the weight of an appeal or
    topic in it, and the last position to which that reaches.
    """

    tokens: list[str]
    starts: list[int]
    stretches: list[tuple[int, float, float, int]]
    negations: list[int]
    contrast: int
    question: bool

    @property
    def segment(self) -> list[int]:
        """For each token the number of its segment."""
        return [self.at(position)[0] for position in range(len(self.tokens))]

    @property
    def weight(self) -> list[float]:
        """For each token the evidence left there."""
        return [self.at(position)[1] for position in range(len(self.tokens))]

    def at(self, position: int) -> tuple[int, float]:
        """Return the segment of the token at `position` and the evidence left there."""
        segment, weight, region, last = self.stretches[bisect_right(self.starts, position) - 1]
        return segment, (min(weight, region) if position <= last else weight)

    def negated(self, position: int) -> bool:
        """Say whether an odd number of negations reaches the token at `position` from before it in its segment."""
        first, end = (bisect_left(self.negations, k) for k in (position - _NEGATION_REACH, position))
        if first == end:
            return False
        segment = self.at(position)[0]
        return sum(self.at(k)[0] == segment for k in self.negations[first:end]) % 2 == 1

    def nominal(self, position: int) -> bool:
        """Say whether the token at `position` reads as a noun or a gerund: the word before it calls for one."""
        return position > 0 and self.tokens[position - 1] in BEFORE_NOUNS

    def hedge(self, position: int) -> float:
        """Return what modal verbs, attempts and words of the past close before the token leave of its evidence."""
        before = self.tokens[max(0, position - 4) : position]
        return 1.0 if _HEDGING.isdisjoint(before) else min(_HEDGES.get(token, 1.0) for token in before)


def read_scope(tokens: list[str]) -> Scope:
    """Read the clauses of a tokenised sentence, from left to right, in one pass."""
    starts, stretches = [0], [(0, MAIN, MAIN, -1)]
    negations: list[int] = []
    segment, weight, region, last, contrast = 0, MAIN, MAIN, -1, -1
    for i in [i for i, token in enumerate(tokens) if token in _MARKS]:
        token, start = tokens[i], i
        if (token in NEGATING and _negates(tokens, i)) or (token == "that" and i and tokens[i - 1] in DENIALS):
            negations.append(i)
        if token in _OPENERS:
            segment += 1
            weight = _opened(tokens, i)
        elif token in BREAKS:
            segment += 1
            weight, last = MAIN, -1
        elif token in CONTRASTS and i and tokens[i - 1] not in NOT_BUT and "only" not in tokens[max(0, i - 9) : i]:
            segment += 1
            weight, last, contrast = MAIN, -1, i
        elif token == "while":
            segment += 1
            weight = _while(tokens, i)
        elif token in APPEAL_VERBS and _asks_another(tokens, i):
            starts.append(i)  # the verb itself is no part of what it asks for, nor of a topic
            stretches.append((segment, weight, MAIN, -1))
            region, last, start = APPEAL, len(tokens), i + 1
        elif token in _TOPICS and i > last and _names_topic(tokens, i):
            region, last = TOPIC, i + _TOPIC_REACH
        else:
            continue
        starts.append(start)
        stretches.append((segment, weight, region, last))
    return Scope(tokens, starts, stretches, negations, contrast, "?" in tokens[-2:])


def _negates(tokens: list[str], i: int) -> bool:
    """Say whether the word at `i` negates: not in "not only"; "refuse to", "deny doing" and "far from doing" do."""
    behind = [*tokens[i + 1 : i + 3], "", ""]
    if tokens[i] in NEGATORS:
        return behind[0] not in NOT_NEGATING
    if tokens[i] == "far":
        return behind[0] == "from" and behind[1].endswith("ing")
    return "to" in behind[:2] or (tokens[i] in DENIALS and behind[0].endswith("ing"))


def _while(tokens: list[str], i: int) -> float:
    """Return the weight of the clause behind "while": at the same time, although, or another party's part."""
    if tokens[i + 1 : i + 2] and tokens[i + 1].endswith("ing"):
        return TEMPORAL
    return CONCEDED if i < 2 else PARALLEL


def _names_topic(tokens: list[str], i: int) -> bool:
    if tokens[i] in TOPIC_VERBS:
        return True
    return tokens[i] in TOPIC_NOUNS and not TOPIC_LINKS.isdisjoint(tokens[i + 1 : i + 2])


def _asks_another(tokens: list[str], i: int) -> bool:
    """Say whether the verb of asking at `i` is followed by what another is to do; "want to" speaks of oneself."""
    if tokens[i].startswith("want") and tokens[i + 1 : i + 2] == ["to"]:
        return False
    if tokens[i].startswith("call") and tokens[i + 1 : i + 2] not in (["on"], ["upon"], ["for"]):
        return False
    return not APPEAL_LINKS.isdisjoint(tokens[i + 1 : i + 8])


def _opened(tokens: list[str], i: int) -> float:
    """Return the weight of the clause that the word at `i` opens; "as" and "since" open one only in some places."""
    token = tokens[i]
    if token == "as" and (tokens[i - 1] in ("such", "well", "same", "much", "far", "known") or _as_role(tokens, i)):
        return MAIN
    return _OPENERS[token]


def _as_role(tokens: list[str], i: int) -> bool:
    """Say whether "as" names a role or compares ("as president", "as a threat", "as good as"), opening no clause."""
    follows = tokens[i + 1 : i + 2]
    return bool(follows) and follows[0] in ("a", "an", "well", "much", "many", "part", "president", "soon", "long")
