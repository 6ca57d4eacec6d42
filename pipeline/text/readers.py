"""Which reader for which file: plain text, Markdown and web pages here, files of records in records.py."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import ArticleError
from pipeline.text.decode import decode, normalise
from pipeline.text.drafts import Draft, draft_of_page, draft_of_text, plain_blocks
from pipeline.text.files import read_stdin, read_whole
from pipeline.text.frontmatter import split_front_matter
from pipeline.text.html import declared_encoding
from pipeline.text.markdown import markdown_blocks
from pipeline.text.paragraphs import Block
from pipeline.text.records import read_csv, read_json, read_jsonl, read_parquet

Reader = Callable[[Path, dict[str, str]], Iterator[Draft]]
"""Takes a path and the names of the columns {text, title, date, source, id}; raises ArticleError for a broken file."""


def suffix_of(name: str) -> str:
    """Return the suffix by which a file's reader is found, the one before ".gz": ".txt" for "talks.TXT.gz"."""
    return Path(_unpacked(name)).suffix.lower()


def stem_of(name: str) -> str:
    """Return a relative path without the suffixes of its format: "2001/talks" for "2001/talks.txt.gz"."""
    return Path(_unpacked(name)).with_suffix("").as_posix()


def read_plain(path: Path, columns: dict[str, str]) -> Iterator[Draft]:
    """Read a plain text file, with or without front matter."""
    yield _read_text(read_whole(path), path, plain_blocks)


def read_plain_stdin() -> Draft:
    """Read the plain text of one article, with or without front matter, from standard input."""
    return _read_text(read_stdin(), "stdin", plain_blocks)


def read_markdown(path: Path, columns: dict[str, str]) -> Iterator[Draft]:
    """Read a Markdown file, with or without front matter."""
    yield _read_text(read_whole(path), path, markdown_blocks)


def read_html(path: Path, columns: dict[str, str]) -> Iterator[Draft]:
    """Read a web page."""
    data = read_whole(path)
    html, guess, problem = decode(data, declared_encoding(data))
    yield Draft(problem=problem) if problem else replace(draft_of_page(html), guess=guess)


READERS: dict[str, Reader] = {
    "": read_plain,
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}


def _read_text(data: bytes, where: Path | str, blocks_of: Callable[[str], list[Block]]) -> Draft:
    text, guess, problem = decode(data)
    if problem:
        return Draft(problem=problem)
    try:
        head, body = split_front_matter(normalise(text))
    except ArticleError as error:
        raise ArticleError(error.what, where, expected=error.expected, got=error.got, remedy=error.remedy) from None
    draft = draft_of_text(body, blocks_of)
    return replace(draft, said=draft.said | head, guess=guess)


def _unpacked(name: str) -> str:
    return name[:-3] if name.lower().endswith(".gz") else name
