"""Models that travel: what is exported comes back, and nothing that a file brings is executed."""

import json
import random
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.base.errors import ArtefactError, ExtraError, InputError
from pipeline.model.artefact import export_model, load_model, read_manifest, save_model
from pipeline.model.training import train_model
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf_set import LFSet, cast_votes
from pipeline.weak.lfs.shipped import SHIPPED
from pipeline.weak.loading import load_lfs

TEXTS = ["Freedonia rejected the offer.", "Freedonia signed the pact.", "Was it signed?", ""]


@pytest.fixture
def skops():
    return pytest.importorskip("skops.io", reason="the extra `skops` is not installed")


@pytest.fixture(scope="module")
def plain(corpus, lfs):
    """A model of data alone, with one of the shipped functions among its LFs."""
    texts, soft, articles, gold = corpus
    every = LFSet([*lfs, SHIPPED[0]], lfs[0].cues, lfs[1].cues)
    label_model = LabelModel().fit(*cast_votes(texts, every)[:1])
    forest = {"classifier": "RandomForestClassifier", "classifier_params": {"n_estimators": 3, "random_state": 0}}
    models = {"linear": {"grid": {"C": [0.1]}, "cv_folds": 3}, "bayes": {"classifier": "GaussianNB"}, "forest": forest}
    return {
        name: train_model(texts, soft, articles, gold, every, label_model, **options).model
        for name, options in models.items()
    }


@pytest.fixture
def saved(plain, tmp_path):
    save_model(tmp_path / "model.joblib", plain["linear"], {"scores": 1})
    return tmp_path / "model.joblib"


@pytest.fixture
def exported(skops, saved):
    export_model(saved.with_suffix(".skops"), saved)
    return saved.with_suffix(".skops")


