"""The artefact: what is saved comes back, equal models give equal bytes, and no foreign file is executed."""

import hashlib
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import joblib
import numpy as np
import pytest

from pipeline import __version__, load_model
from pipeline.base.errors import ArtefactError, EncoderError, EndpointError, LFError
from pipeline.base.paths import SHIPPED
from pipeline.base.provenance import sealed
from pipeline.base.storage import sha256
from pipeline.model.artefact import manifest_path, read_manifest, save_model
from pipeline.model.encoder import loaded
from pipeline.model.features import Features, Linear
from pipeline.model.parsed import parse_sentences
from pipeline.model.training import train_model
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf_set import LFSet, cast_votes
from pipeline.weak.loading import load_lfs
from pipeline.weak.zero_shot.nli import zero_shot_lfs

REMEDY = "Name another model, or none: then the project's own or the one that ships answers."
TEXTS = ["Freedonia rejected the offer.", "Freedonia signed the pact.", ""]


def joblib_bytes(value):
    buffer = io.BytesIO()
    joblib.dump(value, buffer)
    return buffer.getvalue()


@pytest.fixture
def path(model, tmp_path):
    save_model(tmp_path / "model.joblib", model, {"scores": {"macro_f1": 0.5}})
    return tmp_path / "model.joblib"


def edit_manifest(path, **changes):
    """Change a manifest as its writer would, who knows what it must hold."""
    manifest = json.loads(manifest_path(path).read_text())
    manifest_path(path).write_text(json.dumps(sealed({**manifest, **changes})))


def test_whatever_is_changed_in_a_manifest_is_noticed(path):
    """Also what loading does not need: the report quotes it."""
    good = manifest_path(path).read_text()
    manifest_path(path).write_text(good.replace('"macro_f1": 0.5', '"macro_f1": 0.9'))
    with pytest.raises(ArtefactError, match=r"model\.joblib\.json: the manifest was changed"):
        load_model(path)


