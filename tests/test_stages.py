"""The stages one after the other on twelve tiny articles: what each leaves, and the same bytes every time."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from pipeline.base.paths import (
    ARTICLES,
    LABEL_MODEL,
    LF_REPORT,
    MADE_OF,
    MODEL,
    READING,
    REPORTS,
    SENTENCE_ANSWERS,
    SENTENCES,
    STAGE_LOCK,
    fold_file,
)
from pipeline.base.stances import FOLDS, STANCES
from pipeline.base.storage import read_json, read_table, sha256, write_json
from pipeline.model.encoder import FILES, identity_of, loaded
from pipeline.report.answers import read_about, read_answers
from tests.conftest import STAGES
from tests.corpus import N_ARTICLES, PER_ARTICLE, edit_params, sentences, write_project
from tests.imports import ROOT

NOTED = (LF_REPORT, MADE_OF)
"""Files with a note on the hash of the hand labels."""

RUN = """
import sys
from pipeline.cli.app import main
main([sys.argv[1], "-q"])
print(*sorted(vars(m)["__file__"] for name, m in sys.modules.items() if name.split(".")[0] == "pipeline"), sep="\\n")
"""
COMMAND_LINE = ("pipeline/cli", "pipeline/__init__.py")
KERNELS = {"OPENBLAS_CORETYPE": "Nehalem", "OPENBLAS_NUM_THREADS": "2", "NPY_DISABLE_CPU_FEATURES": "AVX2,FMA3"}
"""Other kernels than those of any processor of the last ten years: what they compute differs in the last bits."""

ELSEWHERE = {"PYTHONHASHSEED": "4242", "LC_ALL": "C", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "2", **KERNELS}


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """A second run, each stage in a fresh process with another hash seed, locale, time zone, thread count and
    processor kernels.

    Returns the folder, and by stage the files of the package that its process had loaded in the end.
    """
    folder = write_project(tmp_path_factory.mktemp("again"))
    loaded = {}
    for verb in STAGES:
        child = subprocess.run(
            [sys.executable, "-c", RUN, verb],
            cwd=folder,
            env={**os.environ, **ELSEWHERE, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        assert child.returncode == 0, child.stderr
        loaded[verb] = {os.path.relpath(line, ROOT) for line in child.stdout.splitlines()}
    return folder, loaded


def files(folder):
    """The hashes of all files but the lock, which names the process that had it last."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / STAGE_LOCK]
    return {path.relative_to(folder).as_posix(): sha256(path) for path in paths}


def test_a_second_run_gives_the_same_bytes_and_loads_no_module_that_dvc_does_not_know(trained, again):
    """The bytes: of every file, figures and model included. The modules: also those that a model file brings in.

    One test, so that the second run is made once. The command line only reads options and parameters, and prints.
    """
    folder, loaded = again
    assert files(trained) == files(folder)
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    for verb, found in loaded.items():
        known = (*stages[verb]["deps"], *COMMAND_LINE)
        assert [file for file in found if not any(file == dep or file.startswith(f"{dep}/") for dep in known)] == []


