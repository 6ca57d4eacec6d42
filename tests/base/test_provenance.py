"""Provenance: what changed since the stages ran is named, also where size and time say that nothing did."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.base.provenance import check_lock, check_reads, md5_of

DVC = """
stages:
  copy:
    cmd: mkdir -p out && cp in/a.txt out/a.txt && cp in/a.txt b.txt
    deps: [in]
    params: [copy.size]
    outs: [out, b.txt]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project of one stage that DVC has run."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "in/deep/__pycache__").mkdir(parents=True)
    (folder / "in/a.txt").write_text("aaaa")
    (folder / "in/deep/é.txt").write_text("b")
    (folder / "in/deep/__pycache__/x.pyc").write_text("c")
    (folder / ".dvcignore").write_text("__pycache__/\n")
    (folder / "dvc.yaml").write_text(DVC)
    (folder / "params.yaml").write_text("copy: {size: 3, more: 1}")
    env = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    for args in (["init", "--no-scm", "-q"], ["repro", "-q"]):
        subprocess.run([sys.executable, "-m", "dvc", *args], cwd=folder, env=env, check=True, capture_output=True)
    return folder


@pytest.fixture
def project(made, tmp_path, monkeypatch):
    subprocess.run(["cp", "-a", f"{made}/.", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings():
    return [str(found) for found in check_lock(yaml.safe_load(Path("params.yaml").read_text()))]


def test_nothing_is_found_where_nothing_changed(project):
    assert findings() == []


def edit(path, text):
    """Change the content; size and time of the file stay what they were."""
    times = path.stat()
    path.chmod(0o644)
    path.write_text(text)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda: edit(Path("in/a.txt"), "aaab"), "in: changed since `copy` ran. Run `dvc repro`."),
        (lambda: Path("in/new.txt").touch(), "in: changed since `copy` ran. Run `dvc repro`."),
        (lambda: edit(Path("b.txt"), "aaab"), "b.txt: not as `copy` left it. Run `dvc repro -f copy`."),
        (lambda: Path("b.txt").unlink(), "b.txt: missing: `copy` made it. Run `dvc checkout`, or `dvc repro`."),
        (
            lambda: Path("params.yaml").write_text("copy: {size: 4}"),
            "params.yaml, copy.size: changed since `copy` ran. Run `dvc repro`.",
        ),
        (
            lambda: Path(".dvc/tmp/rwlock").write_text(""),
            ".dvc/tmp/rwlock: damaged: DVC will refuse to run. Delete it.",
        ),
        (lambda: Path("dvc.lock").unlink(), "dvc.lock: no such file: nothing has been run. Run `dvc repro`."),
        *(
            (
                lambda text=text: Path("dvc.lock").write_text(text),
                "dvc.lock: damaged. Delete it, or `git checkout dvc.lock`; then run `dvc repro`.",
            )
            for text in ("", "stages: 3", "{")
        ),
    ],
)
def test_a_change_is_named_with_what_to_do(project, change, match):
    change()
    assert findings() == [match]


def test_what_may_change_without_a_finding(project):
    (project / "in/deep/__pycache__/y.pyc").write_text("d")
    (project / "params.yaml").write_text("copy: {size: 3, more: 2}")
    assert findings() == []


def test_a_damaged_copy_in_the_cache_is_found_though_dvc_trusts_it(project):
    md5 = hashlib.md5(b"aaaa", usedforsecurity=False).hexdigest()
    kept = project / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    (project / "b.txt").chmod(0o644)
    kept.unlink()
    kept.write_text("aaab")
    assert any(found.endswith("that DVC keeps. Delete it, and run `dvc repro`.") for found in findings())


def test_a_folder_has_the_hash_that_dvc_gives_it(project):
    lock = yaml.safe_load((project / "dvc.lock").read_text())["stages"]["copy"]
    assert md5_of(Path("in")) == lock["deps"][0]["md5"]


def test_what_a_stage_noted_is_compared(tmp_path):
    for name in ("same", "other"):
        (tmp_path / name).write_text(name)
    digest = hashlib.sha256(b"same").hexdigest()
    recorded = json.loads(json.dumps({str(tmp_path / name): digest for name in ("same", "other", "gone")}))
    assert [str(found).removeprefix(f"{tmp_path}/") for found in check_reads(recorded, "model")] == [
        "other: not what model was made of. Run `dvc repro`.",
        "gone: gone since model was made of it. Run `dvc repro`.",
    ]
