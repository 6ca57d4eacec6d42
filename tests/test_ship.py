"""The model that ships with the package: what it is, that it is not stale, and who answers where."""

import hashlib
import shutil

import pytest
import yaml

from pipeline.base.paths import MODEL, SHIPPED, SHIPPED_MODEL, model_file
from pipeline.base.storage import read_json, sha256
from pipeline.model.artefact import manifest_path
from tests.imports import ROOT


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder without a project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def md5_of(stage, path):
    lock = yaml.safe_load((ROOT / "dvc.lock").read_text("utf-8"))["stages"][stage]
    return next(out["md5"] for out in lock["outs"] if out["path"] == path)


def test_it_is_the_model_that_the_pipeline_makes_of_the_shipped_articles():
    """dvc.lock names the model and the scores of the last run; where they differ: `stance ship`, and commit."""
    found = hashlib.md5(SHIPPED_MODEL.read_bytes(), usedforsecurity=False).hexdigest()
    assert found == md5_of("train", "models/model.joblib"), "the shipped model is stale"
    scores = hashlib.md5((SHIPPED / "details.json").read_bytes(), usedforsecurity=False).hexdigest()
    assert scores == md5_of("evaluate", "reports/details.json"), "the scores of the shipped model are stale"


def test_it_is_small():
    assert SHIPPED_MODEL.stat().st_size + manifest_path(SHIPPED_MODEL).stat().st_size < 1_000_000


def test_it_answers_from_any_folder_and_verbose_says_which_model_does(elsewhere, stance):
    result = stance("predict", "-v", "-f", "jsonl", "Oslo welcomed the offer.")
    assert result.code == 0
    assert '"label": "agreement"' in result.out
    assert "(it ships with the package)" in result.err
    assert stance("explain", "Oslo welcomed the offer.").code == 0
    assert stance("lfs").code == 0


def test_in_a_project_its_own_model_goes_first(project, stance):
    assert model_file() == MODEL
    assert "ships with" not in stance("predict", "-v", "It rained.").err
    MODEL.unlink()
    assert model_file() == SHIPPED_MODEL
    assert model_file("other.joblib").name == "other.joblib"


def test_ship_puts_the_model_of_a_project_into_the_package(project, stance, monkeypatch):
    shutil.copytree(SHIPPED, "package")
    monkeypatch.setattr("pipeline.ship.SHIPPED", project / "package")
    monkeypatch.setattr("pipeline.ship.SHIPPED_MODEL", project / "package/model.joblib")
    assert stance("ship").code == 0
    assert sha256("package/model.joblib") == sha256(MODEL)
    assert read_json("package/details.json") == read_json("reports/details.json")
    monkeypatch.setattr("pipeline.ship.MOST_BYTES", 1000)
    result = stance("ship")
    assert result.code == 1
    assert "too large to ship" in result.err
