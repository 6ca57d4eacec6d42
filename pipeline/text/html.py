"""Web pages into blocks of plain text: the main text by trafilatura, and what the page says about itself."""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pipeline.base.repair import repair
from pipeline.text.boilerplate import Cut
from pipeline.text.files import normalise
from pipeline.text.page_tree import prepare
from pipeline.text.paragraphs import Block, split_paragraphs

if TYPE_CHECKING:
    from configparser import ConfigParser

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

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


class Page(NamedTuple):
    """The main text of a web page, what its head says (title, date, source and more), and what was left out."""

    blocks: list[Block]
    metadata: dict[str, str]
    left_out: list[Cut]
    repaired: int = 0


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
    if tree is None:
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
    seen = list(_visible_pieces(tree))
    captions = {_letters(caption) for caption in prepare(tree)}
    document = _extract(tree)
    counts: Counter[str] = Counter()
    blocks = list(_blocks(document.body, counts)) if document else []
    blocks = [block for block in blocks if _letters(block.text) not in captions]
    return Page(blocks, _said(tree, html, document), _left_out(seen, blocks), counts.total())


def _said(tree: "HtmlElement", html: str, document: "Document | None") -> dict[str, str]:
    tags = {_name(tag): " ".join(_clean(tag.get("content")).split()) for tag in tree.iter("meta")}
    metadata = {key: tags.get(key, "") for key in _META}
    metadata["title"] = _clean(document.title if document else "")
    metadata["date"] = (document and document.date) or "".join(_DATE.findall(html)[:1])
    metadata["source"] = tags.get("source") or tags.get("og:site_name") or (document and document.sitename) or ""
    return {key: value for key, value in metadata.items() if value}


def _clean(text: str | None) -> str:
    return normalise(repair(text or "")[0])


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


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
