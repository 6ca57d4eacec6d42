"""Files of records (JSON, JSON Lines, CSV, Parquet): one article a record, read one by one."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.base.errors import ArticleError, check_header, suggest
from pipeline.base.repair import repair
from pipeline.text.boilerplate import Cut
from pipeline.text.files import MAX_BYTES, Decoded, decode, normalise, open_regular, read_raw_lines, read_whole
from pipeline.text.html import read_page
from pipeline.text.paragraphs import Block, split_paragraphs

_PAGE = re.compile(r"\s*<(?:!doctype html|html|\?xml)", re.I)
_PIECE = re.compile(r"</p>", re.I)
_TAGS = re.compile(r"<(?:br|div|li|b|i|em|strong|span|a|ul|ol|h[1-6]|blockquote|figure|img)\b[^<>]{0,300}>", re.I)
_LINE_TAG = re.compile(r"<br\b[^<>]{0,100}>", re.I)
_BLOCK_TAG = re.compile(r"</?(?:p|div|li|ul|ol|h[1-6]|blockquote|figure|section|article|table|tr)\b[^<>]{0,300}>", re.I)
_ANY_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*\b[^<>]{0,300}>")


@dataclass(frozen=True)
class RawDocument:
    """Blocks of text, and what the file says about them: title, date, source, id and more, nothing where it is silent.

    `row` is the number of its row or line from 1, and 0 where the file is one article; `guess` names the encoding
    where that was guessed; `problem` says why there is no text; `removed` is what the extraction of a page left out;
    `repaired` counts the damaged characters that were mended.
    """

    blocks: list[Block] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    removed: list[Cut] = field(default_factory=list)
    row: int = 0
    guess: str = ""
    problem: str = ""
    repaired: int = 0


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
    if not _TAGS.search(text):
        return text
    return _ANY_TAG.sub("", _BLOCK_TAG.sub("\n\n", _LINE_TAG.sub("\n\n", text)))


def is_page(text: str) -> bool:
    """Tell whether a text is a whole web page."""
    return bool(_PAGE.match(text))


def document_of_page(html: str) -> RawDocument:
    """Make a document of a web page."""
    page = read_page(html)
    return RawDocument(page.blocks, page.said, page.left_out, repaired=page.repaired)


if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = ",;\t|"
_BATCH = 256  # rows of Parquet in memory at a time
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # marks of UTF-16 and UTF-32, whose line ends are wide too


def read_json(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read one object (one article) or a list of objects."""
    text, guess, problem = decode(read_whole(path))
    if problem:
        yield RawDocument(problem=problem)
        return
    value = _parse(text, path)
    if isinstance(value, list):
        for row, item in enumerate(value, 1):
            yield replace(document_of_record(item, columns, f"{path}, item {row}"), row=row, guess=guess)
    else:
        yield replace(document_of_record(value, columns, str(path)), guess=guess)


