"""What the verbs of a sentence say: who does it, whom it concerns, and who speaks."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.actors.ends import by_agent, listed, subject, target
from pipeline.actors.sentence import PREPOSITIONS, RECEIVED, Sentence
from pipeline.actors.word_classes import CONTACT, LIGHT, MUTUAL, RECEIVE, SAY
from pipeline.text.quotes import quotations
from pipeline.weak.cues.language import verb_forms, words


def said_clause(s: Sentence, v: int) -> tuple[int, int] | None:
    """Return the subject and the verb of the clause that a verb of saying introduces."""
    opens = s.skip(v + 1)
    while s.kinds[opens] in PREPOSITIONS and s.kinds[opens + 1] == "NP":
        opens = s.skip(opens + 2)
    if s.kinds[opens] == "Q":
        opens = s.skip(opens + 1)
    if s.kinds[opens] not in ("NP", "U"):
        return None
    verb = opens + 1
    while s.kinds[verb] not in _STOPS and s.kinds[verb] != "VG":
        verb += 1
    return (opens, verb) if s.kinds[verb] == "VG" and not s.reduced(verb) else None


_STOPS = frozenset(",;WKQ.:")


def is_quoted(text: str, at: int) -> bool:
    """Say whether the character at `at` stands in a quotation."""
    if '"' not in text and text.isascii():
        return False
    return any(start <= at < end for start, end in quotations(text))


def attribution(s: Sentence, verb: int) -> int | None:
    """Return who speaks in "..., X said", "..., said X" or "X said: ..."; `verb` is that of what is said, -1: any."""
    found = attributing(s, verb)
    return None if found is None else found[1]


def attributing(s: Sentence, verb: int) -> tuple[int, int] | None:
    """Return the verb of saying that attributes what the sentence says, and its subject."""
    for v in range(s.size - 1, -1, -1):
        if v == verb or s.kinds[v] != "VG" or s.lemma(v) not in SAY or s.reduced(v):
            continue
        after = s.skip(v + 1)
        inverted = v and s.kinds[v - 1] in ",?!" and s.kinds[after] in ("NP", "U") and s.lemma(v) not in _DISPUTING
        if inverted and s.what(after) == "party":
            return v, after
        sources, _ = subject(s, v)
        if not sources:
            continue
        separated = sources[0] > 0 and s.kinds[sources[0] - 1] in ",)-?!"
        if separated and v > verb and (s.kinds[after] in ",.-?!:" or _tells_somebody(s, v, after)):
            return v, sources[0]
        if sources[0] == 0 and (verb < 0 or v < verb) and s.kinds[v + 1] in ",:":
            return v, sources[0]
    return None


def _tells_somebody(s: Sentence, v: int, after: int) -> bool:
    """Say whether a sentence ends in "... told somebody"."""
    return s.lemma(v) == "tell" and s.kinds[after] in ("NP", "U") and s.kinds[s.skip(s.with_of(after))] in ",."


_DISPUTING = words("deny claim confirm acknowledge admit show reveal explain")  # take an object


def according(s: Sentence) -> int | None:
    """Return who is named in "according to X"."""
    if "according" not in s.text and "According" not in s.text:
        return None
    for i in range(s.size - 2):
        if s.kinds[i] == "R" and s.head(i) == "according" and s.kinds[i + 1] == "t" and s.kinds[i + 2] == "NP":
            return i + 2
    return None


Cue = tuple[int, float]
"""Where a cue of the sentence's stance stands (position of its first token), and its strength."""

_OBLIGED = words("must should ought needs need")
_FEELINGS = words(
    "concern concerns worry worries condolence condolences sympathy sympathies hope hopes statement message letter "
    "appeal appeals request requests call calls talks invitation surprise optimism pessimism alarm respects visit trip "
    "meeting summit briefing note"
)

TURNING = frozenset().union(*(verb_forms(verb) for verb in CONTACT | MUTUAL)) | _FEELINGS
"""A neutral sentence without one of these words turns to nobody."""


class Reading(NamedTuple):
    """What one verb of a sentence says: its chunks, the ends as chunks, rules, the chunk of a speaker."""

    verb: int
    sources: list[int]
    targets: list[int]
    rules: tuple[str, str]
    speaker: int | None = None

    @property
    def rule(self) -> str:
        """Return the rules in words."""
        return ", ".join(filter(None, self.rules))


def best_reading(s: Sentence, cues: Sequence[Cue]) -> Reading | None:
    """Return the reading of the verb that says most: with both ends, in a main clause, early, beside the cues."""
    verbs = [v for v in range(s.size) if s.kinds[v] == "VG" and not s.reduced(v)]
    reported = {inner[1] for v in verbs if s.lemma(v) in SAY and (inner := said_clause(s, v))}
    verbs = [v for v in verbs if v not in reported]
    if len(verbs) > 1 and (attributed := attributing(s, -1)) is not None and attributed[0] != verbs[0]:
        verbs.remove(attributed[0])
    found: list[tuple[float, int, Reading]] = []
    for order, v in enumerate(sorted(verbs, key=s.subordinate)):
        if found and -min(found)[0] >= _HIGHEST + (_CUE_WEIGHT if cues else 0.0) - _LATER * order:
            break  # none of the rest can say more
        reading = read_verb(s, v)
        grade = _GRADES.get(reading.rules[1], 2.5) if reading.targets else 0.0
        if reading.sources:
            grade += 0.9 if s.kinds[reading.sources[0]] == "U" else 2.0
        grade -= _LATER * order + (1.0 if s.subordinate(v) else 0.0)
        if cues:
            grade += _beside(s, v, verbs, cues)
        found.append((-grade, order, reading))
    return min(found)[2] if found else None


