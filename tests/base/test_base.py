"""Public names are imported when they are asked for."""

import pytest

import pipeline.text
from pipeline.base import lazy_names


def test_a_name_comes_from_the_module_where_it_lives():
    assert lazy_names("json", {"JSONDecoder": "decoder"})("JSONDecoder").__module__ == "json.decoder"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"module 'pipeline.text' has no attribute 'nothing'"):
        pipeline.text.nothing  # noqa: B018
