"""Script `train-reader`: labelled sentences -> the adapter of a reader, with a card that says how good it is."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.base.errors import InputError
from pipeline.base.provenance import Inputs
from pipeline.base.storage import sha256
from pipeline.base.tables_in import read_rows

log = logging.getLogger("pipeline.train_reader")

_CONFIDENCE, _RESAMPLES, _SEED = 0.95, 2000, 13  # of the intervals on the card


def run(
    files: Sequence[str],
    *,
    apart: Sequence[str] = (),
    labels: str | None = None,
    output: str,
    base: str | None = None,
    model_path: str | None = None,
    held_out_share: float = 0.08,
    precision: float = 0.8,
    checkpoint: str | None = None,
    threads: int | None = None,
    **settings: Any,
) -> str:
    """Train on the sentences of `files`; leave out those that nearly stand in the files `apart`, kept for scores.

    `labels`: a file with labels by the hash of a sentence, for rows that have none. A share of the articles is held
    out: on it the reader is scored and, with a trained model at `model_path`, combined with its classifier.
    """
    with Inputs({}, *files, *apart, *([labels] if labels else [])):
        from dataclasses import replace

        from pipeline.model.artefact import load_model
        from pipeline.reader.adapter import save_adapter
        from pipeline.reader.training import (
            Settings,
            apart_from,
            held_out,
            joined,
            labelled,
            read_labels,
            train_reader,
            training_data,
        )

        model = load_model(model_path) if model_path else None
        known = read_labels(labels) if labels else {}
        found = joined([training_data(labelled(read_rows(file), known), file) for file in files])
        if not len(found):
            expected = "rows with `text` and `label` (or `soft_label`)"
            raise InputError("no labelled sentence", ", ".join(files), expected=expected)
        data = apart_from(found, [row["text"] for file in apart for row in read_rows(file)])
        aside = held_out(data, held_out_share)
        holdout = data[aside.nonzero()[0]]
        learning = apart_from(data[(~aside).nonzero()[0]], holdout.texts)
        if not len(holdout) and held_out_share:
            log.warning("no article is held out, so there are no scores; there are %d", len(set(data.articles)))
        how: dict[str, Any] = {"checkpoint": Path(checkpoint) if checkpoint else None, "threads": threads}
        adapter = train_reader(learning, base, Settings(**settings), **how)
        sources = {
            "files": {Path(file).name: sha256(file) for file in files},
            "near_duplicates_left_out": len(found) - len(data),
            "held_out_sentences": len(holdout),
        }
        card = {**adapter.card, "training": {**adapter.card["training"], **sources}}
        if len(holdout):
            card |= _scored(replace(adapter, card=card), base, holdout, model, precision)
    save_adapter(output, replace(adapter, card=card))
    scored = f": macro-F1 {card['scores']['reader']['macro_f1']:.3f} on held-out articles" if "scores" in card else ""
    return f"{len(learning)} sentences learnt from, {len(found) - len(data)} near-duplicates left out{scored}; {output}"


def _scored(adapter: Any, base: str | None, holdout: Any, model: Any, precision: float) -> dict[str, Any]:
    """Return `scores` by system, and with a trained model `combination` and `threshold`."""
    import numpy as np

    from pipeline.model.confidence import fit_reader
    from pipeline.reader.predicting import Reader, cross_fitted

    reader, gold = Reader(adapter, base), holdout.stances
    read = reader.log_proba(holdout.texts)
    systems, found = {"reader": np.exp(read)}, {}
    if model:
        own = model.predict_proba(holdout.texts, articles=holdout.articles)
        systems |= {"classifier": own, "together": cross_fitted(read, own, gold, holdout.articles, same_mix=True)}
        fitted = fit_reader(reader, holdout.texts, gold, holdout.articles, own, precision, same_mix=True)
        found = {"combination": vars(fitted.combination), "threshold": fitted.threshold}
    return {"scores": _figures(systems, gold, np.array(holdout.articles)), **found}


def _figures(systems: dict[str, Any], gold: Any, articles: Any) -> dict[str, Any]:
    """Return for each system macro-F1 with its interval by article, accuracy and log-loss."""
    from pipeline.report.metrics import draw_articles, row_terms, scores

    draws = draw_articles(articles, _RESAMPLES, _CONFIDENCE, _SEED)
    found = {}
    for name, proba in systems.items():
        terms = row_terms(gold, proba / proba.sum(axis=1, keepdims=True))
        whole, drawn = scores(terms.sum(axis=0)), scores(draws.sums(terms))
        interval = draws.score(float(whole["macro_f1"]), drawn["macro_f1"])
        shown = {"macro_f1": interval.value, "low": interval.low, "high": interval.high}
        shown |= {key: float(whole[key]) for key in ("accuracy", "log_loss") if key in whole}
        found[name] = {key: round(value, 3) for key, value in shown.items() if value == value}  # NaN: too few articles
    return found
