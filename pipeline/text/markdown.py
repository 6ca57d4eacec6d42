"""Markdown into blocks of plain text."""

import re
from html import unescape
from typing import TYPE_CHECKING

from pipeline.text.paragraphs import Block

if TYPE_CHECKING:
    from markdown_it.token import Token

_KINDS = {"heading_open": "heading", "table_open": "table"}
_BREAKS = ("softbreak", "hardbreak")
_WORDS = ("text", "code_inline")
_TAG = re.compile(r"<[^<>]*>")


def markdown_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text (CommonMark and pipe tables) without its syntax.

    Links and emphasis become their words; list items, quoted paragraphs and code become paragraphs; images, rules and
    HTML tags are left out.
    """
    from markdown_it import MarkdownIt

    blocks, kind = [], "paragraph"
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in (*_KINDS, "heading_close", "table_close"):
            kind = _KINDS.get(token.type, "paragraph")
        blocks += [Block(line, kind) for line in _lines(token) if line]
    return blocks


def _lines(token: "Token") -> list[str]:
    if token.type == "inline":
        children = [child for child in token.children or [] if child.type in (*_WORDS, *_BREAKS)]
        pieces = [child.content if child.type in _WORDS else " " for child in children]
        return [" ".join("".join(pieces).split())]
    if token.type in ("code_block", "fence"):
        return [" ".join(part.split()) for part in re.split(r"\n\s*\n", token.content)]
    if token.type == "html_block":
        return [" ".join(unescape(_TAG.sub(" ", token.content)).split())]
    return []
