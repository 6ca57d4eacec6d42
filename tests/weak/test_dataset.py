"""Soft labels as a dataset: Hugging Face's `load_dataset` knows the stances by name, without a network."""

import json
import os
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from pipeline.base.errors import ArtefactError
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_table
from pipeline.weak.dataset import cast_of, fingerprints, labeled_table, read_shipped_rows, shipped_table
from pipeline.weak.lfs.lf_set import CastVotes
from pipeline.weak.lfs.parse import STRUCTURE

SENTENCES = pa.table({"id": ["a:0", "a:1"], "text": ["Yes.", "No."], "start": [0, 5], "quoted": [True, False]})
VOTES = np.array([[2, -1, -1], [0, 0, 1]], np.int8)
STRENGTHS = np.array([[1, 0, 0], [0.5, 1, 1]], np.float32)
ORDER = np.array([[2, 2], [0, 1]], np.int8)
CAST = CastVotes(VOTES, STRENGTHS, ORDER, np.eye(2, len(STRUCTURE), dtype=np.float32))
SOFT = np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]])
GOLD = np.array([-1, 0])

LOAD = """
import json, sys
from datasets import load_dataset
data = load_dataset("parquet", data_files={"train": "train.parquet"}, cache_dir="cache")["train"]
features = data.features
print(json.dumps({"weak_label": features["weak_label"].names, "gold": features["gold"].names, "rows": data.to_list()}))
"""


@pytest.fixture
def table():
    return labeled_table(SENTENCES, CAST, SOFT, GOLD)


def test_rows_hold_what_is_known_of_each_sentence(table):
    assert table["weak_label"].to_pylist() == [2, 0]
    assert table["gold"].to_pylist() == [None, 0]
    assert table["votes"].to_pylist() == VOTES.tolist()
    assert table["soft_label"].to_pylist() == SOFT.tolist()
    np.testing.assert_array_equal(np.array(table["strengths"].to_pylist(), np.float32), STRENGTHS)
    assert table.select(SENTENCES.column_names).to_pylist() == SENTENCES.to_pylist()


def test_a_fold_without_sentences_has_the_same_columns(table):
    empty = labeled_table(SENTENCES[:0], CastVotes(*(array[:0] for array in CAST)), SOFT[:0], GOLD[:0])
    assert (empty.num_rows, empty.schema) == (0, table.schema)


@pytest.mark.parametrize("rows", [slice(0, 2), slice(0, 0)])
def test_votes_come_back_as_they_were_cast(table, rows):
    for found, array in zip(cast_of(table[rows]), CAST, strict=True):
        np.testing.assert_array_equal(found, array[rows])
        assert found.dtype == array.dtype


def test_load_dataset_reads_it_offline_with_named_stances(table, tmp_path):
    """In a process of its own, where the library is told that there is no network."""
    write_table(tmp_path / "train.parquet", table)
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    child = subprocess.run([sys.executable, "-c", LOAD], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
    loaded = json.loads(child.stdout)
    assert loaded["weak_label"] == loaded["gold"] == list(STANCES)
    assert loaded["rows"] == table.to_pylist()


LONG = "The council met again on Monday and spoke of the harbour dues. " * 5


def test_a_fingerprint_hangs_on_how_an_article_begins_alone():
    """Not on its name, its punctuation, where sentences are cut, or how it ends."""
    found = fingerprints(["a", "a", "b", "c", "d"], [LONG, "It ended.", LONG.upper().replace(".", "!"), "No.", "Yes."])
    assert found["a"] == found["b"]
    assert len({found["a"], found["c"], found["d"]}) == 3
    halves = fingerprints(["e", "e"], [LONG[:30], LONG[30:]])
    assert halves["e"] == found["a"]


@pytest.fixture
def shipped(tmp_path):
    """A file with the rows of two articles, one hand-labelled sentence each, and the first one's fingerprint."""
    sentences = pa.table({"article_id": ["a", "b", "b"], "text": ["Yes.", "No.", "Nobody labelled this."]})
    cast = CastVotes(*(np.concatenate([array, array[:1]]) for array in CAST))
    table = labeled_table(sentences, cast, np.vstack([SOFT, SOFT[:1]]), np.array([2, 0, -1]))
    write_table(tmp_path / "rows.parquet", shipped_table(table, ["yes", "no", "maybe"]))
    return tmp_path / "rows.parquet", fingerprints(["a"], ["Yes."])["a"]


def test_rows_that_ship_come_back_without_texts_by_the_names_of_the_lfs(shipped):
    path, _ = shipped
    found = read_shipped_rows(path, ["maybe", "mine", "yes"], ())
    assert found.cast.votes.tolist() == [[-1, -1, 2], [1, -1, 0]]
    assert found.cast.strengths.tolist() == [[0, 0, 1], [1, 0, 0.5]]
    np.testing.assert_array_equal(found.cast.order, ORDER)
    assert found.gold.tolist() == [2, 0]
    assert b"Nobody" not in path.read_bytes()


def test_rows_of_articles_that_the_project_has_are_left_out(shipped):
    path, first = shipped
    assert read_shipped_rows(path, ["yes"], {first}).gold.tolist() == [0]
    every = set(read_shipped_rows(path, ["yes"], ()).articles)
    assert len(read_shipped_rows(path, ["yes"], every).gold) == 0


def test_what_holds_no_rows_that_ship_is_named(tmp_path):
    with pytest.raises(ArtefactError, match=r"no such file.*Install the package again"):
        read_shipped_rows(tmp_path / "rows.parquet", ["yes"], ())
    write_table(tmp_path / "rows.parquet", SENTENCES)
    with pytest.raises(ArtefactError, match="holds no rows that ship"):
        read_shipped_rows(tmp_path / "rows.parquet", ["yes"], ())
