"""Articles: what a folder of files comes to when it is read, cleaned and freed of boilerplate and copies."""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.base.errors import ArticleError, KindError
from pipeline.base.logs import progress
from pipeline.base.repair import normalise
from pipeline.text.boilerplate import Cut, Source, is_ended, remove_boilerplate, repeated_paragraphs
from pipeline.text.formats import READERS, read_plain_stdin, stem_of, suffix_of
from pipeline.text.paragraphs import list_files
from pipeline.text.records import RawDocument, said_without_place

COLUMNS = {"text": "text", "title": "title", "date": "date", "source": "source", "id": "id"}
"""The columns (or keys) of files of records: what each means, and its name unless the caller says otherwise."""

_LOG = logging.getLogger("pipeline.text")
_KINDS = ", ".join(filter(None, READERS))
_MOST_LEFT_OUT = 1 / 3  # of the words that were kept
_SENTENCE_WORDS = 8  # of a piece that is taken for a sentence
_SHOWN = 60  # characters
_UNSAFE = re.compile(r"[^\w./-]+")
_TIME_OF_DAY = re.compile(r"(?<=^\d{4}-\d\d-\d\d)[T ].*")


@dataclass(frozen=True)
class Article:
    """One article.

    `id` is the file's relative path without suffixes, with `#` and the row's id or number where the file has many
    articles; it holds letters, digits and `_ . / - #` only. `text` is cleaned: the story's paragraphs, each on one
    line, with blank lines between them; sentence offsets refer to it. `title`, `date` (as the file has it, for
    `date_of`) and `source` are "" where unknown; `path` is relative to the folder; `place` is the same with its row or
    member, for people; `meta` is all else that the file says.
    """

    id: str
    text: str
    title: str = ""
    date: str = ""
    source: str = ""
    path: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Problem:
    """Something that the user should know about a file (or a row of it) that did not stop the reading."""

    path: str
    what: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path}: {self.what}"


