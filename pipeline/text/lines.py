"""Which lines of a text belong together: paragraphs, and inside them the stretches that a sentence may run through."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.text.abbreviations import NEVER

Line = tuple[int, int]  # [start, end) in characters of the text, without the line end

WRAP_LIMIT = 130  # characters; text is wrapped at 65 to 100, a longer line is a paragraph of its own

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_BREAK = re.compile(r"\r\n?|[\n\u2028\u2029]")
_STOPPED = re.compile(r"[.!?…。！？:;][\"'”’»)\]]{0,3}\s?$")
_UNFINISHED = re.compile(r"(?:[,–—(]|\b(?:an?|and|at|but|by|for|from|in|of|on|or|that|the|to|with))\s?$")
_LIST_MARK = re.compile(r"\s{0,8}(?:[-*•–—]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s|[QA][.:]\s)")
_TAIL = 24  # characters at the end of a line that the patterns above look at


def stretches(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (paragraph, start, end) for each stretch of lines that belong together, in order.

    Blank lines part paragraphs. Inside one, a line goes on in the next when it ends without a stop and is plainly not
    finished (the next begins with a small letter, or it ends with a comma or a word like "of"), when it ends with a
    title ("Mr."), or when the text is wrapped at a fixed width and the next line's first word would not have fitted.
    """
    paragraphs = _paragraphs(text)
    wrapped = _is_wrapped(text, paragraphs)
    for number, lines in enumerate(paragraphs):
        width = max(end - start for start, end in lines) if wrapped else 0
        begun = lines[0][0]
        for line, following in pairwise(lines):
            if not _goes_on(text, line, following, width):
                yield number, begun, line[1]
                begun = following[0]
        yield number, begun, lines[-1][1]


def _paragraphs(text: str) -> list[list[Line]]:
    paragraphs: list[list[Line]] = []
    last = 0
    for found in _LINE.finditer(text):
        if found[0].isspace():
            continue
        if paragraphs and len(_BREAK.findall(text, last, found.start())) < 2:
            paragraphs[-1].append(found.span())
        else:
            paragraphs.append([found.span()])
        last = found.end()
    return paragraphs


def _is_wrapped(text: str, paragraphs: list[list[Line]]) -> bool:
    """Tell text wrapped at a fixed width: a third of its line ends and more plainly fall in mid-sentence."""
    pairs = [pair for lines in paragraphs if len(lines) > 1 for pair in pairwise(lines)]
    short = [pair for pair in pairs if pair[0][1] - pair[0][0] <= WRAP_LIMIT]
    return 3 * sum(_is_unfinished(text, *pair) for pair in short) > len(pairs) > 0


def _goes_on(text: str, line: Line, following: Line, width: int) -> bool:
    if _LIST_MARK.match(text, *following):
        return False
    if not width:
        return _is_unfinished(text, line, following)
    first_word = text[following[0] : following[0] + WRAP_LIMIT].split()[0]
    return line[1] - line[0] + 1 + len(first_word) > width or _is_unfinished(text, line, following)


def _is_unfinished(text: str, line: Line, following: Line) -> bool:
    tail = text[max(line[0], line[1] - _TAIL) : line[1]]
    if tail.split()[-1].rstrip(".") in NEVER:  # "Mr.", "Gen."
        return True
    return not _STOPPED.search(tail) and (_begins_small(text, following) or bool(_UNFINISHED.search(tail)))


def _begins_small(text: str, line: Line) -> bool:
    return text[line[0] : line[0] + WRAP_LIMIT].lstrip()[:1].islower()
