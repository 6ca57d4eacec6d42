"""Save and load the model: one joblib file, and beside it a manifest with the hash that loading checks first.

A joblib file is a pickle: loading one executes what its maker wrote. The hash shows that a file is the one that its
manifest describes, not that its maker can be trusted.
"""

import hashlib
import io
import logging
import pickle
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib

from pipeline import __version__
from pipeline.base.errors import ArtefactError, InputError
from pipeline.base.paths import SHIPPED_MODEL, how_to_make, model_file
from pipeline.base.provenance import check_seal, sealed
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, read_json, write_json
from pipeline.model.features import Linear
from pipeline.model.stance_model import StanceModel

log = logging.getLogger("pipeline.model")

FORMAT = "stance-pipeline model"
FORMAT_VERSION = 4

LIBRARIES = ("joblib", "numpy", "scikit-learn", "scipy")
"""Libraries whose versions the manifest records."""

_OF_ARRAYS = ("numpy",)
"""Libraries whose objects every model holds; one whose classifier is not linear holds those of scikit-learn, too."""

_REMEDY = "Run `dvc repro` to rebuild the model."


def manifest_path(path: Path | str) -> Path:
    """Return where the manifest of the model file `path` stands."""
    return Path(f"{path}.json")


def save_model(path: Path | str, model: StanceModel, manifest: dict[str, Any]) -> None:
    """Write the model file and its manifest, each whole or not at all, the manifest last.

    `manifest` adds what is known of the model's making (parameters, hashes of the data, scores: plain JSON values).
    Equal models give equal bytes.
    """
    buffer = io.BytesIO()
    # a pickle records which equal strings are one object; after a round trip that no longer hangs on the model's past
    same = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    joblib.dump(same, buffer, compress=3)
    data = buffer.getvalue()
    with atomic_open(path) as file:
        file.write(data)
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
    write_json(manifest_path(path), sealed({**manifest, **ours}))


def load_model(path: Path | str | None = None) -> StanceModel:
    """Load a model, by default the project's own, else the one that ships with the package.

    Before anything of it is executed its manifest, hash and versions are checked.

    Raises ArtefactError where the file or its manifest is missing, is not ours, was changed, or was made by another
    major version of a library whose objects it holds.
    """
    path = model_file(None if path is None else str(path))
    log.debug("model: %s%s", path, " (it ships with the package)" if path == SHIPPED_MODEL else "")
    data = _read(path)
    check_manifest(path, hashlib.sha256(data).hexdigest())
    try:
        model = joblib.load(io.BytesIO(data))
    except Exception as error:
        got = f"{type(error).__name__}: {error}"
        raise ArtefactError("cannot be loaded", path, got=got, remedy=_REMEDY) from error
    if not isinstance(model, StanceModel):
        raise ArtefactError("holds no stance model", path, got=type(model).__name__, remedy=_REMEDY)
    return model


def check_manifest(path: Path | str, digest: str) -> dict[str, Any]:
    """Return the manifest of a model file with this SHA-256; raise ArtefactError where the two do not fit us or it."""
    manifest = read_manifest(path)
    where = manifest_path(path)
    if manifest.get("format") != FORMAT:
        raise ArtefactError("not the manifest of a stance model", where, expected=f'"format": "{FORMAT}"')
    if manifest.get("format_version") != FORMAT_VERSION:
        got = f"format version {manifest.get('format_version')}"
        raise ArtefactError("made by another version", where, expected=f"{FORMAT_VERSION}", got=got, remedy=_REMEDY)
    if manifest.get("stances") != list(STANCES):
        raise ArtefactError("knows other stances", where, expected=", ".join(STANCES), got=str(manifest.get("stances")))
    libraries = manifest.get("libraries")
    for name in (*_OF_ARRAYS, *(["scikit-learn"] if manifest.get("needs_scikit_learn") else [])):
        made = str(libraries.get(name)) if isinstance(libraries, dict) else "no version"
        here = version(name)
        if made.split(".")[0] != here.split(".")[0]:
            raise ArtefactError(f"made with another {name}", path, expected=here, got=made, remedy=_REMEDY)
    if manifest.get("sha256") != digest:
        what = "the file is not the one that its manifest describes"
        raise ArtefactError(what, path, expected=f"SHA-256 {manifest.get('sha256')}", got=digest, remedy=_REMEDY)
    check_seal(manifest, where, _REMEDY)
    return manifest


def read_manifest(path: Path | str) -> dict[str, Any]:
    """Return the manifest of the model file `path`; raise ArtefactError where there is none or it cannot be read."""
    where = manifest_path(path)
    if not where.is_file():
        raise ArtefactError("the model's manifest is missing", where, remedy=_REMEDY)
    try:
        manifest = read_json(where)
    except InputError as error:
        raise ArtefactError(error.what, where, remedy=_REMEDY) from None
    if not isinstance(manifest, dict):
        raise ArtefactError("not the manifest of a stance model", where, expected="a JSON object", remedy=_REMEDY)
    return manifest


def _read(path: Path | str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise ArtefactError("no such model file", path, remedy=how_to_make()) from None
    except OSError as error:
        raise ArtefactError(f"cannot be read ({error.strerror})", path) from None
