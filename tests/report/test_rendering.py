"""Templates that fail loudly, and text that cannot play tricks."""

import pytest
from jinja2 import UndefinedError

from pipeline.report.rendering import environment, printable


def test_a_name_without_a_value_is_an_error():
    with pytest.raises(UndefinedError, match="'gone' is undefined"):
        environment().from_string("{{ gone }}").render()


def test_templates_beside_the_module_are_found():
    assert {"index.html", "model.html", "report.md", "answers.html"} <= set(environment().list_templates())


def test_control_and_bidi_characters_and_broken_halves_are_dropped():
    assert printable("a\x00b\x1b[1mc\u202ed\ud800e\n\tf") == "ab[1mcde\n\tf"
    assert printable(5) == 5