def test_a_loaded_model_predicts_the_same_bits(model, path):
    assert (load_model(path).predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()


def test_the_manifest_keeps_what_it_was_given_beside_what_loading_needs(path):
    manifest = json.loads(manifest_path(path).read_text())
    assert manifest == sealed(
        {
            "scores": {"macro_f1": 0.5},
            "format": "stance-pipeline model",
            "format_version": 4,
            "package_version": __version__,
            "stances": ["opposition", "neutral", "agreement"],
            "needs_scikit_learn": False,
            "libraries": {name: version(name) for name in ("joblib", "numpy", "scikit-learn", "scipy")},
            "sha256": sha256(path),
        }
    )


def test_what_loading_needs_is_not_the_callers_to_say(model, tmp_path):
    save_model(tmp_path / "model.joblib", model, {"stances": ["for"], "sha256": "0"})
    assert len(load_model(tmp_path / "model.joblib").predict(TEXTS)) == len(TEXTS)


@pytest.fixture
def two(model, tmp_path):
    """Two models, saved in two folders: (path, threshold) each."""
    found = []
    for threshold in (0.4, 0.6):
        path = tmp_path / str(threshold) / "model.joblib"
        save_model(path, replace(model, threshold=threshold), {"of": threshold})
        found.append(path)
    return found


@pytest.mark.parametrize("replaced", [False, True])
def test_one_model_can_be_loaded_wherever_saving_another_was_killed(two, replaced):
    """Before the model file was replaced, and between that and its manifest."""
    old, new = two
    shutil.copy(f"{new}.json", old.with_name(".model.joblib.json.tmp"))
    if replaced:
        shutil.copy(new, old)
    threshold = 0.6 if replaced else 0.4
    assert load_model(old).threshold == read_manifest(old)["of"] == threshold
    save_model(old, load_model(new), {"of": 0.6})
    assert sorted(path.name for path in old.parent.iterdir()) == ["model.joblib", "model.joblib.json"]
    assert load_model(old).threshold == read_manifest(old)["of"] == 0.6


@pytest.mark.parametrize("waiting", ["", "[]", "{}"])
def test_a_waiting_manifest_that_is_none_is_passed_over(two, waiting):
    two[0].with_name(".model.joblib.json.tmp").write_text(waiting)
    assert manifest_path(two[0]) == Path(f"{two[0]}.json")
    assert load_model(two[0]).threshold == 0.4


def test_a_model_that_cannot_be_written_leaves_the_old_one_and_no_other_file(two, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    model = load_model(two[1])
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        save_model(two[0], model, {})
    assert load_model(two[0]).threshold == 0.4
    assert sorted(path.name for path in two[0].parent.iterdir()) == ["model.joblib", "model.joblib.json"]


def test_a_model_saved_loaded_and_saved_again_has_the_same_bytes(path, tmp_path):
    save_model(tmp_path / "again.joblib", load_model(path), {})
    assert (tmp_path / "again.joblib").read_bytes() == path.read_bytes()


def pickled_lfs(hash_seed):
    code = "import sys, pickle; from pipeline.weak import load_lfs; sys.stdout.buffer.write(pickle.dumps(load_lfs()))"
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout


def test_the_shipped_lfs_pickle_to_the_same_bytes_whatever_the_hash_seed():
    one, other = pickled_lfs(1), pickled_lfs(2)
    assert one == other
    assert pickle.loads(one).names == load_lfs().names  # noqa: S301


def test_an_lf_from_a_file_of_the_users_works_where_the_file_is_gone(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "from pipeline.weak import labeling_function\n"
        "@labeling_function(stance='opposition', rule='mine', fires=['Zonk.'], quiet=['No.'])\n"
        "def zonk(parse):\n    'Rude.'\n    return 0 if 'zonk' in parse.tokens else -1\n"
    )
    saved = pickle.dumps(load_lfs(tmp_path))
    file.unlink()
    lfs = pickle.loads(saved)  # noqa: S301
    assert lfs.vote("He said zonk.")[lfs.names.index("zonk")][0] == 0
    assert str(tmp_path).encode() not in saved


def test_an_lf_that_asks_a_model_is_saved_as_its_settings_and_asks_when_it_is_loaded(model, tmp_path, monkeypatch):
    """A stand-in for an NLI model that knows one word; what it answered is found again, and no model is in the file."""
    monkeypatch.chdir(tmp_path)
    loaded = []

    def load(*settings):
        loaded.append(settings)
        return lambda pairs: [float("signed" in text and "agree" in result) for text, result in pairs]

    monkeypatch.setattr("pipeline.weak.zero_shot.nli.load_entailment", load)
    (lf,) = zero_shot_lfs([{"kind": "nli", "name": "nli", "model": "some/model"}])
    lfs = LFSet([*model.lfs, lf])
    batch = parse_sentences(TEXTS, lfs)
    features = Features(batch, model.label_model.predict_proba(batch.votes, batch.strengths))
    weights = np.arange(sum(features.widths.values()) * 3).reshape(-1, 3) % 7 - 3.0
    saved = replace(model, lfs=lfs, features=features, classifier=Linear.rounded(weights, np.zeros(3)))
    save_model(tmp_path / "model.joblib", saved, {})
    again = load_model(tmp_path / "model.joblib")
    assert (again.predict_proba(TEXTS) == saved.predict_proba(TEXTS)).all()
    assert len(loaded) == 1
    assert again.parse(["They signed at last."])[0].votes[0].tolist() == [-1, 2, 2]
    assert len(loaded) == 2
    assert [entry["name"] for entry in again.explain("They signed at last.")["lfs"]] == ["nli", "sign"]


@pytest.mark.parametrize(
    ("settings", "error", "match"),
    [
        ({"kind": "nli", "model": "./gone"}, LFError, r"LF 'asks', \./gone: no such model folder"),
        ({"kind": "endpoint", "model": "m", "url": "http://127.0.0.1:1/v1"}, EndpointError, "cannot be reached"),
    ],
)
def test_a_model_that_is_not_there_when_a_loaded_file_needs_it_is_named(
    model, tmp_path, monkeypatch, settings, error, match
):
    if settings["kind"] == "endpoint":
        pytest.importorskip("openai", reason="the extra `endpoint` is not installed")
    monkeypatch.chdir(tmp_path)
    lfs = LFSet([*model.lfs, *zero_shot_lfs([{"name": "asks", **settings}])])
    save_model(tmp_path / "model.joblib", replace(model, lfs=lfs), {})
    with pytest.raises(error, match=match):
        load_model(tmp_path / "model.joblib").predict(["No."])


def test_an_encoder_is_saved_by_name_and_hash_and_read_where_sentences_are_new(embedding_model, tmp_path, folder):
    """What was encoded before is found in the cache; anything else needs the folder, and the same one."""
    save_model(tmp_path / "model.joblib", embedding_model, {})
    again = load_model(tmp_path / "model.joblib")
    assert again.encoder == embedding_model.encoder
    known = embedding_model.predict_proba(TEXTS)
    folder.rename(tmp_path / "elsewhere")
    loaded.cache_clear()
    assert (again.predict_proba(TEXTS) == known).all()
    with pytest.raises(EncoderError, match=r"encoder: no such folder\. Put the model there"):
        again.predict(["Never seen."])


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("none.joblib", REMEDY),
        ("models/model.joblib", "Run `dvc repro` to rebuild the model."),
        (SHIPPED / "model.joblib", "Install the package again."),
    ],
)
def test_what_helps_depends_on_whose_model_is_missing(tmp_path, monkeypatch, name, remedy):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", raise_missing)
    with pytest.raises(ArtefactError) as raised:
        load_model(name)
    assert str(raised.value) == f"{name}: no such model file. {remedy}"


def raise_missing(path):
    raise FileNotFoundError(path)


def test_a_folder_in_place_of_the_file_is_named(path):
    path.unlink()
    path.mkdir()
    with pytest.raises(ArtefactError) as raised:
        load_model(path)
    assert str(raised.value) == f"{path}: cannot be read (Is a directory). {REMEDY}"


