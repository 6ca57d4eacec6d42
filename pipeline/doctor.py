"""Script `doctor`: is what lies in the project what the stages left, made of what lies there now?"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.base.errors import ArtefactError, InputError
from pipeline.base.files import read_yaml
from pipeline.base.params import PARAMS_FILE, load_params
from pipeline.base.paths import LABEL_MODEL, LF_REPORT, MODEL
from pipeline.base.provenance import Finding, check_lock, check_reads
from pipeline.base.storage import read_json, sha256


def run(params: str = PARAMS_FILE) -> list[Finding]:
    """Return what does not fit, each finding with how to mend it; raise ParamsError for parameters that are wrong."""
    load_params(params)
    found = [*check_lock(read_yaml(params) or {}), *_model(), *_notes(LF_REPORT), *_notes(Path(f"{MODEL}.json"))]
    return list(dict.fromkeys(found))


def _model() -> Iterator[Finding]:
    if not MODEL.exists():
        return
    from pipeline.model.artefact import check_manifest

    try:
        check_manifest(MODEL, sha256(MODEL))
    except ArtefactError as error:
        yield Finding(error.where, error.what, error.remedy or "Run `dvc repro`.")


def _notes(path: Path) -> Iterator[Finding]:
    """Compare with the hashes of what a stage read, where it has written them down."""
    if not path.exists():
        return
    try:
        notes = read_json(path)
    except InputError as error:
        yield Finding(error.where, error.what, "Run `dvc repro`.")
        return
    read = notes.get("read") or notes.get("data") or {}
    of = LABEL_MODEL if path == LF_REPORT else MODEL
    yield from check_reads({name: str(digest) for name, digest in read.items()}, of)
