"""Functions of a file take their source along."""

import pickle
import sys

import pytest

from pipeline.weak.lfs.python_lfs import FileFunction, execute

SOURCE = "import re\n\nLIMIT = 2\n\ndef short(parse):\n    return 1 if len(parse) < LIMIT else -1\n"


def test_it_answers_as_the_function_of_the_file_does():
    short = FileFunction("mine.py", SOURCE, "short")
    assert (short("a"), short("abc")) == (1, -1)


def test_it_pickles_with_its_source_and_needs_no_file():
    data = pickle.dumps(FileFunction("nowhere.py", SOURCE, "short"))
    assert b"LIMIT = 2" in data
    assert pickle.loads(data)("a") == 1  # noqa: S301


def test_a_source_is_executed_once():
    assert execute("mine.py", SOURCE) is execute("mine.py", SOURCE)
    assert execute("mine.py", SOURCE) is not execute("other.py", SOURCE)


def test_a_source_finds_its_own_module_under_its_private_name():
    """Dataclasses look there for what their annotations mean."""
    module = execute("own.py", SOURCE)
    assert sys.modules["stance_lfs_own"] is module


def test_what_a_source_raises_passes_through():
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        execute("mine.py", "1 / 0")


def test_a_traceback_names_the_file():
    with pytest.raises(SyntaxError, match=r"mine\.py"):
        execute("mine.py", "def (")
