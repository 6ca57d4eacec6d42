"""Which reader for which file: plain text, Markdown and web pages here, files of records in records.py."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pipeline.base.errors import ArticleError
from pipeline.base.files import decode, read_stdin, read_whole
from pipeline.base.repair import normalise, repair, repaired
from pipeline.base.tables_in import TABLE_SUFFIXES
from pipeline.text.containers import (
    read_docx,
    read_feed,
    read_members,
    read_mht,
    read_pdf,
    read_rtf,
    read_warc,
    read_xlsx,
)
from pipeline.text.exports import documents_of, read_export
from pipeline.text.html import declared_encoding, is_export_page, page_text
from pipeline.text.pages import text_of_pages
from pipeline.text.paragraphs import Block
from pipeline.text.records import (
    RawDocument,
    document_of_page,
    document_of_sound_text,
    is_page,
    plain_blocks,
    read_table,
)

_START = re.compile(r"\s*---[ ]*\n(?=([A-Za-z][\w-]*):(?:\s|$))")
_END = re.compile(r"^(?:---|\.\.\.)[ ]*$", re.MULTILINE)
_LINE = re.compile(r"([A-Za-z][\w-]*):(?:\s+([\"']?)(.*)\2)?")
_LONGEST = 1 << 16  # characters
# what the bytes of an export have somewhere
_MAY_BE_EXPORT = re.compile(
    rb"of \d+ DOCUMENT|End of Document|(?i:load-date|length): |\nDocument [A-Z]|\nAN[ \t\r\n]+Document|Full text: "
    rb"|ProQuest|_{30}|={30}|\*{30}|-{60}"
)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # ten times as fast where libyaml is there

_KINDS = {"heading_open": "heading", "table_open": "table"}
_BREAKS = ("softbreak", "hardbreak")
_WORDS = ("text", "code_inline")
_TAG = re.compile(r"<[^<>]*>")

Reader = Callable[[Path, dict[str, str]], Iterator[RawDocument]]
"""Takes a path and the names of the columns {text, title, date, source, id}; raises ArticleError for a broken file."""


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the values of the front matter, all as text with keys in lower case, and the text after it.

    The block is YAML; where it is not (a title with a colon and without quotes), each line is a key and its value.
    Raise ArticleError where it is neither, or does not end.
    """
    start = _START.match(text)
    if not start:
        return {}, text
    end = _END.search(text, start.end(), start.end() + _LONGEST)
    if end:
        return _values(text[start.end() : end.start()]), text[end.end() :]
    if start[1].islower():
        raise ArticleError("front matter that does not end", remedy="Put a line with three dashes after it.")
    return {}, text


def _values(block: str) -> dict[str, str]:
    try:
        # BaseLoader leaves dates, numbers and "no" as they are written
        if "*" in block and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block, Loader=_LOADER)):
            raise ArticleError("front matter with a YAML alias", remedy="Write the value out.")
        found = yaml.load(block, Loader=_LOADER)
    except yaml.YAMLError:
        found = dict(map(_key_and_value, filter(str.strip, block.split("\n"))))
    metadata = {str(key).lower(): _as_text(value) for key, value in found.items()}
    return {key: value for key, value in metadata.items() if value}


def _key_and_value(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise ArticleError("front matter that cannot be read", expected="key: value", got=repr(line.strip()[:60]))
    return found[1], found[3] or ""


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_as_text(item)}" for key, item in value.items())
    return " ".join(str(value).split())


if TYPE_CHECKING:
    from markdown_it.token import Token


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


def suffix_of(name: str) -> str:
    """Return the suffix by which a file's reader is found, the one before ".gz": ".txt" for "talks.TXT.gz"."""
    return Path(_unpacked(name)).suffix.lower()


def stem_of(name: str) -> str:
    """Return a relative path without the suffixes of its format: "2001/talks" for "2001/talks.txt.gz"."""
    return Path(_unpacked(name)).with_suffix("").as_posix()


def read_plain(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a plain text file, with or without front matter, or an export of many articles."""
    data = read_whole(path, ArticleError)
    yield from _read_export(data) or [_read_text(data, path, plain_blocks)]


def read_plain_stdin() -> RawDocument:
    """Read the plain text of one article, with or without front matter, from standard input."""
    return _read_text(read_stdin(ArticleError), "stdin", plain_blocks)


def read_markdown(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a Markdown file, with or without front matter."""
    yield _read_text(read_whole(path, ArticleError), path, markdown_blocks)


def read_html(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a web page."""
    data = read_whole(path, ArticleError)
    html, guess, problem = decode(data, declared_encoding(data))
    if problem:
        yield RawDocument(problem=problem)
        return
    entries = read_export(page_text(html)) if is_export_page(html) else []
    yield from documents_of(entries, guess) or [replace(document_of_page(html), guess=guess)]


def read_zip(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read the files in an archive, each as if it lay in a folder; ids are their names in the archive."""
    return read_members(path, columns, READERS, suffix_of, stem_of)


READERS: dict[str, Reader] = {
    "": read_plain,
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    **dict.fromkeys(TABLE_SUFFIXES, read_table),
    ".docx": read_docx,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
    ".xlsx": read_xlsx,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".mht": read_mht,
    ".mhtml": read_mht,
    ".warc": read_warc,
    ".zip": read_zip,
}


def _read_text(data: bytes, where: Path | str, blocks_of: Callable[[str], list[Block]]) -> RawDocument:
    text, guess, problem = decode(data)
    if problem:
        return RawDocument(problem=problem)
    try:
        mended, counts = (text, Counter[str]()) if is_page(text) else repair(text_of_pages(text))
        head, body = split_front_matter(normalise(mended))
    except ArticleError as error:
        raise ArticleError(error.what, where, expected=error.expected, got=error.got, remedy=error.remedy) from None
    document = document_of_sound_text(body, blocks_of)
    return replace(
        document, metadata=document.metadata | head, guess=guess, repaired=document.repaired + counts.total()
    )


def _read_export(data: bytes) -> list[RawDocument]:
    if not _MAY_BE_EXPORT.search(data):
        return []
    text, guess, problem = decode(data)
    return [] if problem or is_page(text) else documents_of(read_export(repaired(text)), guess)


def _unpacked(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name
