"""The story inside a web page, and what its head says of it."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline.base.repair import normalise, repair, repaired
from pipeline.text.boilerplate import Cut, letters
from pipeline.text.paragraphs import Block, split_paragraphs

if TYPE_CHECKING:
    from configparser import ConfigParser

    from lxml.html import HtmlElement
    from trafilatura.settings import Document


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
_DEEPEST = 256  # elements inside each other, where the parser stops

_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.I)
_DATE = re.compile(r"\"datePublished\"\s*:\s*\"(\d{4}-\d\d-\d\d)")
_SHORT = 250  # characters; below this trafilatura falls back on the whole page, navigation and all

_INLINE = {"hi", "ref", "lb", "del", "graphic"}
_KINDS = {"head": "heading", "cell": "table"}
_META = ("author", "topic", "region", "section", "keywords", "language")
_EXPORT = re.compile(
    r"class=\"[^\"]*\barticle enArticle|enarticleParagraph|>\s*Document [A-Z][A-Z0-9]{3,}[A-Za-z0-9]{6,}\s*<"
    r"|\b\d+ of \d+ DOCUMENTS?\b|>\s*End of Document\s*<|>\s*ProQuest document ID:"
)
_SPACED = {"p", "h1", "h2", "h3", "h4", "hr", "blockquote", "ul", "ol", "table"}
_LINES = {"div", "br", "tr", "li", "section", "article"}
_UNSEEN = {"script", "style", "noscript", "template", "title"}


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


class Page(NamedTuple):
    """The main text of a web page, what its head says (title, date, source and more), and what was left out."""

    blocks: list[Block]
    metadata: dict[str, str]
    left_out: list[Cut]
    repaired: int = 0
    problem: str = ""


def declared_encoding(data: bytes) -> str:
    """Return the encoding that a page names in its first 2048 bytes, or ""."""
    found = _DECLARED.search(data[:2048])
    return found[1].decode("ascii") if found else ""


def is_export_page(html: str) -> bool:
    """Tell a page that an archive of news exports, with many articles in it."""
    return bool(_EXPORT.search(html))


def page_text(html: str) -> str:
    """Return all text of a page, blocks and lines on lines of their own, the cells of a row two blanks apart."""
    from lxml.etree import iterwalk
    from trafilatura import load_html

    tree = load_html(html)
    if tree is None or _is_cut_off(tree):
        return ""
    pieces: list[str] = []
    walk = iterwalk(tree, events=("start", "end", "comment"))
    for event, element in walk:
        block = "\n\n" if element.tag in _SPACED else "\n" * (element.tag in _LINES)
        if event == "start" and element.tag in _UNSEEN:
            walk.skip_subtree()
        elif event == "start":
            pieces += [block, _one_line(element.text)]
        else:
            pieces += [block or "  " * (element.tag == "td"), _one_line(element.tail)]
    return "".join(pieces)


def _one_line(text: str | None) -> str:
    """Return text with each run of white space as one blank."""
    return re.sub(r"\s+", " ", text or "")


def read_page(html: str) -> Page:
    """Extract the main text of a page and its title, date of publication (ISO), source, author, topic and the like.

    The date is never guessed from the text; the source is the meta tag of that name or the name of the site. Text of
    the page that is not in the main text is in `left_out`, piece by piece.
    """
    from trafilatura import load_html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # an empty result is reported by the caller
    tree = load_html(html)
    if tree is None:
        return Page([], {}, [])
    if _is_cut_off(tree):
        return Page([], {}, [], problem=f"elements nested {_DEEPEST} deep: what is deeper would be lost")
    seen = list(_visible_pieces(tree))
    captions = {letters(caption) for caption in prepare(tree)}
    document = _extract(tree)
    counts: Counter[str] = Counter()
    blocks = list(_blocks(document.body, counts)) if document else []
    blocks = [block for block in blocks if letters(block.text) not in captions]
    return Page(blocks, _metadata(tree, html, document), _left_out(seen, blocks), counts.total())


def _is_cut_off(tree: "HtmlElement") -> bool:
    """Return whether elements stand so deep that the parser says nothing of those below."""
    from lxml.etree import iterwalk

    depth = deepest = 0
    for event, _ in iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest >= _DEEPEST


def _metadata(tree: "HtmlElement", html: str, document: "Document | None") -> dict[str, str]:
    tags = {_name(tag): " ".join(_clean(tag.get("content")).split()) for tag in tree.iter("meta")}
    metadata = {key: tags.get(key, "") for key in _META}
    metadata["title"] = _clean(document.title if document else "")
    metadata["date"] = (document and document.date) or "".join(_DATE.findall(html)[:1])
    metadata["source"] = tags.get("source") or tags.get("og:site_name") or (document and document.sitename) or ""
    return {key: value for key, value in metadata.items() if value}


def _clean(text: str | None) -> str:
    return repaired(text or "")


def _name(tag: "HtmlElement") -> str:
    return (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").lower()


def _extract(tree: "HtmlElement") -> "Document | None":
    from trafilatura.settings import use_config

    found = _extract_with(tree, use_config())
    if found and len(found.text or "") >= _SHORT:
        return found
    small = use_config()
    small["DEFAULT"].update({"MIN_EXTRACTED_SIZE": "1", "MIN_OUTPUT_SIZE": "1"})
    return _extract_with(tree, small) or found


def _extract_with(tree: "HtmlElement", config: "ConfigParser") -> "Document | None":
    from trafilatura import bare_extraction

    return bare_extraction(  # type: ignore[return-value]
        tree,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        config=config,
        # fixed bounds, or the result would depend on the day it was made
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
            "min_date": "1500-01-01",
            "max_date": "2999-12-31",
        },
    )


def _blocks(element: "HtmlElement", counts: Counter[str]) -> Iterator[Block]:
    """Walk the extracted tree: text and inline elements between two block elements are one run of text."""
    kind = _KINDS.get(element.tag, "paragraph")
    run = element.text or ""
    for child in element:
        if child.tag in _INLINE:
            run += "\n" if child.tag == "lb" else "".join(child.itertext())
        else:
            yield from _run(run, kind, counts)
            yield from _blocks(child, counts)
            run = ""
        run += child.tail or ""
    yield from _run(run, kind, counts)


def _run(text: str, kind: str, counts: Counter[str]) -> Iterator[Block]:
    text, own = repair(text)
    counts.update(own)
    return (Block(paragraph, kind) for paragraph in split_paragraphs(normalise(text)))


def _visible_pieces(tree: "HtmlElement") -> Iterator[str]:
    for element in tree.iter():
        # a comment's tag is a function
        seen = (element.text if isinstance(element.tag, str) and element.tag not in _UNSEEN else "", element.tail)
        yield from filter(None, (" ".join(_clean(text).split()) for text in seen))


def _left_out(seen: list[str], blocks: list[Block]) -> list[Cut]:
    taken = "\n".join(block.text for block in blocks)
    return [Cut("page", piece) for piece in seen if any(map(str.isalpha, piece)) and piece not in taken]
