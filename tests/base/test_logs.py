"""Messages by verbosity; a progress bar on a terminal alone; standard streams: what is closed fails by name."""

import io
import logging
import os
import subprocess
import sys

import pytest

from pipeline.base.logs import forget_empty_sizes, printable, progress, set_up_logging, waiting
from tests.conftest import own_logging
from tests.imports import ROOT


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _restored():
    with own_logging():
        yield


def messages(verbosity, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    set_up_logging(verbosity)
    log = logging.getLogger("pipeline.text")
    log.debug("detail")
    log.info("news")
    log.warning("trouble")
    return sys.stderr.getvalue().splitlines()


@pytest.mark.parametrize(
    ("verbosity", "expected"),
    [
        (-1, ["trouble"]),
        (0, ["news", "trouble"]),
        (1, ["DEBUG: detail", "INFO: news", "WARNING: trouble"]),
    ],
)
def test_verbosity_decides_what_is_said(verbosity, expected, monkeypatch):
    assert messages(verbosity, monkeypatch) == expected


def test_setting_up_twice_does_not_say_things_twice(monkeypatch):
    set_up_logging(0)
    assert messages(0, monkeypatch) == ["news", "trouble"]


def test_progress_yields_every_item_and_writes_nothing_into_a_pipe(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    set_up_logging(0)
    assert list(progress(range(5), "Counting")) == [0, 1, 2, 3, 4]
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize(("verbosity", "shown"), [(0, True), (-1, False)])
def test_progress_shows_a_bar_on_a_terminal_unless_quiet(verbosity, shown, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    set_up_logging(verbosity)
    assert list(progress([1, 2], "Counting")) == [1, 2]
    assert ("Counting" in sys.stderr.getvalue()) is shown


@pytest.mark.parametrize(("verbosity", "shown"), [(0, True), (-1, False)])
def test_waiting_is_shown_on_a_terminal_unless_quiet(verbosity, shown, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    set_up_logging(verbosity)
    with waiting("Training"):
        pass
    assert ("Training" in sys.stderr.getvalue()) is shown


def test_messages_go_through_what_stands_in_place_of_stderr(monkeypatch):
    """A bar puts itself there, so that no message runs into it."""
    set_up_logging(0)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    logging.getLogger("pipeline.text").warning("trouble")
    assert sys.stderr.getvalue() == "trouble\n"


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
