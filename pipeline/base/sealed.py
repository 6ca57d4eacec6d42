"""Files and manifests that say what they must be: a changed one is refused before anything of it is used.

A hash shows that a file is the one that was written, not that its writer can be trusted.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.base.errors import ArtefactError
from pipeline.base.storage import atomic_open, write_text

SEAL = "manifest_sha256"
"""The key under which a manifest holds the hash of all its other keys."""


def seal_of(path: Path | str) -> Path:
    """Return the file beside `path` that holds its hash, in the form that `sha256sum --check` reads."""
    return Path(f"{path}.sha256")


def write_sealed(path: Path | str, data: bytes) -> None:
    """Write a file and, last, its hash beside it, each whole or not at all."""
    with atomic_open(path) as file:
        file.write(data)
    write_text(seal_of(path), f"{hashlib.sha256(data).hexdigest()}  {Path(path).name}\n")


def read_sealed(path: Path | str, remedy: str = "") -> bytes:
    """Return the content of a file that `write_sealed` wrote.

    Raises ArtefactError where the file or its hash is missing, or the two do not belong together.
    """
    data, found = _read(Path(path), remedy), _read(seal_of(path), remedy)
    expected, digest = found.decode("ascii", "replace").split(" ")[0], hashlib.sha256(data).hexdigest()
    if expected != digest:
        what = "the file is not the one that its hash describes"
        raise ArtefactError(what, path, expected=f"SHA-256 {expected[:64]}", got=digest, remedy=remedy)
    return data


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest (JSON values) with the hash of itself."""
    return {**manifest, SEAL: _digest(manifest)}


def check_seal(manifest: Mapping[str, Any], where: Path | str, remedy: str = "") -> None:
    """Raise ArtefactError unless a manifest holds the hash of itself."""
    expected, digest = manifest.get(SEAL), _digest(manifest)
    if expected != digest:
        what = "the manifest was changed" if expected else "the manifest has no hash of itself"
        raise ArtefactError(what, where, expected=f"SHA-256 {digest}", got=str(expected)[:64], remedy=remedy)


def _digest(manifest: Mapping[str, Any]) -> str:
    # as it comes back from a file, where all keys are text
    values = json.loads(json.dumps({key: value for key, value in manifest.items() if key != SEAL}))
    return hashlib.sha256(json.dumps(values, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _read(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ArtefactError("no such file", path, remedy=remedy) from None
    except OSError as error:
        raise ArtefactError(f"cannot be read ({error.strerror})", path, remedy=remedy) from None
