"""`make repro` on a machine with and without git; a stand-in for DVC takes down how it is called."""

import os
import shutil
import subprocess

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
