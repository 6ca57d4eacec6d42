"""DVC runs what has to run again and nothing else, in a copy of the repository with twelve tiny articles."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus import edit_params, write_project
from tests.imports import ROOT

COPIED = ("pipeline", "lfs", "actors", ".dvcignore", ".gitignore", "dvc.yaml")
RAN = re.compile(r"Running stage '(\w+)'")


@pytest.fixture(scope="module")
def committed(tmp_path_factory):
    return make_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def repository(committed):
    """The repository as it was committed, whatever another test did to it."""
    git(committed, "checkout", "-q", "--", ".")
    dvc(committed, "checkout", "-q")
    return committed


def make_repository(folder):
    """Make a repository of the small project in a folder, on which every stage has run."""
    write_project(folder)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "-q")
    dvc(folder, "init", "-q")
    shutil.copytree(ROOT / ".dvc/plots", folder / ".dvc/plots")
    dvc(folder, "repro")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", "base")
    return folder


def git(folder, *args):
    subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)


def dvc(folder, *args):
    """Run DVC as `make repro` does; return what it says."""
    return run(folder, "dvc", *args)


def run(folder, module, *args):
    command = [sys.executable, "-m", module, *args]
    child = subprocess.run(command, cwd=folder, env=dvc_environment(folder), capture_output=True, text=True)
    assert child.returncode == 0, child.stderr + child.stdout
    return child.stdout


def dvc_environment(folder):
    """Return what DVC is run with: this interpreter stands first on PATH."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DVC_", "PYTHON", "GIT_"))}
    return env | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}",
        "DVC_NO_ANALYTICS": "1",
        "DVC_SITE_CACHE_DIR": str(folder / ".dvc/site"),
        "HOME": str(folder / ".dvc"),
    }


def test_only_what_depends_on_a_change_runs_again(repository):
    """Nothing without one; train and evaluate for a training parameter; the stage whose imported module was edited."""
    assert "Data and pipelines are up to date." in dvc(repository, "repro")

    edit_params(repository, "train", gold_weight=3)
    assert RAN.findall(dvc(repository, "repro")) == ["train", "apply", "evaluate"]
    assert re.search(r"train\.gold_weight +1\.0 +3\b", dvc(repository, "params", "diff"))
    assert "macro_f1" in dvc(repository, "metrics", "show")

    module = repository / "pipeline/report/narrative.py"
    module.write_text(module.read_text("utf-8") + "\n", "utf-8")
    assert RAN.findall(dvc(repository, "repro")) == ["apply", "evaluate"]

    (page,) = re.findall(r"file://(\S+)", dvc(repository, "plots", "show"))
    shown = Path(page).read_text("utf-8")
    assert all(name in shown for name in ("confusion", "precision-recall", "reliability.png", "labeling function "))
    assert "<DVC_METRIC" not in shown


@pytest.mark.nightly
def test_the_report_compares_with_a_git_revision_whose_answers_dvc_keeps(repository):
    edit_params(repository, "train", gold_weight=9)
    dvc(repository, "repro")
    result = run(repository, "pipeline", "report", "--against", "HEAD")
    assert re.search(r"Since HEAD: [1-9]\d* of 84 sentences got another stance \(\d+ by parameters\)", result)
    assert "Parameters that differ: train.gold_weight." in result
    for name in ("index.html", "model.html"):
        assert "train.gold_weight" in (repository / "reports/changes" / name).read_text("utf-8")


@pytest.mark.nightly
def test_hand_labels_that_are_gone_are_none(repository):
    """`dvc repro` asks for no file that nobody has, and draws plots without a score."""
    gold = repository / "data/labeled/gold.jsonl"
    gold.unlink()
    assert RAN.findall(dvc(repository, "repro")) == ["gold", "label", "train", "apply", "evaluate"]
    assert gold.read_bytes() == b""
    assert "macro_f1" not in dvc(repository, "metrics", "show")
    dvc(repository, "plots", "show")
    assert "Data and pipelines are up to date." in dvc(repository, "repro")
