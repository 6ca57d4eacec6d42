"""The list of records inside an object."""

import pytest

from pipeline.base.json_list import find_list

ROWS = [{"text": "It rained."}]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"status": "ok", "articles": ROWS}, "articles"),
        ({"response": {"n": 1, "results": ROWS}, "tags": ["a"]}, "response.results"),
        ({"a": {"b": {"c": ROWS}}}, "a.b.c"),
    ],
)
def test_the_only_list_is_found(value, key):
    assert find_list(value) == (key, ROWS)


@pytest.mark.parametrize("value", [{"text": "x"}, {"a": ROWS, "b": ROWS}, {"a": []}, {"a": ["x"]}, {}])
def test_without_a_list_or_with_several_the_object_stays(value):
    assert find_list(value) == ("", value)
