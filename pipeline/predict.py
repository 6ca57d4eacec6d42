"""Script `predict`: stances of new sentences and articles, with the model that `train` left."""

import logging
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, repeat, tee
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.base.errors import InputError, suggest
from pipeline.base.logs import progress
from pipeline.base.stances import STANCES
from pipeline.base.tables_in import Row, batches, read_rows, set_aside
from pipeline.base.tables_out import EXAMPLE, FORMATS, RowWriter

if TYPE_CHECKING:
    from pipeline.report.answers_page import PageWriter
    from pipeline.text.articles import Article

log = logging.getLogger("pipeline.predict")

BATCH = 4_000
"""Sentences that are read, answered and written at a time."""

ANSWER = ("label", "confidence", "probabilities", "abstained", "explanation")
"""What an answer adds to a row; the row's own columns of these names are kept as `input_<name>`."""

_FORMS = {
    "": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
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
    output_rows = _writer(output, form, explain, found if articles else None)
    first = next(rows, None)  # a broken input is reported before the model is loaded
    from pipeline.model.artefact import load_model

    model = load_model(model_path).using(using)
    with output_rows as writer:
        if first is None:
            writer.write([])
            return
        work = batches(chain([first], rows), BATCH)
        work = progress(work, "Predicting") if output else work
        for batch in answers(work, model, explain=explain or form == "html", jobs=jobs):
            writer.write(batch)


def answers(work: Iterable[list[Row]], model: Any, *, explain: bool = False, jobs: int = 1) -> Iterator[list[Row]]:
    """Yield batches of rows, each row with `label`, `confidence`, `probabilities`, `abstained` (and `explanation`).

    The row's own columns of these names are kept as `input_<name>`.
    """
    ahead, answered = tee(work)
    found = model.predict_batches(([row["text"] for row in rows] for rows in ahead), n_jobs=jobs)
    for proba, rows in zip(found, answered, strict=True):
        told = [{"explanation": why} for why in model.explain_all([row["text"] for row in rows])] if explain else []
        columns = rows, proba.round(6).tolist(), proba.argmax(axis=1).tolist(), model.abstained(proba).tolist()
        yield [
            {
                **set_aside(row, ANSWER),
                "label": STANCES[stance],
                "confidence": share[stance],
                "probabilities": dict(zip(STANCES, share, strict=True)),
                "abstained": doubtful,
                **why,
            }
            for row, share, stance, doubtful, why in zip(*columns, told or repeat({}, len(rows)), strict=True)
        ]


def _rows(sentences: list[str], sources: list[str], text_column: str) -> Iterator[Row]:
    if sentences:
        return ({"text": text} for text in sentences)
    return chain.from_iterable(read_rows(source, text_column) for source in sources)


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
    known = list(dict.fromkeys(name for said in about.values() for name, value in said.items() if value))
    for article_id, article in articles.items():
        said = {name: about[article_id].get(name) for name in known}
        for s in split_sentences(article.text):
            row = {"text": s.text, "start": s.start, "end": s.end, "index": s.index, "paragraph": s.paragraph}
            yield (
                ({"article_id": article_id} if len(articles) > 1 else {}) | row | set_aside(said, (*row, "article_id"))
            )


def _about(article: "Article") -> dict[str, str]:
    return {"title": article.title, "date": article.date, "source": article.source, **article.meta}


def _writer(
    output: str | None, form: str, explain: bool, articles: dict[str, "Article"] | None
) -> "RowWriter | PageWriter":
    if form == "html":
        from pipeline.report.answers_page import PageWriter

        return PageWriter(output, None if articles is None else _titles(articles))
    if form not in FORMATS:
        known = (*FORMATS, "html")
        raise InputError("unknown format", "--format", expected=", ".join(known), got=form, remedy=suggest(form, known))
    if not explain:
        return RowWriter(output, form)
    from pipeline.model import explanation

    return RowWriter(output, form, {**EXAMPLE, "explanation": explanation.EXAMPLE})


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
