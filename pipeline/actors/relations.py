"""Who holds a sentence's stance towards whom, and in whose words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp
from typing import TYPE_CHECKING, Any

from pipeline.actors.naming import Ambiguous, End, Naming, same, unlike
from pipeline.actors.parties import Parties, shipped_parties
from pipeline.actors.readings import Cue, Reading, attribution, best_reading, read_verb
from pipeline.actors.sentence import VERBAL, Sentence, according, listed, two_sides
from pipeline.actors.word_classes import (
    ACTS,
    CONTACT,
    CONTROL,
    CUSTODY,
    DEEDS,
    DISPOSED,
    GIVE,
    LIGHT,
    MUTUAL,
    NOUNS,
    OF_ACTS,
    SAY,
    TOGETHER,
    TURNED,
    WISH,
)
from pipeline.base.stances import NEUTRAL
from pipeline.text.quotes import quotations
from pipeline.weak.cues.language import verb_forms, words

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
        voices = [f"voice: {self.voice}"] if self.voice != NARRATOR else []
        return ", ".join([f" {'<->' if self.symmetric else '->'} ".join(ends), *voices, *filter(None, [self.why])])

    @property
    def pairs(self) -> list[tuple[End, End]]:
        """All pairs of source and target; none where one end is missing."""
        first = [(self.source, self.target)] if self.source and self.target else []
        return [*first, *self.others]


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
    `cues`: where the cues of that stance stand. `context`: what the article says around this sentence; `day`: that of
    the article, for parties that hold an office for a time.
    """
    if stance == NEUTRAL and TURNING.isdisjoint((text.lower() if text.isupper() else text).split()):
        return _NOBODY
    parties = parties or shipped_parties()
    s = context.sentence if context else Sentence(text, parties)
    naming = Naming(s, parties, context, day, (lambda: context.home) if context else None)
    reading = best_reading(s, cues)
    if reading is None:
        return Relation(None, None, rule="", why="no verb that says who acts")
    if stance == NEUTRAL and not turns_to(s, reading):
        return _NOBODY
    found = _relation_of(s, reading, naming, context)
    return replace(found, confidence=round(found.confidence * _UNSURE, 2)) if stance == NEUTRAL else found


_PRESSED = words("must should ought")
_BETWEEN_TWO = CONTACT | CUSTODY | GIVE
TURNING = _PRESSED | DISPOSED | TURNED.union(*(verb_forms(verb) for verb in CONTACT | CUSTODY | GIVE | WISH))
"""A neutral sentence without one of these words turns to nobody."""

_AT = frozenset(["odds", "war", "loggerheads", "peace"])
_SIDES = "the two sides"
_NOUN = "a noun says it"
_QUIET = "no stance, and nobody is turned to"
_NOBODY = Relation(None, None, why=_QUIET)