@pytest.mark.nightly
def test_no_stage_warns_of_anything(tmp_path):
    """Also no library that a stage uses."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    write_project(tmp_path)
    for verb in STAGES:
        command = [sys.executable, "-m", "pipeline", verb, "-q"]
        child = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        assert child.returncode == 0, child.stderr


def test_the_stages_leave_what_dvc_expects_and_nothing_else(trained):
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    named = [o for stage in stages.values() for o in [*stage["outs"], *stage.get("metrics", [])]]
    outs = {next(iter(out)) if isinstance(out, dict) else out for out in named}
    left = {name for name in files(trained) if not name.startswith(("data/raw/", "params.yaml", "data/labeled/gold"))}
    assert {name for name in left if not any(name == out or name.startswith(f"{out}/") for out in outs)} == set()
    assert {out for out in outs if not (trained / out).exists()} == set()


def test_split_gives_every_sentence_once_with_offsets(trained):
    articles = {row["id"]: row for row in read_table(trained / ARTICLES).to_pylist()}
    rows = read_table(trained / SENTENCES).to_pylist()
    assert [row["text"] for row in rows] == [text for article in range(N_ARTICLES) for text, _ in sentences(article)]
    for row in rows:
        article = articles[row["article_id"]]
        assert article["text"][row["start"] : row["end"]] == row["text"]
        assert (row["id"], row["fold"]) == (f"{article['id']}:{row['index']}", article["fold"])
    assert {row["fold"] for row in rows} == set(FOLDS)


@pytest.mark.nightly
def test_a_missing_file_of_hand_labels_is_an_empty_one(project, stance):
    """All stages write the same, but for the notes on what they have read."""
    gold, results = "data/labeled/gold.jsonl", []
    for change in ((project / gold).write_bytes, lambda _: (project / gold).unlink()):
        change(b"")
        assert [stance(verb, "-q").code for verb in STAGES[1:]] == [0] * 4
        written = {name: digest for name, digest in files(project).items() if name not in (gold, *map(str, NOTED))}
        results.append((read_json(project / LF_REPORT)["lfs"], written))
    assert results[0] == results[1]


def test_label_gives_every_sentence_votes_a_soft_label_and_its_gold(trained):
    tables = {fold: read_table(trained / fold_file(fold)) for fold in FOLDS}
    n_lfs = len(read_json(trained / LF_REPORT)["lfs"])
    assert sum(table.num_rows for table in tables.values()) == N_ARTICLES * PER_ARTICLE
    for fold, table in tables.items():
        soft, votes = np.array(table["soft_label"].to_pylist()), np.array(table["votes"].to_pylist())
        assert set(table["fold"].to_pylist()) == {fold}
        assert votes.shape == (table.num_rows, n_lfs)
        np.testing.assert_allclose(soft.sum(axis=1), 1)
        np.testing.assert_array_equal(soft.argmax(axis=1), table["weak_label"].to_numpy())
        for row in table.to_pylist():
            article, index = row["id"].rsplit(":", 1)
            assert STANCES[row["gold"]] == sentences(int(article.removeprefix("story-")))[int(index)][1]


def test_the_gold_of_the_test_fold_is_not_shown_to_who_writes_labeling_functions(trained):
    """Gold votes in the LF report are counted on train and dev alone."""
    seen = np.zeros(len(read_json(trained / LF_REPORT)["lfs"]), int)
    for fold in ("train", "dev"):
        seen += (np.array(read_table(trained / fold_file(fold))["votes"].to_pylist()) >= 0).sum(axis=0)
    assert [lf["gold_votes"] for lf in read_json(trained / LF_REPORT)["lfs"]] == seen.tolist()


def test_train_says_what_the_model_was_made_of(trained):
    manifest = read_json(trained / f"{MODEL}.json")
    assert manifest["sha256"] == sha256(trained / MODEL)
    grid = manifest["params"]["train"]["classifier"]["grid"]["C"]
    assert grid == [c["params"]["C"] for c in manifest["candidates"]] == [0.1, 1.0]
    assert (manifest["rows"], manifest["gold_rows"]) == (5 * PER_ARTICLE, 5 * PER_ARTICLE)


def test_apply_answers_every_sentence_once_in_the_order_of_the_articles(trained):
    """Text, fold and gold are those of the labelled tables; the table says which model and parameters it is of."""
    path = trained / SENTENCE_ANSWERS
    rows = read_answers(path)
    labelled = {row["id"]: row for fold in FOLDS for row in read_table(trained / fold_file(fold)).to_pylist()}
    assert [row["id"] for row in rows] == [f"story-{a:02}:{k}" for a in range(N_ARTICLES) for k in range(PER_ARTICLE)]
    for row in rows:
        known = labelled[row["id"]]
        assert (row["text"], row["fold"], row["gold"]) == (known["text"], known["fold"], STANCES[known["gold"]])
    about = read_about(path)
    assert json.loads(about["made_of"])["read"][MODEL.as_posix()] == sha256(trained / MODEL)
    assert json.loads(about["params"])["split"]["seed"] == 33


def test_every_stage_notes_what_dvc_knows_that_it_reads(trained):
    """Data and parameters; the code, and folders that are empty here, are the lock's alone."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    manifest = f"{MODEL}.json"
    notes = {"split": READING, "label": LF_REPORT, "train": manifest, "evaluate": MADE_OF}
    found = {stage: read_json(trained / path)["made_of"] for stage, path in notes.items()}
    found["apply"] = json.loads(read_about(trained / SENTENCE_ANSWERS)["made_of"])
    of_hash = {f"{LABEL_MODEL}.sha256": LABEL_MODEL.as_posix(), manifest: MODEL.as_posix()}  # files that hold a hash
    for stage, note in found.items():
        deps = {dep for dep in stages[stage]["deps"] if dep.startswith(("data/", "models/", "reports/"))}
        assert note["read"].keys() == {of_hash.get(dep, dep) for dep in deps}
        assert sorted(note["params"]) == sorted(stages[stage].get("params", []))
        assert all(sha256(trained / path) == digest for path, digest in note["read"].items() if path != "data/raw")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            lambda: edit_params(Path(), "train", gold_weight=5.0),
            "params.yaml, train: changed since `train` ran",
        ),
        (
            lambda: Path("data/raw/more.txt").write_text("More.\n"),
            "data/raw: changed since `split` ran",
        ),
        (
            lambda: Path("data/labeled/gold.jsonl").write_text(""),
            "data/labeled/gold.jsonl: changed since `label` ran",
        ),
    ],
)
def test_evaluate_refuses_what_was_made_of_something_else(project, stance, change, match):
    before = files(project / REPORTS)
    change()
    result = stance("evaluate")
    assert (result.code, result.err) == (2, f"error: {match}. Run `dvc repro`.\n")
    assert files(project / REPORTS) == before


