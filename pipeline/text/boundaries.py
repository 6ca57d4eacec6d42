"""Where sentences begin inside one paragraph. Every step looks at a bounded stretch around one mark: linear time."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import cast

from pipeline.text.quotes import Span
from pipeline.text.stops import Stop, ends_sentence

_STOP = re.compile(r"[.!?…。！？]+(?:[ \u00a0][.!?…]+)*")
_CLOSERS = re.compile(r"(?:[)\]}”»’']|\"(?=[\s)\]}”’']|$)|\[\d{1,3}\]|\*{1,3}(?=\s|$))*")
_NEXT = re.compile(r"(\s*)([^\w\s]{0,4}(?:\s[^\w\s]{1,3})?\s?)(\w*)")

_BULLET = re.compile(r"[•‣⁃◦▪●■](?<=\s.)(?=\s?\w)")
_FIRST_ITEM = re.compile(r"(?:1|a)(?:\.\)|[.)])\s")
_ITEM = re.compile(r"(?:(\d{1,3})|\b([a-z]))(?:\.\)|[.)])(?=\s)")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_LONGEST_PARENTHESIS = 500  # characters; a longer one is taken for text between two stray marks


def sentence_starts(paragraph: str, quoted: Sequence[Span]) -> list[int]:
    """Return the offsets at which the second and later sentences of `paragraph` begin, in order.

    `quoted` are its quotations. Brackets and quotation marks that close after a stop stay with the sentence they end. A
    stop inside a parenthesis ends a sentence only where the parenthesis itself began as one. The items of a numbered or
    bulleted list begin sentences even without a stop before them.
    """
    items, brackets = _list_items(paragraph), _parentheses(paragraph)
    closing = {end - (2 if paragraph.endswith("''", 0, end) else 1): start for start, end in quoted}
    starts = set(items)
    for begun, ended in pairwise([0, *items, len(paragraph)]):
        for found in _STOP.finditer(paragraph, begun, ended):
            following = paragraph[found.end() : found.end() + 1]
            if following.islower() or following.isdigit():  # 3.5, e.g., www.example.org
                continue
            stop = _look(paragraph, begun, found, closing)
            if ends_sentence(stop) and not _is_inside(brackets, stop):
                begun = stop.next_start
                starts.add(begun)
    return sorted(starts - {0})


def _look(paragraph: str, begun: int, found: re.Match[str], closing: Mapping[int, int]) -> Stop:
    close = _after_closers(paragraph, found.end(), closing)
    following = cast("re.Match[str]", _NEXT.match(paragraph, close))  # every part is optional: it always matches
    gap, openers, word = following.groups()
    opened = closing.get(close - 1, closing.get(close - 2, begun))
    return Stop(paragraph, begun, found.start(), found[0], close, opened, bool(gap), openers, following.start(3), word)


def _after_closers(paragraph: str, at: int, closing: Mapping[int, int]) -> int:
    """Return the end of the marks that close at `at`, a blank before each quotation mark allowed (tokenised text)."""
    while True:
        end = cast("re.Match[str]", _CLOSERS.match(paragraph, at)).end()
        if end in closing or (paragraph[end : end + 1] == " " and end + 1 in closing):
            end += paragraph[end] == " "
            end += 2 if paragraph.startswith("''", end) else 1
        if end == at:
            return at
        at = end


def _parentheses(paragraph: str) -> list[Span]:
    spans = [found.span() for found in _PARENTHESIS.finditer(paragraph)] if "(" in paragraph else []
    return [(start, end) for start, end in spans if end - start <= _LONGEST_PARENTHESIS]


def _is_inside(brackets: list[Span], stop: Stop) -> bool:
    """Tell whether the stop is inside a parenthesis that began in mid-sentence."""
    last = bisect_right(brackets, stop.start, key=itemgetter(0)) - 1
    return last >= 0 and stop.close < brackets[last][1] and brackets[last][0] > stop.begun + 1


def _list_items(paragraph: str) -> list[int]:
    """Return where items begin: at bullets, and at numbers or letters that count up from the paragraph's first word."""
    starts = [found.start() for found in _BULLET.finditer(paragraph)]
    if not _FIRST_ITEM.match(paragraph):
        return starts
    due = 1
    for item in _ITEM.finditer(paragraph):
        number = int(item[1]) if item[1] else ord(item[2]) - ord("a") + 1
        if number == due and _begins_item(paragraph[max(0, item.start() - 2) : item.start()]):
            starts.append(item.start())
            due += 1
    return sorted(starts)


def _begins_item(before: str) -> bool:
    """White space comes before an item of a list, but no comma or semicolon: those enumerate inside a sentence."""
    return not before or (before[-1].isspace() and before[0] not in ",;")