def _relation_of(s: Sentence, reading: Reading, naming: Naming, context: "Context | None") -> Relation:
    """Return the relation of a reading, or why there is none."""
    sources, targets, symmetric, rule = _both_ways(s, reading)
    sources = [i for i in sources if two_sides(s, i) or not _acts_not(s, i)]
    voice, speaker, quoted = _voice(s, reading, naming, context)
    partner = bool(targets) and s.what(targets[0]) in ("party", "place")
    named = next((i for i in (*sources[:1], *targets[:1]) if two_sides(s, i)), None)
    if named is not None and (named in targets or not partner):
        pair = context.pair() if context else None
        if pair is None:
            return Relation(None, None, True, voice, _SIDES, why=f'"{naming.text(named)}" are not named here')
        return Relation(*pair, True, voice, _SIDES, confidence=0.5)
    ends: list[list[End]] = [[], []]
    why = []
    for side, some in zip(ends, (sources, targets), strict=True):
        for i in some[:_MOST]:
            try:
                own = rule == _NOUN and side is ends[0] and "'" in s.letters(i)
                side.append(naming.owner(i) if own else naming.end(i, speaker, quoted))
            except Ambiguous as doubt:
                why.append(str(doubt))
                break
    if ends[0] and ends[0][0].text.lower() == "it" and not ends[0][0].named and s.letters(reading.verb)[-1] in "XY":
        ends[0], sources = [], []  # "it is a blow to"
    if not sources:
        why.append("nobody is named who does it" if reading.rules[1] == "passive" else "no party that acts")
    if not targets:
        why.append("no party or proposal that it concerns")
    ends[1] = [unlike(b, ends[0]) for b in ends[1]]
    ends[0] = [unlike(a, ends[1]) for a in ends[0]]
    pairs = [(a, b) for a in ends[0] for b in ends[1] if not same(a, b)]
    if pairs and _against(pairs[0], s, reading):
        return Relation(None, None, False, voice, rule, "each is said to act on the other")
    source, target_ = ends[0][0] if ends[0] else None, ends[1][0] if ends[1] else None
    if source and target_ and same(source, target_):
        target_, pairs = None, []
        why.append("both ends are the same party")
    return Relation(
        source,
        target_,
        symmetric and bool(pairs),
        ITSELF if source is not None and voice == source.text else voice,
        rule,
        "; ".join(why),
        _confidence(reading, source, target_, s, symmetric and bool(pairs)),
        tuple(pairs[1:]),
    )


_MOST = 6  # parties of a list at one end
_BEFORE_OTHER = frozenset([*"otfgnwvaQ", "IN"])  # chunks between a noun and the other end


def _both_ways(s: Sentence, reading: Reading) -> tuple[list[int], list[int], bool, str]:
    """Return the ends, with two parties of one subject as each other's where the verb says so, and the rule."""
    lemma, how = _deed(s, reading.verb), reading.rules[1]
    sources, targets = reading.sources, reading.targets
    other = targets and s.what(targets[0]) in ("party", "place") and not two_sides(s, targets[0])
    neither = len(sources) > 1 and s.opening(sources[-1] - 1) == "nor"
    both = lemma in TOGETHER or s.lemma(reading.verb) == "agree"
    if both and len(sources) > 1 and not neither and (not other or how in ("place", "behind on")):
        return sources[:1], sources[1:2], True, "both together"
    if len(targets) == 2 and (how == "behind that" or (how == "demand" and _hoped(s, targets[0]))):
        verb = s.skip(s.with_of(targets[1]))
        if s.kinds[verb] == "VG" and _deed(s, verb) in TOGETHER | MUTUAL:  # "hopes that A and B can work together"
            return targets[:1], targets[1:], True, "both together"
    if len(targets) == 2 and how == "behind between" and (not sources or s.what(sources[0]) not in ("party", "place")):
        return targets[:1], targets[1:], True, "between"  # "a row broke out between"
    if len(sources) > 1 and s.kinds[reading.verb + 1] == "a" and s.head(reading.verb + 2) in _AT:
        return sources[:1], sources[1:2], True, "both together"
    if len(sources) == 1 and (pair := _between(s, sources[0])):
        return [pair[0]], [pair[1]], True, "between"
    does = sources if sources or how != "passive" else targets
    if does and s.kinds[does[0] - 1] == "Q" and s.kinds[does[0] - 2] == "NP":
        does = [does[0] - 2]  # "Norway's demand that Sweden leave"
    if len(does) == 1 and s.head(does[0]) in DEEDS and (held := _held_in_noun(s, does[0])):
        return [held[0]], listed(s, held[1], subjects=True) if held[1] is not None else targets, False, _NOUN
    return sources, targets, _is_mutual(s, reading, lemma), reading.rule


def _is_mutual(s: Sentence, reading: Reading, lemma: str) -> bool:
    """Return whether both do it: "held talks with", "clashed over"; who lodges a protest with another does it alone."""
    how = reading.rules[1]
    if not _ONE_SIDED.isdisjoint((lemma, s.lemma(reading.verb))):
        return False
    if lemma in MUTUAL:
        return how in ("behind with", "object", "behind over")
    if how != "behind with":
        return False
    between = [s.head(i) for i in range(reading.verb + 1, reading.targets[0]) if s.kinds[i] == "NP"]
    if not between:
        return lemma in TOGETHER
    return lemma in LIGHT | TOGETHER and between[-1] in _SHARED and OF_ACTS.isdisjoint(between)


