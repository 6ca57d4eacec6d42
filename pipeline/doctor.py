"""Script `doctor`: is what lies in the project what the stages left, made of what lies there now?"""

from collections.abc import Iterator

from pipeline.base.errors import ArtefactError
from pipeline.base.files import read_yaml
from pipeline.base.params import PARAMS_FILE, load_params
from pipeline.base.paths import MODEL
from pipeline.base.provenance import Finding, check_lock, check_notes
from pipeline.base.storage import sha256


def run(params: str = PARAMS_FILE) -> list[Finding]:
    """Return what does not fit, each finding with how to mend it; raise ParamsError for parameters that are wrong."""
    asked = load_params(params).model_dump(mode="json")
    return list(dict.fromkeys([*check_lock(read_yaml(params) or {}), *_model(), *check_notes(asked)]))


def _model() -> Iterator[Finding]:
    if not MODEL.exists():
        return
    from pipeline.model.artefact import check_manifest

    try:
        check_manifest(MODEL, sha256(MODEL))
    except ArtefactError as error:
        yield Finding(error.where, error.what, error.remedy or "Run `dvc repro`.")
