"""The repository holds to what its documents say: layers, dependencies of the stages, sizes, packaging, README."""

import ast
import os
import re
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, requires

import pytest
import yaml

from pipeline.base.params import Params
from pipeline.cli.app import app
from tests.conftest import STAGES
from tests.imports import ROOT, direct_imports, drawing, package_arrows, path_of, transitive_imports

MODULES = sorted((ROOT / "pipeline").rglob("*.py"))
DVC = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
REGISTRY = re.compile(r"https?://|--(extra-)?index-url|--find-links|\bfile:|@ git\+")
DTYPE = re.compile(r"\b(?:u?int(?:8|16|32|64)?|float(?:16|32|64)?|bool|str|dtype|object)\b")
SHAPE = re.compile(r"\((?:[\w.*+ ]+|len\(\w+\)),[\w.*+ (),]*\)|\bshapes?\b")
FOR_STAGES = {"pipeline.base.params", "pipeline.base.paths"}
"""What only stages and the command line may import: they alone read parameters and choose paths."""
HAS_A_DEFAULT = {
    "pipeline/weak/zero_shot/nli.py",
    "pipeline/model/encoder.py",
    "pipeline/model/artefact.py",
    "pipeline/reader/predicting.py",
}
"""Modules that know where a cache or the model lies where nobody says."""


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def test_packages_import_one_way_and_contributing_draws_it():
    """No package imports one that imports it, directly or through others; only `cli` imports stages."""
    assert f"```\n{drawing()}\n```" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [package for package, targets in package_arrows().items() if "stages" in targets] == ["cli"]


def test_a_circle_of_packages_is_noticed(monkeypatch):
    monkeypatch.setattr("tests.imports.package_arrows", lambda: {"a": {"b"}, "b": {"a"}, "c": set()})
    with pytest.raises(ValueError, match=r"circle among \['a', 'b'\]"):
        drawing()


def test_domain_code_takes_plain_values():
    domain = [path for path in MODULES if path.parent.name not in ("pipeline", "cli", "base")]
    allowed = {name: {"pipeline.base.paths"} for name in HAS_A_DEFAULT}
    assert [n for n in map(name_of, domain) if direct_imports(ROOT / n) & FOR_STAGES - allowed.get(n, set())] == []


