"""Stage `evaluate`: classifier and baselines against gold -> report."""

import logging
from typing import Any

from pipeline.base.params import Params
from pipeline.base.paths import ARTICLES, LF_REPORT, MODEL, REPORTS, fold_file
from pipeline.base.stances import FOLDS, STANCES
from pipeline.base.storage import read_json, read_table, unmoved

log = logging.getLogger("pipeline.evaluate")

TEST = "test"


def run(params: Params) -> str:
    """Score classifier, label model, majority vote and majority class on the test fold's gold; write reports/.

    Without gold in the test fold the report has no scores.
    """
    inputs = [*map(fold_file, FOLDS), ARTICLES, LF_REPORT, MODEL]
    with unmoved(*inputs):
        from pipeline.report import write_report

        results = write_report(REPORTS, gather(params))
    if results is None:
        log.warning("no gold in the %s fold, so there are no scores; what to do: docs/your-own-articles.md", TEST)
        return f"no gold in the {TEST} fold: a report without scores; see {REPORTS / 'report.html'}"
    score = results.systems["classifier"].scores["macro_f1"]
    interval = f" ({score.low:.3f} to {score.high:.3f})" if results.n_articles > 1 else ""
    return (
        f"macro-F1 {score.value:.3f}{interval} on {results.n} gold sentences "
        f"of {results.n_articles} articles; see {REPORTS / 'report.html'}"
    )


def gather(params: Params) -> Any:
    """Return the ReportData of the test fold, or the CorpusData where it has no gold."""
    import numpy as np

    from pipeline.model.ablation import lf_worth
    from pipeline.model.artefact import load_model, read_manifest
    from pipeline.report import CorpusData, ReportData, standard_slices
    from pipeline.report.data import class_shares, count_folds, count_stances, covered_share, labelled, shown_lfs
    from pipeline.weak.label_model.majority import majority_vote

    folds = {fold: read_table(fold_file(fold)) for fold in FOLDS}
    articles = {row["id"]: row for row in read_table(ARTICLES).to_pylist()}
    model, manifest = load_model(MODEL), read_manifest(MODEL)
    predicted = {fold: model.predict_proba(table["text"].to_pylist()) for fold, table in folds.items()}
    lf_report = read_json(LF_REPORT)
    corpus = CorpusData(
        fold=TEST,
        lfs=shown_lfs(lf_report["lfs"], lf_worth(model, *labelled([folds["train"], folds["dev"]]))),
        covered=covered_share(folds.values(), len(lf_report["lfs"])),
        folds=[count_folds(fold, table) for fold, table in folds.items()],
        corpus=count_stances(folds, predicted, articles),
        about=_about(lf_report, manifest),
    )
    is_gold = np.array(folds[TEST]["gold"].is_valid())
    if not is_gold.any():
        return corpus
    rows = folds[TEST].filter(is_gold)
    gold, soft = rows["gold"].to_numpy(), np.array(rows["soft_label"].to_pylist()).reshape(-1, len(STANCES))
    names = np.array([lf["name"] for lf in lf_report["lfs"]])
    votes = np.array(rows["votes"].to_pylist(), dtype=np.int8).reshape(rows.num_rows, len(names))
    of_article = np.array(rows["article_id"].to_pylist())
    texts = rows["text"].to_pylist()
    return ReportData(
        gold=gold,
        articles=of_article,
        texts=texts,
        fired=[list(names[row >= 0]) for row in votes],
        systems={
            "classifier": predicted[TEST][is_gold],
            **({"reader": model.using("reader").predict_proba(texts)} if model.reader else {}),
            "label_model": soft,
            "majority_vote": majority_vote(votes, len(STANCES), empty=params.label.empty),
            "majority_class": np.tile(class_shares(folds["train"]), (rows.num_rows, 1)),
        },
        threshold=model.threshold,
        promised=params.train.precision,
        slices=standard_slices(
            np.array(rows["quoted"].to_pylist(), bool),
            (votes >= 0).sum(axis=1),
            np.array([len(text.split()) for text in texts]),
            [articles[a]["source"] for a in of_article],
            soft.argmax(axis=1) == gold,
        ),
        **vars(corpus),
        **params.evaluate.model_dump(),
    )


def _about(lf_report: dict[str, Any], manifest: dict[str, Any]) -> list[tuple[str, str]]:
    from pipeline.model.selection import in_words

    calibration, (chosen, others) = manifest["calibration"], in_words(manifest["candidates"])
    return [
        ("Weak labels", lf_report["choice"]),
        ("Training rows", f"{manifest['rows']}, {manifest['gold_rows']} of them hand-labelled"),
        ("Classifier", chosen),
        *([("Runners-up", others)] if others else []),
        ("Calibration", f"temperature {calibration['temperature']:.3f} on {calibration['on']}"),
    ]
