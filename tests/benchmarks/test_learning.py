"""The measurement of what is learnt: the tables."""

import numpy as np

from benchmarks.evaluation_sets import EvaluationSet
from benchmarks.learning import PAGE, SYSTEMS, VOTE, blocks
from pipeline.base.params import Params
from pipeline.report.cards import fill_blocks
from tests.imports import ROOT

GOLD = np.array([0, 0, 1, 2])
RIGHT = np.eye(3)[GOLD] * 0.7 + 0.1


def test_the_tables_have_a_row_a_set_and_the_gain_of_the_classifier():
    s = EvaluationSet("news", list("abcd"), GOLD, np.arange(4), Params(evaluate={"resamples": 100}))
    written = blocks([(s, {**dict.fromkeys(SYSTEMS, RIGHT), VOTE: RIGHT[::-1]})])
    row = next(line for line in written["learnt"].splitlines() if line.startswith("| news, n = 4 |"))
    assert row.split(" | ")[1].startswith("0.000")
    assert row.count(" 0.223") == len(SYSTEMS) - 1
    assert "| news | 0.000 | +1.000" in written["gained"]


def test_the_page_has_a_place_for_each_table():
    s = EvaluationSet("news", list("abcd"), GOLD, np.arange(4), Params(evaluate={"resamples": 100}))
    written = blocks([(s, dict.fromkeys(SYSTEMS, RIGHT))])
    page = fill_blocks((ROOT / PAGE).read_text("utf-8"), written)
    assert all(text in page for text in written.values())
