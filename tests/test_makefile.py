"""`make repro` on a machine with and without git; a stand-in for DVC takes down how it is called."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.imports import ROOT

DVC = '#!/bin/sh\necho "$@" >> calls\n'


@pytest.fixture
def folder(tmp_path):
    """A folder with the Makefile, and an environment that counts as installed."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv/bin/dvc").write_text(DVC)
    (tmp_path / ".venv/bin/dvc").chmod(0o755)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/.installed").touch()
    return tmp_path


def make(folder, *args):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "MAKE"))}
    env["GIT_CEILING_DIRECTORIES"] = str(folder.parent)
    return subprocess.run(["make", *args], cwd=folder, env=env, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")
@pytest.mark.parametrize("git", [True, False])
def test_without_git_dvc_is_told_so_first(folder, git):
    if git:
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    result = make(folder, "repro")
    calls = (folder / "calls").read_text().splitlines()
    assert calls == [*([] if git else ["config --local core.no_scm true"]), "repro --quiet"]
    assert ("No git repository here: DVC is set to work without one." in result) == (not git)
    assert f"Report: {folder}/reports/index.html" in result


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")
@pytest.mark.parametrize(("content", "stays"), [("{}", True), ("", False), ('{"read": {', False)])
def test_a_lock_that_dvc_was_killed_over_does_not_stop_it(folder, content, stays):
    """DVC would end with 255 and, being quiet, say nothing."""
    lock = folder / ".dvc/tmp/rwlock"
    lock.parent.mkdir(parents=True)
    lock.write_text(content)
    make(folder, "repro")
    assert lock.exists() == stays


def gate(kind, text):
    """Return the exit code of a gate of the nightly checks, and what it prints."""
    command = [sys.executable, "-m", "tests.gates", kind]
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("covered", "n", "code"), [(95, 100, 0), (94, 100, 1), (0, 0, 1)])
def test_branches_that_no_test_reaches_fail_the_nightly_checks(covered, n, code):
    """Lines do not make up for them."""
    totals = {"covered_branches": covered, "num_branches": n, "covered_lines": 999, "num_statements": 999}
    share = f"{covered}.0" if n else "0.0"
    assert gate("branches", json.dumps({"totals": totals})) == (code, f"branches: {covered} of {n} ({share} %)\n")


@pytest.mark.parametrize(
    ("results", "code", "share"),
    [
        (["killed"] * 16 + ["timeout", "survived", "survived", "survived", "skipped"], 0, "17 of 20 (85.0 %)"),
        (["killed"] * 16 + ["survived"] * 3, 1, "16 of 19 (84.2 %)"),
        (["killed"] * 16 + ["no tests", "not checked", "suspicious"], 1, "16 of 19 (84.2 %)"),
    ],
    ids=["enough", "survivors", "never tried"],
)
def test_mutants_that_no_test_finds_fail_the_nightly_checks(results, code, share):
    """Module by module; what no test reaches is not found."""
    lines = [f"    pipeline.base.storage.x__lock__mutmut_{n}: {result}\n" for n, result in enumerate(results, 1)]
    other = "    pipeline.text.folds.xǁAǁb__mutmut_1: killed\n"
    expected = f"pipeline.base.storage: {share}\npipeline.text.folds: 1 of 1 (100.0 %)\n"
    assert gate("mutants", "".join([*lines, other])) == (code, expected)
    assert gate("mutants", "") == (1, "")
