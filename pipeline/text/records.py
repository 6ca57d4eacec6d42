"""Files of records (JSON, JSON Lines, CSV, Parquet): one article a record, read one by one."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.base.errors import ArticleError, InputError
from pipeline.base.records import check_columns, find_column
from pipeline.base.repair import normalise, repair, repaired
from pipeline.base.tables_in import read_records
from pipeline.text.boilerplate import Cut
from pipeline.text.html import read_page
from pipeline.text.paragraphs import Block, split_paragraphs

OTHER_NAMES = {
    "text": ("body", "content", "article_body", "articleBody", "maintext", "full_text", "fulltext", "article", "story"),
    "title": ("headline", "heading", "title"),
    "date": ("published", "publishedAt", "published_at", "date_publish", "publish_date", "pub_date", "pubDate"),
    "source": ("publication", "publisher", "outlet", "source_domain", "media_name", "newspaper"),
}
"""What columns are called in data sets, beside the names that a caller gives."""

_REMEDY = "Name the column with the text: --text-column NAME, or split.columns.text in params.yaml."

_PAGE = re.compile(r"\s*<(?:!doctype html|html|\?xml)", re.I)
_PIECE = re.compile(r"</p>", re.I)
_TAGS = re.compile(r"<(?:br|div|li|b|i|em|strong|span|a|ul|ol|h[1-6]|blockquote|figure|img)\b[^<>]{0,300}>", re.I)
_LINE_TAG = re.compile(r"<br\b[^<>]{0,100}>", re.I)
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|h[1-6]|blockquote|figure|section|article|table|tr)\b[^<>]{0,300}>", re.I)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(https?://[^()\s]{1,500}\)")
_ANY_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*\b[^<>]{0,300}>")


@dataclass(frozen=True)
class RawDocument:
    """Blocks of text, and what the file says about them: title, date, source, id and more, none where it has none.

    `row` is the number of its row or line from 1, and 0 where the file is one article; `guess` names the encoding
    where that was guessed; `problem` says why there is no text; `removed` is what the extraction of a page left out;
    `repaired` counts the damaged characters that were mended; `member` is the name of its file in an archive.
    """

    blocks: list[Block] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    removed: list[Cut] = field(default_factory=list)
    row: int = 0
    guess: str = ""
    problem: str = ""
    repaired: int = 0
    member: str = ""


def plain_blocks(text: str) -> list[Block]:
    """Return the paragraphs of plain text as blocks."""
    return [Block(paragraph) for paragraph in split_paragraphs(text)]


def document_of_text(text: str, blocks_of: Callable[[str], list[Block]] = plain_blocks) -> RawDocument:
    """Make a document of the text of one article; text that is a web page, or a piece of one, is read as such."""
    if is_page(text):
        return document_of_page(text)
    text, counts = repair(text)
    document = document_of_sound_text(normalise(text), blocks_of)
    return replace(document, repaired=document.repaired + counts.total())


def document_of_sound_text(text: str, blocks_of: Callable[[str], list[Block]]) -> RawDocument:
    """Make a document of text that is repaired and normalised; a web page, or a piece of one, is read as such."""
    if is_page(text):
        return document_of_page(text)
    if _PIECE.search(text):
        return document_of_page(f"<html><body><article>{text}</article></body></html>")
    return RawDocument(blocks_of(_without_tags(text)))


def _without_tags(text: str) -> str:
    """Return text with a few HTML tags in it as plain text: blocks and line ends as lines of their own."""
    if "](http" in text:
        text = _LINK.sub(r"\1", text)
    if not _TAGS.search(text):
        return text
    return _ANY_TAG.sub("", _BLOCK_TAG.sub("\n\n", _LINE_TAG.sub("\n\n", text)))


def is_page(text: str) -> bool:
    """Return whether a text is a whole web page."""
    return bool(_PAGE.match(text))


def document_of_page(html: str) -> RawDocument:
    """Make a document of a web page."""
    page = read_page(html)
    return RawDocument(page.blocks, page.metadata, page.left_out, problem=page.problem, repaired=page.repaired)


def read_table(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a file of records, one by one; nested and binary columns of Parquet other than the text are left out."""
    needs = (names_of("text", columns),)
    first_problem, usable = None, False
    for record in read_records(path, needs, flat=True, lenient=True, error=ArticleError, remedy=_REMEDY):
        problem, document = record.problem, RawDocument()
        if not problem:
            try:
                document = document_of_record(record.values, columns, record.where)
            except ArticleError as error:
                problem = error
        if problem:
            document = RawDocument(problem=said_without_place(problem))
        first_problem, usable = first_problem or problem, usable or not problem
        yield replace(document, row=record.number, guess=record.guess)
    if first_problem and not usable:
        raise first_problem


def said_without_place(problem: InputError) -> str:
    """Return the message of an error for where its place has been named."""
    return str(InputError(problem.what, expected=problem.expected, got=problem.got, remedy=problem.remedy))


def names_of(key: str, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that a column may have: what the caller says, and, where that is one of them, the usual ones."""
    own, others = columns[key], OTHER_NAMES.get(key, ())
    return (own, *(name for name in others if name != own)) if own in (key, *others) else (own,)


def names_of_all(columns: Mapping[str, str]) -> list[str]:
    """Return all names that the columns may have."""
    return [name for key in columns for name in names_of(key, columns)]


def resolve(names: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return what `columns` names, each by the name that it has among `names`, where it is there."""
    names = list(names)
    return {key: find_column(names, names_of(key, columns)) or name for key, name in columns.items()}


def document_of_record(record: Mapping[str, Any], columns: dict[str, str], where: str) -> RawDocument:
    """Make a document of one record, in which a column that `columns` names goes before another that is called so.

    Raises ArticleError naming `where` for a record that has no text column.
    """
    need_text(record, columns, where)
    columns = resolve(record, columns)
    text = record[columns["text"]]
    if isinstance(text, list) and all(isinstance(piece, str) for piece in text):
        text = "\n\n".join(text)
    if not isinstance(text, str | None):
        raise ArticleError("the text is not a string", where, got=type(text).__name__)
    document = document_of_text(text or "")
    metadata = {str(name): _as_text(value) for name, value in record.items() if name not in columns.values()}
    metadata |= {key: _as_text(record[name]) for key, name in columns.items() if key != "text" and name in record}
    if not metadata.get("source") and metadata.get("url"):
        metadata["source"] = urlsplit(metadata["url"]).netloc
    return replace(document, metadata=document.metadata | {key: value for key, value in metadata.items() if value})


def need_text(names: Iterable[str], columns: dict[str, str], where: str) -> None:
    """Raise ArticleError naming `where`, with the nearest name, where no column or key is the text."""
    check_columns(names, (names_of("text", columns),), where, ArticleError, _REMEDY)


def _as_text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return " ".join(repaired(value).split())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return _as_text(value["name"])
    if isinstance(value, int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
