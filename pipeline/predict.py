"""Script `predict`: stances of new sentences and articles, with the model that `train` left."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat, tee
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.base.errors import InputError, suggest
from pipeline.base.logs import counted, progress
from pipeline.base.paths import party_folders
from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.tables_in import read_rows, read_types, set_aside
from pipeline.base.tables_out import EXAMPLE, FORMATS, RowWriter

if TYPE_CHECKING:
    from pipeline.model.stance_model import ArticleBatch
    from pipeline.report.answers import PageWriter
    from pipeline.text.articles import Article

log = logging.getLogger("pipeline.predict")

BATCH = 4_000
"""Sentences that are read, answered and written at a time."""

_LINE_WORDS, _MOST_WORDS = 5, 120  # of a line that is text, and of a sentence
_LONGEST = 10  # batches that an article may fill before it is cut

ANSWER = ("label", "confidence", "probabilities", "abstained", "relation", "explanation")
"""What an answer adds to a row; the row's own columns of these names are kept as `input_<name>`."""

Relating = Callable[[list[Row], Any, Any], list[Row]]
"""Returns the relation of each row, given rows, their probabilities and the cues that take a side."""

_FORMS = {
    "": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".txt": "table",
    ".html": "html",
    ".htm": "html",
}


def run(
    sentences: list[str],
    sources: list[str],
    articles: list[str],
    *,
    text_column: str = "text",
    output: str | None = None,
    form: str | None = None,
    explain: bool = False,
    actors: bool = False,
    model_path: str | None = None,
    using: str = "classifier",
    jobs: int = 1,
) -> None:
    """Answer sentences given as arguments, or the rows of the files `sources`, or articles' sentences ("-": stdin)."""
    if sum(map(bool, (sentences, sources, articles))) != 1:
        raise InputError(
            "give either sentences, --input FILE, or --article FILE", "predict", remedy="See `stance predict --help`."
        )
    form = form or _form(output)
    found = _read_articles(articles, text_column)
    rows = _article_rows(found) if articles else _rows(sentences, sources, text_column)
    types = _types(sources, text_column) if form == "parquet" else {}
    output_rows = _writer(output, form, explain, actors, found if articles else None, types)
    first = next(rows, None)  # a broken input is reported before the model is loaded
    from pipeline.model.artefact import load_model

    model = load_model(model_path).using(using)
    blank = whole = 0
    with output_rows as writer:
        if first is None:
            log.warning("%s: no sentence in it", _named(sources or articles))
            writer.write([])
            return
        work = _whole_articles(chain([first], rows))
        work = progress(work, "Predicting") if output else work
        one_article = bool(articles) and len(found) == 1
        related = _relating(whole=one_article) if actors else None
        for batch in add_predictions(
            work, model, explain=explain or form == "html", relating=related, jobs=jobs, one_article=one_article
        ):
            writer.write(batch)
            blank += sum(not row["text"].strip() for row in batch)
            whole += sum(_is_article(row["text"]) for row in batch) if sources else 0
    if whole:
        what = "%s: %s, and each was answered as one sentence; -a FILE in place of -i reads articles"
        log.warning(what, _named(sources), counted(whole, "row looks like an article", "rows look like articles"))
    if blank:
        log.warning("%s: rows without a sentence: %d; their answers mean nothing", _named(sources), blank)


def add_predictions(
    work: Iterable[list[Row]],
    model: Any,
    *,
    explain: bool = False,
    relating: Relating | None = None,
    jobs: int = 1,
    one_article: bool = False,
) -> Iterator[list[Row]]:
    """Yield batches of rows, each row with `label`, `confidence`, `probabilities`, `abstained` (and `explanation`).

    With `relating` each has its `relation`, too. Rows that carry `article_id`, in order, are answered as sentences of
    an article (all of them, with `one_article`), all others alone. The row's own columns of these names are kept as
    `input_<name>`.
    """
    ahead, read = tee(work)
    batches = (_article_batch(rows, one_article) for rows in ahead)
    answered = model.answer_batches(batches, n_jobs=jobs, explain=explain)
    for (proba, hits, explanations), rows in zip(answered, read, strict=True):
        reasons = [{"explanation": why} for why in explanations]
        columns = rows, proba.round(6).tolist(), proba.argmax(axis=1).tolist(), model.abstained(proba).tolist()
        if relating:
            relations = [{"relation": relation} for relation in relating(rows, proba, hits)]
            reasons = [one | why for one, why in zip(relations, reasons or repeat({}), strict=False)]
        yield [
            {
                **set_aside(row, ANSWER),
                "label": STANCES[stance],
                "confidence": share[stance],
                "probabilities": dict(zip(STANCES, share, strict=True)),
                "abstained": doubtful,
                **why,
            }
            for row, share, stance, doubtful, why in zip(*columns, reasons or repeat({}, len(rows)), strict=True)
        ]


