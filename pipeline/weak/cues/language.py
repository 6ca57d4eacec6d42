"""The cue language: what a cue may say, and the inflected forms of its words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from pathlib import Path

from pipeline.weak.cues.tokens import read_as

# past tense and participles; the -s and -ing forms are regular
_IRREGULAR = {
    "arise": "arose arisen", "be": "is are was were been being am", "bear": "bore borne", "beat": "beat beaten",
    "begin": "began begun", "bend": "bent", "bet": "bet", "bid": "bade bidden", "bind": "bound", "bite": "bit bitten",
    "bleed": "bled", "blow": "blew blown", "break": "broke broken", "bring": "brought", "build": "built",
    "burn": "burnt burned", "burst": "burst", "buy": "bought", "cast": "cast", "catch": "caught",
    "choose": "chose chosen", "cling": "clung", "come": "came come", "creep": "crept", "cut": "cut", "deal": "dealt",
    "dig": "dug", "do": "did done does", "draw": "drew drawn", "drive": "drove driven", "eat": "ate eaten",
    "fall": "fell fallen", "feed": "fed", "feel": "felt", "fight": "fought", "find": "found", "fit": "fit fitted",
    "flee": "fled", "fling": "flung", "fly": "flew flown", "freeze": "froze frozen", "get": "got gotten",
    "give": "gave given", "go": "went gone goes", "grind": "ground", "grow": "grew grown", "hang": "hung",
    "have": "had has", "hear": "heard", "hide": "hid hidden", "hit": "hit", "hold": "held", "hurt": "hurt",
    "keep": "kept", "kneel": "knelt kneeled", "know": "knew known", "lay": "laid", "lead": "led",
    "leap": "leapt leaped", "leave": "left", "lend": "lent", "let": "let", "lie": "lay lain lied", "light": "lit",
    "lose": "lost", "make": "made", "mean": "meant", "meet": "met", "pay": "paid", "plead": "pled pleaded",
    "put": "put", "quit": "quit", "read": "read", "rid": "rid", "ride": "rode ridden", "ring": "rang rung",
    "rise": "rose risen", "run": "ran run", "say": "said", "see": "saw seen", "seek": "sought", "sell": "sold",
    "send": "sent", "set": "set", "shake": "shook shaken", "shed": "shed", "shoot": "shot", "show": "showed shown",
    "shrink": "shrank shrunk", "shut": "shut", "sing": "sang sung", "sink": "sank sunk", "sit": "sat",
    "slay": "slew slain", "sleep": "slept", "slide": "slid", "slink": "slunk", "sneak": "snuck sneaked",
    "sow": "sown sowed", "speak": "spoke spoken", "speed": "sped speeded", "spend": "spent", "spin": "spun",
    "spit": "spat", "split": "split", "spread": "spread", "spring": "sprang sprung", "stand": "stood",
    "steal": "stole stolen", "stick": "stuck", "sting": "stung", "strike": "struck stricken", "string": "strung",
    "strive": "strove striven", "swear": "swore sworn", "sweep": "swept", "swim": "swam swum", "swing": "swung",
    "take": "took taken", "teach": "taught", "tear": "tore torn", "tell": "told", "think": "thought",
    "throw": "threw thrown", "thrust": "thrust", "wake": "woke woken", "wear": "wore worn", "weave": "wove woven",
    "weep": "wept", "win": "won", "wind": "wound", "wring": "wrung", "write": "wrote written",
}  # fmt: skip

# "withdraw" goes as "draw" does
_PREFIXES = ("be", "for", "fore", "mis", "out", "over", "re", "un", "under", "up", "with")

_IRREGULAR_NOUNS = {"crisis": "crises", "paralysis": "paralyses", "foot": "feet", "child": "children"}

MAX_SPELT_OUT = 1_000
"""Cues that the phrases in the choices of one may be spelled out to, so that a short line cannot fill the memory."""

_ELEMENT = re.compile(
    r"(?:\((?P<choice>[^()|]+(?:\|[^()|]+)*)\)|\{(?P<set>[\w-]+)\}|(?P<word>(?!\.\.\d|=)[^\s(){}|~]+))(?:~(?P<kind>[vn]))?"
)
_GAP = re.compile(r"\.\.(\d)")
_PHRASES = re.compile(r"\(([^()]*\s[^()]*)\)")
_STRENGTH = re.compile(r"\s+=(0\.\d*[1-9]\d*|1)$")
_APOSTROPHE = re.compile(r"(?<=\w)'(?:((?:s|t|re|ve|ll|d|m)\b)|(?=\w))")  # as tokens.py splits words


def words(text: str) -> frozenset[str]:
    """Return the words of `text`, separated by white space."""
    return frozenset(text.split())


_COMMON_WORDS = words("us pole poles")  # names of states or people that are other words in lower case


# verbs of several syllables that double their last letter, as those of one syllable do
_DOUBLING = words(
    "abet abhor acquit admit allot annul backpedal backstab begin body-slam cancel cavil channel commit compel "
    "concur confer counsel defer demur deter dial dispel duel embed equal equip expel extol flip-flop format fuel "
    "fulfil grovel handicap hobnob impel imperil incur instil kidnap label level libel marshal model occur omit "
    "outwit overstep patrol permit prefer propel pummel quarrel readmit rebel rebut recap recur refer regret "
    "remit repel rerun sandbag sidestep signal submit transfer transmit travel tunnel unban unravel wiretap "
    "worship zigzag"
)


@cache
def verb_forms(lemma: str) -> frozenset[str]:
    """Return every form of a verb: base, -s, past, participles, in both spellings of -ize/-ise and -or/-our."""
    forms: set[str] = set()
    for base in _spellings(lemma):
        stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
        if base.endswith("ie"):
            forms.add(base[:-2] + "ying")
        forms |= {base, stem + "ing"} | _with_s(base) | _past(base)
        if _doubles(base):
            forms |= {base + base[-1] + "ing"} | (set() if base in _IRREGULAR else {base + base[-1] + "ed"})
    return frozenset(forms)


@cache
def noun_forms(lemma: str) -> frozenset[str]:
    """Return singular and plural of a noun, in both spellings."""
    return frozenset(form for base in _spellings(lemma) for form in {base} | _plural(base))


def verbs(lemmas: str) -> frozenset[str]:
    """Return every form of several verbs, separated by white space."""
    return frozenset().union(*map(verb_forms, words(lemmas)))


def nouns(lemmas: str) -> frozenset[str]:
    """Return singular and plural of several nouns, separated by white space."""
    return frozenset().union(*map(noun_forms, words(lemmas)))


def _spellings(lemma: str) -> set[str]:
    found = {lemma, re.sub(r"i[sz](e|ation)$", r"is\1", lemma)} if re.search(r"iz(e|ation)$", lemma) else {lemma}
    return found | {base.replace("or", "our") for base in found if re.search(r"(lab|fav|hon|endeav|harb)or", base)}


def _plural(base: str) -> set[str]:
    if base in _IRREGULAR_NOUNS:
        return {_IRREGULAR_NOUNS[base]}
    return _with_s(base) | ({base[:-2] + "en"} if base.endswith("man") else set())


def _with_s(base: str) -> set[str]:
    if base.endswith("o"):
        return {base + "s", base + "es"}
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return {base + "es"}
    return {base[:-1] + "ies"} if re.search(r"[^aeiou]y$", base) else {base + "s"}


def _past(base: str) -> set[str]:
    if base in _IRREGULAR:
        return set(_IRREGULAR[base].split())
    prefix, root = _split_prefix(base)
    return {_with_ed(base)} | {prefix + form for form in _IRREGULAR.get(root, "").split()}


def _split_prefix(base: str) -> tuple[str, str]:
    """Return the prefix and the irregular verb that `base` is made of, or ("", `base`)."""
    for prefix in _PREFIXES:
        if base.startswith(prefix) and base.removeprefix(prefix) in _IRREGULAR:
            return prefix, base.removeprefix(prefix)
    return "", base


def _with_ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    return base[:-1] + "ied" if re.search(r"[^aeiou]y$", base) else base + "ed"


def _doubles(base: str) -> bool:
    return base in _DOUBLING or bool(re.fullmatch(r"[^aeiou]*(?:qu)?[aeiou][bdgklmnprt]", _split_prefix(base)[1]))


@cache
def state_rows() -> list[list[str]]:
    """Return the code, names, people and seats of each state and territory, of one kind separated by semicolons."""
    lines = (Path(__file__).parent / "states.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


@cache
def state_words() -> dict[str, frozenset[str]]:
    """Return names of states of one word, in lower case: {"state": names and seats, "people": adjectives, too}."""
    found: dict[str, set[str]] = {"state": set(), "people": set()}
    for _, names, people, seats in state_rows():
        for kind, cell in (("state", names), ("people", people), ("state", seats)):
            read = (read_as(name.strip()) for name in cell.split(";") if name.strip())
            found[kind] |= {tokens[0] for tokens in read if tokens == read_as(tokens[0])} - _COMMON_WORDS
    return {kind: frozenset(names) for kind, names in found.items()}


class CueSyntaxError(ValueError):
    """A cue that cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue, compiled.

    `words[k]` are the words that element k may be; `gaps[k]` how many words may stand before it (gaps[0] is 0).
    `strength` is its own strength in (0, 1], None where it has its LF's.
    """

    source: str
    words: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]
    strength: float | None = None

    def __reduce__(self) -> tuple:
        """Pickle the words in alphabetical order, so that equal cues give equal bytes whatever the hash seed."""
        words = " ".join("|".join(sorted(element)) for element in self.words)
        return _restore, (self.source, words, self.gaps, self.strength)


@cache
def _element(words: str) -> frozenset[str]:
    return frozenset(words.split("|"))


def _restore(source: str, words: str, gaps: tuple[int, ...], strength: float | None) -> Cue:
    return Cue(source, tuple(map(_element, words.split(" "))), gaps, strength)


def parse_cues(text: str, sets: Mapping[str, frozenset[str]]) -> Iterator[Cue]:
    """Yield the cues of one string; raise CueSyntaxError naming the element that cannot be read."""
    text = _APOSTROPHE.sub(lambda found: f" '{found[1]}" if found[1] else " ", text.replace("’", "'"))
    for source in filter(None, (part.strip() for part in text.split(";"))):
        if prod(choice.count("|") + 1 for choice in _PHRASES.findall(source)) > MAX_SPELT_OUT:
            raise CueSyntaxError(f"cue {source!r} stands for more than {MAX_SPELT_OUT} rows of words; split it")
        for spelled_out in _spell_out(source):
            yield parse_cue(spelled_out, sets)


def parse_cue(source: str, sets: Mapping[str, frozenset[str]]) -> Cue:
    """Compile one cue; raise CueSyntaxError naming the element that cannot be read."""
    words: list[frozenset[str]] = []
    gaps: list[int] = []
    gap = 0
    strength = _STRENGTH.search(source)
    for element in source[: strength.start() if strength else None].split():
        if found := _GAP.fullmatch(element):
            gap = int(found[1])
            continue
        words.append(expand(element, sets))
        gaps.append(gap)
        gap = 0
    if not words or gap or gaps[0]:
        raise CueSyntaxError(f"cue {source!r} must begin and end with a word")
    return Cue(source, tuple(words), tuple(gaps), float(strength[1]) if strength else None)


def expand(element: str, sets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the words that one element of a cue stands for."""
    found = _ELEMENT.fullmatch(element.lower())
    if not found:
        raise CueSyntaxError(f"cannot read the cue element {element!r}")
    if found["set"]:
        if found["set"] not in sets:
            raise CueSyntaxError(f"no word set {found['set']!r}; there are {', '.join(sorted(sets)) or 'none'}")
        return sets[found["set"]]
    lemmas = found["choice"].split("|") if found["choice"] else [found["word"]]
    for lemma in lemmas:
        if (read := read_as(lemma)) != [lemma]:
            raise CueSyntaxError(f"no word of a sentence is ever {lemma!r}: it is read as {' '.join(read)!r}")
    inflect = {"v": verb_forms, "n": noun_forms}.get(found["kind"], lambda lemma: frozenset([lemma]))
    return frozenset().union(*map(inflect, lemmas))


def _spell_out(source: str) -> Iterator[str]:
    """Yield one cue for each alternative of a choice between phrases."""
    found = _PHRASES.search(source)
    if not found:
        yield source
        return
    for alternative in found[1].split("|"):
        yield from _spell_out(source[: found.start()] + alternative.strip() + source[found.end() :])
