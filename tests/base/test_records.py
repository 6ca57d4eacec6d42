"""Columns that a table must have: found by one of several names, or named with the nearest."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import ArticleError, InputError
from pipeline.base.records import CsvWriter, check_columns, find_column, guard, unguard
from pipeline.base.tables_in import read_records


@pytest.mark.parametrize(
    ("need", "found"),
    [
        ("text", "text"),
        ("Text", None),
        (("body", "text"), "text"),
        (("content", "body"), " Body"),
        (("headline",), None),
    ],
)
def test_a_needed_column_is_found_by_its_name_or_one_of_several(need, found):
    assert find_column(["text", " Body", "n"], need) == found


def test_a_missing_column_is_named_with_the_nearest_and_what_to_do():
    check_columns(["text", "n"], ("text", ("N",)), "a.csv")
    match = r"a\.csv: no column or key 'text'; got txet, n\. Did you mean 'txet'\? Name it\."
    with pytest.raises(ArticleError, match=match):
        check_columns(["txet", "n"], ("text",), "a.csv", ArticleError, "Name it.")
    with pytest.raises(InputError, match=r"no column or key 'body'; got none$"):
        check_columns([], (("body", "text"),), "a.csv")


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


def rows_of(tmp_path, text):
    (tmp_path / "a.csv").write_bytes(text.encode())
    return [tuple(record.values.values()) for record in read_records(tmp_path / "a.csv", ("text",))]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('text,n\n"He said ""no"".",1\n', [('He said "no".', "1")]),
        ('text,n\n"He said \\"no\\", twice.",1\n', [('He said "no", twice.', "1")]),
        ('text\tn\nHe said "no.\t1\nMore.\t2\n', [('He said "no.', "1"), ("More.", "2")]),
        ('text,n\n"over\n\nlines, as it is",1\n', [("over\n\nlines, as it is", "1")]),
    ],
    ids=["doubled", "backslash", "bare in tabs", "over lines"],
)
def test_what_programs_write_is_understood(tmp_path, text, rows):
    assert rows_of(tmp_path, text) == rows


def test_a_dialect_is_told_from_the_beginning_of_a_large_file(tmp_path):
    text = "text,n\n" + "".join(f'"row {n}, of ""many""",{n}\n' for n in range(1000))
    assert rows_of(tmp_path, text)[-1] == ('row 999, of "many"', "999")


def test_a_row_that_cannot_be_read_can_be_asked_for(tmp_path):
    (tmp_path / "a.csv").write_text("text,n\na,1\nb\nc,3\n")
    with pytest.raises(InputError, match="row 3: fewer cells than columns"):
        list(read_records(tmp_path / "a.csv"))
    records = list(read_records(tmp_path / "a.csv", lenient=True))
    assert [(record.number, record.problem is None) for record in records] == [(1, True), (2, False), (3, True)]


ROWS = [{"text": "a"}, {"text": "b"}]


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (ROWS, ["item 1", "item 2"]),
        ({"status": "ok", "articles": ROWS}, ["articles, item 1", "articles, item 2"]),
        ({"response": {"pages": 2, "docs": ROWS}}, ["response.docs, item 1", "response.docs, item 2"]),
    ],
)
def test_the_list_of_records_is_found(tmp_path, value, places):
    (tmp_path / "a.json").write_text(json.dumps(value))
    records = list(read_records(tmp_path / "a.json", ("text",)))
    assert [record.values for record in records] == ROWS
    assert [record.where.partition("a.json, ")[2] for record in records] == places


@pytest.mark.parametrize("value", [{"x": ROWS, "y": ROWS}, {"x": [1, 2]}, {}])
def test_where_it_is_not_clear_which_list_is_meant_nothing_is_guessed(tmp_path, value):
    (tmp_path / "a.json").write_text(json.dumps(value))
    with pytest.raises(InputError, match=r"a\.json: no column or key 'text'"):
        list(read_records(tmp_path / "a.json", ("text",)))


def test_json_that_is_no_text_is_named(tmp_path):
    (tmp_path / "a.json").write_bytes(b"%PDF-1.7 some text")
    with pytest.raises(InputError, match=r"a\.json: PDF data, not text\. Save it as text in UTF-8"):
        list(read_records(tmp_path / "a.json", ("text",)))


def test_a_first_row_longer_than_what_is_looked_at_is_read_whole(tmp_path):
    (tmp_path / "a.csv").write_text(f'text,n\n"{"word " * 300_000}",1\n"b, c",2\n')
    first, second = (record.values for record in read_records(tmp_path / "a.csv", ("text",)))
    assert (len(first["text"]), first["n"], second["text"]) == (1_500_000, "1", "b, c")
