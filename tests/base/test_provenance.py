"""Provenance: changes since the stages ran are named, whatever size and time say; sealed files are checked first."""

import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.base.errors import ArtefactError, InputError
from pipeline.base.paths import MODEL, READING, SHIPPED_ROWS
from pipeline.base.provenance import (
    Inputs,
    check_lock,
    check_notes,
    check_seal,
    md5_of,
    read_sealed,
    seal_of,
    sealed,
    write_sealed,
)
from pipeline.base.storage import sha256, write_json

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
        (lambda: Path("in").rename("gone"), "in: missing, needed by `copy`. Put it back, or `dvc checkout`."),
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


def test_a_stage_that_is_left_out_is_not_compared(project):
    edit(Path("b.txt"), "aaab")
    assert list(check_lock(but=["copy"])) == []
    assert len(list(check_lock(but=["other"]))) == 1


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


def change(folder):
    """Change the content; size and time of the file stay what they were."""
    edit(folder / "a.txt", "aaab")


def add(folder):
    (folder / "b.txt").write_text("new")


def remove(folder):
    (folder / "a.txt").unlink()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "in/deep"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("aaaa")
    return folder


@pytest.mark.parametrize("meanwhile", [change, add, remove])
def test_an_input_that_changes_meanwhile_is_noticed(tmp_path, folder, meanwhile):
    match = r"(a|b)\.txt: changed while it was being used. Run `dvc repro` again"
    inputs = Inputs({}, tmp_path / "in")
    with pytest.raises(InputError, match=match), inputs:
        meanwhile(folder)
    with pytest.raises(InputError, match=match):
        inputs.note()


def test_inputs_that_stay_may_be_missing_or_touched(tmp_path):
    (tmp_path / "a").write_text("a")
    with Inputs({}, tmp_path / "a", tmp_path / "none"):
        os.utime(tmp_path / "a")
        (tmp_path / "output").write_text("b")


def test_an_error_of_the_block_itself_comes_through(tmp_path):
    (tmp_path / "a").write_text("a")
    with pytest.raises(json.JSONDecodeError, match="Expecting"), Inputs({}, tmp_path / "a"):
        json.loads("" * (tmp_path / "a").write_text("b"))


def test_a_note_tells_parameters_and_hashes_and_is_the_same_anywhere(folder, monkeypatch):
    """A folder has one hash, of the names and contents of its files; where it lies and when it was made is no part."""
    monkeypatch.chdir(folder.parent)
    note = Inputs({"split.seed": 3}, "deep/a.txt", Path("deep"), "none").note()
    of_file = hashlib.sha256(b"aaaa").hexdigest()
    of_folder = hashlib.sha256(f"{of_file}  a.txt\n".encode()).hexdigest()
    read = {"deep/a.txt": of_file, "deep": of_folder, "none": None}
    assert note == {"made_of": {"params": {"split.seed": 3}, "read": read}}


def test_what_ships_with_the_package_is_noted_by_one_name_and_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    note = Inputs({}, SHIPPED_ROWS).note()
    assert note["made_of"]["read"] == {"pipeline/pretrained/rows.parquet": sha256(SHIPPED_ROWS)}
    write_json(READING, note)
    assert notes({}) == []
    note["made_of"]["read"] = {"pipeline/pretrained/rows.parquet": "0" * 64}
    write_json(READING, note)
    assert notes({}) == ["pipeline/pretrained/rows.parquet: changed since `split` ran. Run `dvc repro`."]


@pytest.fixture
def noted(tmp_path, monkeypatch):
    """A project in which `split` has left the note of what it read."""
    monkeypatch.chdir(tmp_path)
    Path("raw").mkdir()
    Path("raw/a.txt").write_text("a")
    write_json(READING, Inputs({"split": {"seed": 3}}, "raw", "gold.jsonl").note())
    return {"split": {"seed": 3}}


def notes(params, **options):
    return [str(found) for found in check_notes(params, **options)]


SILENT = "does not say what data/labeled/sentences.parquet was made of. Run `dvc repro`."


