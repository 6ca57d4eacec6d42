"""Boilerplate by repetition: a short paragraph that stands in many stories of one source belongs to none of them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.text.boilerplate import is_ended

_OTHERS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d")
_LONGEST = 30  # words
_FEWEST = 5  # stories of one source that have the paragraph
_SHARE = 0.1  # of the source's stories, where the paragraph ends as a sentence does


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
    if len(paragraph.split(None, _LONGEST)) > _LONGEST:
        return ""
    return _OTHERS.sub("", _DIGITS.sub("0", paragraph.casefold()))
