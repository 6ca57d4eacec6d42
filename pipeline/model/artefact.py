"""Save and load the model: one joblib file, and beside it a manifest with the hash that loading checks first.

A joblib file is a pickle: loading one executes what its maker wrote. The hash shows that a file is the one that its
manifest describes, not that its maker can be trusted. A model from elsewhere travels as a skops file: docs/safety.md.
"""

import hashlib
import io
import json
import logging
import pickle
import zipfile
import zlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib

from pipeline import __version__
from pipeline.base.errors import ArtefactError, ExtraError, InputError
from pipeline.base.paths import MODEL, SHIPPED_MODEL, model_file
from pipeline.base.provenance import AGAIN, check_seal, new_lfs, sealed
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, read_json, sha256, write_json
from pipeline.model.features import Linear
from pipeline.model.stance_model import StanceModel
from pipeline.weak.cues.language import Cue
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet
from pipeline.weak.lfs.shipped import SHIPPED as _SHIPPED_LFS

log = logging.getLogger("pipeline.model")

FORMAT = "stance-pipeline model"
FORMAT_VERSION = 4

LIBRARIES = ("joblib", "numpy", "scikit-learn", "scipy")
"""Libraries whose versions the manifest records."""

_OF_ARRAYS = ("numpy",)
"""Libraries whose objects every model holds; one whose classifier is not linear holds those of scikit-learn, too."""

_FUNCTIONS = {lf.name: lf.function for lf in _SHIPPED_LFS}

TRAVELS = ".skops"
"""Suffix of a model file that executes nothing of its maker's."""

MOST_UNPACKED = 256 << 20
"""The most bytes that a file that travels may have when unpacked."""

_OURS = (
    "pipeline.model.features.Features",
    "pipeline.model.features.Linear",
    "pipeline.model.soft_labels.SoftLabelClassifier",
    "pipeline.weak.label_model.label_model.LabelModel",
    "pipeline.weak.label_model.selection.SelectedModel",
)
"""The types of ours that such a file may hold, besides those of numpy, scipy and scikit-learn that skops knows as safe.

A constant, and never what the file itself asks for.
"""

_MANIFEST, _LFS = "manifest.json", "lfs.json"
_PARTS = (
    *("label_model", "features", "classifier", "temperature", "bias", "threshold", "label_model_threshold"),
    *("answered_by", "adaptation"),
)
_STAYS = "Such a model is shared as its joblib file with its manifest, with people who trust you."


def manifest_path(path: Path | str) -> Path:
    """Return where the manifest of the model file `path` stands: beside it, or where a killed `save_model` left it."""
    waiting = _waiting_manifest(path)
    return waiting if waiting.is_file() and _describes(waiting, Path(path)) else Path(f"{path}.json")


def save_model(path: Path | str, model: StanceModel, manifest: dict[str, Any]) -> None:
    """Write the model file and its manifest, each whole or not at all; at any moment one model can be loaded.

    Two files cannot be replaced at once: the new manifest waits under another name until the model is in its place.
    `manifest` adds what is known of the model's making (parameters, hashes of the data, scores: plain JSON values).
    Equal models give equal bytes.
    """
    buffer = io.BytesIO()
    # a pickle records which equal strings are one object; after a round trip that no longer depends on the model's past
    same = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    joblib.dump(same, buffer, compress=3)
    data = buffer.getvalue()
    needs_scikit_learn = not isinstance(model.classifier, Linear) or model.features.vectoriser is not None
    ours = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "package_version": __version__,
        "stances": list(STANCES),
        "needs_scikit_learn": needs_scikit_learn,
        "libraries": {name: version(name) for name in LIBRARIES},
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    waiting = _waiting_manifest(path)
    write_json(waiting, sealed({**manifest, **ours}))
    try:
        with atomic_open(path) as file:
            file.write(data)
        waiting.replace(f"{path}.json")
    except BaseException:
        if manifest_path(path) != waiting:
            waiting.unlink(missing_ok=True)
        raise


