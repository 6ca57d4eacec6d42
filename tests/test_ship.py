"""The model that ships with the package: what it is, that it is not stale, and who answers where."""

import hashlib
import shutil

import pytest
import yaml

from pipeline.base.params import SplitParams
from pipeline.base.paths import LF_REPORT, MODEL, SHIPPED, SHIPPED_MODEL, SHIPPED_ROWS, fold_file, model_file
from pipeline.base.storage import read_json, read_table, sha256
from pipeline.model.artefact import load_model, manifest_path
from pipeline.text.hub import read_source
from pipeline.text.sentences import split_sentences
from pipeline.weak.dataset import fingerprints, read_shipped_rows
from tests.corpus import N_ARTICLES, edit_params, sentences, write_project
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
    files = (SHIPPED_MODEL, manifest_path(SHIPPED_MODEL), SHIPPED_ROWS)
    assert sum(file.stat().st_size for file in files) < 1_000_000


def test_the_shipped_articles_learn_from_no_row_that_ships():
    """Each is known by how it begins: the model that is made of them hangs on nothing that was shipped before."""
    raw = read_source(str(ROOT / "data/raw"), SplitParams().columns.model_dump(), None).articles
    found = [(article.id, sentence.text) for article in raw for sentence in split_sentences(article.text)]
    own = fingerprints(*zip(*found, strict=True)).values()
    names = read_json(manifest_path(SHIPPED_MODEL))["lfs"]["names"]
    assert len(read_shipped_rows(SHIPPED_ROWS, names, own).gold) == 0
    assert len(read_shipped_rows(SHIPPED_ROWS, names, ()).gold) == read_json(manifest_path(SHIPPED_MODEL))["gold_rows"]


@pytest.mark.nightly
def test_two_articles_of_ones_own_leave_what_the_shipped_ones_taught(tmp_path, monkeypatch, stance):
    """A model of fourteen sentences without a hand label answers nearly all others as the shipped model does."""
    write_project(tmp_path, n_articles=2)
    edit_params(tmp_path, "label", shipped_rows=True)
    edit_params(tmp_path, "train", classifier={"grid": {"C": [0.3]}}, cv_folds=2)
    (tmp_path / "data/labeled/gold.jsonl").write_text("")
    monkeypatch.chdir(tmp_path)
    result = [stance(stage) for stage in ("split", "label", "train")]
    assert [run.code for run in result] == [0, 0, 0], result[-1].err
    manifest = read_json(manifest_path(MODEL))
    noted = [read_json(path)["made_of"]["read"] for path in (LF_REPORT, manifest_path(MODEL))]
    assert [read["pipeline/pretrained/rows.parquet"] for read in noted] == [sha256(SHIPPED_ROWS)] * 2
    taught = manifest["shipped_rows"]
    assert taught > 1000
    assert (
        f"7 training sentences, 0 of them hand-labelled, beside {taught} that ship" in result[-1].out + result[-1].err
    )
    texts = [text for article in range(N_ARTICLES) for text, _ in sentences(article)]
    own, shipped = (load_model(path).predict(texts) for path in (MODEL, SHIPPED_MODEL))
    assert (own != shipped).mean() <= 0.05


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
    assert len(read_table("package/rows.parquet")) == read_json(manifest_path(MODEL))["gold_rows"]
    monkeypatch.setattr("pipeline.ship.MOST_BYTES", 1000)
    result = stance("ship")
    assert result.code == 2
    assert "too large to ship" in result.err
    fold_file("train").write_bytes(fold_file("dev").read_bytes())
    assert "not what the model learnt from" in stance("ship").err
