"""Answers as one HTML page that works offline and without a script: a list of sentences, or articles to read."""

import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Any

from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open
from pipeline.report.marking import mark
from pipeline.report.rendering import environment, page_parts, printable, shares_of

_IN_MEMORY = 1 << 24  # characters of a page that are kept in memory; what is more waits in a temporary file
_LONGEST_VALUE = 80
_SHOWN_COLUMNS = 4
_SHOWN_NGRAMS = 3
_OWN = (
    "text",
    "label",
    "confidence",
    "probabilities",
    "abstained",
    "explanation",
    "start",
    "end",
    "index",
    "paragraph",
)


class PageWriter:
    """Write answered and explained rows as they come; the page is put together when the block ends well.

    Memory is flat in the number of rows (of articles: in the number of sentences of one article).
    """

    def __init__(self, path: str | None, titles: Mapping[str, str] | None = None):
        """Take a path, or None for stdout; where the rows are articles' sentences, `titles` by `article_id`.

        The sentences of one article stand together; an only article may go without `article_id`, under the key "".
        """
        self._path, self._titles = path, titles
        self._macros: Any = environment(autoescape=True, finalize=printable).get_template("answers.html").module
        self._counts: Counter[str] = Counter()
        self._stack = ExitStack()
        self._article: list[dict[str, Any]] = []
        self._article_id = ""

    def __enter__(self) -> "PageWriter":
        """Open a place where the rows wait."""
        self._body: IO[str] = self._stack.enter_context(
            SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="\n")
        )
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write the page, or nothing where the block failed."""
        with self._stack:
            if kind is None:
                self._end_article()
                self._put_together()

    def write(self, rows: list[Row]) -> None:
        """Take some rows with their `explanation`."""
        for row in rows:
            self._counts.update(["all", row["label"], "abstained" if row["abstained"] else "answered"])
            view = _view(row, self._counts["all"])
            if self._titles is None:
                self._body.write(self._macros.listed(view) + "\n")
                continue
            if row.get("article_id", "") != self._article_id:
                self._end_article()
                self._article_id = row.get("article_id", "")
            self._article.append(view)

    def _end_article(self) -> None:
        if self._article:
            title = (self._titles or {}).get(self._article_id) or self._article_id or "Article"
            self._body.write(self._macros.article(_article_view(title, self._article)) + "\n")
        self._article = []

    def _put_together(self) -> None:
        about = {"counts": {key: self._counts[key] for key in ("all", *STANCES, "answered", "abstained")}}
        as_list = self._titles is None
        self._body.seek(0)
        with ExitStack() as stack:
            file: IO[str] = stack.enter_context(atomic_open(self._path, "w")) if self._path else sys.stdout
            page = page_parts(("page.css", "answers.css"))
            file.write(self._macros.head(page, about, as_list, shares_of(self._counts)) + "\n")
            shutil.copyfileobj(self._body, file)
            file.write(self._macros.tail(as_list) + "\n")
            file.flush()


def _view(row: Row, number: int) -> dict[str, Any]:
    told = row["explanation"]
    others = {name: value for name, value in row.items() if name not in _OWN and isinstance(value, str | int | float)}
    shown = [(name, str(value)[:_LONGEST_VALUE]) for name, value in others.items() if str(value)][:_SHOWN_COLUMNS]
    return {
        "number": number,
        "label": row["label"],
        "confidence": f"{row['confidence']:.2f}",
        "width": round(100 * row["confidence"], 1),
        "shares": ", ".join(f"{name} {value:.2f}" for name, value in row["probabilities"].items()),
        "abstained": row["abstained"],
        "pieces": mark(told.get("text", row["text"]), told),
        "paragraph": row.get("paragraph", 0),
        "reason": told["reason"].partition(", ")[2],
        "lfs": told["lfs"],
        "silent": told["silent"],
        "ngrams": _audible(told["ngrams"]),
        "columns": shown,
    }


def _article_view(title: str, sentences: list[dict[str, Any]]) -> dict[str, Any]:
    paragraphs: dict[int, list[dict[str, Any]]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence["paragraph"], []).append(sentence)
    counts = Counter(sentence["label"] for sentence in sentences)
    noted = [s for s in sentences if s["label"] != "neutral"]
    return {
        "title": title,
        "paragraphs": list(paragraphs.values()),
        "noted": noted,
        "counts": [(stance, counts[stance]) for stance in STANCES],
        "shares": shares_of(counts),
    }


def _audible(ngrams: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    heard = {stance: [e for e in entries if round(e["contribution"], 2)] for stance, entries in ngrams.items()}
    return {stance: entries[:_SHOWN_NGRAMS] for stance, entries in heard.items() if entries}
