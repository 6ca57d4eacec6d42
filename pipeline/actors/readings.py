"""What the verbs of a sentence say: who does it, whom it concerns, and who speaks."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.actors.ends import COPULAS, subject, target
from pipeline.actors.parties import ROLES
from pipeline.actors.sentence import PREPOSITIONS, Sentence, held_in, listed, two_sides
from pipeline.actors.word_classes import ACTS, CUSTODY, NOUNS, PRESS, RECEIVE, RECEIVED, SAY, TOGETHER, VICTIMS, WISH
from pipeline.weak.cues.language import words


def said_clause(s: Sentence, v: int) -> tuple[int, int] | None:
    """Return the subject and the verb of the clause that a verb of saying introduces."""
    opens = s.skip(v + 1)
    if s.kinds[opens] == "NP" and (s.head(opens) in PRESS or _is_told(s, v, opens)):
        opens = s.skip(s.with_of(opens))
    while s.kinds[opens] in PREPOSITIONS and s.kinds[opens + 1] == "NP":
        opens = s.skip(opens + 2)
    if s.kinds[opens] == "Q":
        opens = s.skip(opens + 1)
    if s.kinds[opens] not in ("NP", "U"):
        return None
    verb = opens + 1
    while s.kinds[verb] not in _STOPS and s.kinds[verb] != "VG":
        if s.kinds[verb] == "J" and s.kinds[verb + 1] not in ("NP", "U"):
            return None
        verb += 1
    return (opens, verb) if s.kinds[verb] == "VG" and not s.reduced(verb) else None


_STOPS = frozenset(",;WKQ.:")


def _is_told(s: Sentence, v: int, i: int) -> bool:
    """Return whether a phrase is who hears what is told, and takes no part in it: "told the court that"."""
    return s.lemma(v) in _TELLING and s.head(i) in _HEARERS and s.kinds[s.skip(s.with_of(i))] == "Q"


_HEARERS = words(
    "court jury judge crowd rally parliament lawmakers deputies committee panel inquiry hearing assembly congress "
    "senate council meeting"
)


def attribution(s: Sentence, verb: int) -> int | None:
    """Return who speaks in "..., X said", "..., said X" or "X said: ..."; `verb` is that of what is said, -1: any."""
    found = attributing(s, verb)
    return None if found is None else found[1]


def attributing(s: Sentence, verb: int) -> tuple[int, int] | None:
    """Return the verb of saying that attributes what the sentence says, and its subject."""
    for v in reversed(s.verbs):
        if v == verb or s.lemma(v) not in _TELLING:
            continue
        after = s.skip(v + 1)
        inverted = v and s.kinds[v - 1] in ",?!" and s.kinds[after] in ("NP", "U") and s.lemma(v) not in _DISPUTING
        if inverted and s.what(after) == "party":
            return v, after
        sources, _ = subject(s, v)
        if not sources:
            continue
        separated = sources[0] > 0 and s.kinds[sources[0] - 1] in ",)-?!"
        quoted = s.lemma(v) == "quote" and s.passive(v)  # ", X was quoted as saying"
        if separated and v > verb and (quoted or s.kinds[after] in ",.-?!:" or _tells_somebody(s, v, after)):
            return v, sources[0]
        if sources[0] == 0 and (verb < 0 or v < verb) and s.kinds[v + 1] in ",:":
            return v, sources[0]
    return None


def _tells_somebody(s: Sentence, v: int, after: int) -> bool:
    """Return whether a sentence ends in "... told somebody in Lima"."""
    if s.lemma(v) not in ("tell", "inform") or s.kinds[after] not in ("NP", "U"):
        return False
    after = s.skip(s.with_of(after))
    while s.kinds[after] in PREPOSITIONS and s.kinds[after + 1] == "NP":
        after = s.skip(after + 2)
    return s.kinds[after] in ",."


_TELLING = SAY | {"inform", "quote"}
_DISPUTING = words("deny claim confirm acknowledge admit show reveal explain")  # take an object


Cue = tuple[int, float]
"""Where a cue of the sentence's stance stands (position of its first token), and its strength."""

