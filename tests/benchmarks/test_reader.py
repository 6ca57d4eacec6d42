"""The measurement of the reader: shares answered, and the tables."""

import json

import numpy as np
import pytest

from benchmarks.evaluation_sets import EvaluationSet
from benchmarks.reader import FILES, SYSTEMS, blocks, load_files, share_answered
from pipeline.base.params import Params

PARAMS = Params(evaluate={"resamples": 100})
SURE = np.array([[0.9, 0.05, 0.05], [0.8, 0.1, 0.1], [0.1, 0.7, 0.2], [0.2, 0.2, 0.6]])


@pytest.mark.parametrize(
    ("gold", "precision", "share"),
    [([0, 0, 1, 2], 0.9, 1.0), ([0, 0, 1, 0], 0.9, 0.75), ([0, 1, 1, 2], 0.75, 1.0), ([1, 1, 0, 0], 0.5, 0.0)],
)
def test_the_surest_answers_of_which_enough_are_right(gold, precision, share):
    assert share_answered(SURE, np.array(gold), precision) == share


def test_equally_sure_answers_are_given_together():
    assert share_answered(np.tile(SURE[:1], (4, 1)), np.array([0, 0, 1, 1]), 0.9) == 0.0


def test_files_are_read_and_the_missing_named(tmp_path, capsys):
    rows = [
        {"text": f"No. {k}.", "label": label, "article": k // 2} for k, label in enumerate(["neutral"] * 3 + ["mixed"])
    ]
    (tmp_path / "newswire_dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (only,) = load_files(tmp_path, PARAMS)
    assert (only.name, len(only.texts), only.units.tolist()) == (FILES["newswire_dev"], 3, ["0", "0", "1"])
    assert "political relations: left out, there is no " in capsys.readouterr().out


def test_the_tables_have_a_row_a_set():
    s = EvaluationSet("news", list("abcd"), np.array([0, 0, 1, 2]), np.arange(4), PARAMS)
    written = blocks([(s, dict.fromkeys(SYSTEMS, SURE))])
    assert "| news, n = 4 | 1.000" in written["scores"]
    assert "| news | 100% | 100% | 100% | 100% | 0.250 | 0.250 | 0.250 |" in written["trust"]
