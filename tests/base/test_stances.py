"""Stances: their order is a contract, and their ids follow it."""

import pytest

from pipeline.base.errors import InputError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION, STANCES, stance_id


def test_order_is_fixed():
    assert STANCES == ("opposition", "neutral", "agreement")
    assert (OPPOSITION, NEUTRAL, AGREEMENT, ABSTAIN) == (0, 1, 2, -1)


def test_the_id_of_a_stance_is_its_place():
    assert [stance_id(name, "here") for name in STANCES] == [0, 1, 2]


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match=r"^gold, line 2: unknown stance; .*got 'agree'\. Did you mean 'agreement'\?$"):
        stance_id("agree", "gold, line 2")
