"""Text made ready: lines unwrapped into paragraphs, hyphens at line ends taken back."""

import os
import re
import stat
from collections.abc import Collection, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

from pipeline.base.errors import ArticleError
from pipeline.text.stops import NEVER

_NOT_ARTICLES = {"readme", "license", "licence", "copying", "changelog", "contributing"}

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

WRAP_LIMIT = 130
"""Characters of a line; text is wrapped at 65 to 100, a longer line is a paragraph of its own."""

_FULL = 0.8  # of the width: a line is full when the next word would have taken it beyond this, ragged margins allowed
_WRAPPED_SHARE = 0.5  # of all line ends inside blocks must fall in mid-sentence at the end of a full line

SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
"""The end of a line that ends a sentence, or a clause that announces one."""

_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"\s*[-*•–—]\s")
_ITEM = re.compile(r"\s*([-*•–—]|\(?\d{1,3}[.)]|\(?[a-z]\)|[QA][.:])\s")
_LOWER = re.compile(r"(?=[^\W\d_])(?!\w+-[A-Z])\w+")  # a word, but not "al-Qaeda", with which a sentence may begin
_BEGINS = re.compile(rf" |{_BULLET.pattern}")
_BREAK_MARK = re.compile(r"[-‐]\s(?<=\w..)")
_EMPHASIS = re.compile(r"(\*{1,3})(?=\S)([^*\n]+)(?<=\S)\1")

Line = tuple[int, int]  # [start, end) in characters of the text, without the line end

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_BREAK = re.compile(r"\r\n?|[\n\u2028\u2029]")
_STOPPED = re.compile(r"[.!?…。！？:;][\"'”’»)\]]{0,3}\s?$")
_UNFINISHED = re.compile(r"(?:[,–—(]|\b(?:an?|and|at|but|by|for|from|in|of|on|or|that|the|to|with))\s?$")
_LIST_MARK = re.compile(r"\s{0,8}(?:[-*•–—]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s|[QA][.:]\s)")
_CONTINUES = re.compile(r"\(\s?(?:\d+[.,)\d]*\s?[a-z)]|[a-z]{2,})|[.,;!?]{1,3}(?:\s|$)")
_TAIL = 24  # characters at the end of a line that the patterns above look at


def list_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (path relative to `folder`, what is wrong with it or "") of every file below it, sorted.

    Hidden files, `*.dvc`, README and licence files are skipped; links to folders are not followed, and like
    anything else that is no regular file they come with what is wrong. Raise ArticleError where there is no folder.
    """
    if not folder.exists():
        raise ArticleError("no such folder", folder, remedy="Create it and put your articles there.")
    if not folder.is_dir():
        raise ArticleError("a file where a folder of articles was expected", folder)
    return iter(sorted(_walk(folder)))


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    for parent, subfolders, names in os.walk(folder, onerror=_raise):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        links = [name for name in subfolders if Path(parent, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(parent, name)
            if not _is_skipped(name):
                yield path.relative_to(folder).as_posix(), _what_is_wrong(path)


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name.endswith(".dvc") or name.lower().split(".")[0] in _NOT_ARTICLES


def _what_is_wrong(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISDIR(mode):
        return "a link to a folder, which is not followed"
    return "" if stat.S_ISREG(mode) else "not a regular file"


def _raise(error: OSError) -> None:
    raise ArticleError(f"cannot be read ({error.strerror})", error.filename)


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


class Block(NamedTuple):
    """A piece of a document: a "paragraph", or a "heading" or "table" (a cell of one) where the format tells."""

    text: str
    kind: str = "paragraph"


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain `text` (normalised: "\\n" line ends), each on one line with single spaces.

    A blank line always separates paragraphs. A single line end is a blank where the text is hard-wrapped (most line
    ends fall in mid-sentence, at the end of a full line); otherwise each line is a paragraph, unless the next one
    plainly goes on in mid-sentence. Lists stay lists, emphasis marked by asterisks becomes its words, and a
    word hyphenated at a line end is put together again where the text has it in one piece elsewhere.
    """
    plain = _EMPHASIS.sub(r"\2", text)
    blocks = [dedent(block).strip("\n").split("\n") for block in _BLANK_LINE.split(plain) if block.strip()]
    width = _wrap_width(blocks)
    words = set(re.findall(r"\w+", plain.lower())) if _BREAK_MARK.search(plain) else set()
    return [_join(lines, words) for block in blocks for lines in _gather(block, width)]


def _wrap_width(blocks: list[list[str]]) -> int:
    """Return the width in characters at which the text is hard-wrapped, 0 where it is not."""
    lengths = sorted(len(line.rstrip()) for block in blocks if len(block) > 1 for line in block)
    # an item of a list and an indented line begin something new in any text
    pairs = [pair for block in blocks for pair in pairwise(block) if not _BEGINS.match(pair[1])]
    # one line in ten may be longer: a title, an address
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    broken = sum(_is_full(line, following, width) and not SENTENCE_END.search(line) for line, following in pairs)
    return width if width <= WRAP_LIMIT and broken > _WRAPPED_SHARE * len(pairs) else 0


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
        joined = join_lines(joined, " ".join(line.split()), words)
    return join_words(joined, words)


def stretches(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (paragraph, start, end) for each stretch of lines that belong together, in order.

    Blank lines separate paragraphs. Inside one, a line goes on in the next when it ends without a stop and is plainly
    not finished (the next begins with a small letter, or it ends with a comma or a word like "of"), when it ends with a
    title ("Mr."), or when the text is wrapped at a fixed width and the next line's first word would not have fitted.
    """
    paragraphs = _paragraphs(text)
    wrapped = _is_wrapped(text, paragraphs)
    for number, lines in enumerate(paragraphs):
        width = max(end - start for start, end in lines) if wrapped else 0
        begun = lines[0][0]
        for line, following in pairwise(lines):
            if not _runs_on(text, line, following, width):
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


def _runs_on(text: str, line: Line, following: Line, width: int) -> bool:
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
    """Return whether a line plainly belongs to the one before: a small letter, a bracketed figure, or a mere stop."""
    start = text[line[0] : line[0] + WRAP_LIMIT].lstrip()
    return start[:1].islower() or bool(_CONTINUES.match(start))
