"""Drafts: articles as their files have them, before page furniture is cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.text.decode import normalise
from pipeline.text.furniture import Cut
from pipeline.text.html import read_page
from pipeline.text.paragraphs import Block, split_paragraphs

_PAGE = re.compile(r"\s*<(?:!doctype html|html|\?xml)", re.I)
_PIECE = re.compile(r"</p>", re.I)


@dataclass(frozen=True)
class Draft:
    """Blocks of text, and what the file says about them: title, date, source, id and more, nothing where it is silent.

    `row` is the number of its row or line from 1, and 0 where the file is one article; `guess` names the encoding
    where that was guessed; `problem` says why there is no text; `removed` is what the extraction of a page left out.
    """

    blocks: list[Block] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    removed: list[Cut] = field(default_factory=list)
    row: int = 0
    guess: str = ""
    problem: str = ""


def plain_blocks(text: str) -> list[Block]:
    """Return the paragraphs of plain text as blocks."""
    return [Block(paragraph) for paragraph in split_paragraphs(text)]


def draft_of_text(text: str, blocks_of: Callable[[str], list[Block]] = plain_blocks) -> Draft:
    """Make a draft of the text of one article; text that is a web page, or a piece of one, is read as such."""
    if _PAGE.match(text):
        return draft_of_page(text)
    if _PIECE.search(text):
        return draft_of_page(f"<html><body><article>{text}</article></body></html>")
    return Draft(blocks_of(normalise(text)))


def draft_of_page(html: str) -> Draft:
    """Make a draft of a web page."""
    page = read_page(html)
    return Draft(page.blocks, page.said, page.left_out)
