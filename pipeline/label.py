"""Stage `label`: sentences -> votes -> soft labels."""

import io
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.base.logs import counted, progress
from pipeline.base.params import LabelParams, Params
from pipeline.base.paths import LABEL_MODEL, LF_REPORT, SENTENCES, SHIPPED_ROWS, fold_file, lf_folders
from pipeline.base.provenance import Inputs, write_sealed
from pipeline.base.stances import FOLDS, STANCES, UNLABELED
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
    from pipeline.reader.predicting import reader_named
    from pipeline.weak.dataset import labeled_table
    from pipeline.weak.lf_analysis import lf_statistics
    from pipeline.weak.lfs.lf_set import cast_all, prefetch
    from pipeline.weak.loading import load_lfs

    sentences = read_table(SENTENCES)
    texts, folds = sentences["text"].to_pylist(), np.array(sentences["fold"].to_pylist())
    lfs = load_lfs(*lf_folders(params.lf_folders), zero_shot=[entry.model_dump() for entry in params.zero_shot])
    reader = reader_named(params.reader)
    prefetch(texts, lfs)
    cast = cast_all(lfs.parse_all(progress(texts, "Casting votes")), lfs)
    votes, strengths = cast.votes, cast.strengths
    gold = _gold(params.gold, sentences)
    validating = (folds == "dev") & (gold != UNLABELED)
    selected = _selected(params, sentences, lfs, cast, gold, folds == "train", validating)
    proba, choice = selected.predict_proba(votes, strengths), selected.reason
    if reader:
        proba = _with_reader(reader, texts, proba, gold, validating)
        choice = f"{choice}; soft labels of it and the reader together"
    table = labeled_table(sentences, cast, rounded_shares(proba), gold)
    note = inputs.note()
    for fold in FOLDS:
        write_table(fold_file(fold), table.filter(folds == fold))
    packed = io.BytesIO()
    joblib.dump(selected, packed, compress=3)
    write_sealed(LABEL_MODEL, packed.getvalue())
    unseen = np.where(folds == "test", UNLABELED, gold)  # the gold of the test fold is not shown to who writes LFs
    statistics = lf_statistics(votes, lfs.names, unseen, classes=STANCES, strengths=strengths, model=selected.model)
    described = [{**row, "stance": lf.stance, "source": lf.source} for row, lf in zip(statistics, lfs, strict=True)]
    write_json(LF_REPORT, {"choice": choice, "lf_hash": lfs.content_hash, "lfs": described, **note})
    covered = float((votes >= 0).any(axis=1).mean())
    log.info("%s", choice)
    voted = f"{len(lfs)} labeling functions vote on {covered:.0%} of {counted(len(texts), 'sentence')}"
    return f"{voted}; {(gold >= 0).sum()} are hand-labelled"


def _gold(path: str, sentences: Any) -> Any:
    """Return the hand label of each sentence, int64 (n,), UNLABELED where it has none; say which labels are lost."""
    import numpy as np

    from pipeline.gold.labels import match_gold, read_gold

    found, lost = match_gold(read_gold(path), sentences["id"].to_pylist(), sentences["text"].to_pylist())
    if not Path(path).exists():
        log.warning("%s: no such file, so there are no hand labels", path)
    _report_lost(path, lost)
    return np.array(found, dtype=np.int64)


def _selected(params: LabelParams, sentences: Any, lfs: Any, cast: Any, gold: Any, train: Any, validating: Any) -> Any:
    """Return the SelectedModel fitted on the rows `train`, and chosen on the rows `validating`, bool (n,) each."""
    import numpy as np

    from pipeline.weak.dataset import fingerprints, read_shipped_rows
    from pipeline.weak.label_model.label_model import LabelModel
    from pipeline.weak.label_model.selection import ValidationData, select_label_model
    from pipeline.weak.lfs.lf import prior_accuracies

    votes, strengths, articles = cast.votes, cast.strengths, np.array(sentences["article_id"].to_pylist())
    beside = None
    if params.shipped_rows:
        own = fingerprints(articles.tolist(), sentences["text"].to_pylist()).values()
        beside = read_shipped_rows(SHIPPED_ROWS, lfs.names, own).cast[:2]
        if len(beside[0]):
            log.info("beside %d sentences of the articles that ship", len(beside[0]))
    held_out = ValidationData(votes[validating], strengths[validating], gold[validating], articles[validating])
    selected = select_label_model(
        votes[train],
        gold[train] if params.learn_from_gold else None,
        strengths=strengths[train],
        model=LabelModel(
            prior=params.prior, empty=params.empty, lf_accuracy=prior_accuracies(lfs), prior_rows=params.prior_rows
        ),
        validation=held_out if (gold != UNLABELED).any() else None,
        beside=beside,
    )
    if params.method != "auto":
        selected = replace(selected, method=params.method, reason=f"{params.method}: as the parameters say")
    return replace(selected, lf_names=lfs.names, lf_hash=lfs.content_hash)


def _with_reader(reader: Any, texts: Sequence[str], proba: Any, gold: Any, validating: Any) -> Any:
    """Return the probabilities of label model and reader together, float64 (n, 3)."""
    from pipeline.reader.predicting import fit_combination

    logs = reader.log_proba(texts)
    combination = fit_combination(logs[validating], proba[validating], gold[validating], reader.combination)
    return combination.proba(logs, proba)


def _report_lost(path: str, lost: Sequence[str]) -> None:
    for place, sentence in enumerate(lost):
        level = logging.WARNING if place < SHOWN_LOST else logging.DEBUG
        log.log(level, "%s: %s matches no sentence any more; its label is ignored", path, sentence)
    if len(lost) > SHOWN_LOST:
        log.warning("%s: %d labels in all match no sentence of the corpus", path, len(lost))
