"""From an article's text to its sentences, with offsets that reproduce them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import cast

from pipeline.text.paragraphs import stretches
from pipeline.text.quotes import Span, quotations
from pipeline.text.stops import Stop, dateline_end, ends_sentence

_STOP = re.compile(r"[.!?…。！？．｡]+(?:[ \u00a0][.!?…]+)*")
_CLOSERS = re.compile(r"(?:[)\]}”»’']|\"(?=[\s)\]}”’']|$)|\s?\[\d{1,3}\]|\*{1,3}(?=\s|$))*")
# numbers of footnotes that stand right after a stop: "was rejected.11 12 Lima signed"
_FOOTNOTES = re.compile(
    r"(?<=[^\W\d_][.!?\"”’])(?:\d{1,3}(?:[, ]\s?\d{1,3})*(?=\s+[\"“‘(]?[A-Z]|\s*$)|[\u2070-\u2079¹²³†‡]+)"
)
_NEXT = re.compile(r"(\s*)([^\w\s]{0,4}(?:\s[^\w\s]{1,3})?\s?)(\w*)")

_BULLET = re.compile(r"[•‣⁃◦▪●■](?<=\s.)(?=\s?\w)")
_FIRST_ITEM = re.compile(r"(?:1|a)(?:\.\)|[.)])\s")
_ITEM = re.compile(r"(?:(\d{1,3})|\b([a-z]))(?:\.\)|[.)])(?=\s)")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_LONGEST_PARENTHESIS = 500  # characters; a longer one is taken for text between two stray marks

MAX_CHARS = 2000  # characters; no sentence of news comes near it, but a table or a list without stops does

_WORD = re.compile(r"[^\W_]")
# where a longer piece is cut, the best first; white space is the last resort before a cut inside a word
_CLAUSE_ENDS = tuple(re.compile(p) for p in (r";\s", r":\s|\s[—–-]{1,3}\s|\w—(?=\w)", r",\s", r"\s"))


def sentence_starts(paragraph: str, quoted: Sequence[Span]) -> list[int]:
    """Return the offsets at which the second and later sentences of `paragraph` begin, in order.

    `quoted` are its quotations. Brackets and quotation marks that close after a stop stay with the sentence they end. A
    stop inside a parenthesis ends a sentence only where the parenthesis itself began as one. The items of a numbered or
    bulleted list begin sentences even without a stop before them.
    """
    items, brackets = _list_items(paragraph), _parentheses(paragraph)
    closing = {end - (2 if paragraph.endswith("''", 0, end) else 1): start for start, end in quoted}
    starts = set(items)
    dateline = dateline_end(paragraph)
    for begun, ended in pairwise([0, *items, len(paragraph)]):
        for found in _STOP.finditer(paragraph, begun, ended):
            if found.end() <= dateline:
                continue
            notes = 0
            following = paragraph[found.end() : found.end() + 1]
            if following.islower():  # e.g., www.example.org
                continue
            if following.isdigit():
                footnotes = _FOOTNOTES.match(paragraph, found.end())
                if not footnotes:  # 3.5
                    continue
                notes = footnotes.end()
            stop = _look(paragraph, begun, found, closing, notes)
            if ends_sentence(stop) and not _is_inside(brackets, stop):
                begun = stop.next_start
                starts.add(begun)
    return sorted(starts - {0})


def _look(paragraph: str, begun: int, found: re.Match[str], closing: Mapping[int, int], notes: int) -> Stop:
    close = _after_closers(paragraph, notes or found.end(), closing)
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
    """Return whether the stop is inside a parenthesis that began in mid-sentence."""
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it stands.

    `text` is article[start:end], with no white space at either end; `index` counts sentences and `paragraph` paragraphs
    of the article from 0. `quoted`: at least half of its words (separated by white space) stand inside quotations, as
    `pipeline.text.quotes.quotations` finds them. So a sentence amid a long quotation is quoted although it has no marks
    itself, '"We have work to do," she said.' is quoted, and a sentence that merely cites a phrase is not.
    """

    text: str
    start: int
    end: int
    index: int
    paragraph: int
    quoted: bool


def split_sentences(text: str) -> list[Sentence]:
    """Split an article into sentences.

    Blank lines separate paragraphs and no sentence crosses one. A single line end separates sentences too, unless the
    line plainly goes on (see `paragraphs.stretches`). A quotation of several sentences is split into them; an
    attribution ('"Why?" she asked.') stays with what it attributes. A semicolon, colon or dash ends no sentence. Pieces
    without a letter or digit ("***") are no sentences.

    A piece longer than MAX_CHARS characters is cut after the last semicolon in the second half of that length, else
    colon or dash, else comma, else white space, else at MAX_CHARS. Time is linear in the length of the text.
    """
    sentences: list[Sentence] = []
    for paragraph, begun, ended in stretches(text):
        stretch = text[begun:ended]
        quoted = quotations(stretch)
        cuts = [0, *sentence_starts(stretch, quoted), len(stretch)]
        for start, end in _pieces(stretch, cuts):
            words, voice = stretch[start:end], bool(quoted) and _is_quoted(stretch, start, end, quoted)
            sentences.append(Sentence(words, begun + start, begun + end, len(sentences), paragraph, voice))
    return sentences


def _pieces(stretch: str, cuts: list[int]) -> Iterator[Span]:
    """Yield what stands between cuts without outer white space, no piece over MAX_CHARS and none without a word."""
    for start, end in pairwise(cuts):
        while start < end:
            stop = end if end - start <= MAX_CHARS else _clause_end(stretch, start)
            piece = stretch[start:stop]
            if _WORD.search(piece):
                first = start + len(piece) - len(piece.lstrip())
                yield first, first + len(piece.strip())
            start = stop


def _clause_end(stretch: str, start: int) -> int:
    last = start + MAX_CHARS
    for pattern in _CLAUSE_ENDS:
        ends = [found.end() for found in pattern.finditer(stretch, start + MAX_CHARS // 2, last)]
        if ends:
            return ends[-1]
    return last


def _is_quoted(stretch: str, start: int, end: int, quoted: list[Span]) -> bool:
    first, last = bisect_right(quoted, start, key=itemgetter(1)), bisect_left(quoted, end, key=itemgetter(0))
    inside = sum(len(stretch[max(start, a) : min(end, b)].split()) for a, b in quoted[first:last])
    return inside > 0 and 2 * inside >= len(stretch[start:end].split())
