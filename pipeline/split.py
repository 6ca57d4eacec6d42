"""Stage `split`: articles -> sentences with folds."""

import logging
from collections import Counter

from pipeline.base.logs import counted, progress
from pipeline.base.params import Params
from pipeline.base.paths import ARTICLES, READING, SENTENCES
from pipeline.base.provenance import Inputs
from pipeline.base.storage import write_json, write_table

log = logging.getLogger("pipeline.split")


def run(params: Params) -> str:
    """Read the articles of `split.dataset` or `split.raw`, split them into sentences, assign them to folds.

    Returns a summary line.
    """
    source = params.split.dataset.path if params.split.dataset else params.split.raw
    with Inputs(params.chosen("split"), source) as inputs:
        articles, sentences, found = split_folder(params)
        note = inputs.note()
        write_json(READING, found | note)
        write_table(ARTICLES, articles)
        write_table(SENTENCES, sentences)
    counts = Counter(articles["fold"].to_pylist())
    shares = ", ".join(f"{counts[fold]} {fold}" for fold in ("train", "dev", "test"))
    return f"{counted(articles.num_rows, 'article')} ({shares}), {counted(sentences.num_rows, 'sentence')}"


def split_folder(params: Params):  # type: ignore[no-untyped-def]  # two pyarrow tables, a dict
    """Return the tables of articles and of sentences, and what was removed or doubtful, which also goes to the log."""
    import pyarrow as pa

    from pipeline.text.folds import assign_folds, near_duplicate_groups
    from pipeline.text.hub import read_source
    from pipeline.text.sentences import split_sentences

    settings = params.split.model_dump()
    reading = read_source(settings["raw"], settings["columns"], settings["dataset"])
    articles = reading.articles
    groups = near_duplicate_groups([a.text for a in articles], params.split.near_duplicate)
    folds = assign_folds(
        [a.id for a in articles], groups, params.split.dev_share, params.split.test_share, params.split.seed
    )
    _log_reading(reading, groups)
    rows = [
        {
            "id": f"{article.id}:{s.index}",
            "article_id": article.id,
            "index": s.index,
            "text": s.text,
            "start": s.start,
            "end": s.end,
            "paragraph": s.paragraph,
            "quoted": s.quoted,
            "fold": fold,
        }
        for article, fold in progress(list(zip(articles, folds, strict=True)), "Splitting")
        for s in split_sentences(article.text)
    ]
    described = [
        {
            "id": a.id,
            "title": a.title,
            "date": a.date,
            "source": a.source,
            "path": a.path,
            "text": a.text,
            "group": articles[group].id,
            "fold": fold,
        }
        for a, group, fold in zip(articles, groups, folds, strict=True)
    ]
    return pa.Table.from_pylist(described), pa.Table.from_pylist(rows), reading.summary()


def _log_reading(reading, groups: list[int]) -> None:  # type: ignore[no-untyped-def]
    from pipeline.text.dates import say_unread

    for problem in reading.problems:
        log.warning("%s: %s", problem.path, problem.what)
    if unread := say_unread({article.id: article.date for article in reading.articles}):
        log.warning("%s", unread)
    for article_id, cuts in reading.removed.items():
        log.debug("%s: left out as boilerplate: %s", article_id, " | ".join(f"{cut.kind}: {cut.text}" for cut in cuts))
    left_out = sum(map(bool, reading.removed.values()))
    log.info("boilerplate left out of %s (-v lists it)", counted(left_out, "article"))
    if reading.repaired:
        log.info(
            "damaged characters repaired in %s: %d (entities, mojibake, apostrophes)",
            counted(len(reading.repaired), "article"),
            sum(reading.repaired.values()),
        )
    for row, group in enumerate(groups):
        if row != group:
            log.warning(
                "%s: near-duplicate of %s; both go to one fold", reading.articles[row].id, reading.articles[group].id
            )
