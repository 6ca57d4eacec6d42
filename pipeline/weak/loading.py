"""Load labeling functions: the shipped ones, and a user's own from any folder of YAML and Python files."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.base.errors import LFError, StanceError, expected_of, suggest
from pipeline.base.files import read_yaml
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.weak.cues.language import Cue, CueSyntaxError, expand, parse_cues, state_words
from pipeline.weak.lfs import shipped as functions
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet
from pipeline.weak.lfs.python_lfs import FileFunction, execute, in_a_line
from pipeline.weak.zero_shot.nli import zero_shot_lfs

SHIPPED = Path(__file__).parent / "lfs"

log = logging.getLogger("pipeline.weak.loading")

_YAML, _PYTHON = (".yaml", ".yml"), (".py",)

_UNQUOTED = "YAML reads no, yes, on and off as false and true: put them in quotes."

_Stance = Literal["opposition", "neutral", "agreement"]


class _Entry(BaseModel):
    """One labeling function as written in a file."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    stance: _Stance
    rule: str = Field(min_length=3)
    why: str = Field(min_length=3)
    kind: Literal["verb", "noun", "phrase"] = "verb"
    negated: _Stance | None = None
    strength: float = Field(1.0, gt=0, le=1)
    accuracy: float | None = Field(None, gt=0, lt=1)
    cues: list[str] = Field(min_length=1)
    exceptions: list[str] = []
    fires: list[str] = Field(min_length=1)
    quiet: list[str] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sets: dict[str, list[str]] = {}
    idioms: list[str] = []
    proper_names: list[str] = []
    lfs: list[dict[str, Any]] = []


def load_lfs(*folders: Path | str, zero_shot: Iterable[Mapping[str, Any]] = ()) -> LFSet:
    """Load the shipped labeling functions and those of `folders`, in the order of folders and file names.

    YAML files (*.yaml, *.yml) hold LFs as data, Python files (*.py) functions decorated with `labeling_function`. An LF
    of a later folder replaces an earlier one of the same name; within a folder each name stands once. Behind them stand
    the LFs that ask a model, as `pipeline.weak.zero_shot.nli` describes them. Raises LFError with file, LF and field.
    """
    shipped = sorted(SHIPPED.glob("*.yaml"))  # its Python files are modules of the package, not a user's
    files = shipped + [file for folder in map(Path, folders) for file in _lf_files(folder)]
    pages = {file: _read_page(file) for file in files if file.suffix in _YAML}
    for file, page in pages.items():
        if not (page.lfs or page.sets or page.idioms or page.proper_names):
            log.warning("%s: no labeling functions in it", file)
    sets = dict(state_words())
    for file, page in pages.items():
        sets.update(_expand_sets(file, page, sets))
    lfs: dict[str, LF] = {lf.name: lf for lf in functions.SHIPPED}
    homes: dict[str, Path] = {}
    idioms: list[Cue] = []
    proper_names: list[Cue] = []
    for file in files:
        found = _data_lfs(file, pages[file], sets) if file in pages else _python_lfs(file)
        for lf in found:
            if lf.name in homes and homes[lf.name].parent == file.parent:
                raise LFError("two of one name", f"{file}, LF {lf.name!r}", got=f"one in {homes[lf.name].name} too")
            lfs[lf.name], homes[lf.name] = lf, file
        if file in pages:
            idioms += _cues(pages[file].idioms, sets, f"{file.name}, idioms")
            proper_names += _cues(pages[file].proper_names, sets, f"{file.name}, proper_names")
    return LFSet([*lfs.values(), *zero_shot_lfs(zero_shot)], idioms, proper_names)


def _lf_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise LFError("no such folder of labeling functions", folder, remedy="See label.lf_folders in params.yaml.")
    suffixes = (*_YAML, *_PYTHON)
    files = sorted(f for f in folder.iterdir() if f.suffix in suffixes and not f.name.startswith(("_", ".")))
    if not files:
        log.warning("%s: no labeling functions here; expected files %s", folder, ", ".join(f"*{s}" for s in suffixes))
    return files


def _read_page(file: Path) -> _File:
    raw = read_yaml(file, LFError)
    try:
        return _File.model_validate({} if raw is None else raw)
    except ValidationError as error:
        raise _explain(error, str(file), _File) from None


def _expand_sets(file: Path, page: _File, sets: dict[str, frozenset[str]]) -> Iterator[tuple[str, frozenset[str]]]:
    for name, elements in page.sets.items():
        try:
            yield name, frozenset().union(*(expand(element, sets) for element in elements))
        except CueSyntaxError as error:
            raise LFError(str(error), f"{file}, sets, {name}") from None


def _data_lfs(file: Path, page: _File, sets: dict[str, frozenset[str]]) -> Iterator[LF]:
    for number, raw in enumerate(page.lfs, 1):
        where = f"{file}, LF {raw.get('name', f'number {number}')!r}"
        try:
            entry = _Entry.model_validate(raw)
        except ValidationError as error:
            raise _explain(error, where, _Entry) from None
        yield LF(
            **entry.model_dump(include={"name", "rule", "why", "kind", "strength"}),
            stance=STANCES.index(entry.stance),
            negated=STANCES.index(entry.negated) if entry.negated else ABSTAIN,
            prior_accuracy=entry.accuracy,
            source=file.name,
            cues=tuple(_cues(entry.cues, sets, f"{where}, cues")),
            exceptions=tuple(_cues(entry.exceptions, sets, f"{where}, exceptions")),
            fires=tuple(entry.fires),
            quiet=tuple(entry.quiet),
        )


def _python_lfs(file: Path) -> list[LF]:
    try:
        source = file.read_text("utf-8")
        script = execute(file.name, source, file.parent)
    except StanceError as error:
        where = f"{file}, {error.where}" if error.where else file
        raise LFError(error.what, where, expected=error.expected, got=error.got, remedy=error.remedy) from None
    except (Exception, SystemExit) as error:
        raise LFError(f"fails on import ({in_a_line(error)})", file) from error
    names = [lf.name for lf in script.lfs]
    if twice := {name for name in names if names.count(name) > 1}:
        remedy = "`labeling_function(name=...)` gives each its own."
        raise LFError("two of one name", f"{file}, LF {min(twice)!r}", remedy=remedy)
    if not script.lfs:
        log.warning("%s: no labeling function in it; the name of a file that only helps others begins with _", file)
    return [
        replace(lf, function=FileFunction(file.name, source, lf.name, script=script), source=file.name)
        for lf in script.lfs
    ]


def _cues(strings: list[str], sets: dict[str, frozenset[str]], where: str) -> list[Cue]:
    empty = [string for string in strings if not string.strip("; \n")]
    if empty:
        raise LFError(f"no cue in {empty[0]!r}", where)
    try:
        return [cue for string in strings for cue in parse_cues(string, sets)]
    except CueSyntaxError as error:
        raise LFError(str(error), where) from None


def _explain(error: ValidationError, where: str, model: type[BaseModel]) -> LFError:
    errors = error.errors(include_url=False)
    first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])  # what is misspelt is missing, too
    field = ".".join(map(str, first["loc"])) or "top level"
    if first["type"] == "extra_forbidden":
        return LFError(
            f"unknown field {field!r}",
            where,
            expected=", ".join(model.model_fields),
            remedy=suggest(field, model.model_fields),
        )
    got = "" if first["type"] == "missing" else repr(first["input"])[:80]
    expected = expected_of(first)
    remedy = _UNQUOTED if isinstance(first.get("input"), bool) and "string" in expected else ""
    return LFError(f"bad field {field!r}", where, expected=expected, got=got, remedy=remedy)