_SHARED = (words(NOUNS["meetings"]) | words(NOUNS["shared"])) - words("complaint complaints lawsuit lawsuits")
_ONE_SIDED = words("break sever cut end close open reopen suspend cancel launch file lodge refuse decline threaten")


def _held_in_noun(s: Sentence, i: int) -> tuple[int, int | None] | None:
    """Return the ends of "Norway's rejection of the plan" and "opposition from Norway": (source, target or None)."""
    owner, other = (i if "C" in s.letters(i).rpartition("'")[0] else None), None
    j = i + 1
    while other is None or owner is None:
        if s.kinds[j] in "bm" and s.kinds[j + 1] == "NP" and owner is None and s.what(j + 1) == "party":
            owner = j + 1
        elif s.kinds[j] in _BEFORE_OTHER and s.kinds[j + 1] == "NP" and other is None and s.what(j + 1):
            other = j + 1
        else:
            break
        j = s.skip(s.with_of(j + 1))
    return None if owner is None or (owner == i and other is None) else (owner, other)


def _hoped(s: Sentence, i: int) -> bool:
    """Return whether a clause that begins with chunk i is what somebody hopes for."""
    verb = i - 1 - (s.kinds[i - 1] == "Q")
    return s.kinds[verb] == "VG" and s.lemma(verb) in ("hope", "expect")


def _acts_not(s: Sentence, i: int) -> bool:
    """Return whether a phrase names nothing that can hold a stance: "the plan", "the best way", "those"."""
    what = s.what(i)
    if what == "proposal":
        return not s.owned(i)
    return not what and s.kinds[i] == "NP"


def _deed(s: Sentence, v: int) -> str:
    """Return the verb that says what is done: "reach" of "failed to reach"."""
    lemma, i = s.lemma(v), s.skip(v + 1)
    return s.lemma(i) if lemma in CONTROL and s.kinds[i] == "IN" else lemma


def _between(s: Sentence, i: int) -> tuple[int, int] | None:
    """Return the two parties of "talks between A and B"."""
    if s.kinds[i] != "NP" or s.head(i) not in ACTS:
        return None
    if s.kinds[i + 1] != "k" or s.kinds[i + 2] != "NP":
        return None
    joint = s.with_of(i + 2)
    return (i + 2, joint + 1) if s.kinds[joint] == "J" and s.kinds[joint + 1] == "NP" else None


def _against(pair: tuple[End, End], s: Sentence, reading: Reading) -> bool:
    """Return whether a later verb of the same kind says the reverse."""
    for v in range(reading.verb + 1, s.size):
        if s.kinds[v] == "VG" and s.lemma(v) == s.lemma(reading.verb) and not s.reduced(v):
            other = read_verb(s, v)
            if other.sources and other.targets:
                spans = [(s.head(other.sources[0]), s.head(other.targets[0]))]
                ends = (s.head(reading.targets[0]), s.head(reading.sources[0]))
                return ends in spans and pair[0].kind != "proposal"
    return False


def is_quoted(text: str, at: int) -> bool:
    """Return whether the character at `at` stands in a quotation."""
    if '"' not in text and text.isascii():
        return False
    return any(start <= at < end for start, end in quotations(text))


def _voice(s: Sentence, reading: Reading, naming: Naming, context: "Context | None") -> tuple[str, End | None, bool]:
    """Return whose words tell it, who that is, and whether it is quoted and the sentence names no speaker."""
    if reading.speaker is not None:
        speaker = naming.plain(reading.speaker)
        return (ITSELF if reading.rules[0] == "said of itself" else speaker.text), speaker, False
    if (at := attribution(s, reading.verb)) is not None:
        speaker = naming.plain(at)
        return speaker.text, speaker, False
    quoted = is_quoted(s.text, s.start(s.bounds[reading.verb]))
    says = bool(reading.sources) and not quoted and s.lemma(reading.verb) in SAY and s.text[:1] in "\"“„«‘'"
    if says and s.what(reading.sources[0]) == "party":
        speaker = naming.plain(reading.sources[0])
        return speaker.text, speaker, False  # "'No', an envoy said of the plan"
    if quoted or (context is not None and context.inside_quotation):
        known = context.speaker if context else None
        return (known.text if known else UNKNOWN), known, True
    if (at := according(s)) is not None:
        return naming.text(at), None, False
    return NARRATOR, None, False


