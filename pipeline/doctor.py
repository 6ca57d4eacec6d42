"""Script `doctor`: is what lies in the project what the stages left, made of what lies there now?"""

from collections.abc import Iterable, Iterator

from pipeline.base.errors import ArtefactError
from pipeline.base.files import read_yaml
from pipeline.base.logs import counted
from pipeline.base.params import PARAMS_FILE, load_params
from pipeline.base.paths import MODEL
from pipeline.base.provenance import AGAIN, Finding, check_lock, check_notes
from pipeline.base.storage import sha256


def run(params: str = PARAMS_FILE) -> list[Finding]:
    """Return what does not fit, each finding with how to mend it; raise ParamsError for parameters that are wrong."""
    asked = load_params(params).model_dump(mode="json")
    return list(dict.fromkeys([*check_lock(read_yaml(params) or {}), *_model(), *check_notes(asked)]))


def in_lines(findings: Iterable[Finding]) -> list[str]:
    """Return a line for each file, and a last one with their number and what mends most of them."""
    of_file: dict[str, list[Finding]] = {}
    for finding in findings:
        of_file.setdefault(finding.where, []).append(finding)
    lines = []
    for where, own in of_file.items():
        remedies = [remedy for remedy in dict.fromkeys(finding.remedy for finding in own) if remedy != AGAIN]
        what = f"{where}: {', '.join(dict.fromkeys(finding.what for finding in own))}"
        lines.append(f"{what}. {' '.join(remedies)}" if remedies else what)
    again = f". {AGAIN}" if any(finding.remedy == AGAIN for own in of_file.values() for finding in own) else ""
    return [*lines, f"doctor: {counted(len(of_file), 'finding')}{again}" if lines else "doctor: everything fits"]


def _model() -> Iterator[Finding]:
    if not MODEL.exists():
        return
    from pipeline.model.artefact import check_manifest

    try:
        check_manifest(MODEL, sha256(MODEL))
    except ArtefactError as error:
        yield Finding(error.where, error.what, error.remedy or AGAIN)
