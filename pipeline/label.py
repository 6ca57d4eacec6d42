"""Stage `label`: sentences -> votes -> soft labels."""

import io
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.base.logs import progress
from pipeline.base.params import LabelParams, Params
from pipeline.base.paths import LABEL_MODEL, LF_REPORT, SENTENCES, SHIPPED_ROWS, fold_file, lf_folders
from pipeline.base.provenance import Inputs, write_sealed
from pipeline.base.stances import FOLDS
from pipeline.base.storage import read_table, write_json, write_table

log = logging.getLogger("pipeline.label")

SHOWN_LOST = 5
"""Gold labels without a sentence that are named one by one."""


def run(params: Params) -> str:
    """Cast the votes of all labeling functions, fit the label model on them, write soft labels by fold."""
    folders = lf_folders(params.label.lf_folders)
    rows_beside = [SHIPPED_ROWS] if params.label.shipped_rows else []
    with Inputs(params.chosen("label"), SENTENCES, params.label.gold, *rows_beside, *folders) as inputs:
        return _label(params.label, inputs)


def _label(params: LabelParams, inputs: Inputs) -> str:
    import joblib
    import numpy as np

    from pipeline.base.calibration import rounded_shares
    from pipeline.base.stances import STANCES, UNLABELED
    from pipeline.gold.labels import match_gold, read_gold
    from pipeline.reader.predicting import fit_combination, reader_named
    from pipeline.weak.dataset import fingerprints, labeled_table, read_shipped_rows
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.label_model.selection import ValidationData, select_label_model
    from pipeline.weak.lf_analysis import lf_statistics
    from pipeline.weak.lfs.lf import prior_accuracies
    from pipeline.weak.lfs.lf_set import cast_all, prefetch
    from pipeline.weak.loading import load_lfs

    sentences = read_table(SENTENCES)
    texts, folds = sentences["text"].to_pylist(), np.array(sentences["fold"].to_pylist())
    lfs = load_lfs(*lf_folders(params.lf_folders), zero_shot=[entry.model_dump() for entry in params.zero_shot])
    reader = reader_named(params.reader)
    prefetch(texts, lfs)
    cast = cast_all(lfs.parse_all(progress(texts, "Casting votes")), lfs)
    votes, strengths = cast.votes, cast.strengths
    found, lost = match_gold(read_gold(params.gold), sentences["id"].to_pylist(), texts)
    gold = np.array(found, dtype=np.int64)
    if not Path(params.gold).exists():
        log.warning("%s: no such file, so there are no hand labels", params.gold)
    _report_lost(params.gold, lost)

    model = LabelModel(
        prior=params.prior, empty=params.empty, lf_accuracy=prior_accuracies(lfs), prior_rows=params.prior_rows
    )
    train, test, validating = folds == "train", folds == "test", (folds == "dev") & (gold != UNLABELED)
    learnt = gold[train] if params.learn_from_gold else None
    articles = np.array(sentences["article_id"].to_pylist())
    validation = ValidationData(votes[validating], strengths[validating], gold[validating], articles[validating])
    beside = None
    if params.shipped_rows:
        own = fingerprints(articles.tolist(), texts).values()
        beside = read_shipped_rows(SHIPPED_ROWS, lfs.names, own).cast[:2]
        if len(beside[0]):
            log.info("beside %d sentences of the articles that ship", len(beside[0]))
    selected = select_label_model(
        votes[train], learnt, strengths=strengths[train], model=model, validation=validation, beside=beside
    )
    if params.method != "auto":
        selected = replace(selected, method=params.method, reason=f"{params.method}: as the parameters say")
    selected = replace(selected, lf_names=lfs.names, lf_hash=lfs.content_hash)
    proba, choice = selected.predict_proba(votes, strengths), selected.reason
    if reader:
        logs = reader.log_proba(texts)
        combination = fit_combination(logs[validating], proba[validating], gold[validating], reader.combination)
        proba, choice = combination.proba(logs, proba), f"{choice}; soft labels of it and the reader together"
    soft = rounded_shares(proba)
    table = labeled_table(sentences, cast, soft, gold)
    note = inputs.note()
    for fold in FOLDS:
        write_table(fold_file(fold), table.filter(folds == fold))
    packed = io.BytesIO()
    joblib.dump(selected, packed, compress=3)
    write_sealed(LABEL_MODEL, packed.getvalue())
    unseen = np.where(test, UNLABELED, gold)  # the gold of the test fold is not shown to who writes LFs
    statistics = lf_statistics(votes, lfs.names, unseen, classes=STANCES, strengths=strengths, model=selected.model)
    described = [{**row, "stance": lf.stance, "source": lf.source} for row, lf in zip(statistics, lfs, strict=True)]
    write_json(LF_REPORT, {"choice": choice, "lf_hash": lfs.content_hash, "lfs": described, **note})
    covered = float((votes >= 0).any(axis=1).mean())
    log.info("%s", choice)
    return (
        f"{len(lfs)} labeling functions vote on {covered:.0%} of {len(texts)} sentences; {(gold >= 0).sum()} are gold"
    )


def _report_lost(path: str, lost: Sequence[str]) -> None:
    for place, sentence in enumerate(lost):
        level = logging.WARNING if place < SHOWN_LOST else logging.DEBUG
        log.log(level, "%s: %s matches no sentence any more; its label is ignored", path, sentence)
    if len(lost) > SHOWN_LOST:
        log.warning("%s: %d labels in all match no sentence of the corpus", path, len(lost))