def load_model(path: Path | str | None = None) -> StanceModel:
    """Load a model, by default the project's own, else the one that ships with the package.

    Before anything of it is executed its manifest, hash and versions are checked. From a file *.skops nothing is
    executed at all (extra `skops`).

    Raises ArtefactError where the file or its manifest is missing, is not ours, was changed, or was made by another
    major version of a library whose objects it holds.
    """
    path = model_file(None if path is None else str(path))
    log.debug("model: %s%s", path, " (it ships with the package)" if path == SHIPPED_MODEL else "")
    if path == MODEL and (folder := new_lfs()):
        log.warning("%s: not as it was when %s was trained, which does not know what is new. %s", folder, path, AGAIN)
    if path.suffix.lower() == TRAVELS:
        return _import_model(path)
    data = _read(path)
    check_manifest(path, hashlib.sha256(data).hexdigest())
    try:
        model = joblib.load(io.BytesIO(data))
    except Exception as error:
        got = f"{type(error).__name__}: {error}"
        raise ArtefactError("cannot be loaded", path, got=got, remedy=_remedy(path)) from error
    if not isinstance(model, StanceModel):
        raise ArtefactError("holds no stance model", path, got=type(model).__name__, remedy=_remedy(path))
    return model


def check_manifest(path: Path | str, digest: str) -> dict[str, Any]:
    """Return the manifest of a model file with this SHA-256; raise ArtefactError where the two do not fit us or it."""
    manifest = read_manifest(path)
    where = manifest_path(path)
    _check_for_us(manifest, path, where)
    if manifest.get("sha256") != digest:
        what = "the file is not the one that its manifest describes"
        raise ArtefactError(what, path, expected=f"SHA-256 {manifest.get('sha256')}", got=digest, remedy=_remedy(path))
    return manifest


def _check_for_us(manifest: dict[str, Any], path: Path | str, where: Path | str) -> None:
    remedy = _remedy(path)
    if manifest.get("format") != FORMAT:
        expected = f'"format": "{FORMAT}"'
        raise ArtefactError("not the manifest of a stance model", where, expected=expected, remedy=remedy)
    if manifest.get("format_version") != FORMAT_VERSION:
        got = f"format version {manifest.get('format_version')}"
        raise ArtefactError("made by another version", where, expected=f"{FORMAT_VERSION}", got=got, remedy=remedy)
    if manifest.get("stances") != list(STANCES):
        got = str(manifest.get("stances"))
        raise ArtefactError("knows other stances", where, expected=", ".join(STANCES), got=got, remedy=remedy)
    libraries = manifest.get("libraries")
    for name in (*_OF_ARRAYS, *(["scikit-learn"] if manifest.get("needs_scikit_learn") else [])):
        made = str(libraries.get(name)) if isinstance(libraries, dict) else "no version"
        here = version(name)
        if made.split(".")[0] != here.split(".")[0]:
            raise ArtefactError(f"made with another {name}", path, expected=here, got=made, remedy=remedy)
    check_seal(manifest, where, remedy)


def read_manifest(path: Path | str) -> dict[str, Any]:
    """Return the manifest of the model file `path`; raise ArtefactError where there is none or it cannot be read."""
    if Path(path).suffix.lower() == TRAVELS:
        return dict(_member(Path(path), _MANIFEST))
    where = manifest_path(path)
    if not where.is_file():
        raise ArtefactError("the model's manifest is missing", where, remedy=_remedy(path))
    try:
        manifest = read_json(where)
    except InputError as error:
        raise ArtefactError(error.what, where, remedy=_remedy(path)) from None
    if not isinstance(manifest, dict):
        raise ArtefactError("not the manifest of a stance model", where, expected="a JSON object", remedy=_remedy(path))
    return manifest


def _remedy(path: Path | str) -> str:
    """Return what helps where a model file is no good: that depends on whose it is."""
    if Path(path) == SHIPPED_MODEL:
        return "Install the package again."
    if Path(path) == MODEL:
        return "Run `dvc repro` to rebuild the model."
    return "Name another model, or none: then the project's own or the one that ships answers."


def _waiting_manifest(path: Path | str) -> Path:
    return Path(path).with_name(f".{Path(path).name}.json.tmp")


def _describes(manifest: Path, model: Path) -> bool:
    try:
        return model.is_file() and read_json(manifest)["sha256"] == sha256(model)
    except (InputError, KeyError, TypeError):
        return False