_US = frozenset(["i", "we", "you"])
_SAY_OR_WISH = SAY | WISH
_OBLIGED = words("must should ought needs need")
_FROM = words("expel deport evict oust banish bar ban exile suspend dismiss")


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
    reported = {inner[1] for v in s.verbs if s.lemma(v) in _SAY_OR_WISH and (inner := said_clause(s, v))}
    verbs = [v for v in s.verbs if v not in reported]
    if len(verbs) > 1 and (attributed := attributing(s, -1)) is not None:
        said, speaker = attributed
        if said in verbs and (said != verbs[0] or (min(said, speaker) > 0 and s.kinds[min(said, speaker) - 1] == ",")):
            verbs.remove(said)
    if len(verbs) > 1 and _is_cleft(s):
        verbs.remove(1)
    best: Reading | None = None
    highest = -1.0
    for order, v in enumerate(sorted(verbs, key=s.subordinate)):
        less = _LATER * order + (1.0 if s.subordinate(v) else 0.0)
        more = _beside(s, v, verbs, cues) if cues else 0.0
        if best is not None and _HIGHEST - less + more <= highest:
            continue  # it cannot say more
        reading = read_verb(s, v)
        if (grade := _grade(s, reading) - less + more) > highest or best is None:
            best, highest = reading, grade
    return best


def _is_cleft(s: Sentence) -> bool:
    """Return whether a sentence begins as "It was Peru that"."""
    return s.kinds[:3] == ["U", "VG", "NP"] and s.text[:3] == "It " and s.kinds[3] in "QW," and s.letters(1)[-1] in "XY"


def _grade(s: Sentence, reading: Reading) -> float:
    """Return how much a reading says, at most _HIGHEST."""
    grade = _GRADES.get(reading.rules[1], 2.5) if reading.targets else 0.0
    if not reading.targets and len(reading.sources) > 1 and s.lemma(reading.verb) in TOGETHER:
        grade = 2.0  # "Peru and Chile reached an agreement"
    if reading.targets and s.kinds[reading.targets[0]] == "U":
        grade -= 1.0
    elif not reading.targets and reading.sources and two_sides(s, reading.sources[0]):
        grade += 3.0
    if reading.targets and two_sides(s, reading.targets[0]):
        grade -= 1.5
    if reading.sources:
        grade += 0.9 if s.kinds[reading.sources[0]] == "U" else 2.0
    return grade


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
_HIGHEST = 5.0  # of a verb with both ends
_LATER = 0.4


def _read_passive(s: Sentence, v: int, subjects: list[int]) -> Reading:
    """Return what a passive verb says of its subjects."""
    agent = by_agent(s, v)
    if not agent and s.lemma(v) in _RECEIVED_WITH and (giver := _giver(s, v)) is not None:
        return Reading(v, listed(s, giver), subjects, ("received", "passive"))
    if subjects and s.what(subjects[0]) in ("act", "proposal"):  # "sanctions were imposed on"
        targets, how = target(s, v)
        if targets and targets != agent and how.startswith("behind") and not (agent and how == "behind from"):
            return Reading(v, agent, targets, ("passive", how))
        if agent and (concerned := _concerned_by(s, subjects[0])) is not None:
            return Reading(v, agent, listed(s, concerned), ("", "passive"))
    if not agent and s.lemma(v) in _FROM and (out_of := _left_state(s, v)) is not None:
        agent = [out_of]
    if not agent and (they := _who_did(s, v)) is not None:
        agent = they
    if not agent and s.lemma(v) in _HELD and (inside := held_in(s, v)) is not None:
        return Reading(v, [inside], subjects, ("where", "passive"))
    return Reading(v, agent, subjects, ("", "passive"))


