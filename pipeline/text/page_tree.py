"""A web page made ready for the extraction of its story: what is hidden, hung on or set apart by its layout."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|is-hidden|hidden-text)(?:\s|$)", re.I
)
_PROMOTION = re.compile(
    r"(?:^|[\s_-])(?:promo|related|recirc|teasers?|newsletter|read-?more|more-on|recommended|outbrain|taboola|sponsored)"
    r"(?:[\s_-]|$)",
    re.I,
)
_FEW_WORDS = 3  # hidden from screen readers only, as the visible half of a drop cap is
_NOTE = re.compile(r"\s*[\[(]?(?:\d{1,3}|[a-z*†‡§])(?:\s*,\s*\d{1,3})*[\])]?\s*")
_CAP_CLASS = re.compile(r"cap|initial|first-?letter|lettrine", re.I)
_ENDED = re.compile(r"[.!?][\"”’)]*\s*$")
_BESIDE_LINKS = re.compile(r"[\W_]*(?:\[\w+\][\W_]*)*")  # what may stand beside the links of a paragraph of links
_BLOCKS = ("p", "div", "ul", "ol", "section", "article", "blockquote", "table", "h1", "h2", "h3", "h4")
_PARTS = ("div", "section", "article")
_NOT_STORY = re.compile(
    r"comment|teaser|card|promo|related|sidebar|footer|nav|aside|recommend|widget|share|social|newsletter|listing|feed",
    re.I,
)
_FEWEST_WORDS = 40  # of the paragraphs of one part of a story
_FEWEST_LINKS = 2


def prepare(tree: "HtmlElement") -> set[str]:
    """Change the tree of a page: drop what is hidden, marks of notes and lists of links, join drop caps and parts.

    Parts are containers of one class, each with paragraphs of its own, into which some sites divide a story. Returns
    the captions of pictures, which a page may repeat as paragraphs.
    """
    for element in reversed(list(tree.iter())):  # what stands inside another comes first
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if (
            _is_hidden(element)
            or _is_promotion(element)
            or (element.tag == "sup" and _NOTE.fullmatch(_text(element)))
            or _is_link_list(element)
        ):
            _drop(element)
        elif _is_drop_cap(element):
            element.tail = (element.tail or "").lstrip()
    _join_parts(tree)
    return {" ".join(_text(caption).split()) for caption in tree.iter("figcaption")} - {""}


def _text(element: "HtmlElement") -> str:
    return "".join(element.itertext(with_tail=False))


def _drop(element: "HtmlElement") -> None:
    """Take an element out, but not the text behind it."""
    element.drop_tree()


def _is_hidden(element: "HtmlElement") -> bool:
    if element.tag in ("html", "body", "head", "script", "style", "noscript", "meta", "link"):
        return False
    unseen = (
        element.get("hidden") is not None
        or _HIDDEN_STYLE.search(element.get("style") or "")
        or _HIDDEN_CLASS.search(element.get("class") or "")
        or element.get("aria-hidden") == "true"
    )
    if not unseen:
        return False
    by_class = element.get("hidden") is None and not _HIDDEN_STYLE.search(element.get("style") or "")
    return not by_class or len(_text(element).split()) > _FEW_WORDS


def _is_promotion(element: "HtmlElement") -> bool:
    """Tell a short box whose class says that it points to other pages."""
    if element.tag not in ("div", "section", "ul", "template") or not (name := element.get("class") or element.tag):
        return False
    return element.tag == "template" or (
        bool(_PROMOTION.search(name)) and len(_text(element).split()) < _FEWEST_WORDS and not element.findall(".//h1")
    )


def _is_drop_cap(element: "HtmlElement") -> bool:
    """Tell a large first letter from its word: "T he two ports"."""
    letter, tail = _text(element), element.tail or ""
    if len(letter) != 1 or not letter.isupper() or not tail[:1].isspace() or not tail.lstrip()[:1].islower():
        return False
    return letter not in "AIO" or bool(_CAP_CLASS.search(element.get("class") or ""))


def _is_link_list(element: "HtmlElement") -> bool:
    """Tell a paragraph that is nothing but links and no sentence, or several links side by side inside a sentence."""
    if element.tag not in ("p", "span", "ul", "ol", "div"):
        return False
    links = list(element.iter("a"))
    if not links or any(child.tag in _BLOCKS for child in element.iterdescendants() if child.tag != "li"):
        return False
    if element.tag in ("span", "div") and len(links) < _FEWEST_LINKS + 1:
        return False
    beside = list(_beside_links(element))
    if not _BESIDE_LINKS.fullmatch("".join(beside)):
        return False
    return not any(_ENDED.search(_text(link)) for link in links)


def _beside_links(element: "HtmlElement") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != "a" and isinstance(child.tag, str):
            yield from _beside_links(child)
        yield child.tail or ""


def _join_parts(tree: "HtmlElement") -> None:
    parts: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    for element in tree.iter(*_PARTS):
        name = element.get("class") or ""
        if name and not _NOT_STORY.search(name) and _own_words(element) >= _FEWEST_WORDS:
            parts[element.tag, name].append(element)
    for first, *others in parts.values():
        for other in others:
            for child in list(other):
                first.append(child)


def _own_words(element: "HtmlElement") -> int:
    return sum(len(_text(child).split()) for child in element if child.tag == "p")
