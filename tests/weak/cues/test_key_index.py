"""Looking up many numbers at once: the same as a dictionary, number by number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.weak.cues.matcher import KeyIndex, spread

KEYS = st.integers(0, 40) | st.integers(0, 2**40 - 1)
VALUES = st.integers(0, 2**23 - 1)


def index(pairs: list[tuple[int, int]]) -> KeyIndex:
    keys, values = np.array(pairs, np.int64).reshape(-1, 2).T
    return KeyIndex(keys, values)


@settings(deadline=None)
@given(st.lists(st.tuples(KEYS, VALUES), max_size=60, unique=True), st.lists(KEYS, max_size=60))
def test_every_value_of_every_key_is_found_where_it_is_wanted(pairs, wanted):
    wanted = [*wanted, *(key for key, _ in pairs[::2])]
    places, values = index(pairs).look_up(np.array(wanted, np.int64))
    expected = [(i, value) for i, number in enumerate(wanted) for key, value in pairs if key == number]
    assert sorted(zip(places.tolist(), values.tolist(), strict=True)) == sorted(expected)


def test_finding_says_which_places_hold_a_key():
    places, keys = index([(5, 1), (5, 2), (9, 1)]).find(np.array([9, 4, 5, 9]))
    assert sorted(places.tolist()) == [0, 2, 3]
    assert len(set(keys.tolist())) == 2


@pytest.mark.parametrize("pairs", [[], [(0, 0)]])
def test_nothing_wanted_and_nothing_known_give_nothing(pairs):
    assert [len(part) for part in index(pairs).look_up(np.array([], np.int64))] == [0, 0]
    assert [len(part) for part in index([]).look_up(np.array([0, 7]))] == [0, 0]


def test_spreading_repeats_and_counts():
    numbers, nth = spread(np.array([7, 8, 9]), np.array([2, 0, 3]))
    assert numbers.tolist() == [7, 7, 9, 9, 9]
    assert nth.tolist() == [0, 1, 0, 1, 2]