def read_verb(s: Sentence, v: int, depth: int = 0) -> Reading:
    """Return what one verb says; what somebody says another does is read in what is said."""
    sources, rule = subject(s, v)
    if s.passive(v):
        return _read_passive(s, v, sources)
    if s.lemma(v) in _SAY_OR_WISH and depth < 2 and (inner := said_clause(s, v)) is not None:
        opens, verb = inner
        if s.kinds[opens] != "U" and not _own_side(s, opens, v):
            if s.opening(verb) in _OBLIGED or (s.lemma(v) in WISH and s.what(opens) in ("party", "place")):
                return Reading(verb, sources, listed(s, opens, subjects=True), (rule, "demand"))
            reading = read_verb(s, verb, depth + 1)
            if _is_evaluated(s, opens, verb, reading) and sources:
                return Reading(verb, sources, listed(s, opens, subjects=True), (rule, "judged"))
            return reading._replace(speaker=sources[0] if sources else None, rules=(reading.rules[0], reading.rules[1]))
        reading = read_verb(s, verb, depth + 1)
        own = reading.sources == [opens] and s.head(opens) not in _US
        if own:
            speaker = sources[0] if sources else None
            return reading._replace(
                verb=v, sources=sources, rules=("said of itself", reading.rules[1]), speaker=speaker
            )
        if reading.targets == [opens] and sources and reading.rules[1] == "passive":  # "said it was misled by"
            return reading._replace(targets=sources, speaker=sources[0])
        if s.head(opens) in _US:
            return reading._replace(speaker=sources[0] if sources and s.kinds[sources[0]] != "U" else None)
    if s.lemma(v) in WISH and s.kinds[v + 1] == "Q" and s.what(v + 2) in ("party", "theirs"):
        return Reading(v, sources, [v + 2], (rule, "demand"))  # "demanded that Peru hand over"
    if s.lemma(v) in _COMPLAIN and (inner := said_clause(s, v)) is not None and s.kinds[inner[0]] == "NP":
        doer = by_agent(s, inner[1]) if s.passive(inner[1]) else []
        return Reading(v, sources, doer or listed(s, inner[0], subjects=True), (rule, "judged"))
    if s.lemma(v) == "quote" and depth < 2 and (quoted := _quoted_as(s, v)) is not None:
        person, verb = quoted
        return read_verb(s, verb, depth + 1)._replace(speaker=person)
    if (giver := _giver(s, v)) is not None:
        return Reading(v, listed(s, giver), sources, ("received", "object"))
    if (later := _later_passive(s, v)) is not None:
        return Reading(v, by_agent(s, later), sources, ("", "passive"))
    targets, how = target(s, v)
    if how in ("behind to", "behind for") and s.head(targets[0]) in _SERVING:
        i = s.with_of(targets[0])  # Haiti of "to the peacekeeping force in Haiti"
        if s.kinds[i] == "i" and s.kinds[i + 1] == "NP" and s.letters(i + 1)[-1] == "C":
            targets = [i + 1]
    if how == "behind with" and s.kinds[i := s.with_of(targets[0])] == "g" and s.head(targets[0] - 2) in _COMPLAINTS:
        return Reading(v, sources, listed(s, i + 1) if s.what(i + 1) else targets, (rule, "behind against"))
    if (not targets or (_is_cleft(s) and s.kinds[v + 1] != "NP")) and (before := _named_before(s, v)) is not None:
        return Reading(v, sources, listed(s, before), (rule, "before"))
    return Reading(v, sources, targets, (rule, how))


_HELD = CUSTODY - words("order summon deport extradite") | words("jail imprison sentence torture execute hang behead")
_RECEIVED_WITH = words("meet greet receive")
_SERVING = words(NOUNS["serving"])
_COMPLAINTS = words("complaint protest charge charges suit lawsuit petition case appeal motion")
_COMPLAIN = words("complain lament protest object")


def _who_did(s: Sentence, v: int) -> list[int] | None:
    """Return who does to a pronoun what a passive says: Peru of "was freed after Peru pardoned him"."""
    for w in range(v + 1, s.size):
        if s.kinds[w] in ";:.":
            return None
        if s.kinds[w] == "VG" and not s.reduced(w):
            found, _ = subject(s, w)
            after = s.kinds[w + 1] in ("NP", "U") and s.opening(w + 1) in _OBJECTS
            if after and found and s.kinds[found[0] - 1] == "K" and s.what(found[0]) == "party":
                return None if s.kinds[found[0]] == "U" else found
            return None
    return None


_OBJECTS = frozenset(["him", "them", "it", "his", "her", "their", "its"])


def _quoted_as(s: Sentence, v: int) -> tuple[int, int] | None:
    """Return who is quoted, and the verb of what he is quoted "as saying"."""
    i = s.skip(v + 1)
    if s.kinds[i] != "NP":
        return None
    saying = s.with_of(i) + 1
    if s.kinds[saying - 1] != "K" or s.kinds[saying] != "GE" or s.lemma(saying) not in SAY:
        return None
    inner = said_clause(s, saying)
    return None if inner is None else (i, inner[1])


def _named_before(s: Sentence, v: int) -> int | None:
    """Return the party before a clause that its verb concerns: "Mali, which Peru accused", "To Mali, Peru sent"."""
    i = v - 1
    if s.kinds[i] in ("NP", "U") and i > 1 and s.kinds[i - 1] in "WQ" and s.opening(i - 1) in _RELATIVES:
        i -= 2 + (s.kinds[i - 2] == ",")
        return i if i >= 0 and s.kinds[i] == "NP" and s.what(i) in ("party", "place", "theirs") else None
    if s.kinds[0] in ("t", "g") and s.kinds[1] == "NP" and s.what(1) in ("party", "place", "theirs"):
        behind = s.with_of(1)
        behind += s.kinds[behind] == ","
        return 1 if behind == i and s.kinds[i] == "NP" else None
    return None


