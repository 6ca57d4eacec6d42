"""The comparison of systems: intervals, and differences to the label model over the same resamples."""

import numpy as np

from benchmarks.comparison import PAGE, REFERENCE, block, contrast_block, paired_block
from benchmarks.evaluation_sets import EvaluationSet
from pipeline.base.params import Params
from pipeline.report.cards import fill_blocks
from pipeline.weak.loading import load_lfs
from tests.imports import ROOT

SET = EvaluationSet("some", ["a", "b", "c"] * 20, np.array([0, 1, 2] * 20), np.arange(60), Params())


def scored(value, draws):
    return {"some": (value, np.array(draws, float))}


def plain(table):
    return table.replace("\u00a0", " ").splitlines()


def test_every_system_has_its_score_and_interval():
    found = plain(block({REFERENCE: scored(0.5, [0.4] * 50 + [0.6] * 50)}, [SET]))
    assert found[0] == "| system | some, n = 60 |"
    assert found[2] == "| label model | 0.500 (0.400 to 0.600) |"


def test_differences_are_paired():
    """A system that is 0.1 better in every resample is so for sure, however far the resamples are apart."""
    scores = {REFERENCE: scored(0.5, [0.2, 0.5, 0.8]), "other": scored(0.6, [0.3, 0.6, 0.9])}
    assert plain(paired_block(scores, [SET]))[2] == "| other | +0.100 (0.100 to 0.100) |"


def test_sets_are_described_beside_each_other():
    texts = ["Oslo welcomed the offer.", "Oslo rejected the offer of Bergen.", "The museum opens at ten."]
    found = contrast_block([EvaluationSet("some", texts, np.array([2, 1, 1]), np.arange(3), Params())], load_lfs())
    assert "| agreement | 33 % |" in found
    assert "| no vote for a stance | 33 % |" in found


def test_the_page_has_a_place_for_each_table():
    page = (ROOT / PAGE).read_text("utf-8")
    assert "| x |" in fill_blocks(page, {"systems": "| x |", "differences": "| y |", "contrast": "| z |"})
