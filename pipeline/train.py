"""Stage `train`: soft labels -> classifier."""

import io
from dataclasses import replace
from typing import Any

from pipeline.base.errors import ArtefactError
from pipeline.base.logs import counted
from pipeline.base.params import Params
from pipeline.base.paths import LABEL_MODEL, MODEL, SENTENCES, SHIPPED_ROWS, fold_file, lf_folders
from pipeline.base.provenance import Inputs, read_sealed
from pipeline.base.stances import UNLABELED
from pipeline.base.storage import read_table

_REMEDY = "Run `dvc repro` to rebuild it."
_ON = {"gold": "hand labels", "soft labels": "soft labels"}


def run(params: Params) -> str:
    """Train on the training fold, calibrate on the dev fold's gold, save the model with its manifest."""
    asked = params.chosen("train", "label.lf_folders", "label.shipped_rows", "label.zero_shot")
    folders = lf_folders(params.label.lf_folders)
    rows_beside = [SHIPPED_ROWS] if params.label.shipped_rows else []
    files = (fold_file("train"), fold_file("dev"), SENTENCES, LABEL_MODEL, *rows_beside)
    with Inputs(asked, *files, *folders) as inputs:
        from pipeline.model.artefact import save_model
        from pipeline.reader.predicting import reader_named
        from pipeline.weak.loading import load_lfs

        train, dev = (read_table(fold_file(fold)) for fold in ("train", "dev"))
        lfs = load_lfs(*folders, zero_shot=[entry.model_dump() for entry in params.label.zero_shot])
        reader = reader_named(params.train.reader)
        trained = _trained(params, train, dev, lfs)
        model = _with_reader(trained.model, reader, dev, params.train.precision) if reader else trained.model
        encoder = model.encoder
        manifest = {
            "params": params.model_dump(),
            **inputs.note(),
            "lfs": {"names": list(lfs.names), "sha256": lfs.content_hash},
            "candidates": trained.candidates,
            "calibration": trained.calibration,
            "adaptation": trained.adaptation.as_dict() if trained.adaptation else None,
            "threshold": model.threshold,
            "reader": _about_reader(model.reader) if model.reader else None,
            "encoder": {"name": encoder.name, "sha256": encoder.identity} if encoder else None,
            "rows": train.num_rows,
            "gold_rows": train.num_rows - train["gold"].null_count,
            "shipped_rows": trained.shipped_rows,
        }
        save_model(MODEL, model, manifest)
    chosen = next(c for c in trained.candidates if c["chosen"])
    settings = ", ".join(f"{name}={value}" for name, value in chosen["params"].items())
    beside = f", beside {trained.shipped_rows} that ship" if trained.shipped_rows else ""
    return (
        f"{counted(train.num_rows, 'training sentence')}, {manifest['gold_rows']} of them hand-labelled{beside}; "
        f"{params.train.classifier.name}({settings}){', adapted' if trained.model.adapted else ''} "
        f"(log-loss {chosen['log_loss']:.3f} on the {_ON[chosen['on']]} of held-out articles)"
    )


def _trained(params: Params, train: Any, dev: Any, lfs: Any) -> Any:
    """Return the Training on the tables of the two folds."""
    import numpy as np

    from pipeline.model.encoder import open_encoder
    from pipeline.model.training import train_model
    from pipeline.weak.dataset import cast_of

    label_model = _label_model()
    label_model.check_lfs(lfs.names, lfs.content_hash, str(LABEL_MODEL))
    options, kind = params.train.model_dump(exclude={"encoder", "classifier", "reader"}), params.train.classifier
    texts, articles, gold = _labelled(train)
    dev_texts, dev_articles, dev_gold = _labelled(dev)
    return train_model(
        texts,
        np.array(train["soft_label"].to_pylist()),
        articles,
        gold,
        lfs,
        label_model,
        dev_texts=dev_texts,
        dev_gold=dev_gold,
        dev_articles=dev_articles,
        cast=cast_of(train),
        dev_cast=cast_of(dev),
        shipped=_shipped(lfs) if params.label.shipped_rows else None,
        classifier=kind.name,
        classifier_params=kind.params,
        grid=kind.grid,
        encoder=open_encoder(params.train.encoder) if params.train.encoder else None,
        **options,
    )


def _labelled(table: Any) -> tuple[list[str], list[str], Any]:
    """Return sentences, articles and stance ids (UNLABELED where nobody labelled)."""
    gold = table["gold"].fill_null(UNLABELED).to_numpy()
    return table["text"].to_pylist(), table["article_id"].to_pylist(), gold


def _shipped(lfs: Any) -> Any:
    """Return the rows that ship, but for those of the project's own articles."""
    from pipeline.weak.dataset import fingerprints, read_shipped_rows

    sentences = read_table(SENTENCES, ["article_id", "text"])
    own = fingerprints(sentences["article_id"].to_pylist(), sentences["text"].to_pylist())
    return read_shipped_rows(SHIPPED_ROWS, lfs.names, own.values())


def _with_reader(model: Any, reader: Any, dev: Any, precision: float | None) -> Any:
    """Return the model with a reader that is combined with the classifier on the gold of dev."""
    from pipeline.model.confidence import fit_reader
    from pipeline.weak.dataset import cast_of

    texts, articles, _ = _labelled(dev)
    known = dev["gold"].is_valid()
    proba = model.predict_parsed(*model.parse(texts, articles, cast_of(dev)))[known.to_numpy()]
    texts, articles, gold = _labelled(dev.filter(known))
    return replace(model, reader=fit_reader(reader, texts, gold, articles, proba, precision))


def _about_reader(reader: Any) -> dict[str, Any]:
    about = {"combination": vars(reader.combination), "threshold": reader.threshold}
    return {"adapter": reader.adapter.identity, "base": reader.adapter.card["base"], **about}


def _label_model():  # type: ignore[no-untyped-def]  # a SelectedModel
    import joblib

    from pipeline.weak.label_model.selection import SelectedModel

    data = read_sealed(LABEL_MODEL, _REMEDY)
    try:
        found = joblib.load(io.BytesIO(data))
    except Exception as error:
        raise ArtefactError(f"cannot be loaded ({type(error).__name__})", LABEL_MODEL, remedy=_REMEDY) from error
    if not isinstance(found, SelectedModel):
        raise ArtefactError("holds no label model", LABEL_MODEL, got=type(found).__name__, remedy=_REMEDY)
    return found
