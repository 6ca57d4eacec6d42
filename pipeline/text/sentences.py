"""From an article's text to its sentences, with offsets that reproduce them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from pipeline.text.boundaries import sentence_starts
from pipeline.text.lines import stretches
from pipeline.text.quotes import Span, quotations

MAX_CHARS = 2000  # characters; no sentence of news comes near it, but a table or a list without stops does

_WORD = re.compile(r"[^\W_]")
# where a longer piece is cut, the best first; white space is the last resort before a cut inside a word
_CLAUSE_ENDS = tuple(re.compile(p) for p in (r";\s", r":\s|\s[—–-]{1,3}\s|\w—(?=\w)", r",\s", r"\s"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it stands.

    `text` is article[start:end], with no white space at either end; `index` counts sentences and `paragraph` paragraphs
    of the article from 0. `quoted`: at least half of its words (parted by white space) stand inside quotations, as
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

    Paragraphs are parted by blank lines and no sentence crosses one. A single line end parts sentences too, unless the
    line plainly goes on (see `pipeline.text.lines.stretches`). A quotation of several sentences is split into them; an
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
            words, voice = stretch[start:end], _is_quoted(stretch, start, end, quoted)
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