@pytest.mark.parametrize("kind", ["linear", "bayes"])
def test_an_exported_model_comes_back_as_it_was(skops, plain, tmp_path, kind):
    model = plain[kind]
    save_model(tmp_path / "model.joblib", model, {"scores": 1})
    export_model(tmp_path / "model.skops", tmp_path / "model.joblib")
    again = load_model(tmp_path / "model.skops")
    assert (again.predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()
    assert again.lfs.content_hash == model.lfs.content_hash
    assert list(again.lfs) == list(model.lfs)
    assert (again.threshold, again.bias, again.temperature) == (model.threshold, model.bias, model.temperature)
    assert read_manifest(tmp_path / "model.skops") == read_manifest(tmp_path / "model.joblib")


def test_a_model_that_holds_more_than_data_is_not_exported(skops, model, plain, tmp_path, embedding_model):
    (tmp_path / "mine.py").write_text(
        "from pipeline.weak import labeling_function\n"
        "@labeling_function(stance='opposition', rule='mine', fires=['Zonk.'], quiet=['No.'])\n"
        "def zonk(parse):\n    'Rude.'\n    return 0 if 'zonk' in parse.tokens else -1\n"
    )
    (zonk,) = (lf for lf in load_lfs(tmp_path) if lf.name == "zonk")
    refused = {
        "holds what skops does not know as safe; got .*StrengthVote": model,
        r"holds what skops does not know as safe; got sklearn\.tree": plain["forest"],
        "its encoder cannot travel": embedding_model,
        "its labeling function 'zonk' is not data": replace(plain["linear"], lfs=LFSet([*plain["linear"].lfs, zonk])),
    }
    for match, one in refused.items():
        save_model(tmp_path / "model.joblib", one, {})
        with pytest.raises(ArtefactError, match=rf"model\.joblib: {match}.*Such a model is shared as its joblib file"):
            export_model(tmp_path / "model.skops", tmp_path / "model.joblib")
    assert not (tmp_path / "model.skops").exists()


class Trap:
    def __init__(self, marker):
        self.marker = marker

    def __setstate__(self, state):
        Path(state["marker"]).touch()


def repacked(path, **members):
    """Write a file of the members of an exported model, some replaced; None leaves one out."""
    with zipfile.ZipFile(path) as packed:
        content = {name: packed.read(name) for name in packed.namelist()} | members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in content.items():
            if data is not None:
                packed.writestr(name, data)


def test_a_foreign_type_is_refused_before_anything_is_made_of_it(skops, exported, tmp_path):
    marker = tmp_path / "executed"
    skops.dump({"label_model": Trap(str(marker))}, tmp_path / "trap")
    with zipfile.ZipFile(tmp_path / "trap") as packed:
        repacked(exported, **{"schema.json": packed.read("schema.json")})
    with pytest.raises(ArtefactError, match=r"asks for types that no model of ours has; got .*Trap"):
        load_model(exported)
    assert not marker.exists()


def test_a_function_that_does_not_ship_is_refused(exported):
    with zipfile.ZipFile(exported) as packed:
        lfs = json.loads(packed.read("lfs.json"))
    lfs["lfs"][0]["function"] = True
    repacked(exported, **{"lfs.json": json.dumps(lfs)})
    with pytest.raises(ArtefactError, match=r"model\.skops: cannot be loaded; got KeyError: 'reject'"):
        load_model(exported)


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ({"manifest.json": None}, "not a model that `stance export` wrote, or damaged"),
        ({"manifest.json": "[1]"}, "not a model that `stance export` wrote, or damaged"),
        ({"manifest.json": "{}"}, "not the manifest of a stance model"),
        ({"lfs.json": None}, "not a model that `stance export` wrote, or damaged"),
        ({"lfs.json": "{}"}, "cannot be loaded; got KeyError: 'lfs'"),
        ({"schema.json": "{}"}, "cannot be loaded"),
        ({"more": bytes(300_000_000)}, "too large when unpacked; expected up to 268,435,456 B; got 300,"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_named(exported, members, match):
    repacked(exported, **members)
    with pytest.raises(ArtefactError, match=rf"model\.skops: {match}"):
        load_model(exported)


def test_a_damaged_file_is_refused_or_answers_as_before(exported, plain):
    """Half of it is gone, or a bit has flipped: then the archive's own checks see it, or it is of no meaning."""
    data, rng = exported.read_bytes(), random.Random(0)
    known, refused = plain["linear"].predict_proba(TEXTS), 0
    for place in [rng.randrange(len(data)) for _ in range(40)]:
        flipped = bytearray(data)
        flipped[place] ^= 1
        exported.write_bytes(flipped)
        try:
            assert (load_model(exported).predict_proba(TEXTS) == known).all()
        except ArtefactError:
            refused += 1
    assert refused > 20
    exported.write_bytes(data[: len(data) // 2])
    with pytest.raises(ArtefactError, match="not a model that `stance export` wrote, or damaged"):
        load_model(exported)


def test_without_the_extra_it_is_named(saved, monkeypatch):
    monkeypatch.setitem(sys.modules, "skops", None)
    monkeypatch.setitem(sys.modules, "skops.io", None)
    match = r"\.skops needs a package that is not installed \(skops.*\)\. Run `pip install 'stance-pipeline\[skops\]'`"
    with pytest.raises(ExtraError, match=match):
        export_model(saved.with_suffix(".skops"), saved)
    with pytest.raises(ExtraError, match=match):
        load_model("other.skops")


def test_another_suffix_is_refused(skops, saved):
    with pytest.raises(
        InputError, match=r"model\.pkl: not the name of a model that travels; expected a file \*\.skops"
    ):
        export_model("model.pkl", saved)


def test_the_command_line_exports_and_answers(skops, stance, project):
    assert stance("export", "model.skops").out == "export: model.skops\n"
    sentence = "Oslo welcomed the offer."
    assert stance("predict", sentence, "--model", "model.skops").out == stance("predict", sentence).out
    assert stance("predict", sentence, "--model", "gone.skops").code == 2
