"""`stance train-reader`, and a project that uses what it leaves."""

import csv
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from pipeline.base.paths import LABEL_MODEL, LF_REPORT, MODEL, REPORTS, fold_file
from pipeline.base.storage import read_json, read_table
from pipeline.reader.predicting import SHIPPED_READERS
from tests.corpus import edit_params
from tests.tiny_encoder import ROWS

LABELS = Path("labels.jsonl")
QUICK = ("--epochs", 12, "--rate", 0.01, "--rank", 4, "--held-out", 0.4, "-q")


@pytest.fixture
def adapter(project, base, stance):
    """An adapter, trained in a project without looking at one of the sentences."""
    LABELS.write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    Path("kept.csv").write_text(f"text\n{ROWS[0]['text']}\n", "utf-8")
    result = stance("train-reader", LABELS, "--apart", "kept.csv", "--base", base, "--model", MODEL, *QUICK)
    assert result.code == 0, result.err
    return project / "models/reader"


def test_it_leaves_an_adapter_whose_card_says_how_good_it_is(adapter):
    card = read_json(adapter / "card.json")
    training = card["training"]
    assert training["near_duplicates_left_out"] == 1
    assert training["sentences"] + training["held_out_sentences"] == len(ROWS) - 1
    assert list(training["files"]) == ["labels.jsonl"]
    assert set(card["scores"]) == {"reader", "classifier", "together"}
    assert all(0 <= score["macro_f1"] <= 1 for score in card["scores"].values())
    assert set(card["combination"]) == {"reader", "classifier", "opposition", "agreement"}


def test_it_leaves_the_same_again(adapter, stance, base):
    before = (adapter / "adapter.safetensors").read_bytes()
    result = stance("train-reader", LABELS, "--apart", "kept.csv", "--base", base, "-o", "again", *QUICK)
    assert result.code == 0
    assert Path("again/adapter.safetensors").read_bytes() == before


def test_a_project_reads_with_it(adapter, base, stance, monkeypatch):
    """`train.reader` names it; the model file carries it, and finds the base model where the variable says."""
    monkeypatch.setenv("STANCE_READER", str(base))
    edit_params(Path(), "train", reader="models/reader")
    assert stance("train", "-q").code == 0
    manifest = read_json(f"{MODEL}.json")
    assert manifest["reader"]["base"] == read_json(adapter / "card.json")["base"]
    text = "Borduria condemned the raid."
    row = json.loads(stance("predict", text, "--using", "reader", "--explain", "-f", "jsonl").out)
    assert row["label"] == "opposition"
    assert row["explanation"]["using"] == "reader"
    assert np.isclose(sum(row["explanation"]["reader"].values()), 1, atol=1e-3)
    assert row["explanation"]["reader_words"]
    assert [stance(verb, "-q").code for verb in ("apply", "evaluate")] == [0, 0]
    assert {"classifier", "reader", "label_model"} <= set(read_json(REPORTS / "details.json"))


@pytest.mark.parametrize("name", ["reader", "reader-large"])
def test_without_a_project_one_that_ships_is_taken_by_name(adapter, base, stance, tmp_path, monkeypatch, name):
    """A tiny one stands in for both."""
    monkeypatch.setitem(SHIPPED_READERS, name, adapter.resolve())
    monkeypatch.setenv("STANCE_READER", str(base))
    monkeypatch.chdir(tmp_path)
    result = stance("predict", "Borduria condemned the raid.", "--using", name, "--explain", "-f", "jsonl")
    assert result.code == 0, result.err
    row = json.loads(result.out)
    assert (row["label"], row["explanation"]["using"]) == ("opposition", "reader")


def test_sentences_to_label_next_are_those_on_which_it_and_the_labeling_functions_disagree(
    adapter, base, stance, monkeypatch
):
    monkeypatch.setenv("STANCE_READER", str(base))
    monkeypatch.setitem(SHIPPED_READERS, "reader", adapter)
    Path("data/labeled/gold.jsonl").write_text("", "utf-8")
    result = stance("review", "-n", 10, "--using", "reader")
    assert result.code == 0, result.err
    with Path("review.csv").open(encoding="utf-8") as file:
        first = next(csv.DictReader(file))
    assert re.match(r"disagreement: reader says \w+ [\d.]+, label model says \w+", first["why"])


def test_soft_labels_of_own_articles_come_from_it_too(adapter, base, stance, monkeypatch):
    """The label model stays what it is; what the classifier learns from changes."""
    monkeypatch.setenv("STANCE_READER", str(base))
    model, table = LABEL_MODEL.read_bytes(), read_table(fold_file("train"))
    edit_params(Path(), "label", reader="models/reader")
    assert stance("label", "-q").code == 0
    assert LABEL_MODEL.read_bytes() == model
    again = read_table(fold_file("train"))
    assert again["votes"].equals(table["votes"])
    assert not again["soft_label"].equals(table["soft_label"])
    assert "and the reader together" in read_json(LF_REPORT)["choice"]


@pytest.mark.parametrize(
    ("row", "match"),
    [
        ('{"text": "A.", "label": "yes"}', ", row 1: unknown label; expected opposition, neutral, agreement"),
        ('{"text": "A."}', ": no labelled sentence; expected rows with `text` and `label`"),
    ],
)
def test_what_cannot_be_learnt_from_is_one_line(project, stance, row, match):
    LABELS.write_text(f"{row}\n", "utf-8")
    result = stance("train-reader", LABELS)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: labels.jsonl{match}")


@pytest.mark.skipif("STANCE_READER" not in os.environ, reason="STANCE_READER does not name the base model's folder")
def test_the_reader_that_ships_reads(project, stance):
    """Sentences whose stance is plain; capitals change nothing."""
    texts = ["Oslo rejected the offer.", "Rain fell on the bay.", "The offer was welcomed by Oslo."]
    result = stance("predict", *texts, *map(str.upper, texts), "--using", "reader", "--explain", "-f", "jsonl")
    assert result.code == 0, result.err
    rows = [json.loads(line) for line in result.out.splitlines()]
    assert [row["label"] for row in rows] == ["opposition", "neutral", "agreement"] * 2
    assert [row["explanation"]["reader_words"][0]["text"] for row in rows[::2]][:2] == ["rejected", "welcomed"]
    reads = [row["explanation"]["reader"] for row in rows]
    assert reads[:3] == reads[3:]
