"""Who holds a sentence's stance towards whom, and in whose words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.actors.ends import by_agent, listed, subject, target
from pipeline.actors.naming import End, Naming, Unsettled
from pipeline.actors.parties import Parties, shipped_parties
from pipeline.actors.sentence import ACTS, PREPOSITIONS, RECEIVED, Sentence
from pipeline.actors.verbs import CONTACT, CONTROL, LIGHT, MUTUAL, RECEIVE, SAY, TOGETHER
from pipeline.base.stances import NEUTRAL
from pipeline.text.quotes import quotations
from pipeline.weak.cues.inflection import verb_forms, words

if TYPE_CHECKING:
    from pipeline.actors.context import Context

NARRATOR, ITSELF, UNKNOWN = "narrator", "source", "unknown"
"""Whose words they are: the writer's, the source's own, somebody's who is not named; else the name of the speaker."""

_END: dict[str, Any] = {"text": "", "start": 0, "end": 0, "code": "", "kind": "", "name": ""}
EXAMPLE: dict[str, Any] = {
    "source": _END,
    "target": _END,
    "symmetric": False,
    "voice": "",
    "rule": "",
    "why": "",
    "confidence": 0.0,
    "others": [{"source": _END, "target": _END}],
}
"""The form of every relation as a row has it; files with fixed types take them from here."""

Cue = tuple[int, float]
"""Where a cue of the sentence's stance stands (position of its first token), and its strength."""

_OBLIGED = words("must should ought needs need")
_FEELINGS = words(
    "concern concerns worry worries condolence condolences sympathy sympathies hope hopes statement message letter "
    "appeal appeals request requests call calls talks invitation surprise optimism pessimism alarm respects visit trip "
    "meeting summit briefing note"
)
_BOTH = words("sides countries nations governments parties neighbours neighbors ministers leaders states")


@dataclass(frozen=True)
class Relation:
    """Who holds the stance towards whom.

    `source` and `target` are None where nothing can be said, and `why` says in a few words why not. `symmetric`: each
    holds it towards the other. `voice`: NARRATOR, ITSELF, UNKNOWN or the speaker. `rule` is the pattern that found it,
    `confidence` in [0, 1] how often that pattern was right, and `others` further pairs that a list in the sentence
    names.
    """

    source: End | None
    target: End | None
    symmetric: bool = False
    voice: str = NARRATOR
    rule: str = ""
    why: str = ""
    confidence: float = 0.0
    others: tuple[tuple[End, End], ...] = ()

    def as_row(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "source": self.source and self.source._asdict(),
            "target": self.target and self.target._asdict(),
            "symmetric": self.symmetric,
            "voice": self.voice,
            "rule": self.rule,
            "why": self.why,
            "confidence": self.confidence,
            "others": [{"source": a._asdict(), "target": b._asdict()} for a, b in self.others],
        }

    def __str__(self) -> str:
        """Say it in one line: "Norway (NOR) -> the treaty, voice: narrator"."""
        if self.source is None and self.target is None:
            return f"nobody: {self.why}"
        ends = [str(end) if end else "?" for end in (self.source, self.target)]
        told = [f"voice: {self.voice}"] if self.voice != NARRATOR else []
        return ", ".join([f" {'<->' if self.symmetric else '->'} ".join(ends), *told, *filter(None, [self.why])])

    @property
    def pairs(self) -> list[tuple[End, End]]:
        """All pairs of source and target; none where one end is missing."""
        first = [(self.source, self.target)] if self.source and self.target else []
        return [*first, *self.others]


class _Reading(NamedTuple):
    """What one verb of a sentence says: its chunks, the ends as chunks, rules, the chunk of a speaker."""

    verb: int
    sources: list[int]
    targets: list[int]
    rules: tuple[str, str]
    speaker: int | None = None
    demand: bool = False

    @property
    def rule(self) -> str:
        return ", ".join(filter(None, self.rules))