@dataclass
class Reading:
    """What was read: articles sorted by id, what was cut from each (by article id), and problems in order of path.

    `repaired` counts the damaged characters that were mended, by article id, where there are any.

    Callers add their own problems, such as near-duplicates, to `problems`.
    """

    articles: list[Article] = field(default_factory=list)
    removed: dict[str, list[Cut]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repaired: dict[str, int] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """Return problems ("where: what") and the number of passages cut from each article, as plain data."""
        return {
            "problems": [str(problem) for problem in self.problems],
            "cut": {name: len(cuts) for name, cuts in sorted(self.removed.items())},
        }


def read_articles(folder: Path | str, columns: Mapping[str, str] = COLUMNS, *, lenient: bool = False) -> Reading:
    """Read all articles below `folder`; `columns` names the columns of files of records, as in COLUMNS.

    Files and rows without text, exact copies (the first by id is kept), data that is no text, guessed encodings and
    files of unknown kind are `problems`. Whatever would lose articles is an ArticleError: a missing folder, no usable
    article at all, and, unless `lenient` makes problems of them, a broken file, a table without a column of text, and
    two articles with one id (the later one gets a number behind its id).
    """
    folder = Path(folder)
    reading = Reading()
    for path, wrong in progress(list(list_files(folder)), "Reading articles"):
        if wrong or suffix_of(path) not in READERS:
            wrong = wrong or f"not a kind of file that is read ({_KINDS}; also .gz)"
            reading.problems.append(Problem(path, wrong))
        else:
            _read_file(folder / path, path, columns, reading, lenient=lenient)
    deduplicate(reading, lenient=lenient)
    if not reading.articles:
        found = (
            f"{reading.problems[0]} (the first of {len(reading.problems)})" if reading.problems else "an empty folder"
        )
        raise ArticleError("no articles", folder, expected=_KINDS, got=found, remedy="Put articles there.")
    return reading


def read_article(path: Path | str, columns: Mapping[str, str] = COLUMNS) -> list[Article]:
    """Read the article or articles of one file; the id is the file's name without suffixes.

    From "-", standard input, comes the plain text of one article, whose id is "stdin". Problems are logged as warnings;
    raise ArticleError where the file is broken, of unknown kind or without text.
    """
    reading = _read_one(path, columns)
    for problem in reading.problems:
        _LOG.warning("%s", problem)
    return reading.articles


def read_paths(paths: Iterable[Path | str], columns: Mapping[str, str] = COLUMNS) -> Reading:
    """Read the articles of some files ("-": stdin) and folders together, in the order of the paths.

    Within a folder a file that cannot be read is a problem, as is an id that is taken: the later article gets a number
    behind its id. Raises ArticleError where a path has no article, and for a file that is named and cannot be read.
    """
    together, taken = Reading(), set[str]()
    for path in paths:
        one = read_articles(path, columns, lenient=True) if Path(path).is_dir() else _read_one(path, columns)
        together.problems += one.problems
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        for article, own in _with_own_ids(one.articles, folder, taken, together):
            together.articles.append(own)
            if removed := one.removed.get(article.id):
                together.removed[own.id] = removed
    return together


def _with_own_ids(
    articles: Iterable[Article], folder: Path, taken: set[str], reading: Reading
) -> Iterator[tuple[Article, Article]]:
    """Yield articles with themselves under an id that is not taken; one that gets another id is a problem."""
    for article in articles:
        own, count = article.id, 1
        while own in taken:
            count += 1
            own = f"{article.id}-{count}"
        taken.add(own)
        if own != article.id:
            what = f"the id {article.id!r} is taken, so it is called {own!r}"
            reading.problems.append(Problem(str(folder / article.place), what))
        yield article, replace(article, id=own)


def _read_one(path: Path | str, columns: Mapping[str, str]) -> Reading:
    reading = Reading()
    if path == "-":
        path = "stdin"
        add_documents([read_plain_stdin()], path, reading)
    elif suffix_of(Path(path).name) not in READERS:
        raise ArticleError("not a kind of file that is read", path, expected=f"{_KINDS}; also .gz")
    else:
        _read_file(Path(path), Path(path).name, columns, reading)
    if not reading.articles:
        reasons = [problem.what.removeprefix("skipped: ") for problem in reading.problems]
        more = f" ({len(reasons) - 1} more like it)" if len(reasons) > 1 else ""
        raise ArticleError(f"no article in it: {reasons[0]}{more}", path)
    return reading


def add_documents(documents: Iterable[RawDocument], path: str, reading: Reading) -> int:
    """Add the articles of one file, what was cut from them, and its problems; return the number of documents.

    Articles are named after `path` without its suffixes.
    """
    count = 0
    for document in documents:
        count += 1
        where = _place(path, document.row, document.member)
        if document.problem:
            reading.problems.append(Problem(where, f"skipped: {document.problem}"))
            continue
        article, removed = _finish(document, path)
        if not article.text:
            reading.problems.append(Problem(where, f"skipped: no text{' but boilerplate' if removed else ''}"))
            continue
        if document.guess:
            reading.problems.append(Problem(where, f"neither UTF-8 nor marked: read as {document.guess}, a guess"))
        reading.articles.append(article)
        if document.repaired:
            reading.repaired[article.id] = document.repaired
        if removed:
            reading.removed[article.id] = removed
            reading.problems += _much_left_out(article, removed, where)
    return count


def _much_left_out(article: Article, removed: list[Cut], where: str) -> list[Problem]:
    """Return a warning where the sentences that were left out have more than a third of the words that were kept."""
    lost = [cut for cut in removed if is_ended(cut.text) and len(cut.text.split()) >= _SENTENCE_WORDS]
    words, kept = sum(len(cut.text.split()) for cut in lost), len(article.text.split())
    if words <= _MOST_LEFT_OUT * kept:
        return []
    longest = max(lost, key=lambda cut: len(cut.text)).text
    what = f"left out {words} words of what look like sentences, kept {kept}; the longest begins {longest[:_SHOWN]!r}"
    return [Problem(where, what)]


def deduplicate(reading: Reading, *, lenient: bool = False) -> None:
    """Sort the articles by id, cut what many of one source repeat, and drop exact copies.

    Raises ArticleError where two different articles have one id; `lenient` leaves them as they are.
    """
    articles = sorted(reading.articles, key=lambda article: article.id)
    reading.articles = _without_copies(_without_repeated(articles, reading), reading, lenient=lenient)


def _without_repeated(articles: list[Article], reading: Reading) -> list[Article]:
    """Cut short paragraphs that many stories of one source (else of one folder or file) have."""
    sources = [
        Source(article.source or article.path.rpartition("/")[0], article.text.split("\n\n")) for article in articles
    ]
    kept = []
    for article, source, repeated in zip(articles, sources, repeated_paragraphs(sources), strict=True):
        if repeated:
            cuts = [Cut("repeated", source.paragraphs[place]) for place in repeated]
            reading.removed[article.id] = [*reading.removed.get(article.id, []), *cuts]
            left = [text for place, text in enumerate(source.paragraphs) if place not in repeated]
            article = replace(article, text="\n\n".join(left))
        kept.append(article)
    return kept


def _read_file(
    path: Path, relative: str, columns: Mapping[str, str], reading: Reading, *, lenient: bool = False
) -> None:
    try:
        documents = READERS[suffix_of(path.name)](path, COLUMNS | dict(columns))
        if not add_documents(list(documents) if lenient else documents, relative, reading):
            reading.problems.append(Problem(relative, "skipped: no articles in it"))
    except KindError as error:
        reading.problems.append(Problem(relative, str(error)))
    except ArticleError as error:
        if not lenient:
            raise
        reading.problems.append(Problem(relative, f"skipped: {said_without_place(error)}"))


def _finish(document: RawDocument, path: str) -> tuple[Article, list[Cut]]:
    metadata = dict(document.metadata)
    story = remove_boilerplate(document.blocks, " ".join(normalise(metadata.pop("title", "")).split()))
    article = Article(
        id=_id(path, document.row, metadata.pop("id", "") if document.row else ""),
        text="\n\n".join(story.paragraphs),
        title=story.title,
        date=_TIME_OF_DAY.sub("", metadata.pop("date", "")),
        source=metadata.pop("source", ""),
        path=_printable(path),
        meta=metadata,
        place=_place(_printable(path), document.row, document.member),
    )
    return article, [*document.removed, *story.removed]


def _place(path: str, row: int, member: str = "") -> str:
    """Say where in a file something is: a row, or a member of an archive."""
    return f"{path}, {member}" if member else f"{path}, row {row}" if row else path


def _id(path: str, row: int, own: str) -> str:
    stem = _UNSAFE.sub("-", _printable(stem_of(path)))
    return f"{stem}#{_UNSAFE.sub('-', own) or row}" if row else stem


def _printable(path: str) -> str:
    """A file's name may be no UTF-8 at all, or decomposed."""
    return normalise(path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _without_copies(articles: list[Article], reading: Reading, *, lenient: bool) -> list[Article]:
    kept: dict[str, Article] = {}
    ids: dict[str, Article] = {}
    clashing: list[Article] = []
    for article in articles:
        first = kept.setdefault(_fingerprint(article.text), article)
        if first is not article:
            reading.problems.append(Problem(article.path, f"dropped: {article.id} has the same text as {first.id}"))
            if first.id != article.id:
                reading.removed.pop(article.id, None)
        elif ids.setdefault(article.id, article) is not article:
            clashing.append(article)
    if clashing and not lenient:
        one, first = clashing[0], ids[clashing[0].id]
        more = f", and {len(clashing) - 1} more with an id that is taken" if len(clashing) > 1 else ""
        raise ArticleError(
            f"two articles with the id {one.id!r}{more}",
            one.place,
            expected="an id of its own for each article",
            got=f"it again, after {first.place}",
            remedy=f"{'Give the rows ids of their own' if one.path == first.path else 'Rename one of the files'}.",
        )
    return list(kept.values())


def _fingerprint(text: str) -> str:
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
