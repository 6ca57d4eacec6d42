"""Standard streams: what is closed fails by name, and a terminal gets no control characters."""

import os

import pytest

from pipeline.base.logs import forget_empty_sizes, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zürich\tagreed\n", "Zürich\tagreed\n"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("a\rb\x00\x7f", "a\\rb\\x00\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnirts", "\\u202egnirts"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(("value", "kept"), [("0", False), ("", False), ("-3", False), ("wide", False), ("100", True)])
def test_a_terminal_of_no_width_is_one_of_unknown_width(monkeypatch, value, kept):
    monkeypatch.setenv("COLUMNS", value)
    forget_empty_sizes()
    assert ("COLUMNS" in os.environ) == kept
