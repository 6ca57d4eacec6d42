"""Plain text into paragraphs: blank lines part them, and hard-wrapped lines are joined again."""

import re
from itertools import pairwise
from textwrap import dedent
from typing import NamedTuple

_WRAP_LIMIT = 130  # characters; lines are wrapped at 65 to 100, paragraphs on one line are mostly longer
_FULL = 0.8  # of the width: a line is full when the next word would have taken it beyond this, ragged margins allowed
_WRAPPED_SHARE = 0.5  # of all line ends inside blocks must fall in mid-sentence at the end of a full line

SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
"""The end of a line that ends a sentence, or a clause that announces one."""

_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"\s*[-*•–—]\s")
_ITEM = re.compile(r"\s*([-*•–—]|\(?\d{1,3}[.)]|\(?[a-z]\)|[QA][.:])\s")
_LOWER = re.compile(r"(?=[^\W\d_])(?!\w+-[A-Z])\w+")  # a word, but not "al-Qaeda", with which a sentence may begin
_BEGINS = re.compile(rf" |{_BULLET.pattern}")
_WORD = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"(\w+)-$")
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)([^*\n]+)(?<=\S)\1")


class Block(NamedTuple):
    """A piece of a document: a "paragraph", or a "heading" or "table" (a cell of one) where the format tells."""

    text: str
    kind: str = "paragraph"


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain `text` (normalised: "\\n" line ends), each on one line with single spaces.

    A blank line always parts paragraphs. A single line end is a blank where the text is hard-wrapped (most line ends
    fall in mid-sentence, at the end of a full line); otherwise each line is a paragraph, unless the next one plainly
    goes on in mid-sentence. Lists stay lists, emphasis marked by asterisks becomes its words, and a
    word hyphenated at a line end is put together again where the text has it in one piece elsewhere.
    """
    plain = _EMPHASIS.sub(r"\2", text)
    blocks = [dedent(block).strip("\n").split("\n") for block in _BLANK_LINE.split(plain) if block.strip()]
    width = _wrap_width(blocks)
    words = set(re.findall(r"\w+", plain.lower())) if width else set()
    return [_join(lines, words) for block in blocks for lines in _gather(block, width)]


def _wrap_width(blocks: list[list[str]]) -> int:
    """Return the width in characters at which the text is hard-wrapped, 0 where it is not."""
    lengths = sorted(len(line.rstrip()) for block in blocks if len(block) > 1 for line in block)
    # an item of a list and an indented line begin something new in any text
    pairs = [pair for block in blocks for pair in pairwise(block) if not _BEGINS.match(pair[1])]
    # one line in ten may be longer: a title, an address
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    broken = sum(_is_full(line, following, width) and not SENTENCE_END.search(line) for line, following in pairs)
    return width if width <= _WRAP_LIMIT and broken > _WRAPPED_SHARE * len(pairs) else 0


def _gather(block: list[str], width: int) -> list[list[str]]:
    """Put the lines of a block together by paragraph; `width` is 0 where the text is not wrapped."""
    paragraphs = [[block[0]]]
    for line in block[1:]:
        lines = paragraphs[-1]
        if width and line.startswith(" ") and not _ITEM.match(lines[0]):
            paragraphs.append([line])
        elif _goes_on(lines[-1].rstrip(), line, width):
            lines.append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _goes_on(line: str, following: str, width: int) -> bool:
    full = bool(width) and _is_full(line, following, width)
    if _BULLET.match(following):
        return False
    if full:
        return not (_ITEM.match(following) and line.endswith((":", ";")))
    word = _LOWER.match(following.lstrip())
    return not SENTENCE_END.search(line) and bool(word and word[0][0].islower())


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line.rstrip()) + 1 + len(following.split(None, 1)[0]) > _FULL * width


def _join(lines: list[str], words: set[str]) -> str:
    joined = " ".join(lines[0].split())
    for line in lines[1:]:
        cut, rest = _HYPHENATED.search(joined[-40:]), _WORD.match(line.lstrip())
        if cut and rest and (cut[1] + rest[0]).lower() in words:
            joined = joined[:-1]
        joined += ("" if cut and rest else " ") + " ".join(line.split())
    return joined
