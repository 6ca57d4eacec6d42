"""Checks of a report's data."""

import numpy as np
import pytest

from pipeline.base.errors import GoldError, InputError


def test_gold_is_needed(make_data):
    """Without hand labels there is nothing to report, and the error says what to do."""
    with pytest.raises(GoldError, match=r"no hand-labelled sentence to evaluate on.*Label sentences"):
        make_data(gold=np.array([], int), articles=np.array([], str))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"main": "clasifier"}, "clasifier: no predictions of the system to report on; got classifier, label_model"),
        ({"systems": {"classifier": np.ones((96, 3))}}, "classifier, row 0: not a probability distribution"),
        ({"texts": ["one"]}, "texts: wrong number of rows; expected 96; got 1"),
        ({"fired": []}, "fired: wrong number of rows"),
        ({"slices": {"g": {"s": np.ones(3, bool)}}}, "slice g: s: wrong number of rows; expected 96; got 3"),
    ],
    ids=["main", "proba", "texts", "fired", "slices"],
)
def test_rows_that_do_not_agree_are_refused(make_data, changes, message):
    """The part at fault is named."""
    with pytest.raises(InputError, match=message):
        make_data(**changes)
