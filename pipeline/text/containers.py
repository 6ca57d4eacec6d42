"""Files that hold articles inside: archives, feeds, web archives, office documents, mail."""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from pipeline.base.errors import ArticleError, KindError
from pipeline.base.files import MAX_BYTES, decode, read_whole
from pipeline.base.repair import normalise, repaired
from pipeline.base.storage import scratch_folder
from pipeline.text.exports import documents_of, read_export
from pipeline.text.html import declared_encoding
from pipeline.text.pages import text_of_pages
from pipeline.text.paragraphs import Block, split_paragraphs
from pipeline.text.records import RawDocument, document_of_page, document_of_text, read_table, said_without_place

_MOST_FILES = 100_000  # of one archive
_PAGES = ("text/html", "application/xhtml+xml")


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
    except zipfile.BadZipFile:
        yield RawDocument(problem="cannot be read: not a Word document (.docx)")
        return
    except Exception as error:  # of the library's, of zip's and of XML's kinds
        yield RawDocument(problem=_unread(error))
        return
    exported = documents_of(read_export(normalise("\n\n".join(block.text for block in blocks))))
    yield from exported or [RawDocument(blocks, {key: value for key, value in metadata.items() if value})]


def _word_blocks(document: Any) -> Iterator[Block]:
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            cells = {id(cell._tc): cell.text for row in part.rows for cell in row.cells}
            yield from (Block(repaired(text), "table") for text in cells.values() if text.strip())
            continue
        style = (part.style.name if part.style is not None else "") or ""
        kind = "heading" if style.startswith(("Heading", "Title")) else "paragraph"
        yield from (Block(line, kind) for line in split_paragraphs(repaired(part.text)))


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
    need_package("openpyxl", "Excel")
    try:
        yield from read_table(path, columns)
    except ArticleError as error:
        if not error.what.startswith("cannot be read"):
            raise
        yield RawDocument(problem=said_without_place(error))


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
    text = repaired(text)
    return documents_of(read_export(text)) or [document_of_text(text)]


def _unread(error: Exception) -> str:
    return f"cannot be read ({type(error).__name__}: {' '.join(str(error).split())[:80]})"


def read_feed(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read the entries of an RSS or Atom feed."""
    feedparser = need_package("feedparser", "RSS, Atom")
    feed = feedparser.parse(io.BytesIO(read_whole(path, ArticleError)))
    if not feed.version:
        yield RawDocument(problem="cannot be read (XML, but no RSS or Atom feed)")
        return
    source = feed.feed.get("title", "")
    for row, entry in enumerate(feed.entries, 1):
        text = next((part["value"] for part in entry.get("content", ())), "") or entry.get("summary", "")
        date = entry.get("published_parsed") or entry.get("updated_parsed")
        own = {
            "title": entry.get("title", ""),
            "date": f"{date[0]:04}-{date[1]:02}-{date[2]:02}" if date else "",
            "source": source,
            "url": entry.get("link", ""),
        }
        document = document_of_text(text)
        metadata = document.metadata | {key: value for key, value in own.items() if value}
        yield replace(document, row=row, metadata=metadata)


def read_mht(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read a page that a browser saved with all that belongs to it: the first page in it."""
    message = message_from_bytes(read_whole(path, ArticleError), policy=policy.default)
    for part in message.walk():
        if part.get_content_type() in _PAGES:
            data = part.get_payload(decode=True)
            html, guess, problem = decode(data if isinstance(data, bytes) else b"", part.get_content_charset() or "")
            yield RawDocument(problem=problem) if problem else replace(document_of_page(html), guess=guess)
            return
    yield RawDocument(problem="cannot be read (no web page in it)")


def read_warc(path: Path, columns: dict[str, str]) -> Iterator[RawDocument]:
    """Read the web pages of a crawl, one article each; ids are their numbers among the records."""
    warcio = need_package("warcio.archiveiterator", "WARC")
    row = 0
    try:
        for row, record in enumerate(warcio.ArchiveIterator(io.BytesIO(path.read_bytes())), 1):
            http = record.http_headers
            kind = (http.get_header("Content-Type") or "") if http else ""
            if record.rec_type != "response" or not kind.startswith(_PAGES):
                continue
            data = record.content_stream().read(MAX_BYTES)
            html, guess, problem = decode(data, declared_encoding(data))
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            page = RawDocument(problem=problem) if problem else document_of_page(html)
            yield replace(page, row=row, guess=guess, metadata={"url": url} | page.metadata)
    except Exception as error:  # of the library's and of zlib's kinds
        reason = " ".join(str(error).split())[:80]
        yield RawDocument(row=row + 1, problem=f"cannot be read ({type(error).__name__}: {reason})")


def read_members(
    path: Path,
    columns: dict[str, str],
    readers: Mapping[str, Callable[[Path, dict[str, str]], Iterator[RawDocument]]],
    suffix_of: Callable[[str], str],
    stem_of: Callable[[str], str],
) -> Iterator[RawDocument]:
    """Read the files of a zip archive by their suffixes; at most MAX_BYTES of each, and no archive inside another."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(read_whole(path, ArticleError)))
        members = sorted(name for name in archive.namelist()[:_MOST_FILES] if _is_read(name))
    except (zipfile.BadZipFile, ValueError) as error:
        yield RawDocument(problem=f"cannot be read ({error})")
        return
    row = 0
    with scratch_folder() as folder:
        for name in members:
            reader = readers.get(suffix_of(name))
            found: list[RawDocument] = []
            try:
                if reader is None or suffix_of(name) == ".zip":
                    raise ArticleError("not a kind of file that is read")
                found = list(reader(_unpacked(archive, name, Path(folder)), columns))
            except (ArticleError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                found = [RawDocument(problem=error.what if isinstance(error, ArticleError) else str(error))]
            for document in found:
                row += 1
                own = f"{stem_of(name)}{f'-{document.row}' if document.row else ''}"
                member = f"{name}, row {document.row}" if document.row else name
                yield replace(document, row=row, member=member, metadata=document.metadata | {"id": own})


def _is_read(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return not name.endswith("/") and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _unpacked(archive: zipfile.ZipFile, name: str, folder: Path) -> Path:
    with archive.open(name) as member:
        data = member.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ArticleError(f"more than {MAX_BYTES >> 20} MiB in one file")
    path = folder / f"member{''.join(PurePosixPath(name).suffixes[-2:])}"
    path.write_bytes(data)
    return path