@pytest.mark.parametrize(
    ("meanwhile", "match"),
    [
        (lambda: None, []),
        (lambda: Path("raw/b.txt").touch(), ["raw: changed since `split` ran. Run `dvc repro`."]),
        (lambda: Path("raw/a.txt").rename("raw/b.txt"), ["raw: changed since `split` ran. Run `dvc repro`."]),
        (lambda: Path("raw").rename("other"), ["raw: missing, needed by `split`. Put it back, or `dvc checkout`."]),
        (lambda: Path("gold.jsonl").touch(), ["gold.jsonl: changed since `split` ran. Run `dvc repro`."]),
        (
            lambda: write_json(READING, {}),
            [f"data/labeled/reading.json: {SILENT}"],
        ),
        (
            lambda: write_json(READING, {"made_of": [1]}),
            [f"data/labeled/reading.json: {SILENT}"],
        ),
        (lambda: READING.unlink(), []),
    ],
)
def test_what_a_stage_noted_is_compared_with_what_is_there(noted, meanwhile, match):
    meanwhile()
    assert notes(noted) == match


def test_a_parameter_that_a_stage_noted_is_compared(noted):
    expected = ["params.yaml, split: changed since `split` ran. Run `dvc repro`."]
    assert notes({"split": {"seed": 4}}) == notes({}) == expected
    assert notes({"split": {"seed": 4}}, but=["split"]) == []


def test_a_broken_note_is_named(noted):
    READING.write_text("{")
    (found,) = notes(noted)
    assert found.startswith("data/labeled/reading.json: not valid JSON")
    READING.unlink()
    Path("models").mkdir()
    Path(f"{MODEL}.json").write_text("[]")
    assert notes(noted) == [
        "models/model.joblib.json: does not say what models/model.joblib was made of. Run `dvc repro`."
    ]


DATA = bytes(range(256)) * 4


@pytest.fixture
def path(tmp_path):
    write_sealed(tmp_path / "a.joblib", DATA)
    return tmp_path / "a.joblib"


def test_what_was_written_comes_back(path):
    assert read_sealed(path) == DATA
    assert sorted(file.name for file in path.parent.iterdir()) == ["a.joblib", "a.joblib.sha256"]


def test_other_tools_can_check_it(path):
    done = subprocess.run(["sha256sum", "--check", "a.joblib.sha256"], cwd=path.parent, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "a.joblib: OK\n")


@pytest.mark.parametrize("of_the_hash", [False, True])
def test_every_flipped_bit_is_noticed(path, of_the_hash):
    file = seal_of(path) if of_the_hash else path
    good, numbers = file.read_bytes(), random.Random(5)
    for _ in range(100):
        data = bytearray(good)
        data[numbers.randrange(64 if of_the_hash else len(data))] ^= 1 << numbers.randrange(8)
        file.write_bytes(data)
        with pytest.raises(ArtefactError, match=r"a\.joblib: the file is not the one that its hash describes"):
            read_sealed(path)


@pytest.mark.parametrize("name", ["a.joblib", "a.joblib.sha256"])
def test_a_missing_half_is_named_with_what_to_do(path, name):
    path.with_name(name).unlink()
    with pytest.raises(ArtefactError, match=rf"{name}: no such file\. Make it\."):
        read_sealed(path, "Make it.")


MANIFEST = {"scores": {"f1": 0.5}, "counts": {9: 1, 10: 2}, "stances": ["a", "b"], "note": "é"}


def test_a_manifest_survives_json():
    check_seal(json.loads(json.dumps(sealed(MANIFEST), indent=2, ensure_ascii=False)), "m.json")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"scores": {"f1": 0.6}}, "the manifest was changed"),
        ({"more": 1}, "the manifest was changed"),
        ({"manifest_sha256": "0" * 64}, "the manifest was changed"),
        ({"manifest_sha256": None}, "the manifest has no hash of itself"),
    ],
)
def test_a_changed_manifest_is_noticed(change, match):
    with pytest.raises(ArtefactError, match=rf"m\.json: {match}"):
        check_seal({**sealed(MANIFEST), **change}, "m.json")


def test_a_manifest_can_be_sealed_again():
    check_seal(sealed({**sealed(MANIFEST), "scores": {}}), "m.json")