def test_files_are_short():
    assert [name_of(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > MOST_LINES] == []


def functions(path):
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_functions_are_short():
    """With signature and docstring."""
    lines = {(name_of(path), f.name): f.end_lineno - f.lineno + 1 for path in MODULES for f in functions(path)}
    assert {place: n for place, n in lines.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def without_shape_or_dtype(source):
    """Return the public functions, methods and classes of some code that take or give arrays and do not say which."""
    found, nodes = [], [*ast.parse(source).body]
    for node in nodes:  # grows by the methods of public classes
        if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
            continue
        if isinstance(node, ast.ClassDef):
            nodes += node.body
            hints = [part.annotation for part in node.body if isinstance(part, ast.AnnAssign)]
        else:
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            hints = [node.returns, *(argument.annotation for argument in arguments)]
        of_arrays = any("ndarray" in ast.unparse(hint) for hint in hints if hint is not None)
        says = ast.get_docstring(node) or ""
        if of_arrays and not (SHAPE.search(says) and DTYPE.search(says)):
            found.append(node.name)
    return found


def test_what_takes_or_gives_arrays_says_their_shape_and_dtype():
    modules = {name_of(path): without_shape_or_dtype(path.read_text("utf-8")) for path in MODULES}
    assert {name: lacking for name, lacking in modules.items() if lacking} == {}


@pytest.mark.parametrize(
    ("docstring", "says"),
    [
        ("Return a, int64 (n,).", True),
        ("Return a, float64 (n, 3).", True),
        ("Of any shape and dtype.", True),
        ("Give bool (or b) back.", False),
        ("Return a, (n,).", False),
        ("Return points (n,).", False),
    ],
)
def test_a_missing_shape_or_dtype_is_noticed(docstring, says):
    code = f'class A:\n    def b(self, a: "np.ndarray"): "{docstring}"\n    def _c(self, a: "np.ndarray"): pass\n'
    assert without_shape_or_dtype(code) == ([] if says else ["b"])


@pytest.mark.parametrize("verb", [*STAGES, "predict", "read", "review", "ship"])
def test_stages_hold_no_class(verb):
    """`python -m pipeline.train` makes the file `__main__`: a class in it could not be loaded from elsewhere."""
    assert not re.search(r"^\s*class ", (ROOT / f"pipeline/{verb}.py").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("verb", STAGES)
def test_every_import_of_a_stage_lies_under_a_dependency_of_it(verb):
    """DVC does not see Python imports. Folders are listed, none that a stage does not need; data are no import."""
    imported = {name_of(path) for path in transitive_imports(ROOT / f"pipeline/{verb}.py")} - {"pipeline/__init__.py"}
    listed = {dep for dep in DVC[verb]["deps"] if dep.startswith("pipeline/") and not dep.endswith(".parquet")}
    under = {file: {dep for dep in listed if file == dep or file.startswith(f"{dep}/")} for file in imported}
    assert [file for file, deps in under.items() if not deps] == []
    assert listed == set().union(*under.values())


def test_dvc_yaml_can_be_read_at_a_glance():
    assert len((ROOT / "dvc.yaml").read_text("utf-8").splitlines()) < 100
    assert sum(len(stage.get("deps", [])) for stage in DVC.values()) < 60


def test_lazy_names_are_followed():
    """What a package's `__init__` re-exports counts as an import of the module where it lives."""
    found = direct_imports(ROOT / "pipeline/evaluate.py")
    assert {"pipeline.report.model_page", "pipeline.report.data"} <= found
    assert path_of("pipeline.report.model_page") == ROOT / "pipeline/report/model_page.py"
    assert path_of("numpy") is None


def outs(verb):
    """Yield (path, whether DVC caches it) of a stage's outputs."""
    for out in [*DVC[verb].get("outs", []), *DVC[verb].get("metrics", [])]:
        (path, options), *_ = out.items() if isinstance(out, dict) else {out: {}}.items()
        yield path, options.get("cache", True)


def test_what_dvc_keeps_git_ignores_and_the_other_way_round():
    """Reports are in git, so that they can be read without running anything; hand labels are nobody's output."""
    for path, cached in (out for verb in STAGES for out in outs(verb)):
        ignored = subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=ROOT).returncode == 0
        assert ignored == cached, path
    for path in ("data/labeled/gold.jsonl", "dvc.lock", "data/raw/a.txt"):
        assert subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=ROOT).returncode == 1, path


def test_what_a_stage_reads_is_made_before_or_lies_in_the_repository():
    made = set()
    for verb in STAGES:
        for dep in DVC[verb]["deps"]:
            assert dep in made or (ROOT / dep).exists(), dep
        made |= {path for path, _ in outs(verb)}


@pytest.mark.parametrize("verb", STAGES)
def test_parameters_of_a_stage_exist(verb):
    for path in DVC[verb].get("params", []):
        value = Params()
        for key in path.split("."):
            value = getattr(value, key)


@pytest.mark.parametrize("verb", STAGES)
def test_a_stage_names_every_parameter_that_it_reads(verb):
    """`params.train.adapt` in the code of a stage needs `train` or `train.adapt` in dvc.yaml."""
    source = (ROOT / f"pipeline/{verb}.py").read_text("utf-8")
    read = {f"{section}.{key}" for section, key in re.findall(r"\bparams\.(\w+)\.(\w+)", source)}
    read = {path.removesuffix(".model_dump") for path in read}
    named = set(DVC[verb].get("params", []))
    assert {path for path in read if not {path, path.split(".")[0]} & named} - {verb} == set()


def test_every_verb_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    verbs = [info.name or info.callback.__name__ for info in app.registered_commands]
    assert [verb for verb in verbs if not re.search(rf"(stance |pipeline\.){verb}\b", readme)] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_locks_hold_hashes_and_no_address(lock):
    """They work with whatever registry pip or uv is set up for."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    assert [line for line in lines if REGISTRY.search(line)] == []
    pins = [number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
    assert len(pins) > 30
    assert [lines[number] for number in pins if "--hash=sha256:" not in lines[number + 1]] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_locks_name_extras_as_they_are_asked_for(lock):
    """An old pip tells `coverage` from `coverage[toml]`, and `html-clean` from `html_clean`."""
    pinned = dict(re.findall(r"^([\w.-]+)(\[[\w, -]+\])?==", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
    asked = [
        (match[1].lower(), extra.strip())
        for name in pinned
        for line in _requirements_of(name)
        if "extra ==" not in line and (match := re.match(r"([\w.-]+)\[([\w,-]+)\]", line))
        for extra in match[2].split(",")
    ]
    assert asked
    lacking = [(name, extra) for name, extra in asked if name in pinned and extra not in pinned[name]]
    assert lacking == []


def _requirements_of(name):
    try:
        return requires(name) or []
    except PackageNotFoundError:  # for another Python or system
        return []


def test_the_same_tests_are_collected_every_time():
    """Two workers must agree: nothing of the clock, of addresses or of the order of a set may be in a test's name."""
    lists = []
    for seed in ("1", "2"):
        began = time.time()
        command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", "-p", "no:randomly"]
        env = {**os.environ, "PYTHONHASHSEED": seed}
        lists.append(subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True).stdout.splitlines())
        time.sleep(max(0, 1.1 - (time.time() - began)))
    names, again = ([line for line in lines if "::" in line] for lines in lists)
    assert len(names) > 1000
    assert names == again


def test_the_test_lock_adds_to_the_other_and_changes_nothing():
    pins, test_pins = (
        set(re.findall(r"^[\w.-]+(?:\[[\w, -]+\])?==[^\s;]+", (ROOT / lock).read_text("utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-test.lock")
    )
    assert pins - test_pins == set()


def test_files_beside_the_code_are_installed_with_it():
    """Labeling functions and templates are package data."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    patterns = dict(re.findall(r'^"pipeline\.(\w+)" = \[(.+)\]$', text, re.MULTILINE))
    beside = [p for p in (ROOT / "pipeline").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")]
    assert {path.suffix for path in beside} >= {".yaml", ".html", ".md", ".css"}
    covered = [
        p
        for part, several in patterns.items()
        for pattern in re.findall(r'"(.+?)"', several)
        for p in (ROOT / "pipeline" / part).glob(pattern)
    ]
    assert sorted(set(beside) - set(covered)) == []


def test_every_module_has_its_test_file():
    """Tests mirror modules. Tables of words are tested with the code that reads them."""
    tables = {"__init__", "__main__", "abbreviations", "boilerplate_rules", "paths", *STAGES, "predict"}
    lacking = [
        name_of(path)
        for path in MODULES
        if path.stem not in tables
        and not (ROOT / "tests" / path.parent.relative_to(ROOT / "pipeline") / f"test_{path.stem}.py").exists()
    ]
    assert lacking == []
