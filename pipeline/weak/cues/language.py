"""The small language in which cues are written, and what a cue becomes.

A cue is a sequence of elements, separated by spaces, that must stand in this order in a sentence:

    deadlock          the word itself
    reject~v          every form of a verb
    objection~n       singular and plural of a noun
    (sign|ink)~v      one of several
    (at odds|split)   one of several, some of them phrases
    {pressure}        one of a named word set (`sets:` at the top of an LF file)
    ..3               a gap of no to three words that crosses no clause boundary
    =0.5              at the end: the strength of this cue, where it differs from the LF's
    don't             as it is tokenised: don 't

Several cues may stand in one string, separated by semicolons. What no word of a sentence can be is refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod

from pipeline.weak.cues.inflection import noun_forms, verb_forms
from pipeline.weak.cues.tokens import read_as

MAX_SPELT_OUT = 1_000
"""Cues that the phrases in the choices of one may be spelled out to, so that a short line cannot fill the memory."""

_ELEMENT = re.compile(
    r"(?:\((?P<choice>[^()|]+(?:\|[^()|]+)*)\)|\{(?P<set>[\w-]+)\}|(?P<word>(?!\.\.\d|=)[^\s(){}|~]+))(?:~(?P<kind>[vn]))?"
)
_GAP = re.compile(r"\.\.(\d)")
_PHRASES = re.compile(r"\(([^()]*\s[^()]*)\)")
_STRENGTH = re.compile(r"\s+=(0\.\d*[1-9]\d*|1)$")
_APOSTROPHE = re.compile(r"(?<=\w)'(?:((?:s|t|re|ve|ll|d|m)\b)|(?=\w))")  # as tokens.py splits words


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
