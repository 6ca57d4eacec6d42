"""What is not the story: lines that follow the rules of boilerplate or repeat across articles."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.text import boilerplate_rules as rules
from pipeline.text.boilerplate_rules import is_phrase
from pipeline.text.paragraphs import SENTENCE_END, Block

_LONGEST = 400  # characters; no boilerplate is longer, and no pattern is run on more
_HEADLINE_WORDS = 25
_QUESTION_WORDS = 12  # a longer question is the beginning of a story
_LEDE_WORDS = 12  # a second line under the title that is longer, or begins as a sentence does, is one
_HEADLINES = 2  # a title and a kicker, or a title and a second line
_KICKER_WORDS = 3
_AHEAD = 4  # blocks after a headline among which the story begins
_SUBHEADING_WORDS = 6
_FEW_WORDS = 2  # of a line that, with a full stop, may be an answer ("More.")
_EDGE = 3  # paragraphs at either end of the text among which notes about the article stand
_ENDING = 12  # characters at the end of a paragraph
_LIVE = 3  # paragraphs that begin with a clock time make a live blog

_CLOCK = re.compile(
    r"(\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: (?:GMT|UTC|[A-Z]{1,3}T))?)(?: ?[-–—|:])? +(?=[\"“'‘A-Z\d])"
)
_ACRONYM_END = re.compile(r"\b(?:[A-Z]\.){2,}$")
_ABBREVIATION_END = re.compile(r"\b(?:[ap]\.m|Inc|Corp|Ltd|Co|Jr|Sr|(?:[A-Z]\.)+[A-Z])\.$")
_TRAILS_OFF = re.compile(r"(?:\.{3,}|…|:)$")
# what stands after the end of a sentence and takes nothing from it: notes, tags, addresses, agencies, buttons
_AFTER_END = re.compile(
    r"(?<=[.!?…\"”’)])(?:\s*(?:\[[^\[\]]{1,20}\]|\d{1,2}(?!\w)|[*†‡§¹²³⁰-⁹]+|[#@]\w+|(?:https?://|www\.|t\.co/)\S+"
    r"|[–—-]+\s?[A-Z][\w.-]*(?:[ /][A-Z][\w.-]*){0,3}|\([A-Z][^()]{1,40}\)|[^\w\s.,;:!?'\"“”‘’()\[\]–—-]+"
    r"|(?i:read more|more|full story|continue reading|photo|video|ends?|enditem)\b[.…]*))+$"
)
_WHOLE_SENTENCE = re.compile(r"[^\W\d]{2}[.!?]+[\"”’)]*\s+[\"“‘(]?[A-Z–—]")
_PAGE_NUMBER = re.compile(r"(?i:[-–—]?\s?(?:page|p\.|pg\.?)?\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?\s?[-–—]?)")
_MID_SENTENCE = re.compile(r"[^\W\d_],?$")
_OPEN_END = re.compile(r"[,;:–—-]$")
_HEAD = re.compile(rules.HEAD)
_TRUNCATED = re.compile(rules.TRUNCATED)
_RIGHTS = re.compile(rules.RIGHTS)
_TAIL = re.compile(rules.TAIL)

_OTHERS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d")
_MOST_WORDS = 30  # words
_FEWEST = 5  # stories of one source that have the paragraph
_SHARE = 0.1  # of the source's stories, where the paragraph ends as a sentence does


class Cut(NamedTuple):
    """Something that was removed from an article: what kind of boilerplate, and its text."""

    kind: str
    text: str


class Story(NamedTuple):
    """The paragraphs that remain, the article's title ("" where none was found), and what was removed, in order."""

    paragraphs: list[str]
    title: str
    removed: list[Cut]


def remove_boilerplate(blocks: Sequence[Block], title: str = "") -> Story:
    """Take the story out of the blocks of an article.

    Where no `title` is given, the first heading is the title, or the first short line without a full stop that
    paragraphs follow. Headings go, unless they are sentences; so do tables, and all that boilerplate_rules describes.
    Datelines stay where a sentence goes on from them ("MOSCOW — Foreign Minister ...").
    """
    removed: list[Cut] = []
    blocks = _without_page_numbers(blocks, removed)
    body, title = _after_the_top([Block(bare, kind) for text, kind in blocks if (bare := _bare(text))], title, removed)
    kept = []
    for i, block in enumerate(body):
        edge = i < _EDGE or i >= len(body) - _EDGE
        if kind := _kind(block, title if len(body) > 1 else "", "edge" if edge else "body"):
            removed.append(Cut(kind, block.text))
        else:
            kept.append(_without_ends(block.text, removed))
    return Story(_without_clocks(kept, removed), title, removed)


def _without_page_numbers(blocks: Sequence[Block], removed: list[Cut]) -> list[Block]:
    """Cut the numbers of pages, and join a paragraph that a page break divides."""
    kept: list[Block] = []
    for block in blocks:
        if block.kind == "paragraph" and _PAGE_NUMBER.fullmatch(block.text.strip()):
            removed.append(Cut("page", block.text))
        elif kept and block.kind == kept[-1].kind == "paragraph" and _is_one(kept[-1].text, block.text):
            kept[-1] = Block(f"{kept[-1].text} {block.text.lstrip()}")
        else:
            kept.append(block)
    return kept


