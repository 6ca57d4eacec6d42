"""Script `read`: the same tables and pages as the pipeline's, of any articles, with a model that is there already."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.base.errors import InputError
from pipeline.base.logs import counted, progress
from pipeline.base.params import SplitParams
from pipeline.base.paths import MADE_OF, MODEL, REPORTS, SHIPPED, model_file, party_folders
from pipeline.base.stances import STANCES
from pipeline.base.storage import read_json, sha256

log = logging.getLogger("pipeline.read")

SHOWN_PROBLEMS = 5


def run(
    paths: list[str],
    output: str,
    *,
    text_column: str = "text",
    model_path: str | None = None,
    using: str = "classifier",
) -> str:
    """Answer the sentences of the articles in files and folders; write tables and pages into the folder `output`."""
    from pipeline.actors import load_parties, write_ledger
    from pipeline.model.artefact import load_model, read_manifest
    from pipeline.model.stance_model import answer_sentences
    from pipeline.report.answers import answer_rows, write_answers
    from pipeline.report.corpus import untested
    from pipeline.report.index_page import write_index
    from pipeline.report.model_page import write_model_page
    from pipeline.report.relations import pair_table, relate_answers
    from pipeline.report.relations_page import write_relations_page
    from pipeline.text.articles import COLUMNS, read_paths
    from pipeline.text.dates import say_unread
    from pipeline.text.folds import near_duplicate_groups

    if Path(output).is_file():
        raise InputError("a file where a folder was expected", output, remedy="Name a folder with --output.")
    for folder in map(Path, paths):
        if folder.is_dir() and Path(output).resolve().is_relative_to(folder.resolve()):
            what = f"the pages would be written among the articles of {folder}, and be read as such next time"
            raise InputError(what, output, remedy="Name another folder with --output.")
    reading = read_paths(paths, {**COLUMNS, "text": text_column})
    for problem in reading.problems[:SHOWN_PROBLEMS]:
        log.warning("%s", problem)
    if len(reading.problems) > SHOWN_PROBLEMS:
        log.warning("%d problems in all; %s lists them", len(reading.problems), Path(output, "index.html"))
    if unread := say_unread({article.id: article.date for article in reading.articles}):
        log.warning("%s", unread)
    path = model_file(model_path)
    model = load_model(path).using(using)
    about = {a.id: {"title": a.title, "date": a.date, "source": a.source, "meta": a.meta} for a in reading.articles}
    sentences = [sentence for article in reading.articles for sentence in _sentences(article)]
    texts, of_article = ([row[key] for row in sentences] for key in ("text", "article_id"))
    answers = progress(answer_sentences(model, texts, of_article), "Answering", total=len(sentences))
    rows, hits = answer_rows(sentences, about, answers)
    groups = near_duplicate_groups([article.text for article in reading.articles], SplitParams().near_duplicate)
    ids = [article.id for article in reading.articles]
    copies = {ids[k]: ids[first] for k, first in enumerate(groups) if k != first}
    rows, statements = relate_answers(rows, hits, load_parties(*party_folders()), copies)
    ledger = write_ledger(output, statements)
    write_answers(output, rows, {"model": sha256(path)})
    shipped = path.parent == SHIPPED
    details = _recorded(path)
    manifest = read_manifest(path)
    name = "the one that ships with the package" if shipped else str(path)
    named = f"{name} (SHA-256 {manifest['sha256'][:12]})"
    write_model_page(output, manifest, details, shipped=shipped)
    trust = untested(details, shipped=shipped)
    write_index(output, _corpus(reading, rows, copies), trust, model_name=named, pairs=pair_table(ledger.rows()))
    write_relations_page(output, ledger.rows(), rows)
    counts = ", ".join(f"{sum(row['stance'] == stance for row in rows)} {stance}" for stance in STANCES)
    read = f"{counted(len(rows), 'sentence')} of {counted(len(ids), 'article')}"
    return f"{read}: {counts}; see {Path(output, 'index.html')}"


def _sentences(article: Any) -> Iterator[dict[str, Any]]:
    from pipeline.text.sentences import split_sentences

    for s in split_sentences(article.text):
        place = {"id": f"{article.id}:{s.index}", "article_id": article.id, "paragraph": s.paragraph, "index": s.index}
        yield {**place, "text": s.text}


def _corpus(reading: Any, rows: list[Any], copies: dict[str, str]) -> Any:
    from pipeline.report.corpus import Corpus

    return Corpus(
        rows=rows,
        problems=[str(problem) for problem in reading.problems],
        cut={name: len(cuts) for name, cuts in reading.removed.items()},
        copies=copies,
    )


def _recorded(model: Path) -> Any:
    """Return the scores of a model on the articles that it ships with, or those that the project's report has of it."""
    folder = SHIPPED if model.parent == SHIPPED else REPORTS
    if folder == REPORTS:
        read = read_json(MADE_OF)["made_of"]["read"] if MADE_OF.is_file() else {}
        if read.get(MODEL.as_posix()) != sha256(model):
            return None
    details = folder / "details.json"
    return read_json(details) if details.is_file() else None
