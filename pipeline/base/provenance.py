"""What files were made of: sealed files and manifests, and notes of what a stage read, against what is there now.

DVC records the hash of an input when the stage has ended: without notes of its own, an input that was edited meanwhile
would be recorded as the one that was used.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from pipeline.base.errors import ArtefactError, InputError
from pipeline.base.files import read_yaml
from pipeline.base.paths import (
    LABEL_MODEL,
    LABELED,
    LF_REPORT,
    MADE_OF,
    MODEL,
    READING,
    REPORTS,
    SENTENCE_ANSWERS,
    SENTENCES,
    SHIPPED,
    lf_folders,
)
from pipeline.base.storage import atomic_open, read_json, read_table, sha256, write_text

SEAL = "manifest_sha256"
"""The key under which a manifest holds the hash of all its other keys."""

LOCK = Path("dvc.lock")
_RWLOCK = Path(".dvc/tmp/rwlock")
_CACHE = Path(".dvc/cache/files/md5")
_IGNORED = Path(".dvcignore")
_NOTE = "made_of"
_HOME = SHIPPED.parents[1]

AGAIN = "Run `dvc repro`."
"""What mends most findings."""

_NOTED_IN = {
    "split": (READING, SENTENCES),
    "label": (LF_REPORT, LABEL_MODEL),
    "train": (Path(f"{MODEL}.json"), MODEL),
    "apply": (SENTENCE_ANSWERS, SENTENCE_ANSWERS),
    "evaluate": (MADE_OF, REPORTS),
}
"""By stage, in their order: the output that holds its note, and the one that the note is named after."""

STAGES = ("gold", *_NOTED_IN)
"""The stages in the order in which data flows."""


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


class Finding(NamedTuple):
    """Something that does not fit: where, what, and how to mend it; the stage of which `what` speaks, if any."""

    where: str
    what: str
    remedy: str
    stage: str = ""

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.where}: {self.what}. {self.remedy}"


class Inputs:
    """What a `with` block reads: hashed before it, again when its output is to be written, and once more at the end."""

    def __init__(self, params: Mapping[str, Any], *paths: Path | str):
        """Take values of parameters by their dotted names, and files and folders; what is not there counts as such."""
        self._params = dict(params)
        self._hashes = {Path(path): _hashes(path) for path in paths}

    def __enter__(self) -> "Inputs":
        """Return the inputs as they are now."""
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Raise InputError where they changed: DVC is about to record what is there now."""
        if kind is None:
            self.note()

    def note(self) -> dict[str, dict[str, Any]]:
        """Return what the stage was made of, {"made_of": {"params": ..., "read": {path: SHA-256}}}, for its output.

        Raises InputError where a file was edited, added or removed since the stage began.
        """
        for path, hashes in self._hashes.items():
            _check_unmoved(hashes, _hashes(path))
        read = {_name_of(path): _digest_of(path, hashes) for path, hashes in self._hashes.items()}
        return {_NOTE: {"params": self._params, "read": read}}


