"""Stage `apply`: the model answers every sentence of the articles -> tables of answers."""

import json

from pipeline.base.logs import progress
from pipeline.base.params import Params
from pipeline.base.paths import ARTICLES, MODEL, PREVIOUS, REPORTS, SENTENCE_ANSWERS, fold_file
from pipeline.base.stances import FOLDS, STANCES
from pipeline.base.storage import read_table, sha256, unmoved


def run(params: Params) -> str:
    """Write stance, probabilities and reason of every sentence, and the shares of every article; return a summary."""
    with unmoved(*map(fold_file, FOLDS), ARTICLES, MODEL):
        from pipeline.model.answering import answer_sentences
        from pipeline.model.artefact import load_model, read_manifest
        from pipeline.report.answers import sentence_row, write_answers
        from pipeline.report.changes import kept_before

        columns = ["id", "article_id", "paragraph", "index", "text", "fold", "gold"]
        found = [row for fold in FOLDS for row in read_table(fold_file(fold), columns).to_pylist()]
        sentences = sorted(found, key=lambda row: (row["article_id"], row["index"]))
        articles = {row["id"]: row for row in read_table(ARTICLES, ["id", "title", "date", "source"]).to_pylist()}
        answers = answer_sentences(
            load_model(MODEL), [row["text"] for row in sentences], [row["article_id"] for row in sentences]
        )
        rows = [
            sentence_row(
                row | {"gold": None if row["gold"] is None else STANCES[row["gold"]]},
                articles[row["article_id"]],
                answer.proba.tolist(),
                answer.abstained,
                answer.explanation,
            )
            for row, answer in zip(sentences, progress(answers, "Answering", total=len(sentences)), strict=True)
        ]
        with kept_before(SENTENCE_ANSWERS, PREVIOUS):
            made_with = json.dumps(read_manifest(MODEL)["params"], sort_keys=True)
            write_answers(REPORTS, rows, {"params": made_with, "model": sha256(MODEL)})
    counts = ", ".join(f"{sum(row['stance'] == stance for row in rows)} {stance}" for stance in STANCES)
    return f"{len(rows)} sentences of {len(articles)} articles answered: {counts}; see {REPORTS / 'sentences.csv'}"