def relate(
    text: str,
    stance: int,
    cues: Sequence[Cue] = (),
    *,
    parties: Parties | None = None,
    context: "Context | None" = None,
    day: date | None = None,
) -> Relation:
    """Return who holds the stance of a sentence towards whom.

    `stance`: its id; a neutral sentence has a relation only where one party turns to another (asks, meets, thanks).
    `cues`: where the cues of that stance stand. `context`: what the article says before; `day`: that of the article,
    for parties that hold an office for a time.
    """
    if stance == NEUTRAL and _TURNING.isdisjoint(text.split()):
        return Relation(None, None, why=_QUIET)
    s = Sentence(text)
    naming = Naming(s, parties or shipped_parties(), context, day)
    reading = _best(s, cues)
    if reading is None:
        return Relation(None, None, rule="", why="no verb that says who acts")
    if stance == NEUTRAL and not _turns_to(s, reading):
        return Relation(None, None, why=_QUIET)
    return _told(s, reading, naming, context)


_TURNING = frozenset().union(*(verb_forms(verb) for verb in CONTACT | MUTUAL)) | _FEELINGS
_QUIET = "no stance, and nobody is turned to"


def relate_all(
    texts: Sequence[str],
    stances: Sequence[int],
    cues: Iterable[Sequence[Cue]] | None = None,
    *,
    parties: Parties | None = None,
    day: date | None = None,
) -> list[Relation]:
    """Return what `relate` returns, of sentences that stand alone; see `pipeline.actors.context` for articles."""
    known = parties or shipped_parties()
    each = cues if cues is not None else ((),) * len(texts)
    return [
        relate(text, stance, some, parties=known, day=day)
        for text, stance, some in zip(texts, stances, each, strict=True)
    ]


def _best(s: Sentence, cues: Sequence[Cue]) -> _Reading | None:
    """Return the reading of the verb that says most: with both ends, in a main clause, early, beside the cues."""
    verbs = [v for v in range(s.size) if s.kinds[v] == "VG" and not s.reduced(v)]
    said = {inner[1] for v in verbs if s.lemma(v) in SAY and (inner := _said(s, v))}
    verbs = [v for v in verbs if v not in said]
    if len(verbs) > 1 and (told := _attributing(s, -1)) is not None and told[0] != verbs[0]:
        verbs.remove(told[0])
    found: list[tuple[float, int, _Reading]] = []
    for order, v in enumerate(sorted(verbs, key=s.subordinate)):
        if found and -min(found)[0] >= _HIGHEST + (_CUE_WEIGHT if cues else 0.0) - _LATER * order:
            break  # none of the rest can say more
        reading = _read(s, v)
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
    start = s.chunks[v].start if v != verbs[0] else 0
    end = next((s.chunks[w].start for w in verbs if w > v), len(s.tags))
    return _CUE_WEIGHT * max((strength for at, strength in cues if start <= at < end), default=0.0)


_CUE_WEIGHT = 1.0
_HIGHEST = 5.0  # grade of a verb with both ends
_LATER = 0.4


def _read(s: Sentence, v: int, depth: int = 0) -> _Reading:
    """Return what one verb says; what somebody says another does is read in what is said."""
    sources, rule = subject(s, v)
    if s.passive(v):
        agent = by_agent(s, v)
        if sources and s.what(sources[0]) in ("act", "proposal"):  # "sanctions were imposed on"
            targets, how = target(s, v)
            if targets and targets != agent and how.startswith("behind"):
                return _Reading(v, agent, targets, ("passive", how))
        return _Reading(v, agent, sources, ("", "passive"))
    if s.lemma(v) in SAY and depth < 2 and (inner := _said(s, v)) is not None:
        opens, verb = inner
        if s.kinds[opens] != "U":
            if s.opening(verb) in _OBLIGED:
                return _Reading(verb, sources, listed(s, opens), (rule, "demand"), None, demand=True)
            reading = _read(s, verb, depth + 1)
            return reading._replace(speaker=sources[0] if sources else None, rules=(reading.rules[0], reading.rules[1]))
        reading = _read(s, verb, depth + 1)
        own = reading.sources == [opens] and s.head(opens) not in ("i", "we", "you")
        if own:
            speaker = sources[0] if sources else None
            return reading._replace(
                verb=v, sources=sources, rules=("said of itself", reading.rules[1]), speaker=speaker
            )
    if (giver := _giver(s, v)) is not None:
        return _Reading(v, listed(s, giver), sources, ("received", "object"))
    if (later := _later_passive(s, v)) is not None:
        return _Reading(v, by_agent(s, later), sources, ("", "passive"))
    targets, how = target(s, v)
    return _Reading(v, sources, targets, (rule, how))


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