def check_notes(params: Mapping[str, Any], but: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what is no more what stages say that they read; `params` are all parameters that there are now (JSON).

    Stages that have left nothing, and those of `but`, are skipped.
    """
    for stage, (where, output) in _NOTED_IN.items():
        if stage in but or not where.exists():
            continue
        try:
            note = _note_of(where)
            asked, read = dict(note["params"]), dict(note["read"])
        except InputError as error:
            yield Finding(error.where, error.what, AGAIN)
            continue
        except (KeyError, TypeError, ValueError):
            yield Finding(str(where), f"does not say what {output} was made of", AGAIN)
            continue
        for name, value in asked.items():
            if _at(params, name) != value:
                yield _changed(f"params.yaml, {name}", stage)
        for name, digest in read.items():
            path = _path_of(name)
            now = _digest_of(path, _hashes(path))
            if now is None and digest is not None:
                yield _missing(name, stage)
            elif now != digest:
                yield _changed(name, stage)


def new_lfs() -> Path | None:
    """Return a folder of own LFs that is not as it was when the project's model was trained, None where there is none.

    What the model says of itself is not checked.
    """
    try:
        note = read_json(f"{MODEL}.json")[_NOTE]
        read, folders = note["read"], lf_folders(note["params"]["label.lf_folders"])
        return next((one for one in folders if _digest_of(one, _hashes(one)) != read.get(_name_of(one))), None)
    except (InputError, KeyError, TypeError):
        return None


def check_lock(params: Mapping[str, Any] | None = None, but: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what differs between dvc.lock and the files of the current folder, read byte by byte, in order of STAGES.

    `params` is the content of params.yaml (None: not compared), `but` are stages that are left out. DVC itself looks at
    size and time first.
    """
    if _RWLOCK.exists() and not _is_json(_RWLOCK):
        yield Finding(str(_RWLOCK), "damaged: DVC will refuse to run", "Delete it.")
    if not LOCK.exists():
        yield Finding(str(LOCK), "no such file: nothing has been run", AGAIN)
        return
    try:
        stages = read_yaml(LOCK)["stages"]
        for stage, entry in sorted(stages.items(), key=lambda item: place_of(item[0])):
            if stage not in but:
                yield from _check_stage(stage, entry, params)
    except (InputError, AttributeError, KeyError, TypeError):
        yield Finding(str(LOCK), "damaged", f"Delete it, or `git checkout {LOCK}`; then run `dvc repro`.")


def place_of(stage: str) -> int:
    """Return the place of a stage in STAGES, behind all where it is none of them."""
    return STAGES.index(stage) if stage in STAGES else len(STAGES)


def md5_of(path: Path) -> str:
    """Return the hash of a file, or of a folder with all that .dvcignore leaves of it, as DVC has it in dvc.lock."""
    if path.is_file():
        return _md5(path.read_bytes())
    tree = [{"md5": _md5(file.read_bytes()), "relpath": file.relative_to(path).as_posix()} for file in _files(path)]
    listing = json.dumps(sorted(tree, key=lambda entry: entry["relpath"]), sort_keys=True)
    return f"{_md5(listing.encode())}.dir"


def _check_stage(stage: str, entry: Mapping[str, Any], params: Mapping[str, Any] | None) -> Iterator[Finding]:
    for dep in entry.get("deps", []):
        path = Path(dep["path"])
        if not path.exists():
            yield _missing(str(path), stage)
        elif md5_of(path) != dep["md5"]:
            yield _changed(str(path), stage)
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
        if params is not None and _at(params, name) != value:
            yield _changed(f"params.yaml, {name}", stage)


def _changed(where: str, stage: str) -> Finding:
    return Finding(where, f"changed since `{stage}` ran", AGAIN, stage)


def _missing(where: str, stage: str) -> Finding:
    path = Path(where)
    made = path.parts[0] in (MODEL.parts[0], REPORTS.parts[0]) or (path.parent == LABELED and path.suffix != ".jsonl")
    remedy = AGAIN if made else "Put it back, or `dvc checkout`."
    return Finding(where, f"missing, needed by `{stage}`", remedy, stage)


def _at(params: Any, name: str) -> Any:
    for key in name.split("."):
        params = params.get(key) if isinstance(params, Mapping) else None
    return params


def _note_of(path: Path) -> Any:
    if path.suffix == ".json":
        return read_json(path)[_NOTE]
    metadata = read_table(path, []).schema.metadata
    return json.loads(metadata[_NOTE.encode()])


def _name_of(path: Path) -> str:
    """Return a path as it is noted: what ships with the package is named from there, wherever that is."""
    return (path.relative_to(_HOME) if path.is_relative_to(SHIPPED) else path).as_posix()


def _path_of(name: str) -> Path:
    return shipped if (shipped := _HOME / name).is_relative_to(SHIPPED) else Path(name)


def _files(path: Path) -> list[Path]:
    """Return a file, or the files of a folder that .dvcignore leaves, by name."""
    if not path.is_dir():
        return [path] * path.is_file()
    ignored = _ignored_names()
    return sorted(f for f in path.rglob("*") if f.is_file() and not _is_ignored(f.relative_to(path), ignored))


def _hashes(path: Path | str) -> dict[Path, str]:
    return {file: sha256(file) for file in _files(Path(path))}


def _check_unmoved(before: Mapping[Path, str], after: Mapping[Path, str]) -> None:
    for file in (*after, *before):
        if before.get(file) != after.get(file):
            raise InputError("changed while it was being used", file, remedy="Run `dvc repro` again.")


def _digest_of(path: Path, hashes: Mapping[Path, str]) -> str | None:
    """Return the SHA-256 of a file, or of the names and hashes of the files of a folder; None where there is none."""
    if not path.is_dir():
        return hashes.get(path)
    listing = "".join(f"{digest}  {file.relative_to(path).as_posix()}\n" for file, digest in hashes.items())
    return hashlib.sha256(listing.encode()).hexdigest()


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