_GRADES = {
    "object": 3.0,
    "theirs": 2.5,
    "proposal": 3.0,
    "owner": 3.0,
    "pronoun object": 2.0,
    "place": 2.0,
    "passive": 2.0,
}


def _beside(s: Sentence, v: int, verbs: list[int], cues: Sequence[Cue]) -> float:
    """Return what the cues in the stretch of a verb, up to the next verb, say for it."""
    start = s.bounds[v] if v != verbs[0] else 0
    end = next((s.bounds[w] for w in verbs if w > v), len(s.tags))
    return _CUE_WEIGHT * max((strength for at, strength in cues if start <= at < end), default=0.0)


_CUE_WEIGHT = 1.0
_HIGHEST = 5.0  # grade of a verb with both ends
_LATER = 0.4


def read_verb(s: Sentence, v: int, depth: int = 0) -> Reading:
    """Return what one verb says; what somebody says another does is read in what is said."""
    sources, rule = subject(s, v)
    if s.passive(v):
        agent = by_agent(s, v)
        if sources and s.what(sources[0]) in ("act", "proposal"):  # "sanctions were imposed on"
            targets, how = target(s, v)
            if targets and targets != agent and how.startswith("behind"):
                return Reading(v, agent, targets, ("passive", how))
        return Reading(v, agent, sources, ("", "passive"))
    if s.lemma(v) in SAY and depth < 2 and (inner := said_clause(s, v)) is not None:
        opens, verb = inner
        if s.kinds[opens] != "U":
            if s.opening(verb) in _OBLIGED:
                return Reading(verb, sources, listed(s, opens), (rule, "demand"))
            reading = read_verb(s, verb, depth + 1)
            if _is_evaluated(s, opens, verb, reading) and sources:
                return Reading(verb, sources, listed(s, opens), (rule, "judged"))
            return reading._replace(speaker=sources[0] if sources else None, rules=(reading.rules[0], reading.rules[1]))
        reading = read_verb(s, verb, depth + 1)
        own = reading.sources == [opens] and s.head(opens) not in ("i", "we", "you")
        if own:
            speaker = sources[0] if sources else None
            return reading._replace(
                verb=v, sources=sources, rules=("said of itself", reading.rules[1]), speaker=speaker
            )
    if (giver := _giver(s, v)) is not None:
        return Reading(v, listed(s, giver), sources, ("received", "object"))
    if (later := _later_passive(s, v)) is not None:
        return Reading(v, by_agent(s, later), sources, ("", "passive"))
    targets, how = target(s, v)
    return Reading(v, sources, targets, (rule, how))


def _is_evaluated(s: Sentence, opens: int, verb: int, reading: Reading) -> bool:
    """Say whether a speaker says how another party, or its act, is: "said the raid by Peru was a crime"."""
    copula = s.letters(verb).rstrip("RZ")[-1:] in ("X", "Y")
    return copula and not reading.targets and s.what(opens) in ("party", "theirs", "proposal", "act")


def _giver(s: Sentence, v: int) -> int | None:
    """Return from whom a subject has what it gets: "drew praise from", "has the support of"."""
    if s.lemma(v) not in RECEIVE:
        return None
    i = s.skip(v + 1)
    if s.kinds[i] != "NP" or s.head(i) not in RECEIVED:
        return None
    for _ in range(3):
        i = s.skip(i + 1)
        if s.kinds[i] in "mo" and s.kinds[i + 1] == "NP" and s.what(i + 1) in ("party", "theirs"):
            return i + 1
        if s.kinds[i] not in PREPOSITIONS:
            return None
        i += 1
    return None


def _later_passive(s: Sentence, v: int) -> int | None:
    """Return the passive infinitive that a verb leads to, where it names who acts: "is said to have been made by"."""
    i = s.skip(v + 1)
    return i if s.kinds[i] == "IN" and s.passive(i) and by_agent(s, i) else None


def turns_to(s: Sentence, reading: Reading) -> bool:
    """Say whether a sentence without a stance tells of one party that turns to another."""
    if not reading.sources or not reading.targets or reading.rules[1] in ("place", "owner", "a clause"):
        return False
    if s.what(reading.targets[0]) != "party":
        return False
    lemma, letters = s.lemma(reading.verb), s.letters(reading.verb)
    if "Z" in letters or s.passive(reading.verb):
        return False
    if lemma in LIGHT:
        between = s.kinds[reading.verb + 1 : reading.targets[0]]
        heads = [s.head(reading.verb + 1 + k) for k, kind in enumerate(between) if kind == "NP"]
        return bool(_FEELINGS.intersection(heads))
    return lemma in CONTACT or lemma in MUTUAL