def _read(path: Path | str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise ArtefactError("no such model file", path, remedy=_remedy(path)) from None
    except OSError as error:
        raise ArtefactError(f"cannot be read ({error.strerror})", path, remedy=_remedy(path)) from None


def export_model(path: Path | str, source: Path | str | None = None) -> None:
    """Write a model (by default as `load_model` chooses) as a file from which nothing is executed when it is loaded.

    Numbers go through skops, LFs and the manifest are JSON. Raises ArtefactError where the model holds more than that:
    Python code of the user's, a model that an LF asks, an encoder, a reader.
    """
    if Path(path).suffix.lower() != TRAVELS:
        raise InputError("not the name of a model that travels", path, expected=f"a file *{TRAVELS}")
    skops = _skops()
    source = model_file(None if source is None else str(source))
    model = load_model(source)
    for part in ("encoder", "reader"):
        if getattr(model, part) is not None:
            raise ArtefactError(f"its {part} cannot travel", source, remedy=_STAYS)
    buffer = io.BytesIO()
    skops.dump({part: getattr(model, part) for part in _PARTS}, buffer)
    if unknown := sorted({*skops.get_untrusted_types(data=buffer.getvalue())} - {*_OURS}):
        raise ArtefactError("holds what skops does not know as safe", source, got=", ".join(unknown), remedy=_STAYS)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_MANIFEST, json.dumps(read_manifest(source)))
        packed.writestr(_LFS, json.dumps(_lfs_as_json(model.lfs, source)))
    with atomic_open(path) as file:
        file.write(buffer.getvalue())


def _import_model(path: Path) -> StanceModel:
    """Load what `export_model` wrote; whatever is wrong with the file is an ArtefactError."""
    skops, data = _skops(), _read(path)
    _check_for_us(read_manifest(path), path, path)
    try:
        if unknown := sorted({*skops.get_untrusted_types(data=data)} - {*_OURS}):
            raise ArtefactError("asks for types that no model of ours has", path, got=", ".join(unknown))
        parts = skops.loads(data, trusted=list(_OURS))
        model = StanceModel(lfs=_lfs_from_json(_member(path, _LFS)), **{p: parts[p] for p in _PARTS})
        model.predict_proba(["It rained."])
    except ArtefactError:
        raise
    except Exception as error:
        got = f"{type(error).__name__}: {' '.join(str(error).split())[:80]}"
        raise ArtefactError("cannot be loaded", path, got=got) from error
    return model


def _member(path: Path, name: str) -> dict[str, Any]:
    """Return one JSON object of a packed model, whose whole size when unpacked is checked first."""
    try:
        with zipfile.ZipFile(io.BytesIO(_read(path))) as packed:
            size = sum(member.file_size for member in packed.infolist())
            if size > MOST_UNPACKED:
                most = f"up to {MOST_UNPACKED:,} B"
                raise ArtefactError("too large when unpacked", path, expected=most, got=f"{size:,} B")
            return dict(json.loads(packed.read(name)))
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error, RuntimeError, ValueError, TypeError):
        raise ArtefactError("not a model that `stance export` wrote, or damaged", path) from None


def _lfs_as_json(lfs: LFSet, source: Path) -> dict[str, Any]:
    for lf in lfs:
        if lf.function and lf.function is not _FUNCTIONS.get(lf.name):
            raise ArtefactError(f"its labeling function {lf.name!r} is not data", source, remedy=_STAYS)
    rows = [
        {
            **{name: getattr(lf, name) for name in LF.__dataclass_fields__},
            "cues": [cue.__reduce__()[1] for cue in lf.cues],
            "exceptions": [cue.__reduce__()[1] for cue in lf.exceptions],
            "function": bool(lf.function),
        }
        for lf in lfs
    ]
    further = {name: [cue.__reduce__()[1] for cue in getattr(lfs, name)] for name in ("idioms", "proper_names")}
    return {"lfs": rows, **further}


def _lfs_from_json(found: Any) -> LFSet:
    lfs: list[LF] = []
    for row in found["lfs"]:
        fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
        fields |= {name: tuple(map(_cue, row[name])) for name in ("cues", "exceptions")}
        fields["function"] = _FUNCTIONS[row["name"]] if row["function"] else None
        lfs.append(LF(**fields))
    return LFSet(lfs, map(_cue, found["idioms"]), map(_cue, found["proper_names"]))


def _cue(parts: list[Any]) -> Cue:
    source, words, gaps, strength = parts
    return Cue(source, tuple(frozenset(element.split("|")) for element in words.split(" ")), tuple(gaps), strength)


def _skops() -> Any:
    try:
        import skops.io
    except ImportError as error:
        remedy = "Run `pip install 'stance-pipeline[skops]'`."
        raise ExtraError(f"{TRAVELS} needs a package that is not installed ({error.name})", remedy=remedy) from None
    return skops.io
