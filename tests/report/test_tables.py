"""Tables on how good the systems are."""

import math

import numpy as np
import pytest

from pipeline.report import narrative as tables
from pipeline.report import rendering
from pipeline.report.data import compute_results
from pipeline.report.metrics import Score
from pipeline.report.model_page import lf_table

NAN = math.nan


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.01, 0.2, "label model better"),
        (-0.2, -0.01, "label model worse"),
        (-0.1, 0.1, "no clear difference"),
        (0.0, 0.1, "no clear difference"),
        (NAN, NAN, "cannot be told"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero(low, high, expected):
    """Better or worse only where 0 is outside."""
    assert tables.verdict("label_model", Score(0.0, low, high)) == expected


def test_all_rows_are_as_wide_as_their_heads(make_data):
    """No table has a cell too many or too few."""
    data = make_data()
    results = compute_results(data)
    for table in (
        tables.comparison_table(results, "classifier", "95 %"),
        tables.stance_table(results, "classifier", "95 %"),
        tables.fold_table(data.folds),
        tables.slice_table(results, "classifier", "label_model", 1, "95 %"),
        tables.calibration_table(results),
        lf_table(data.lfs),
    ):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.head)}


def test_folds_are_summed(make_data):
    """The last row is the sum of the others."""
    assert tables.fold_table(make_data().folds).rows[-1] == ("all", "15", "150", "96")


def test_what_cannot_be_computed_is_a_dash(make_data):
    """A stance without gold has no recall, one that is never predicted no precision."""
    results = compute_results(make_data(gold=np.ones(96, int), systems={"classifier": np.tile([1.0, 0, 0], (96, 1))}))
    opposition, neutral, agreement = tables.stance_table(results, "classifier", "95 %").rows
    assert opposition[1:3] == ("0", "96")
    assert opposition[4:] == ("–", "–")
    assert neutral[3] == "–"
    assert agreement[3:] == ("–", "–", "–")


@pytest.mark.parametrize(
    ("truth", "expected"),
    [("right", "no sign of error"), ("wrong", "too sure"), ("hesitant", "not sure enough")],
)
def test_the_calibration_of_every_system_is_judged_against_chance(planted, make_data, truth, expected):
    """The label model and majority vote too, not the main system alone: confidence, share right, error, its limit."""
    gold, _, _ = planted()
    shown = {"right": np.eye(3)[gold], "wrong": np.eye(3)[(gold + 1) % 3], "hesitant": 0.6 * np.eye(3)[gold] + 0.4 / 3}
    systems = make_data().systems | {"majority_vote": shown[truth]}
    results = compute_results(make_data(systems=systems))
    table = tables.calibration_table(results)
    assert [row[0] for row in table.rows] == ["classifier", "label model", "majority vote"]
    confidence, right = float(shown[truth].max(axis=1).mean()), float(truth != "wrong")
    assert table.rows[2][1:3] == (rendering.number(confidence), rendering.number(right))
    assert table.rows[2][3] == rendering.number(abs(confidence - right))
    assert table.rows[2][4] == rendering.number(results.systems["majority_vote"].ece_null)
    assert table.rows[2][5] == expected


def test_hidden_slices_and_absent_stances_are_noted(planted, make_data):
    """The note says how many slices are hidden, and what the asterisk means."""
    gold, _, _ = planted()
    data = make_data(slices={"g": {"no agreement": gold != 2}})
    table = tables.slice_table(compute_results(data), "classifier", "label_model", 2, "95 %")
    assert table.rows[0][0] == "g: no agreement"
    assert table.rows[0][3].endswith(" *")
    assert "2 hidden" in table.note
    assert "counts as F1 = 0" in table.note
