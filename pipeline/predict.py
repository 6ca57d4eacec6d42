"""Script `predict`: stances of new sentences and articles, with the model that `train` left."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pipeline.console import progress
from pipeline.errors import InputError
from pipeline.rows import Row, batches, read_rows, set_aside
from pipeline.stances import STANCES
from pipeline.writing import RowWriter

BATCH = 5_000
"""Sentences that are read, answered and written at a time, for each process."""

ANSWER = ("label", "confidence", "probabilities", "abstained", "explanation")
"""What an answer adds to a row; the row's own columns of these names are kept as `input_<name>`."""

_FORMS = {
    "": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".txt": "table",
}


def run(
    sentences: list[str],
    *,
    source: str | None = None,
    article: str | None = None,
    text_column: str = "text",
    output: str | None = None,
    form: str | None = None,
    explain: bool = False,
    model_path: str = "models/model.joblib",
    using: str = "classifier",
    jobs: int = 1,
) -> None:
    """Answer sentences given as arguments, or the rows of `source` ("-": stdin), or an article's sentences."""
    if sum(map(bool, (sentences, source, article))) != 1:
        raise InputError(
            "give sentences, --input FILE, or --article FILE", "predict", remedy="See `stance predict --help`."
        )
    rows = _rows(sentences, source, article, text_column)
    output_rows = RowWriter(output, form or _form(output))
    first = next(rows, None)  # a broken input is reported before the model is loaded
    from pipeline.model.artefact import load_model

    model = load_model(model_path).using(using)
    with output_rows as writer:
        if first is None:
            writer.write([])
            return
        work = batches(chain([first], rows), BATCH * jobs)
        for batch in progress(work, "Predicting") if output else work:
            writer.write(answer(batch, model, explain=explain, jobs=jobs))


def answer(rows: list[Row], model: Any, *, explain: bool = False, jobs: int = 1) -> list[Row]:
    """Return each row with `label`, `confidence`, `probabilities`, `abstained` (and `explanation`) added.

    The row's own columns of these names are kept as `input_<name>`.
    """
    proba = model.predict_proba([row["text"] for row in rows], n_jobs=jobs)
    return [
        {
            **set_aside(row, ANSWER),
            "label": STANCES[p.argmax()],
            "confidence": round(float(p.max()), 6),
            "probabilities": {name: round(float(value), 6) for name, value in zip(STANCES, p, strict=True)},
            "abstained": bool(abstained),
            **({"explanation": model.explain(row["text"])} if explain else {}),
        }
        for row, p, abstained in zip(rows, proba, model.abstained(proba), strict=True)
    ]


def _rows(sentences: list[str], source: str | None, article: str | None, text_column: str) -> Iterator[Row]:
    if sentences:
        return ({"text": text} for text in sentences)
    if source:
        return read_rows(source, text_column)
    return _article_rows(str(article), text_column)


def _article_rows(path: str, text_column: str) -> Iterator[Row]:
    from pipeline.text.articles import COLUMNS, read_article
    from pipeline.text.sentences import split_sentences

    articles = read_article(Path(path), {**COLUMNS, "text": text_column})
    for found in articles:
        for s in split_sentences(found.text):
            row = {"text": s.text, "start": s.start, "end": s.end, "index": s.index}
            yield {"article_id": found.id, **row} if len(articles) > 1 else row


def _form(output: str | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    suffix = Path(output).suffix
    if suffix.lower() not in _FORMS:
        expected = " ".join(filter(None, _FORMS))
        raise InputError("no format goes by this suffix", output, expected=expected, got=suffix, remedy="Add --format.")
    return _FORMS[suffix.lower()]


if __name__ == "__main__":
    from pipeline.cli import main

    main(["predict", *sys.argv[1:]])