def _said(s: Sentence, v: int) -> tuple[int, int] | None:
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


def _turns_to(s: Sentence, reading: _Reading) -> bool:
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


def _told(s: Sentence, reading: _Reading, naming: Naming, context: "Context | None") -> Relation:
    """Return the relation of a reading, or why there is none."""
    sources, targets, symmetric, rule = _both_ways(s, reading)
    voice, speaker, quoted = _voice(s, reading, naming, context)
    partner = bool(targets) and s.what(targets[0]) in ("party", "place")
    if len(sources) == 1 and not partner and (both := _two_sides(s, sources[0])):
        pair = context.pair() if context else None
        if pair is None:
            return Relation(None, None, True, voice, both, why=f'"{naming.text(sources[0])}" are not named here')
        return Relation(*pair, True, voice, both, confidence=0.5)
    ends: list[list[End]] = [[], []]
    why = []
    for side, some in zip(ends, (sources, targets), strict=True):
        for i in some[:_MOST]:
            try:
                side.append(naming.end(i, speaker, quoted))
            except Unsettled as doubt:
                why.append(str(doubt))
                break
    if not sources:
        why.append("nobody is named who does it" if reading.rules[1] == "passive" else "no party that acts")
    if not targets:
        why.append("no party or proposal that it concerns")
    pairs = [(a, b) for a in ends[0] for b in ends[1] if a != b]
    if pairs and _against(pairs[0], s, reading):
        return Relation(None, None, False, voice, rule, "each is said to act on the other")
    source, target_ = ends[0][0] if ends[0] else None, ends[1][0] if ends[1] else None
    if source is not None and source == target_:
        target_, pairs = None, []
        why.append("both ends are the same party")
    return Relation(
        source,
        target_,
        symmetric and bool(pairs),
        ITSELF if source is not None and voice == source.text else voice,
        rule,
        "; ".join(why),
        round(_confidence(reading, source, target_, s) * (_TOGETHER if symmetric else 1.0), 2),
        tuple(pairs[1:]),
    )


_MOST = 6  # parties of a list at one end


def _both_ways(s: Sentence, reading: _Reading) -> tuple[list[int], list[int], bool, str]:
    """Return the ends, with two parties of one subject as each other's where the verb says so, and the rule."""
    lemma, how = _deed(s, reading.verb), reading.rules[1]
    sources, targets = reading.sources, reading.targets
    joint = lemma in TOGETHER and len(sources) > 1
    if joint and (not targets or s.what(targets[0]) not in ("party", "place") or how in ("place", "behind on")):
        return sources[:1], sources[1:2], True, "both together"
    if len(sources) == 1 and (pair := _between(s, sources[0])):
        return [pair[0]], [pair[1]], True, "between"
    mutual = lemma in MUTUAL or (how == "behind with" and lemma in LIGHT | TOGETHER)
    return sources, targets, mutual and how in ("behind with", "object", "behind over"), reading.rule


def _deed(s: Sentence, v: int) -> str:
    """Return the verb that says what is done: "reach" of "failed to reach"."""
    lemma, i = s.lemma(v), s.skip(v + 1)
    return s.lemma(i) if lemma in CONTROL and s.kinds[i] == "IN" else lemma


def _between(s: Sentence, i: int) -> tuple[int, int] | None:
    """Return the two parties of "talks between A and B"."""
    if s.kinds[i] != "NP" or s.head(i) not in ACTS:
        return None
    kinds = s.kinds[i + 1 : i + 5]
    return (i + 2, i + 4) if kinds == ["k", "NP", "J", "NP"] else None


def _two_sides(s: Sentence, i: int) -> str:
    """Return the rule where a subject names two parties without naming them: "the two sides"."""
    if s.kinds[i] != "NP" or s.head(i) not in _BOTH:
        return ""
    words = {s.words[k] for k in range(s.chunks[i].start, s.chunks[i].end)}
    return "the two sides" if words & {"two", "both"} and "C" not in s.letters(i) else ""