def test_evaluate_refuses_the_answers_of_another_model(project, stance):
    edit_params(project, "train", gold_weight=5.0)
    assert stance("train", "-q").code == 0
    result = stance("evaluate")
    assert result.code == 2
    assert "models/model.joblib: changed since `apply` ran" in result.err


def test_evaluate_says_where_the_lock_tells_something_else(project, stance):
    (project / "dvc.lock").write_text("stages: {apply: {deps: [{path: models/model.joblib, md5: '0'}]}}\n")
    result = stance("evaluate")
    assert result.code == 0
    expected = (
        "dvc.lock is out of date (models/model.joblib: changed since `apply` ran). Run `dvc repro`. `stance doctor`"
    )
    assert f"{expected} lists all that differs" in result.err


def test_evaluate_scores_all_systems_on_the_gold_of_the_test_fold(trained):
    """The hand labels of the planted corpus follow from its words: no system is as bad as the majority class."""
    metrics = read_json(trained / REPORTS / "details.json")
    assert read_json(trained / REPORTS / "metrics.json")["n"] == 4 * PER_ARTICLE
    score = {
        name: metrics[name]["macro_f1"] for name in ("classifier", "label_model", "majority_vote", "majority_class")
    }
    value = {name: found["value"] if isinstance(found, dict) else found for name, found in score.items()}
    assert min(value["classifier"], value["label_model"], value["majority_vote"]) > value["majority_class"] + 0.2
    for page in ("index.html", "model.html"):
        assert "hand" in (trained / REPORTS / page).read_text("utf-8")
    assert "What should not change an answer" in (trained / REPORTS / "model.html").read_text("utf-8")


def test_a_sentence_is_parsed_once_in_a_stage_and_train_and_evaluate_use_the_votes_of_label(project, stance, parsed):
    """But for the sentences that `evaluate` asks in another order, where votes are cast again to see that they stay."""
    rows = read_table(project / SENTENCES).to_pylist()
    once = Counter(row["text"] for row in rows)
    counts = {}
    for verb in STAGES[1:]:
        parsed.clear()
        assert stance(verb, "-q").code == 0
        counts[verb] = Counter(text for text in parsed if text in once)
    in_test = Counter(row["text"] for row in rows if row["fold"] == "test")
    assert counts == {"label": once, "train": Counter(), "apply": once, "evaluate": in_test}


def test_the_method_of_the_parameters_decides_how_votes_are_combined(project, stance):
    edit_params(project, "label", method="majority-vote")
    before = read_table(project / fold_file("train"))
    assert stance("label", "-q").code == 0
    after = read_table(project / fold_file("train"))
    assert read_json(project / LF_REPORT)["choice"] == "majority-vote: as the parameters say"
    assert after["votes"].equals(before["votes"])
    assert not after["soft_label"].equals(before["soft_label"])


