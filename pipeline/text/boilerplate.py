"""Page furniture in articles: what stands around the story (buttons, bylines, credits, links) and is none of it.

The rules are conservative: each asks for a whole paragraph of a fixed shape, most of them for one that does not end as
a sentence does, so that a real sentence that begins with the same words ("Share prices fell.") stays.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.text import boilerplate_rules as rules
from pipeline.text.paragraphs import SENTENCE_END, Block

_LONGEST = 400  # characters; no furniture is longer, and no pattern is run on more
_HEADLINE_WORDS = 25
_HEADLINES = 2  # a title and a kicker, or a title and a second line
_KICKER_WORDS = 3
_AHEAD = 4  # blocks after a headline among which the story begins
_SUBHEADING_WORDS = 6
_EDGE = 3  # paragraphs at either end of the text among which notes about the article stand
_LIVE = 3  # paragraphs that begin with a clock time make a live blog

_CLOCK = re.compile(
    r"(\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: (?:GMT|UTC|[A-Z]{1,3}T))?)(?: ?[-–—|:])? +(?=[\"“'‘A-Z\d])"
)
_ACRONYM_END = re.compile(r"\b(?:[A-Z]\.){2,}$")
_OPEN_END = re.compile(r"[,;:–—-]$")
_HEAD = re.compile(rules.HEAD)
_TAIL = re.compile(rules.TAIL)


class Cut(NamedTuple):
    """Something that was removed from an article: what kind of furniture, and its text."""

    kind: str
    text: str


class Story(NamedTuple):
    """The paragraphs that remain, the article's title ("" where none was found), and what was removed, in order."""

    paragraphs: list[str]
    title: str
    removed: list[Cut]


def remove_furniture(blocks: Sequence[Block], title: str = "") -> Story:
    """Take the story out of the blocks of an article.

    Where no `title` is given, the first heading is the title, or the first short line without a full stop that
    paragraphs follow. Headings go, unless they are sentences; so do tables, and all that furniture_rules describes.
    Datelines stay where a sentence goes on from them ("MOSCOW — Foreign Minister ...").
    """
    removed: list[Cut] = []
    body, title = _after_the_top([Block(bare, kind) for text, kind in blocks if (bare := _bare(text))], title, removed)
    kept = []
    for i, block in enumerate(body):
        edge = i < _EDGE or i >= len(body) - _EDGE
        if kind := _kind(block, title if len(body) > 1 else "", "edge" if edge else "body"):
            removed.append(Cut(kind, block.text))
        else:
            kept.append(_without_ends(block.text, removed))
    return Story(_without_clocks(kept, removed), title, removed)


def _bare(text: str) -> str:
    return " ".join(text.split()).strip("_ ")


def _after_the_top(blocks: list[Block], title: str, removed: list[Cut]) -> tuple[list[Block], str]:
    """Return the blocks from the first one of the story on, and the title; add to `removed` what stands before."""
    headlines = 0
    for i, block in enumerate(blocks):
        following = blocks[i + 1 : i + 1 + _AHEAD]
        kind = _kind(block, title if following else "", "top")
        if not kind and headlines < _HEADLINES and _is_headline(block.text, following, titled=bool(title)):
            kind, headlines = "headline", headlines + 1
        if not kind:
            return blocks[i:], title
        if not title and kind in ("heading", "headline") and not _is_kicker(block.text, following):
            title = block.text
        removed.append(Cut(kind, block.text))
    return [], title


def _is_headline(text: str, following: list[Block], titled: bool) -> bool:
    """Tell whether a line is short, with sentences after it, and does not end as a sentence does.

    A question may be the title of an article that has no other, but not the first of several questions.
    """
    questions = any(block.text.endswith("?") for block in following)
    may_be_title = text.endswith("?") and not titled and not questions
    ended = bool(SENTENCE_END.search(text)) and not _ACRONYM_END.search(text)
    if (ended and not may_be_title) or _OPEN_END.search(text) or not _starts_like_a_line(text):
        return False
    story_follows = any(SENTENCE_END.search(block.text) for block in following)
    return len(text.split()) <= _HEADLINE_WORDS and story_follows


def _starts_like_a_line(text: str) -> bool:
    return not (text[0].islower() or text[0] in "-*•–—(")


def _is_kicker(text: str, following: list[Block]) -> bool:
    """A word or two above the title ("POLITICS")."""
    return (
        len(text.split()) <= _KICKER_WORDS
        and bool(following)
        and len(following[0].text.split()) > _KICKER_WORDS
        and _is_headline(following[0].text, following[1:], titled=True)
    )


def _kind(block: Block, title: str, zone: str) -> str:
    """Return the kind of furniture that a block is at this place ("top", "edge" or "body"); "" for the story itself."""
    text, ended = block.text, bool(SENTENCE_END.search(block.text))
    if block.kind == "table" or len(text) > _LONGEST:
        return block.kind if block.kind == "table" else ""
    if title and (zone == "top" or not text.endswith(".")) and _letters(text) == _letters(title):
        return "title"
    hung_on = ended and _HEAD.match(text)
    if not hung_on and (match := _rules(zone, ended).fullmatch(text)):
        return str(match.lastgroup).rstrip("_")
    is_title = block.kind == "heading" and zone == "top" and not title
    is_heading = block.kind == "heading" or (zone != "top" and _is_subheading(text))
    return "heading" if is_title or (is_heading and not ended) else ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


@cache
def _rules(zone: str, ended: bool) -> "re.Pattern[str]":
    """Return one pattern of all rules that hold here; its last group is named after the kind."""
    tables = [rules.RULES, *[rules.UNENDED_RULES] * (not ended), *[rules.EDGE_RULES] * (zone != "body")]
    tables += [rules.TOP_RULES] * (zone == "top")
    # a kind may occur in several tables, a group's name only once
    named = [f"(?P<{kind}{'_' * i}>{pattern})" for i, table in enumerate(tables) for kind, pattern in table.items()]
    return re.compile("|".join(named), re.DOTALL)


def _is_subheading(text: str) -> bool:
    shouted = text.isupper() and len(text.split()) <= _SUBHEADING_WORDS
    return (shouted or text.startswith("**")) and not _OPEN_END.search(text)


def _without_ends(text: str, removed: list[Cut]) -> str:
    """Cut furniture that hangs on either end of a paragraph of the story."""
    if head := _HEAD.match(text):
        removed.append(Cut("head", head[0].strip()))
        text = text[head.end() :]
    if tail := _TAIL.search(text, max(0, len(text) - _LONGEST)):
        removed.append(Cut("tail", tail[0].strip()))
        text = text[: tail.start()]
    return text


def _without_clocks(paragraphs: list[str], removed: list[Cut]) -> list[str]:
    """Cut the clock times at which the entries of a live blog begin."""
    clocks = [_CLOCK.match(paragraph) for paragraph in paragraphs]
    if sum(map(bool, clocks)) < _LIVE:
        return paragraphs
    removed += [Cut("time", clock[1]) for clock in clocks if clock]
    return [text[clock.end() :] if clock else text for text, clock in zip(paragraphs, clocks, strict=True)]
