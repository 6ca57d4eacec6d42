"""What no module may do: unpickle what nobody checked, write past the writer, or leave a template unescaped.

ruff has bandit's rules; these are the project's own. Each is shown to bite on a line that breaks it.
"""

import ast
import re

import pytest

from tests.imports import ROOT

MAY_UNPICKLE = {
    "pipeline/model/artefact.py": "checks the hash in the manifest before",
    "pipeline/model/stance_model.py": "bytes that this process or its parent made",
    "pipeline/train.py": "label model of this run",
}
MAY_WRITE = {
    "pipeline/base/storage.py": "the writer",
    "pipeline/model/stance_model.py": "a scratch file for other processes",
    "pipeline/text/containers.py": "a file of an archive, unpacked into a scratch folder",
    "pipeline/weak/lfs/python_lfs.py": "what an LF file imports, unpacked into a scratch folder",
}
MAY_MARK_UP = {
    "pipeline/report/rendering.py": "the environment",
    "pipeline/report/changes.py": "a fixed comment",
    "pipeline/report/index_page.py": "figures and scripts of our own",
    "pipeline/report/model_page.py": "figures of our own",
    "pipeline/report/relations_page.py": "figures of our own",
}
MODES = re.compile("[wax+]")
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false")


def calls(tree):
    """Yield (dotted name of what is called, the call)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def unpickles(source):
    """Return the lines that unpickle."""
    names = re.compile(r"(^|\.)(joblib\.load|pickle\.loads?|torch\.load|np\.load|cloudpickle\.loads?)$")
    return [node.lineno for name, node in calls(ast.parse(source)) if names.search(name)]


def writes(source):
    """Return the lines that open a file for writing other than through `atomic_open`."""
    found = []
    for name, node in calls(ast.parse(source)):
        last = name.rsplit(".", 1)[-1]
        given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
        modes = [a.value for a in given[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        opened = last == "open" and any(len(mode) <= 3 and MODES.search(mode) for mode in modes)
        if opened or name.endswith((".write_text", ".write_bytes")):
            found.append(node.lineno)
    return found


def environments(source):
    """Return the lines that make a template environment or markup by hand."""
    return [
        node.lineno for name, node in calls(ast.parse(source)) if name.rsplit(".", 1)[-1] in ("Environment", "Markup")
    ]


def offenders(rule, allowed):
    """Return the modules that a rule finds and that have no leave."""
    modules = sorted((ROOT / "pipeline").rglob("*.py"))
    names = {path.relative_to(ROOT).as_posix(): rule(path.read_text("utf-8")) for path in modules}
    return {name: lines for name, lines in names.items() if lines and name not in allowed}


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (unpickles, MAY_UNPICKLE),
        (writes, MAY_WRITE),
        (environments, MAY_MARK_UP),
    ],
)
def test_no_module_does_it_without_leave(rule, allowed):
    assert offenders(rule, allowed) == {}


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (unpickles, "model = joblib.load(path)"),
        (unpickles, "model = pickle.loads(path.read_bytes())"),
        (writes, "open(path, 'w')"),
        (writes, "path.open(mode='ab')"),
        (writes, "path.write_text('x', 'utf-8')"),
        (environments, "page = jinja2.Environment(loader=loader)"),
        (environments, "cell = Markup(text)"),
    ],
)
def test_each_rule_bites(rule, line):
    assert rule(line) == [1]


@pytest.mark.parametrize("line", ["with atomic_open(path, 'w') as file: ...", "path.open('rb')", "gzip.open(path)"])
def test_what_is_allowed_passes(line):
    assert writes(line) == []


def test_templates_escape_everything():
    templates = [path for path in (ROOT / "pipeline").rglob("templates/*") if path.is_file()]
    assert templates
    assert [path.name for path in templates if UNESCAPED.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("line", ["{{ title|safe }}", "{% autoescape false %}"])
def test_an_unescaped_template_is_found(line):
    assert UNESCAPED.search(line)
