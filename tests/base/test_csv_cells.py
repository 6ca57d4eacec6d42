"""CSV: nothing that a spreadsheet computes, nothing that breaks a row, and all of it comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.records import CsvWriter, guard, unguard

LIVE = st.text(alphabet="'=+-@\t\r\n;,\"1a. e", max_size=8)


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "-", "=", "-2+3|cmd"])
def test_what_a_spreadsheet_would_compute_is_text(cell):
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+0.25", "-1e-5", "Oslo", "", "'quoted'", "a=b", " =1", "1-2"])
def test_numbers_and_other_text_stay_as_they_are(cell):
    assert guard(cell) == cell


@given(st.one_of(LIVE, st.text()))
def test_a_guarded_cell_comes_back(cell):
    assert unguard(guard(cell)) == cell
    assert unguard(cell) in (cell, cell[1:])


@given(st.lists(st.tuples(LIVE, LIVE), max_size=4))
def test_rows_come_back_through_the_csv_module(rows):
    """A lone CR would break a row in two if it stood outside of quotes."""
    file = io.StringIO()
    CsvWriter(file, ["=a", "b"]).write({"=a": a, "b": b} for a, b in rows)
    read = list(csv.reader(io.StringIO(file.getvalue(), newline=""), strict=True))
    assert [[unguard(cell) for cell in row] for row in read] == [["=a", "b"], *map(list, rows)]
    assert all(row.endswith("\n") and not row.endswith("\r\n") for row in [file.getvalue()])


def test_numbers_that_are_no_text_are_not_guarded():
    file = io.StringIO()
    CsvWriter(file, ["n"]).write([{"n": -1.5}, {}])
    assert file.getvalue() == 'n\n-1.5\n""\n'