def read_jsonl(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read one object a line; blank lines are passed over."""
    for row, (line, guess, problem) in _lines(path):
        if problem:
            yield RawDocument(row=row, problem=problem)
        elif line.strip():
            document = document_of_record(_parse(line, path, row), columns, f"{path}, line {row}")
            yield replace(document, row=row, guess=guess)


def read_csv(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a table with a header, parted by commas, semicolons, tabs or bars; rows are numbered without the header."""
    header: list[str] = []
    for row, (cells, where, guess) in enumerate(_csv_rows(path, columns["text"])):
        if not header:
            header = [cell.strip() for cell in cells]
            check_header(header, where, ArticleError)
            need_text(header, columns, where)
        elif len(cells) != len(header):
            raise ArticleError("a broken row", where, expected=f"{len(header)} fields", got=str(len(cells)))
        else:
            yield replace(
                document_of_record(dict(zip(header, cells, strict=True)), columns, where), row=row, guess=guess
            )


def read_parquet(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a Parquet file, its page checksums verified; nested and binary columns other than the text are left out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    row = 0
    with open_regular(path) as file:
        try:
            # a packed file cannot be read from its end
            packed = path.suffix.lower() == ".gz"
            table = pq.ParquetFile(io.BytesIO(read_whole(path)) if packed else file, page_checksum_verification=True)
            check_header(table.schema_arrow.names, str(path), ArticleError)
            need_text(table.schema_arrow.names, columns, str(path))
            for batch in table.iter_batches(_BATCH, columns=flat_columns(table.schema_arrow, columns["text"])):
                for record in batch.to_pylist():
                    row += 1
                    yield replace(document_of_record(record, columns, f"{path}, row {row}"), row=row)
        except (pa.ArrowException, OSError) as error:
            raise ArticleError(f"not a readable Parquet file ({' '.join(str(error).split())})", path) from None


def document_of_record(record: Any, columns: dict[str, str], where: str) -> RawDocument:
    """Make a document of one record, in which a column that `columns` names goes before another that is called so.

    Raises ArticleError naming `where` for a record that is no object or has no text column.
    """
    if not isinstance(record, dict):
        raise ArticleError("not an object", where, expected='{"text": ...}', got=type(record).__name__)
    need_text(record, columns, where)
    text = record[columns["text"]]
    if not isinstance(text, str | None):
        raise ArticleError("the text is not a string", where, got=type(text).__name__)
    document = document_of_text(text or "")
    said = {str(name): _as_text(value) for name, value in record.items() if name not in columns.values()}
    said |= {key: _as_text(record[name]) for key, name in columns.items() if key != "text" and name in record}
    return replace(document, said=document.said | {key: value for key, value in said.items() if value})


def need_text(names: Collection[str], columns: dict[str, str], where: str) -> None:
    """Raise ArticleError naming `where`, with the nearest name, where no column or key is the text."""
    if columns["text"] not in names:
        raise ArticleError(
            f"no column or key {columns['text']!r} for the text",
            where,
            got=", ".join(map(str, names)) or "none",
            remedy=f"{suggest(columns['text'], map(str, names))} Name it in split.columns.text.".strip(),
        )


def flat_columns(schema: "pa.Schema", text_column: str) -> list[str]:
    """Return the text column and all that are neither nested nor binary, in the order of the table."""
    from pyarrow.types import is_binary, is_binary_view, is_fixed_size_binary, is_large_binary, is_nested

    unread = (is_nested, is_binary, is_binary_view, is_fixed_size_binary, is_large_binary)
    left_out = [field.name for field in schema if any(is_such(field.type) for is_such in unread)]
    return [name for name in schema.names if name == text_column or name not in left_out]


def _as_text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return " ".join(normalise(repair(value)[0]).split())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _parse(text: str, path: Path, line: int = 0) -> Any:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        what = f"not valid JSON ({error.msg} at column {error.colno})"
        remedy = "If each line is an object of its own, name the file .jsonl." if error.msg == "Extra data" else ""
        raise ArticleError(what, f"{path}, line {line or error.lineno}", remedy=remedy) from None
    except (RecursionError, ValueError) as error:
        raise ArticleError(f"not readable JSON ({error})", f"{path}, line {line}" if line else path) from None


def _lines(path: Path) -> Iterator[tuple[int, Decoded]]:
    for row, raw in read_raw_lines(path):
        if row == 1 and raw.startswith(_WIDE):
            text = decode(read_whole(path)).text
            yield from ((n, Decoded(line)) for n, line in enumerate(text.splitlines(keepends=True), 1))
            return
        yield row, decode(raw)


def _csv_rows(path: Path, text_column: str) -> Iterator[tuple[list[str], str, str]]:
    """Yield (cells, where, guessed encoding or "") of each row that is not blank, the header first."""
    guesses: list[str] = []
    lines = _csv_lines(path, guesses)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=lambda mark: (text_column in first.strip().split(mark), first.count(mark)))
    csv.field_size_limit(MAX_BYTES)
    rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    try:
        for cells in rows:
            if cells:
                yield cells, f"{path}, line {rows.line_num}", "".join(guesses[:1])
            guesses.clear()
    except csv.Error as error:
        raise ArticleError(f"not valid CSV ({error})", f"{path}, line {rows.line_num}") from None


def _csv_lines(path: Path, guesses: list[str]) -> Iterator[str]:
    for row, (line, guess, problem) in _lines(path):
        if problem:
            raise ArticleError(problem, f"{path}, line {row}")
        guesses += [guess] * bool(guess)
        yield line
