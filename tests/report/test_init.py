"""The package's own names."""

import subprocess
import sys

import pytest

import pipeline.report


def test_names_are_loaded_on_demand():
    """Importing the package is cheap; its names come when they are used."""
    code = "import sys, pipeline.report; print('numpy' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
    assert {pipeline.report.__getattr__(name).__name__ for name in pipeline.report.__all__} == set(
        pipeline.report.__all__
    )


def test_an_unknown_name_is_an_attribute_error():
    """As in any module."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pipeline.report.nothing  # noqa: B018
