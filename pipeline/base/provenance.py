"""What files were made of: sealed files and manifests, and the hashes of what a stage read."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.base.errors import ArtefactError, InputError
from pipeline.base.files import read_yaml
from pipeline.base.storage import atomic_open, read_json, sha256, write_text

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


LOCK = Path("dvc.lock")
_RWLOCK = Path(".dvc/tmp/rwlock")
_CACHE = Path(".dvc/cache/files/md5")
_IGNORED = Path(".dvcignore")
_AGAIN = "Run `dvc repro`."


class Finding(NamedTuple):
    """Something that does not fit: where, what, and how to mend it."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.where}: {self.what}. {self.remedy}"


def check_lock(params: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what differs between dvc.lock and the files of the current folder, read byte by byte.

    `params` is the content of params.yaml. DVC itself looks at size and time first, and records the hash of an input
    only when a stage has ended.
    """
    if _RWLOCK.exists() and not _is_json(_RWLOCK):
        yield Finding(str(_RWLOCK), "damaged: DVC will refuse to run", "Delete it.")
    if not LOCK.exists():
        yield Finding(str(LOCK), "no such file: nothing has been run", _AGAIN)
        return
    try:
        stages = read_yaml(LOCK)["stages"].items()
        for stage, entry in stages:
            yield from _check_stage(stage, entry, params)
    except (InputError, AttributeError, KeyError, TypeError):
        yield Finding(str(LOCK), "damaged", f"Delete it, or `git checkout {LOCK}`; then run `dvc repro`.")


def check_reads(recorded: Mapping[str, str], by: Path | str) -> Iterator[Finding]:
    """Yield the files that are no more what was read: `recorded` is {path: SHA-256} as `by` says it was made of."""
    for path, digest in recorded.items():
        if not Path(path).is_file():
            yield Finding(path, f"gone since {by} was made of it", _AGAIN)
        elif sha256(path) != digest:
            yield Finding(path, f"not what {by} was made of", _AGAIN)


def md5_of(path: Path) -> str:
    """Return the hash of a file, or of a folder with all that .dvcignore leaves of it, as DVC has it in dvc.lock."""
    if path.is_file():
        return _md5(path.read_bytes())
    ignored = _ignored_names()
    files = [file for file in path.rglob("*") if file.is_file() and not _is_ignored(file.relative_to(path), ignored)]
    tree = [{"md5": _md5(file.read_bytes()), "relpath": file.relative_to(path).as_posix()} for file in files]
    listing = json.dumps(sorted(tree, key=lambda entry: entry["relpath"]), sort_keys=True)
    return f"{_md5(listing.encode())}.dir"


def _check_stage(stage: str, entry: Mapping[str, Any], params: Mapping[str, Any]) -> Iterator[Finding]:
    for dep in entry.get("deps", []):
        path = Path(dep["path"])
        if not path.exists():
            yield Finding(str(path), f"missing, and `{stage}` depends on it", "Put it back, or `dvc checkout`.")
        elif md5_of(path) != dep["md5"]:
            yield Finding(str(path), f"changed since `{stage}` ran", _AGAIN)
    for out in entry.get("outs", []):
        path, md5 = Path(out["path"]), out["md5"]
        if not path.exists():
            yield Finding(str(path), f"missing: `{stage}` made it", "Run `dvc checkout`, or `dvc repro`.")
        elif entry.get("deps") and md5_of(path) != md5:  # what is made of nothing is only begun, and written by people
            yield Finding(str(path), f"not as `{stage}` left it", f"Run `dvc repro -f {stage}`.")
        kept = _CACHE / md5[:2] / md5[2:]
        if kept.is_file() and _md5(kept.read_bytes()) != md5.removesuffix(".dir"):
            yield Finding(str(kept), f"damaged: the copy of {path} that DVC keeps", "Delete it, and run `dvc repro`.")
    for name, value in entry.get("params", {}).get("params.yaml", {}).items():
        if _at(params, name) != value:
            yield Finding(f"params.yaml, {name}", f"changed since `{stage}` ran", _AGAIN)


def _at(params: Any, name: str) -> Any:
    for key in name.split("."):
        params = params.get(key) if isinstance(params, Mapping) else None
    return params


def _ignored_names() -> list[str]:
    lines = _IGNORED.read_text("utf-8").splitlines() if _IGNORED.exists() else []
    return [line.strip().rstrip("/") for line in lines if line.strip() and not line.startswith("#")]


def _is_ignored(path: Path, patterns: Iterable[str]) -> bool:
    return any(fnmatch(part, pattern) for part in path.parts for pattern in patterns)


def _is_json(path: Path) -> bool:
    try:
        read_json(path)
    except InputError:
        return False
    return True


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
