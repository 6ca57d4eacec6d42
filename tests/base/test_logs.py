"""Messages by verbosity; a progress bar on a terminal and none elsewhere."""

import io
import logging
import sys

import pytest

from pipeline.base.logs import progress, set_up_logging, waiting
from tests.conftest import own_logging


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
