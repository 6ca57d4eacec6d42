"""What was tried in training: which rows are left out, what is added, and that no scored sentence is learnt from."""

import json

import numpy as np

from benchmarks.carry_sets import EvaluationSet
from benchmarks.training_choices import PAGE, _joined, _kept, unlabelled_sentences
from pipeline.base.params import Params
from pipeline.report.cards import fill_blocks
from tests.imports import ROOT

SOFT = np.eye(3)[[0, 1, 2, 1]]
LABELLED = ["a", "b", "c", "d"], SOFT, np.array(["x", "x", "y", "z"])


def test_the_rows_that_are_doubted_most_are_left_out_and_the_order_stays():
    texts, soft, articles = _kept(LABELLED, np.array([0.1, 0.9, 0.2, 0.5]), 0.5)
    assert texts == ["a", "c"]
    assert soft.tolist() == SOFT[[0, 2]].tolist()
    assert articles.tolist() == ["x", "y"]


def test_what_is_added_stands_behind():
    texts, soft, articles = _joined(LABELLED, (["e"], SOFT[:1], np.array(["unlabelled 0"])))
    assert texts == ["a", "b", "c", "d", "e"]
    assert soft.shape == (5, 3)
    assert articles[-1] == "unlabelled 0"


def test_no_sentence_that_is_scored_is_learnt_from(tmp_path):
    rows = [{"text": "One."}, {"text": "Two."}, {"text": "One."}]
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    scored = EvaluationSet("some", ["Two."], np.array([0]), np.arange(1), Params())
    assert unlabelled_sentences(tmp_path, [scored]) == ["One."]


def test_the_page_has_a_place_for_the_table():
    assert "| x |" in fill_blocks((ROOT / PAGE).read_text("utf-8"), {"tried": "| x |"})
