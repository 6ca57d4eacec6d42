"""What every verb begins with: UTF-8 on stdout whatever the locale, and as many messages as are wanted."""

import io
import logging
import sys

import pytest

from pipeline.cli.options import set_up
from tests.conftest import own_logging


def test_stdout_becomes_utf_8(monkeypatch):
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, "ascii"))
    with own_logging():
        set_up(verbose=False)
    sys.stdout.write("Zürich \ud800")
    sys.stdout.flush()
    assert buffer.getvalue() == "Zürich \\ud800".encode()


@pytest.mark.parametrize(
    ("verbose", "quiet", "level"),
    [(False, False, logging.INFO), (True, False, logging.DEBUG), (False, True, logging.WARNING)],
)
def test_levels(verbose, quiet, level):
    with own_logging():
        set_up(verbose, quiet)
        assert logging.getLogger("pipeline").level == level
