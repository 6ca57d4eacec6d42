"""Office files: Word, Excel, RTF and PDF (extra `formats`)."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.base.errors import ArticleError, KindError
from pipeline.base.files import read_whole
from pipeline.base.repair import repair
from pipeline.text.exports import documents_of, read_export
from pipeline.text.files import normalise
from pipeline.text.pages import text_of_pages
from pipeline.text.paragraphs import Block, split_paragraphs
from pipeline.text.records import RawDocument, document_of_record, document_of_text, need_text


def need_package(name: str, kind: str) -> ModuleType:
    """Import a package of the extra `formats`; raise KindError, which names the extra, where it is missing."""
    try:
        return import_module(name)
    except ImportError:
        what = f"not a kind of file that is read without the extra `formats` ({kind}, by {name})"
        raise KindError(what, remedy="Run `pip install 'stance-pipeline[formats]'`.") from None


def read_docx(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a Word document: headings, paragraphs and tables in their order, and the title that it says it has."""
    docx = need_package("docx", "Word")
    try:
        document = docx.Document(io.BytesIO(read_whole(path, ArticleError)))
        blocks = list(_word_blocks(document))
        metadata = {"title": document.core_properties.title or "", "author": document.core_properties.author or ""}
    except ArticleError:
        raise
    except Exception as error:  # of the library's, of zip's and of XML's kinds
        yield RawDocument(problem=_unread(error))
        return
    exported = documents_of(read_export(normalise("\n\n".join(block.text for block in blocks))))
    yield from exported or [RawDocument(blocks, {key: value for key, value in metadata.items() if value})]


def _word_blocks(document: Any) -> Iterator[Block]:
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            cells = {id(cell._tc): cell.text for row in part.rows for cell in row.cells}
            yield from (Block(_clean(text), "table") for text in cells.values() if text.strip())
            continue
        style = (part.style.name if part.style is not None else "") or ""
        kind = "heading" if style.startswith(("Heading", "Title")) else "paragraph"
        yield from (Block(line, kind) for line in split_paragraphs(_clean(part.text)))


def read_rtf(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a document in Rich Text Format."""
    striprtf = need_package("striprtf.striprtf", "RTF")
    data = read_whole(path, ArticleError)
    if not data.lstrip().startswith(b"{\\rtf"):
        yield RawDocument(problem="not RTF data")
        return
    try:
        text = striprtf.rtf_to_text(data.decode("latin-1"), errors="replace")
    except Exception as error:  # whatever a broken file leads to
        yield RawDocument(problem=_unread(error))
        return
    yield from _documents_of_text(re.sub(r"(?<!\n)\n(?!\n)", "\n\n", text))


def read_xlsx(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read the first sheet of a workbook as a table with a header."""
    openpyxl = need_package("openpyxl", "Excel")
    try:
        book = openpyxl.load_workbook(io.BytesIO(read_whole(path, ArticleError)), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True))
    except ArticleError:
        raise
    except Exception as error:  # of the library's, of zip's and of XML's kinds
        yield RawDocument(problem=_unread(error))
        return
    header = [str(cell or "").strip() for cell in rows[0]] if rows else []
    need_text(header, columns, f"{path}, row 1")
    for number, cells in enumerate(rows[1:], 1):
        values = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        if any(value is not None for value in values.values()):
            try:
                yield replace(document_of_record(values, columns, f"{path}, row {number + 1}"), row=number)
            except ArticleError as error:
                yield RawDocument(row=number, problem=error.what)


def read_pdf(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read the text layer of a PDF file, without running heads, page numbers and numbers of lines."""
    pypdf = need_package("pypdf", "PDF")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it cannot read is reported here
    try:
        reader = pypdf.PdfReader(io.BytesIO(read_whole(path, ArticleError)))
        pages = [page.extract_text() or "" for page in reader.pages]
        title = str((reader.metadata and reader.metadata.title) or "")
    except ArticleError:
        raise
    except Exception as error:  # whatever a broken file leads to
        yield RawDocument(problem=_unread(error))
        return
    text = text_of_pages("\f".join(pages))
    if not text.strip():
        yield RawDocument(problem="no text layer (a scan?): run it through OCR first")
        return
    documents = _documents_of_text(text)
    yield from [replace(one, metadata={"title": title, **one.metadata} if title else one.metadata) for one in documents]


def _documents_of_text(text: str) -> list[RawDocument]:
    text = normalise(repair(text)[0])
    return documents_of(read_export(text)) or [document_of_text(text)]


def _clean(text: str) -> str:
    return normalise(repair(text)[0])


def _unread(error: Exception) -> str:
    return f"cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:80]})"
