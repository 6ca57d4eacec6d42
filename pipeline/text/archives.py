"""Files that hold pages or other files: feeds and WARC (extra `formats`), saved pages (MHTML), zip archives."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from pipeline.base.encoding import decode
from pipeline.base.errors import ArticleError
from pipeline.base.files import MAX_BYTES, read_whole
from pipeline.text.html import declared_encoding
from pipeline.text.office import need_package
from pipeline.text.records import RawDocument, document_of_page, document_of_text

_MOST_FILES = 100_000  # of one archive
_PAGES = ("text/html", "application/xhtml+xml")


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
    with TemporaryDirectory(prefix="stance-") as folder:
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
                problem = f"{name}: {document.problem}" if document.problem else ""
                yield replace(document, row=row, problem=problem, metadata=document.metadata | {"id": own})


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