def turns_to(s: Sentence, reading: Reading) -> bool:
    """Return whether a sentence without a stance tells of one party that turns to another."""
    if not reading.sources or not reading.targets or reading.rules[1] in ("place", "owner", "a clause"):
        return False
    if s.what(reading.sources[0]) not in ("party", "theirs", "place"):
        return False
    verb, what, how = reading.verb, s.what(reading.targets[0]), reading.rules[1]
    if "Z" in s.letters(verb):
        return False
    if s.passive(verb):
        return how == "passive" and what == "party" and s.lemma(verb) in CUSTODY
    if how == "demand":
        return what == "party"
    between = range(verb + 1, reading.targets[0])
    lemmas = {s.lemma(verb), *(s.lemma(i) for i in between if s.kinds[i] in VERBAL)}
    if how == "behind with" or not lemmas.isdisjoint(MUTUAL):
        return False  # who meets or talks with whom has no direction
    heads = {s.head(i) for i in between if s.kinds[i] == "NP"}
    if not heads.isdisjoint(DISPOSED) or not (lemmas.isdisjoint(LIGHT | CONTACT) or heads.isdisjoint(TURNED)):
        return True
    if how.startswith("behind") and not lemmas.isdisjoint(GIVE):
        return what in ("party", "place", "theirs") or s.owned(reading.targets[0])
    return what == "party" and not lemmas.isdisjoint(_BETWEEN_TWO if how == "object" else CONTACT)


def _confidence(reading: Reading, source: End | None, target_: End | None, s: Sentence, symmetric: bool) -> float:
    """Return how likely both ends are right: log-odds added up, from a regression on half of the marked sentences."""
    if not (source and target_):
        return 0.2 if source or target_ else 0.0
    how, words = reading.rules[1], target_.text.split()
    if symmetric and how != "behind with":
        return _TOGETHER
    sure = _BASE + _OF_RULE.get(how, 0.0) + _OF_SOURCE.get(source.kind, 0.0) + _OF_TARGET.get(target_.kind, -0.1)
    if words[-1][0].isupper():
        sure += _NAME_LAST
    if len(words) == 1:
        sure += _ONE_WORD
    if s.lemma(reading.verb) in _NOT_YET:
        sure += _ONLY_AGREED
    if s.subordinate(reading.verb) or "U" in map(s.kinds.__getitem__, reading.sources[:1]):
        sure += _ASIDE
    return round(1 / (1 + exp(-sure)), 3)


_BASE = 0.65
_OF_RULE = {
    "object": 0.3,
    "place": 0.15,
    "unnamed place": -0.1,
    **dict.fromkeys(["behind of", "theirs"], -0.15),
    "behind for": -0.2,
    "proposal": -0.35,
    "pronoun object": -1.5,
}
_OF_SOURCE: dict[str | None, float] = {"state": 0.35, "organisation": -0.1, "office or person": -0.2}
_OF_TARGET: dict[str | None, float] = {"state": 0.35, "organisation": 0.15, "proposal": -0.25}
_NAME_LAST = 0.55  # "the government of Peru"
_ONE_WORD = 0.2
_NOT_YET = frozenset(["agree", "decline", "pledge", "ready", "refuse", "vow"])
_ONLY_AGREED = -0.75  # to do something of which somebody may be the object: "agreed to open"
_ASIDE = -0.5
_TOGETHER = 0.2
_UNSURE = 0.9  # nobody opposes or agrees, one only turns to the other