def _article_batch(rows: list[Row], one_article: bool) -> "ArticleBatch":
    from pipeline.model.stance_model import ArticleBatch

    return ArticleBatch([row["text"] for row in rows], [_article_of(row, one_article) for row in rows])


def _article_of(row: Row, one_article: bool = False) -> str | None:
    article = "" if one_article else row.get("article_id")
    return None if article is None else str(article)


def _whole_articles(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield lists of about BATCH rows, none of which ends inside an article (unless that is longer than many lists)."""
    kept: list[Row] = []
    for row in rows:
        article = _article_of(row)
        goes_on = bool(kept) and article is not None and article == _article_of(kept[-1])
        if len(kept) >= BATCH and (not goes_on or len(kept) >= _LONGEST * BATCH):
            yield kept
            kept = []
        kept.append(row)
    if kept:
        yield kept


def _is_article(text: str) -> bool:
    """Return whether a row holds more than a sentence: several lines of text, or more words than sentences have."""
    lines = [line for line in text.splitlines() if len(line.split()) >= _LINE_WORDS]
    return len(lines) > 1 or len(text.split()) > _MOST_WORDS


def _relating(whole: bool) -> Relating:
    """Return what finds who holds a row's stance towards whom; `whole`: all rows are one article."""
    from pipeline.actors import likely_stances, load_parties, relate_rows

    parties = load_parties(*party_folders())

    def relations(rows: list[Row], probabilities: Any, hits: Any) -> list[Row]:
        found = relate_rows(rows, likely_stances(probabilities), hits, parties, whole=whole)
        return [relation.as_row() for relation in found]

    return relations


def _named(paths: list[str]) -> str:
    return ", ".join("stdin" if path == "-" else path for path in paths)


def _rows(sentences: list[str], sources: list[str], text_column: str) -> Iterator[Row]:
    if sentences:
        return ({"text": text} for text in sentences)
    return chain.from_iterable(read_rows(source, text_column) for source in sources)


def _types(sources: list[str], text_column: str) -> dict[str, Any]:
    """Return the types of columns that Parquet files bring along; of a column that differs among them, none."""
    found: dict[str, Any] = {}
    differing = set()
    for source in sources:
        for name, kind in set_aside(read_types(source, text_column), ANSWER).items():
            differing |= {name} if found.setdefault(name, kind) != kind else set()
    return {name: kind for name, kind in found.items() if name not in differing}


def _read_articles(paths: list[str], text_column: str) -> dict[str, "Article"]:
    """Return the articles of some files and folders by id."""
    from pipeline.text.articles import COLUMNS, read_paths

    reading = read_paths(paths, {**COLUMNS, "text": text_column})
    for problem in reading.problems:
        log.warning("%s", problem)
    return {article.id: article for article in reading.articles}


def _article_rows(articles: dict[str, "Article"]) -> Iterator[Row]:
    """Yield the sentences of the articles; of several articles each row says which, and what their files say of them.

    A column that some of the articles lack is null there.
    """
    from pipeline.text.sentences import split_sentences

    about = {article_id: _about(article) for article_id, article in articles.items()}
    known = list(dict.fromkeys(name for values in about.values() for name, value in values.items() if value))
    for article_id, article in articles.items():
        values = {name: about[article_id].get(name) for name in known}
        for s in split_sentences(article.text):
            row = {"text": s.text, "start": s.start, "end": s.end, "index": s.index, "paragraph": s.paragraph}
            yield (
                ({"article_id": article_id} if len(articles) > 1 else {})
                | row
                | set_aside(values, (*row, "article_id"))
            )


def _about(article: "Article") -> dict[str, str]:
    return {"title": article.title, "date": article.date, "source": article.source, **article.meta}


def _writer(
    output: str | None,
    form: str,
    explain: bool,
    actors: bool,
    articles: dict[str, "Article"] | None,
    types: dict[str, Any],
) -> "RowWriter | PageWriter":
    if form == "html":
        from pipeline.report.answers import PageWriter

        return PageWriter(output, None if articles is None else _titles(articles))
    if form not in FORMATS:
        known = (*FORMATS, "html")
        raise InputError("unknown format", "--format", expected=", ".join(known), got=form, remedy=suggest(form, known))
    example = dict(EXAMPLE)
    if actors:
        from pipeline.actors.relations import EXAMPLE as RELATION

        example["relation"] = RELATION
    if explain:
        from pipeline.model import explanation

        example["explanation"] = explanation.EXAMPLE
    return RowWriter(output, form, example, types)


def _titles(articles: dict[str, "Article"]) -> dict[str, str]:
    titles = {article_id: article.title or article_id for article_id, article in articles.items()}
    return titles if len(titles) > 1 else dict.fromkeys([""], *titles.values())


def _form(output: str | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    suffix = Path(output).suffix
    if suffix.lower() not in _FORMS:
        expected = " ".join(filter(None, _FORMS))
        raise InputError("no format goes by this suffix", output, expected=expected, got=suffix, remedy="Add --format.")
    return _FORMS[suffix.lower()]