_RELATIVES = frozenset(["which", "whom", "that"])


def _left_state(s: Sentence, v: int) -> int | None:
    """Return the state or organisation out of which somebody is put: Peru of "were expelled from Peru"."""
    i = s.skip(v + 1)
    return i + 1 if s.kinds[i] == "m" and s.kinds[i + 1] == "NP" and s.what(i + 1) == "party" else None


def _concerned_by(s: Sentence, i: int) -> int | None:
    """Return the party on which an act bears: Mali of "sanctions against Mali"."""
    behind = s.with_of(i)
    named = (
        s.kinds[behind] in "ngtw" and s.kinds[behind + 1] == "NP" and s.what(behind + 1) in ("party", "place", "theirs")
    )
    return behind + 1 if named else None


def _own_side(s: Sentence, i: int, v: int) -> bool:
    """Return whether a phrase is the speaker's own side: "said its government would", "announced the state would"."""
    role = ROLES.get(s.head(i))
    ours = s.what(i) == "own" or (s.lemma(v) == "announce" and s.kinds[i + 1] == "VG" and s.letters(i) in _BARE)
    return ours and role is not None and role.kind in ("state", "organisation")


_BARE = frozenset(["DN", "DA"])


def by_agent(s: Sentence, v: int) -> list[int]:
    """Return who does what a passive verb says, behind "by"; [] where nobody is named."""
    for i in range(v + 1, min(v + 7, s.size)):
        if s.kinds[i] == "b" and s.kinds[i + 1] == "NP":
            further = s.kinds[i + 2] == "VG" and s.kinds[i + 3] == "b" and s.kinds[i + 4] == "NP" and s.reduced(i + 2)
            return listed(s, i + 4 if further and s.what(i + 1) != "party" else i + 1)  # "by rockets fired by"
        if s.kinds[i] in ",;KWQ" or (s.kinds[i] == "VG" and not (s.kinds[i - 1] == "J" and s.passive(i))):
            break
    return []


def _is_evaluated(s: Sentence, opens: int, verb: int, reading: Reading) -> bool:
    """Return whether a speaker says how another party, or its act, is: "said the raid by Peru was a crime"."""
    if s.what(opens) in ("proposal", "act") and not s.passive(verb):
        return True  # "said the plan would ruin them"
    copula = s.letters(verb).rstrip("RZ")[-1:] in ("X", "Y")
    return copula and not reading.targets and s.what(opens) in ("party", "theirs", "proposal", "act")


def _giver(s: Sentence, v: int) -> int | None:
    """Return from whom a subject has what it gets: "drew praise from", "has the support of"."""
    i = s.skip(v + 1)
    is_one = s.letters(v)[-1] in "XY" or s.lemma(v) in COPULAS
    if is_one and s.kinds[i] == "NP" and s.head(i) in VICTIMS:  # "is a target of"
        named = s.kinds[i + 1] == "o" and s.what(i + 2) in ("party", "theirs", "act", "proposal")
        return i + 2 if named and s.owned(i + 2) else None
    under = s.letters(v)[-1] in "XY" and s.kinds[i] == "p" and s.opening(i) == "under"
    if not under and s.lemma(v) not in RECEIVE:
        return None
    i = s.skip(i + (s.kinds[i] in ("w", "p", "l")))  # "met with opposition", "came under fire"
    while s.kinds[i] == "NP" and s.kinds[i + 1] == "J" and s.kinds[i + 2] == "NP":
        i += 2
    if s.kinds[i] != "NP" or not (s.head(i) in RECEIVED or (s.head(i) in ACTS and s.kinds[i + 1] == "m")):
        return None
    for _ in range(3):
        i = s.skip(i + 1)
        if s.kinds[i] in "mob" and s.kinds[i + 1] == "NP" and s.what(i + 1) in ("party", "theirs"):
            return i + 1
        if s.kinds[i] not in PREPOSITIONS:
            return None
        i += 1
    return None


def _later_passive(s: Sentence, v: int) -> int | None:
    """Return the passive infinitive that a verb leads to, where it names who acts: "is said to have been made by"."""
    i = s.skip(v + 1)
    return i if s.kinds[i] == "IN" and s.passive(i) and by_agent(s, i) else None
