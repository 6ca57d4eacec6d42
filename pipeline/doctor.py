"""Script `doctor`: is what lies in the project what the stages left, made of what lies there now?"""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.base.errors import ArtefactError
from pipeline.base.files import read_yaml
from pipeline.base.logs import counted
from pipeline.base.params import PARAMS_FILE, load_params
from pipeline.base.paths import MODEL
from pipeline.base.provenance import AGAIN, Finding, check_lock, check_notes, place_of
from pipeline.base.storage import sha256


def run(params: str = PARAMS_FILE) -> list[Finding]:
    """Return what does not fit, each finding with how to mend it; raise ParamsError for parameters that are wrong."""
    asked = load_params(params).model_dump(mode="json")
    return list(dict.fromkeys([*check_lock(read_yaml(params) or {}), *_model(), *check_notes(asked)]))


def in_lines(findings: Iterable[Finding]) -> list[str]:
    """Return a line for each file, changed inputs first, and a last one with their number and what mends most of them.

    Both lines and the stages in them stand in the order in which data flows.
    """
    of_file: dict[str, list[Finding]] = {}
    for finding in findings:
        of_file.setdefault(finding.where, []).append(finding)
    lines = []
    for where, own in sorted(of_file.items(), key=lambda item: _order(item[1])):
        remedies = [remedy for remedy in dict.fromkeys(finding.remedy for finding in own) if remedy != AGAIN]
        what = f"{where}: {', '.join(_in_words(own))}"
        lines.append(f"{what}. {' '.join(remedies)}" if remedies else what)
    again = f". {AGAIN}" if any(finding.remedy == AGAIN for own in of_file.values() for finding in own) else ""
    return [*lines, f"doctor: {counted(len(of_file), 'finding')}{again}" if lines else "doctor: everything fits"]


def _order(findings: Sequence[Finding]) -> tuple[bool, int]:
    """Return what lines are sorted by: whether something but an input changed, and the first stage that is named."""
    return any(not finding.stage for finding in findings), min(place_of(finding.stage) for finding in findings)


def _in_words(findings: Sequence[Finding]) -> list[str]:
    """Say what does not fit; what is the same but for the stage is said once, with all stages."""
    stages: dict[tuple[str, ...], set[str]] = {}
    for finding in findings:
        around = finding.what.split(f"`{finding.stage}`") if finding.stage else [finding.what]
        stages.setdefault(tuple(around), set()).add(finding.stage)
    return [
        ", ".join(f"`{stage}`" for stage in sorted(names, key=place_of)).join(around)
        for around, names in stages.items()
    ]


def _model() -> Iterator[Finding]:
    if not MODEL.exists():
        return
    from pipeline.model.artefact import check_manifest

    try:
        check_manifest(MODEL, sha256(MODEL))
    except ArtefactError as error:
        yield Finding(error.where, error.what, error.remedy or AGAIN)