def _against(pair: tuple[End, End], s: Sentence, reading: _Reading) -> bool:
    """Say whether a later verb of the same kind says the reverse."""
    for v in range(reading.verb + 1, s.size):
        if s.kinds[v] == "VG" and s.lemma(v) == s.lemma(reading.verb) and not s.reduced(v):
            other = _read(s, v)
            if other.sources and other.targets:
                spans = [(s.head(other.sources[0]), s.head(other.targets[0]))]
                ends = (s.head(reading.targets[0]), s.head(reading.sources[0]))
                return ends in spans and pair[0].kind != "proposal"
    return False


def _voice(s: Sentence, reading: _Reading, naming: Naming, context: "Context | None") -> tuple[str, End | None, bool]:
    """Return whose words tell it, who that is, and whether it stands in a quotation."""
    if reading.speaker is not None:
        speaker = naming.plain(reading.speaker)
        return (ITSELF if reading.rules[0] == "said of itself" else speaker.text), speaker, False
    quoted = _is_quoted(s.text, s.spans[s.chunks[reading.verb].start][0])
    if (at := attribution(s, reading.verb)) is not None:
        speaker = naming.plain(at)
        return speaker.text, speaker, quoted
    if quoted or (context is not None and context.inside_quotation):
        known = context.speaker if context else None
        return (known.text if known else UNKNOWN), known, True
    if (at := _according(s)) is not None:
        return naming.text(at), None, False
    return NARRATOR, None, False


def _is_quoted(text: str, at: int) -> bool:
    if '"' not in text and text.isascii():
        return False
    return any(start <= at < end for start, end in quotations(text))


def attribution(s: Sentence, verb: int) -> int | None:
    """Return who speaks in "..., X said", "..., said X" or "X said: ..."; `verb` is that of what is said."""
    found = _attributing(s, verb)
    return None if found is None else found[1]


def _attributing(s: Sentence, verb: int) -> tuple[int, int] | None:
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
        parted = sources[0] > 0 and s.kinds[sources[0] - 1] in ",)-?!"
        if parted and v > verb and s.kinds[after] in ",.-?!:":
            return v, sources[0]
        if sources[0] == 0 and v < verb and s.kinds[v + 1] in ",:":
            return v, sources[0]
    return None


_DISPUTING = words("deny claim confirm acknowledge admit show reveal explain")  # take an object


def _according(s: Sentence) -> int | None:
    """Return who is named in "according to X"."""
    if "according" not in s.text and "According" not in s.text:
        return None
    for i in range(s.size - 2):
        if s.kinds[i] == "R" and s.head(i) == "according" and s.kinds[i + 1] == "t" and s.kinds[i + 2] == "NP":
            return i + 2
    return None


def _confidence(reading: _Reading, source: End | None, target_: End | None, s: Sentence) -> float:
    """Return how sure the pattern is that found both ends; the table rests on half of the development sentences."""
    if not (source and target_):
        return 0.2 if source or target_ else 0.0
    sure = _SURE.get(reading.rules[1], 0.6)
    sure *= 1.0 if target_.code else _NOT_CODED
    sure *= 1.0 if source.code else (1 + _NOT_CODED) / 2
    if s.subordinate(reading.verb) or s.kinds[reading.sources[0]] == "U":
        sure *= _ASIDE
    return round(sure, 2)


_SURE = {
    **dict.fromkeys(["behind with", "behind against", "behind from", "behind into", "behind between"], 0.9),
    **dict.fromkeys(["behind to", "object", "demand"], 0.85),
    **dict.fromkeys(["passive", "owner"], 0.8),
    **dict.fromkeys(["behind on", "place", "behind that", "behind over"], 0.75),
    **dict.fromkeys(["proposal"], 0.65),
    **dict.fromkeys(["behind of", "theirs", "unnamed place"], 0.5),
    **dict.fromkeys(["behind for", "pronoun object"], 0.4),
}
_NOT_CODED = 0.8
_ASIDE = 0.7
_TOGETHER = 0.7
