"""Stage `apply`: the model answers every sentence of the articles -> tables of answers."""

import json

from pipeline.base.logs import counted, progress
from pipeline.base.params import Params
from pipeline.base.paths import ARTICLES, MODEL, PREVIOUS, REPORTS, SENTENCE_ANSWERS, fold_file, party_folders
from pipeline.base.provenance import Inputs
from pipeline.base.stances import FOLDS, STANCES
from pipeline.base.storage import read_table, sha256


def run(params: Params) -> str:
    """Write stance, probabilities and reason of every sentence, and the shares of every article; return a summary."""
    with Inputs({}, *map(fold_file, FOLDS), ARTICLES, MODEL, *party_folders()) as inputs:
        from pipeline.actors import load_parties, write_ledger
        from pipeline.model.artefact import load_model, read_manifest
        from pipeline.model.stance_model import answer_sentences
        from pipeline.report.answers import answer_rows, write_answers
        from pipeline.report.changes import kept_before
        from pipeline.report.relations import relate_answers

        columns = ["id", "article_id", "paragraph", "index", "text", "fold", "gold"]
        found = [row for fold in FOLDS for row in read_table(fold_file(fold), columns).to_pylist()]
        named = (row | {"gold": None if row["gold"] is None else STANCES[row["gold"]]} for row in found)
        sentences = sorted(named, key=lambda row: (row["article_id"], row["index"]))
        about = read_table(ARTICLES, ["id", "title", "date", "source", "group"]).to_pylist()
        articles, model = {row["id"]: row for row in about}, load_model(MODEL)
        texts, of_article = ([row[key] for row in sentences] for key in ("text", "article_id"))
        answers = progress(answer_sentences(model, texts, of_article), "Answering", total=len(sentences))
        rows, hits = answer_rows(sentences, articles, answers)
        copies = {row["id"]: row["group"] for row in articles.values() if row["group"] != row["id"]}
        rows, statements = relate_answers(rows, hits, load_parties(*party_folders()), copies)
        note = {name: json.dumps(value, sort_keys=True) for name, value in inputs.note().items()}
        with kept_before(SENTENCE_ANSWERS, PREVIOUS):
            made_with = json.dumps(read_manifest(MODEL)["params"], sort_keys=True)
            write_ledger(REPORTS, statements)
            write_answers(REPORTS, rows, {"params": made_with, "model": sha256(MODEL)} | note)
    counts = ", ".join(f"{sum(row['stance'] == stance for row in rows)} {stance}" for stance in STANCES)
    answered = f"{counted(len(rows), 'sentence')} of {counted(len(articles), 'article')} answered"
    return f"{answered}: {counts}; see {REPORTS / 'sentences.csv'}"
