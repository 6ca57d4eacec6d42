"""Sealed files and manifests: any change is noticed before anything of them is used."""

import json
import random
import subprocess

import pytest

from pipeline.base.errors import ArtefactError
from pipeline.base.provenance import check_seal, read_sealed, seal_of, sealed, write_sealed

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
