"""How cells are quoted is told from the first lines."""

import csv

import pytest

from pipeline.base.csv_dialect import quoting


@pytest.mark.parametrize(
    ("lines", "mark", "rows"),
    [
        (["a,b\n", '"x ""y""",2\n'], ",", [["a", "b"], ['x "y"', "2"]]),
        (["a,b\n", '"x \\"y\\", z",2\n'], ",", [["a", "b"], ['x "y", z', "2"]]),
        (["a\tb\n", '"x," y\t2\n'], "\t", [["a", "b"], ['"x," y', "2"]]),
        (["a\tb\n", '"x\ty"\t2\n'], "\t", [["a", "b"], ["x\ty", "2"]]),
        (["a,b\n", '"C:\\dir\\",2\n'], ",", [["a", "b"], ["C:\\dir\\", "2"]]),
    ],
    ids=["doubled", "backslash", "bare", "quoted tab", "path"],
)
def test_quotes_are_read_as_they_are_meant(lines, mark, rows):
    assert list(csv.reader(lines, delimiter=mark, strict=True, **quoting(lines, mark))) == rows


@pytest.mark.parametrize("lines", [["a,b\n", '"x" y,2\n'], ["a,b\n", "1,2,3\n"], ["a,b\n", '"begun\n'], []])
def test_what_nothing_explains_is_read_as_usual(lines):
    assert quoting(lines, ",") == {}
