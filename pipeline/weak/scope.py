"""What a cue means depends on where it stands: clauses, contrast, condition, appeal, topic and negation.

Light, deterministic rules over tokens; each constant says how much of a cue's evidence is left in such a place.
"""

from dataclasses import dataclass

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
_BREAKS = frozenset([",", ";", ":", ".", "!", "?", ")", "--", "-", "..."])
_BUT = frozenset(["but", "however", "yet", "nevertheless", "nonetheless"])
_NOT_BUT = frozenset(["nothing", "anything", "all", "none", "everything", "no", "choice", "cannot", "help"])

_APPEAL_VERBS = words(
    "urge urges urged urging ask asks asked asking request requests requested requesting implore implored appeal "
    "appeals appealed appealing want wants wanted encourage encouraged encourages encouraging advise advised exhort "
    "exhorted press pressed pressing pressuring plead pleaded beg begged call calls called calling recommend "
    "recommended recommends recommending suggest suggested suggests suggesting"
)
_APPEAL_LINKS = frozenset(["to", "for", "on", "upon", "that"])
_TOPIC_NOUNS = words(
    "talks discussions negotiations meeting meetings summit debate conference consultations session referendum vote "
    "hearing question questions issue issues story report reports article book speech decision options ways"
)
_TOPIC_LINKS = frozenset(["on", "about", "over", "regarding", "concerning", "aimed", "of", "for", "to"])
_TOPIC_VERBS = words(
    "discuss discusses discussed discussing debate debates debated debating consider considers considering "
    "considered examine examines examined examining weigh weighs weighed weighing mull mulls mulling mulled"
)
_NEGATORS = words("not 't no never nor neither cannot without hardly scarcely barely nobody none n't")
_NOT_NEGATING = frozenset(["only", "just", "merely", "simply", "least", "doubt", "matter", "wonder", "surprise"])
_NEGATING_VERBS = words(
    "fail fails failed failing refuse refuses refused refusing decline declines declined declining unable unwilling "
    "reluctant unlikely deny denies denied denying lack lacks lacked lacking stopped stops"
)
_HEDGES = {
    **dict.fromkeys(["may", "might", "could", "possibly", "perhaps", "reportedly"], MODAL),
    **dict.fromkeys(["should", "ought", "need", "needs"], OUGHT),
    **dict.fromkeys(["bid", "attempt", "attempts", "effort", "efforts", "try", "tries", "tried", "trying"], ATTEMPT),
    **dict.fromkeys(["seek", "seeks", "seeking", "sought", "order", "aim", "aims", "aimed", "hoping"], ATTEMPT),
    **dict.fromkeys(["once", "formerly", "previously", "used"], PAST),
}

_BEFORE_NOUNS = words(
    "a an the this these those his her their its our my your 's of for in with against any some no on over by from "
    "such about under more new"
)

_NEGATION_REACH = 5
_TOPIC_REACH = 7


_NEGATING = _NEGATORS | _NEGATING_VERBS
_MOVES = frozenset(_OPENERS) | _BREAKS | _BUT | {"while"} | _APPEAL_VERBS | _TOPIC_NOUNS | _TOPIC_VERBS
"""Only at these words can the scope of what stands behind change."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For each token: `segment` number (a stretch without a clause boundary) and `weight`, the evidence left there.

    `negations` are the positions of the words that negate what follows; `contrast` is the position of the last "but"
    (-1 if none); `question` whether the sentence asks.
    """

    tokens: list[str]
    segment: list[int]
    weight: list[float]
    negations: list[int]
    contrast: int
    question: bool

    def negated(self, position: int) -> bool:
        """Say whether an odd number of negations reaches the token at `position` from before it in its segment."""
        segment = self.segment[position]
        before = [k for k in self.negations if position - _NEGATION_REACH <= k < position]
        return sum(self.segment[k] == segment for k in before) % 2 == 1

    def nominal(self, position: int) -> bool:
        """Say whether the token at `position` reads as a noun or a gerund: the word before it calls for one."""
        return position > 0 and self.tokens[position - 1] in _BEFORE_NOUNS

    def hedge(self, position: int) -> float:
        """Return what modal verbs, attempts and words of the past close before the token leave of its evidence."""
        left = 1.0
        for token in self.tokens[max(0, position - 4) : position]:
            if token in _HEDGES:
                left = min(left, _HEDGES[token])
        return left


def read_scope(tokens: list[str]) -> Scope:
    """Read the clauses of a tokenised sentence, from left to right, in one pass."""
    segment, weight = [], []
    negations = [i for i, token in enumerate(tokens) if token in _NEGATING and _negates(tokens, i)]
    number, left, region_end = 0, MAIN, -1
    region = MAIN
    contrast = -1
    for i, token in enumerate(tokens):
        if token not in _MOVES:
            pass
        elif token in _OPENERS:
            number += 1
            left = _opened(tokens, i)
        elif token in _BREAKS:
            number += 1
            left, region_end = MAIN, -1
        elif token in _BUT and i and tokens[i - 1] not in _NOT_BUT and "only" not in tokens[max(0, i - 9) : i]:
            number += 1
            left, region_end, contrast = MAIN, -1, i
        elif token == "while":
            number += 1
            left = _while(tokens, i)
        elif token in _APPEAL_VERBS and _asks_another(tokens, i):
            region, region_end = APPEAL, len(tokens)
            segment.append(number)
            weight.append(left)
            continue
        elif i > region_end and _names_topic(tokens, i):
            region, region_end = TOPIC, i + _TOPIC_REACH
        segment.append(number)
        weight.append(min(left, region) if i <= region_end else left)
    return Scope(tokens, segment, weight, negations, contrast, "?" in tokens[-2:])


def _negates(tokens: list[str], i: int) -> bool:
    """Say whether the word at `i` negates: "not", but not in "not only"; "refuse" only where "to" follows."""
    if tokens[i] in _NEGATORS:
        return _NOT_NEGATING.isdisjoint(tokens[i + 1 : i + 2])
    return "to" in tokens[i + 1 : i + 3]


def _while(tokens: list[str], i: int) -> float:
    """Return the weight of the clause behind "while": at the same time, although, or another party's part."""
    if tokens[i + 1 : i + 2] and tokens[i + 1].endswith("ing"):
        return TEMPORAL
    return CONCEDED if i < 2 else PARALLEL


def _names_topic(tokens: list[str], i: int) -> bool:
    if tokens[i] in _TOPIC_VERBS:
        return True
    return tokens[i] in _TOPIC_NOUNS and not _TOPIC_LINKS.isdisjoint(tokens[i + 1 : i + 2])


def _asks_another(tokens: list[str], i: int) -> bool:
    """Say whether the verb of asking at `i` is followed by what another is to do; "want to" speaks of oneself."""
    if tokens[i].startswith("want") and tokens[i + 1 : i + 2] == ["to"]:
        return False
    if tokens[i].startswith("call") and tokens[i + 1 : i + 2] not in (["on"], ["upon"], ["for"]):
        return False
    return not _APPEAL_LINKS.isdisjoint(tokens[i + 1 : i + 8])


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