def test_hand_labels_are_spoken_of_only_where_there_are_some(project, stance):
    few = "; too few held-out hand-labelled sentences to compare on: "
    assert few in read_json(project / LF_REPORT)["choice"]
    (project / "data/labeled/gold.jsonl").write_text("")
    assert stance("label", "-q").code == 0
    assert read_json(project / LF_REPORT)["choice"] == "label-model: no sign that it degenerated"


def test_a_label_whose_sentence_is_gone_is_reported(project, stance):
    path = project / "data/labeled/gold.jsonl"
    path.write_text(path.read_text() + '{"id": "gone:0", "text": "Gone.", "label": "neutral"}\n')
    assert "gone:0 matches no sentence any more; its label is ignored" in stance("label").err


@pytest.mark.nightly
def test_of_many_lost_labels_the_first_five_are_named_and_all_are_counted(project, stance):
    """All of them are named with -v."""
    path = project / "data/labeled/gold.jsonl"
    gone = [{"id": f"gone:{k}", "text": f"Gone {k}.", "label": "neutral"} for k in range(7)]
    path.write_text(path.read_text() + "".join(json.dumps(row) + "\n" for row in gone))
    result = stance("label").err
    assert [f"gone:{k} matches no sentence" in result for k in range(7)] == [True] * 5 + [False] * 2
    assert "7 labels in all match no sentence of the corpus" in result
    assert all(f"gone:{k} matches no sentence" in stance("label", "-v").err for k in range(7))


def test_a_copied_article_goes_to_the_fold_of_the_first_and_is_reported(project, stance):
    text = (project / "data/raw/story-00.txt").read_text()
    (project / "data/raw/story-00-again.txt").write_text(text + "\n\nMore follows.\n")
    assert "story-00-again: near-duplicate of story-00" in stance("split").err.replace(
        "story-00: near-duplicate of story-00-again", "story-00-again: near-duplicate of story-00"
    )
    fold = {row["id"]: row["fold"] for row in read_table(project / ARTICLES).to_pylist()}
    assert fold["story-00-again"] == fold["story-00"]


def test_the_manifest_names_the_encoder_and_the_hash_of_its_files(project, stance, monkeypatch):
    """One that gives every sentence the same vector; after training, answers come from what was encoded."""
    assert read_json(project / f"{MODEL}.json")["encoder"] is None
    (project / "same").mkdir()
    for name in ("config.json", "tokenizer.json"):
        (project / "same" / name).write_text('{"hidden_size": 2}')
    (project / "same/model.safetensors").write_bytes(b"weights")

    def sentence_transformer(folder, name):
        return lambda texts: np.tile(np.float32([[0.6, 0.8]]), (len(texts), 1))

    monkeypatch.setattr("pipeline.model.encoder.sentence_transformer", sentence_transformer)
    loaded.cache_clear()
    edit_params(project, "train", encoder="same")
    assert stance("train").code == 0
    made_with = read_json(project / f"{MODEL}.json")["encoder"]
    assert made_with == {"name": "same", "sha256": identity_of(project / "same", FILES)}
    assert stance("apply").code == 0
    assert stance("evaluate").code == 0


def test_train_and_evaluate_refuse_lfs_that_did_not_cast_the_votes(project, stance):
    """An LF of one's own that comes after `label` changes what votes mean."""
    folder = project / "mine"
    folder.mkdir()
    (folder / "mine.yaml").write_text(
        "lfs:\n  - name: zonk\n    stance: opposition\n    rule: mine\n    why: It is rude.\n"
        "    cues: [zonk~v]\n    fires: [They zonk it.]\n    quiet: [They met.]\n",
        "utf-8",
    )
    edit_params(project, "label", lf_folders=["mine"])
    result = stance("train", "-q")
    assert result.code != 0
    assert "other labeling functions" in result.err
    assert "with zonk" in result.err


def test_evaluate_refuses_votes_of_lfs_with_other_content(project, stance):
    """As many LFs, of the same names: their content, kept beside the votes, tells them apart."""
    report = read_json(project / LF_REPORT)
    write_json(project / LF_REPORT, {**report, "lf_hash": "0" * 64})
    result = stance("evaluate", "-q")
    assert result.code != 0
    assert "lfs.json" in result.err
    write_json(project / LF_REPORT, report)
    assert stance("evaluate", "-q").code == 0