def _is_one(text: str, following: str) -> bool:
    return following[:1].islower() and bool(_MID_SENTENCE.search(text[-2:])) and len(text.split()) > _SUBHEADING_WORDS


def is_ended(text: str) -> bool:
    """Return whether a paragraph ends as a sentence does, whatever notes, tags or credits stand behind its end."""
    return bool(SENTENCE_END.search(text) or SENTENCE_END.search(_AFTER_END.sub("", text)))


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
    """Return whether a line is short, with sentences after it, and does not end as a sentence does.

    A short question may be the title of an article that has no other, but not the first of several questions. A line
    that holds a whole sentence is none, nor is, under a title, one that is long or begins with an article.
    """
    words = text.split()
    questions = any(block.text.endswith("?") for block in following)
    may_be_title = text.endswith("?") and not titled and not questions and len(words) <= _QUESTION_WORDS
    ended = is_ended(text) and not _ACRONYM_END.search(text)
    if (ended and not may_be_title) or _OPEN_END.search(text) or not _starts_like_a_line(text):
        return False
    if _WHOLE_SENTENCE.search(text) and not may_be_title:
        return False
    if titled and (len(words) > _LEDE_WORDS or words[0] in ("The", "A", "An")):
        return False
    story_follows = any(is_ended(block.text) for block in following)
    return len(words) <= _HEADLINE_WORDS and story_follows


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
    """Return the kind of boilerplate that a block is in a zone ("top", "edge", "body"); "" for the story itself."""
    text = block.text
    if block.kind == "table" or len(text) > _LONGEST:
        return block.kind if block.kind == "table" else ""
    ended = is_ended(text)
    if (
        ended
        and (_ABBREVIATION_END.search(text[-_ENDING:]) or _TRAILS_OFF.search(text[-_ENDING:]))
        and not _WHOLE_SENTENCE.search(text)
    ):
        ended = False
    if title and (zone == "top" or not text.endswith(".")) and letters(text) == letters(title):
        return "title"
    hung_on = ended and _HEAD.match(text) and not _RIGHTS.search(text)
    if not hung_on and (match := _rules(zone, ended).fullmatch(text)):
        kind = str(match.lastgroup).rstrip("_")
        if kind != "copyright" or not _tells_a_story(text):
            return kind
    if is_phrase(text) and (not ended or len(text.split()) > _FEW_WORDS):
        return "interface"
    is_title = block.kind == "heading" and zone == "top" and not (title and text.endswith("?"))
    is_heading = block.kind == "heading" or (zone != "top" and _is_subheading(text))
    return "heading" if is_title or (is_heading and not ended) else ""


def _tells_a_story(text: str) -> bool:
    """Tell a copyright line with sentences of the story behind it from a notice of rights."""
    return bool(_WHOLE_SENTENCE.search(text)) and text.endswith(".") and not _RIGHTS.search(text)


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case: what two forms of a line share."""
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
    """Cut boilerplate that hangs on either end of a paragraph of the story."""
    if (head := _HEAD.match(text)) and not _RIGHTS.search(text):
        removed.append(Cut("head", head[0].strip()))
        text = text[head.end() :]
    tail = _TAIL.search(text, max(0, len(text) - _LONGEST)) or (text.endswith("chars]") and _TRUNCATED.search(text))
    if tail:
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


class Source(NamedTuple):
    """Where an article comes from, and its paragraphs."""

    name: str
    paragraphs: Sequence[str]


def repeated_paragraphs(articles: Sequence[Source]) -> list[list[int]]:
    """Return for each article the places of its paragraphs that its source repeats, ascending.

    Counted are different stories, identified by their longest other paragraph, so that versions of one story prove
    nothing; digits do not distinguish paragraphs. A line that is no sentence is repeated when five stories have it, a
    sentence when a tenth of the stories has it, too. An article that has nothing else keeps all.
    """
    stories: dict[str, set[str]] = defaultdict(set)
    having: dict[tuple[str, str], set[str]] = defaultdict(set)
    keys = [[_key(paragraph) for paragraph in article.paragraphs] for article in articles]
    for article, own in zip(articles, keys, strict=True):
        story, second = [*sorted(dict.fromkeys(article.paragraphs), key=len, reverse=True), "", ""][:2]
        stories[article.name].add(story)
        for key, paragraph in zip(own, article.paragraphs, strict=True):
            if key:
                having[article.name, key].add(second if paragraph == story else story)
    return [
        _places(article, own, having, len(stories[article.name])) for article, own in zip(articles, keys, strict=True)
    ]


def _places(article: Source, keys: list[str], having: Mapping[tuple[str, str], set[str]], stories: int) -> list[int]:
    found = [
        place
        for place, (key, paragraph) in enumerate(zip(keys, article.paragraphs, strict=True))
        if key
        and len(having[article.name, key]) >= (max(_FEWEST, _SHARE * stories) if is_ended(paragraph) else _FEWEST)
    ]
    return found if len(found) < len(article.paragraphs) else []


def _key(paragraph: str) -> str:
    """Return what a short paragraph has in common with its repetitions; "" for a long one."""
    if len(paragraph.split(None, _MOST_WORDS)) > _MOST_WORDS:
        return ""
    return _OTHERS.sub("", _DIGITS.sub("0", paragraph.casefold()))
