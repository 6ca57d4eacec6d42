"""Words that a hyphen breaks at a line end, distinguished from compounds by known words."""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

_BROKEN = re.compile(r"(?:[-‐]\s|‐)([a-z]{2,})(?![\w-])")
_WORD_BEFORE = re.compile(r"(?<![\w-])[^\W\d_]{2,}$")
_LONGEST = 30  # characters of a word
_AT_LINE_END = re.compile(r"([^\W\d_]+)[-‐]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_FREE = {
    "anti",
    "co",
    "ex",
    "inter",
    "mid",
    "multi",
    "neo",
    "non",
    "post",
    "pre",
    "pro",
    "re",
    "self",
    "semi",
    "sub",
    "un",
    "vice",
}


@cache
def known_words() -> frozenset[str]:
    """Return the words that labeling functions and news use, in small letters (`words.txt` beside this file)."""
    return frozenset(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


def join_lines(line: str, following: str, own: Collection[str]) -> str:
    """Return two lines as one; `own` are the words of the document, in small letters.

    A hyphen at the end of the first is taken away where the word without it is known, or where its parts are not words
    that make a compound ("long-" "term", "re-" "elected").
    """
    cut, rest = _AT_LINE_END.search(line[-40:]), _FIRST_WORD.match(following)
    if not cut or not rest:
        return f"{line} {following}"
    compound = _is_known(rest[0], own) and (_is_known(cut[1], own) or cut[1].lower() in _FREE)
    if _is_known(cut[1] + rest[0], own) or (rest[0].islower() and not compound):
        return line[:-1] + following
    return f"{line[:-1]}-{following}"


def join_words(text: str, own: Collection[str]) -> str:
    """Join a word that was broken at the end of a line which is none any more ("re- jected"), where it is known."""
    if "- " not in text and "‐" not in text:
        return text
    return _BROKEN.sub(lambda found: _joined(found, own), text)


def _joined(found: re.Match[str], own: Collection[str]) -> str:
    rest = found[1]
    first = _WORD_BEFORE.search(found.string, max(0, found.start() - _LONGEST), found.start())
    return rest if first and _is_known(first[0] + rest, own) else found[0]


def _is_known(word: str, own: Collection[str]) -> bool:
    return word.lower() in own or word.lower() in known_words()
