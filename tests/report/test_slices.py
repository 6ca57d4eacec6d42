"""Slices of the rows."""

from functools import partial

import numpy as np
import pytest

from pipeline.report.metrics import draw_articles, hidden_slices, score_slices, standard_slices

DRAW = partial(draw_articles, resamples=100, confidence=0.95, seed=0)


def test_standard_slices_are_counted_by_hand():
    """Every row is in one slice of each group."""
    slices = standard_slices(
        np.array([True, False, False, False]),
        np.array([0, 1, 2, 5]),
        np.array([3, 9, 20, 40]),
        ["", "Wire", "", ""],
        np.array([True, True, True, False]),
    )
    counted = {group: {name: int(rows.sum()) for name, rows in names.items()} for group, names in slices.items()}
    assert counted == {
        "quotation": {"quoted": 1, "not quoted": 3},
        "LFs that voted": {"none": 1, "one": 1, "two or more": 2},
        "label model": {"right": 3, "wrong": 1},
        "length": {"3 words": 1, "4–9 words": 1, "10–20 words": 1, "21–40 words": 1},
        "source": {"unknown": 3, "Wire": 1},
    }


def test_equal_lengths_are_one_slice():
    """Quartiles that coincide are merged; each row stays in exactly one."""
    none, words = np.zeros(6, bool), np.array([5, 5, 5, 5, 5, 8])
    lengths = standard_slices(none, np.zeros(6, int), words, [""] * 6, none)["length"]
    assert {name: int(rows.sum()) for name, rows in lengths.items()} == {"5 words": 5, "6–8 words": 1}


def test_a_slice_is_scored_on_its_rows_alone(planted):
    """Planted: right in the first half, wrong in the second; the gain over an always-wrong reference is the score."""
    gold, _, articles = planted()
    first = np.arange(len(gold)) < 48
    right, wrong = np.eye(3)[gold], np.eye(3)[(gold + 1) % 3]
    proba = np.where(first[:, None], right, wrong)
    slices = {"half": {"first": first, "second": ~first}}
    one, two = score_slices(gold, proba, wrong, articles, slices, DRAW)
    assert (one.n, one.n_articles, one.absent) == (48, 6, ())
    assert (one.macro_f1.value, one.accuracy.value, one.gain.value) == (1, 1, 1)
    assert (one.brier.value, one.brier_gain.value, two.brier_gain.value) == (0, -2, 0)
    assert (two.macro_f1.value, two.gain.value, two.gain.low) == (0, 0, 0)


def test_small_slices_are_hidden_and_counted(planted):
    """29 rows are not shown, 30 are, and an empty slice is not even counted as hidden."""
    gold, proba, articles = planted()
    place = np.arange(len(gold))
    slices = {"size": {"29": place < 29, "30": place < 30, "0": place < 0}}
    assert [part.name for part in score_slices(gold, proba, None, articles, slices, DRAW)] == ["30"]
    assert hidden_slices(slices) == 1


@pytest.mark.parametrize("stance", ["opposition", "neutral", "agreement"])
def test_a_slice_names_the_stances_that_it_lacks(planted, stance):
    """A stance without gold in the slice is reported, since it counts as F1 = 0."""
    gold, proba, articles = planted(n_articles=20)
    rows = gold != ("opposition", "neutral", "agreement").index(stance)
    (part,) = score_slices(gold, proba, None, articles, {"g": {"s": rows}}, DRAW)
    assert part.absent == (stance,)
