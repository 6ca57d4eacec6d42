"""Standard streams: what is closed fails by name, and a terminal gets no control characters."""

import os
import subprocess
import sys

import pytest

from pipeline.base.logs import forget_empty_sizes, printable
from tests.imports import ROOT


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


STRAY = """
import os, sys
from pipeline.base.logs import keep_stdout_for_answers
keep_stdout_for_answers()
os.write(1, b"stray")
print("an answer", flush=True)
os.system("echo a child")
"""


def run(code, **options):
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, stderr=subprocess.PIPE, **options)


def test_what_writes_past_the_stream_goes_to_standard_error():
    result = run(STRAY, stdout=subprocess.PIPE)
    assert (result.stdout, result.stderr) == ("an answer\n", "straya child\n")


def test_a_closed_standard_error_gets_nothing_of_standard_output():
    result = run("import os; os.close(2)" + STRAY, stdout=subprocess.PIPE)
    assert result.stdout == "strayan answer\na child\n"
