"""CSV of any dialect: quotes inside quotes, quotes that mean nothing, and rows that go on over lines."""

import pytest

from pipeline.base.errors import InputError
from pipeline.base.tables_in import read_records


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