def test_a_missing_manifest_is_refused(path):
    manifest_path(path).unlink()
    with pytest.raises(ArtefactError) as raised:
        load_model(path)
    assert str(raised.value) == f"{path}.json: the model's manifest is missing. {REMEDY}"


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (
            "{",
            "not valid JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)). " + REMEDY,
        ),
        ("[1]", f"not the manifest of a stance model; expected a JSON object. {REMEDY}"),
        (
            '{"format": "other"}',
            'not the manifest of a stance model; expected "format": "stance-pipeline model". ' + REMEDY,
        ),
    ],
)
def test_a_broken_or_foreign_manifest_is_refused(path, broken, expected):
    manifest_path(path).write_text(broken)
    with pytest.raises(ArtefactError) as raised:
        load_model(path)
    assert str(raised.value) == f"{path}.json: {expected}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"format_version": 99}, f".json: made by another version; expected 4; got format version 99. {REMEDY}"),
        ({"format_version": None}, f".json: made by another version; expected 4; got format version None. {REMEDY}"),
        (
            {"stances": ["for"]},
            f".json: knows other stances; expected opposition, neutral, agreement; got ['for']. {REMEDY}",
        ),
        (
            {"libraries": {"numpy": "1.24.2"}},
            f": made with another numpy; expected {np.__version__}; got 1.24.2. {REMEDY}",
        ),
        *(
            (
                {"libraries": libraries},
                f": made with another numpy; expected {np.__version__}; got no version. {REMEDY}",
            )
            for libraries in ([], None, "1.7")
        ),
        ({"libraries": {}}, f": made with another numpy; expected {np.__version__}; got None. {REMEDY}"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(path, changes, expected):
    edit_manifest(path, **changes)
    with pytest.raises(ArtefactError) as raised:
        load_model(path)
    assert str(raised.value) == f"{path}{expected}"


def test_another_version_with_the_same_first_number_is_no_matter(path):
    libraries = json.loads(manifest_path(path).read_text())["libraries"]
    edit_manifest(path, libraries=libraries | {"numpy": f"{np.__version__.split('.')[0]}.999.0"})
    assert len(load_model(path).predict(TEXTS)) == len(TEXTS)


class Trap:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


def test_a_changed_file_is_refused_before_anything_in_it_is_executed(path, tmp_path):
    marker = tmp_path / "executed"
    joblib.dump(Trap(marker), path)
    expected, digest = (json.loads(manifest_path(path).read_text())["sha256"], sha256(path))
    with pytest.raises(ArtefactError) as raised:
        load_model(path)
    what = "the file is not the one that its manifest describes"
    assert str(raised.value) == f"{path}: {what}; expected SHA-256 {expected}; got {digest}. {REMEDY}"
    assert not marker.exists()


@pytest.mark.parametrize("place", [0, 100, -1])
def test_one_flipped_bit_is_found(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ArtefactError, match="SHA-256"):
        load_model(path)


def test_another_major_scikit_learn_is_no_matter_to_a_model_that_holds_none(path, model, corpus, lfs, tmp_path):
    """Its classifier is linear; a forest is an object of scikit-learn."""
    libraries = json.loads(manifest_path(path).read_text())["libraries"] | {"scikit-learn": "0.24.2"}
    edit_manifest(path, libraries=libraries)
    assert load_model(path).predict(TEXTS).tolist() == model.predict(TEXTS).tolist()
    params = {"n_estimators": 3, "random_state": 0}
    forest = train_model(*corpus, lfs, model.label_model, classifier="RandomForestClassifier", classifier_params=params)
    save_model(tmp_path / "forest.joblib", forest.model, {})
    edit_manifest(tmp_path / "forest.joblib", libraries=libraries)
    with pytest.raises(ArtefactError, match=r"made with another scikit-learn; expected .*got 0\.24\.2"):
        load_model(tmp_path / "forest.joblib")


def test_a_model_is_one_line_and_can_be_a_key(path):
    model = load_model(path)
    assert repr(model) == "StanceModel(Linear on 2 labeling functions; answering: classifier)"
    assert {model: 1}[model] == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (joblib_bytes([1, 2]), f"holds no stance model; got list. {REMEDY}"),
        (b"\x80\x05.", f"cannot be loaded; got IndexError: pop from empty list. {REMEDY}"),
    ],
)
def test_a_file_that_holds_no_model_is_refused(path, content, expected):
    path.write_bytes(content)
    edit_manifest(path, sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ArtefactError) as raised:
        load_model(path)
    assert str(raised.value) == f"{path}: {expected}"


def test_predicting_needs_no_scikit_learn(model, tmp_path, corpus):
    label_model = LabelModel().fit(*cast_votes(corpus[0], model.lfs)[:1])
    path = tmp_path / "model.joblib"
    save_model(path, replace(model, label_model=label_model), {})
    code = (
        f"import sys, pipeline; pipeline.load_model({str(path)!r}).predict(['No.']); sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, pipeline, pipeline.model; sys.exit(bool({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
