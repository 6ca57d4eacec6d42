"""Rows in: number, order and columns kept, faults named by file and row, memory flat."""

import csv
import gzip
import io
import json
import sys
from itertools import count, islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import InputError
from pipeline.base.tables_in import batches, read_rows, set_aside

TEXTS = ['Oslo, the capital, said "no".', "", "Zürich agreed.", "  two  spaces ", "Ĳ \u2028 !"]


def as_csv(rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_parquet(rows):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file)
    return file.getvalue()


def as_jsonl(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


WRITERS = {".jsonl": as_jsonl, ".ndjson": as_jsonl, ".csv": as_csv, ".parquet": as_parquet}


def put(path, content):
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_format_keeps_rows_order_and_other_columns(tmp_path, suffix):
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(TEXTS)]
    assert list(read_rows(put(tmp_path / f"in{suffix}", WRITERS[suffix](rows)))) == rows


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_packed_files_are_unpacked(tmp_path, suffix):
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(TEXTS)]
    path = put(tmp_path / f"in{suffix}.gz", gzip.compress(WRITERS[suffix](rows)))
    assert list(read_rows(path)) == rows


@pytest.mark.parametrize("name", ["in.txt", "in", "in.txt.gz", "IN.TXT", "in.md", "in.log", "in.text"])
def test_plain_text_gives_a_row_a_line_empty_ones_too(tmp_path, name):
    content = b"one\r\n\n  three\nfour"
    path = put(tmp_path / name, gzip.compress(content) if name.endswith(".gz") else content)
    assert [row["text"] for row in read_rows(path)] == ["one", "", "  three", "four"]
    assert list(read_rows(path, "body")) == list(read_rows(path))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.txt", "in.csv.gz"])
def test_marks_of_encodings_are_understood(tmp_path, name, encoding):
    """Spreadsheets save "Unicode text" as UTF-16."""
    content = {"csv": "text\r\nZürich agreed.\r\n", "jsonl": '{"text": "Zürich agreed."}\n', "txt": "Zürich agreed.\n"}
    data = content[name.split(".")[1]].encode(encoding)
    path = put(tmp_path / name, gzip.compress(data) if name.endswith(".gz") else data)
    assert list(read_rows(path)) == [{"text": "Zürich agreed."}]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".txt"])
def test_packed_and_unmarked_data_is_named_with_what_to_do(tmp_path, suffix):
    with pytest.raises(InputError, match=rf"in\{suffix}: gzip data, not text\. Unpack it \(gunzip\), or let its name"):
        list(read_rows(put(tmp_path / f"in{suffix}", gzip.compress(b"text\n"))))
    with pytest.raises(InputError, match=rf"in\{suffix}: not UTF-8 text .*UTF-16 without .*\. Save it as UTF-8\."):
        list(read_rows(put(tmp_path / f"in{suffix}", "text\n".encode("utf-16-le"))))


@pytest.mark.parametrize("name", ["in.csv", "in.csv.gz"])
def test_two_columns_of_one_name_are_refused(tmp_path, name):
    """The last would be answered and the first be lost."""
    content = b"text,n,text\nOslo refused.,1,Bern agreed.\n"
    path = put(tmp_path / name, gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.raises(InputError, match=rf"{name}, line 1: two columns are called 'text'; .*got columns 1 and 3\."):
        list(read_rows(path))


def test_two_columns_of_one_name_in_parquet_are_refused(tmp_path):
    pq.write_table(pa.table([["Yes."], ["No."]], names=["text", "text"]), tmp_path / "in.parquet")
    with pytest.raises(InputError, match=r"in\.parquet: two columns are called 'text'; .*got columns 1 and 2\."):
        list(read_rows(str(tmp_path / "in.parquet")))


@pytest.mark.parametrize("suffix", WRITERS)
def test_suffixes_may_be_in_capitals(tmp_path, suffix):
    path = put(tmp_path / f"in{suffix.upper()}", WRITERS[suffix]([{"text": "Yes."}]))
    assert list(read_rows(path)) == [{"text": "Yes."}]


@pytest.mark.parametrize("name", ["in.json", "in.tsv", "in.xlsx", "in.json.gz"])
def test_a_file_of_another_kind_is_refused_naming_what_is_read(tmp_path, name):
    """Its lines would be answered as if they were sentences."""
    match = rf"{name}: not a kind of file that is read; expected \.txt .*\.jsonl .*\.csv \.parquet.*; got \.\w+\. "
    with pytest.raises(InputError, match=match):
        list(read_rows(put(tmp_path / name, b'[{"text": "Yes."}]')))


def test_stdin_is_utf8_whatever_the_locale(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Zürich\n\nend".encode()), "ascii"))
    assert [row["text"] for row in read_rows("-")] == ["Zürich", "", "end"]


def test_stdin_that_is_not_utf8_is_named_by_line(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"fine\nZ\xfcrich\n"), "utf-8"))
    with pytest.raises(InputError, match=r"stdin, line 2: not UTF-8 text .* at byte 2"):
        list(read_rows("-"))


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_another_column_can_hold_the_text(tmp_path, suffix):
    path = put(tmp_path / f"in{suffix}", WRITERS[suffix]([{"body": "Yes.", "n": "1"}]))
    assert list(read_rows(path, "body")) == [{"body": "Yes.", "n": "1", "text": "Yes."}]


def test_a_text_column_of_another_meaning_is_kept(tmp_path):
    path = put(tmp_path / "in.jsonl", as_jsonl([{"body": "Yes.", "text": "Title"}]))
    assert list(read_rows(path, "body")) == [{"body": "Yes.", "input_text": "Title", "text": "Yes."}]


def test_columns_set_aside_get_a_name_that_is_free_and_keep_their_place():
    row = {"label": 1, "n": 2, "input_label": 3}
    assert list(set_aside(row, ("label", "gone")).items()) == [("input_input_label", 1), ("n", 2), ("input_label", 3)]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_missing_column_is_named_with_those_that_are_there(tmp_path, suffix):
    path = put(tmp_path / f"in{suffix}", WRITERS[suffix]([{"texts": "Yes.", "n": "1"}]))
    match = r", row 1: no column 'text'; got texts, n\. Did you mean 'texts'\?"
    with pytest.raises(InputError, match=match):
        list(read_rows(path))
    with pytest.raises(InputError, match=r"no column 'xyz'; .*Name the column with --text-column\."):
        list(read_rows(path, "xyz"))


@pytest.mark.parametrize(("suffix", "value", "got"), [(".jsonl", 5, "5"), (".parquet", None, "None")])
def test_a_value_that_is_not_text_is_named_by_row(tmp_path, suffix, value, got):
    rows = [{"text": value, "n": 1}] if suffix == ".parquet" else [{"text": "a"}, {"text": value}]
    rows = [{"text": "a", "n": 0}, {"text": value, "n": 1}]
    path = put(tmp_path / f"in{suffix}", WRITERS[suffix](rows))
    with pytest.raises(InputError, match=rf"row 2: column 'text' does not hold text; expected text; got {got}"):
        list(read_rows(path))


def test_rows_of_parquet_are_counted_through_the_file(tmp_path):
    """Row numbers in errors do not start anew with every block that is read."""
    path = put(tmp_path / "in.parquet", as_parquet([{"text": "a"}] * 6000 + [{"text": None}]))
    with pytest.raises(InputError, match=r"in\.parquet, row 6001: "):
        list(read_rows(path))


def test_a_comma_without_quotes_does_not_cut_a_sentence_short(tmp_path):
    path = put(tmp_path / "in.csv", b"text\nYes.\nOslo, the capital, refused.\n")
    with pytest.raises(InputError, match=r"in\.csv, row 2: more cells than columns; got .*Put quotes around text"):
        list(read_rows(path))


def test_a_row_cut_short_is_an_error_and_never_filled_up(tmp_path):
    """A line break without quotes would make two rows of one."""
    path = put(tmp_path / "in.csv", b"text,page\nYes.,1\nOslo\nrefused.,2\n")
    with pytest.raises(InputError, match=r"in\.csv, row 2: fewer cells than columns; got none for 'page'"):
        list(read_rows(path))


def test_empty_cells_are_kept(tmp_path):
    assert list(read_rows(put(tmp_path / "in.csv", b"text,page\nYes.,\n"))) == [{"text": "Yes.", "page": ""}]


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_marks_than_commas_are_named(tmp_path, mark, name):
    path = put(tmp_path / "in.csv", f"text{mark}page\nOslo, they say, agreed.{mark}1\n".encode())
    with pytest.raises(InputError, match=rf"in\.csv: cells are parted by {name}; expected commas\. Save it as CSV"):
        list(read_rows(path))


def test_a_cell_may_be_longer_than_the_csv_module_likes(tmp_path):
    (row,) = read_rows(put(tmp_path / "in.csv", b"text,page\nYes.," + b"a" * 200_000 + b"\n"))
    assert len(row["page"]) == 200_000


def test_a_quote_without_its_pair_is_named_by_the_row_where_it_stands(tmp_path):
    """Without this, all that follows would be one sentence."""
    path = put(tmp_path / "in.csv", b'text\nYes.\n"Oslo refused.\nNo.\n')
    with pytest.raises(InputError, match=r"in\.csv, row 2: not valid CSV \(unexpected end of data\)\. Is a quote"):
        list(read_rows(path))


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("in.csv", b"text\n\xff\n", r"in\.csv: not a readable CSV file .*\. Save it as CSV UTF-8\."),
        ("in.csv", b'text\n"Yes" or "no"\n', r"in\.csv, row 1: not valid CSV \(',' expected after"),
        ("in.csv.gz", b"text\na\n", r"in\.csv\.gz: not a readable CSV file \(Not a gzipped file"),
        ("in.csv.gz", gzip.compress(b"text\na\n", mtime=0)[:-8], r"in\.csv\.gz: not a readable CSV file"),
        ("in.csv.gz", gzip.compress(b"text\na\n", mtime=0)[:10] + b"\xff" * 9, r"in\.csv\.gz: not a readable CSV file"),
        ("in.parquet", b"text", r"in\.parquet: not a readable Parquet file"),
        ("in.jsonl", b'{"text": "a"}\n{"text"', r"in\.jsonl, line 2: not valid JSON"),
        ("in.txt", b"fine\n\xff", r"in\.txt, line 2: not UTF-8 text"),
    ],
)
def test_a_broken_file_is_named(tmp_path, name, content, match):
    with pytest.raises(InputError, match=match):
        list(read_rows(put(tmp_path / name, content)))


@pytest.mark.parametrize("name", ["gone.txt", "gone.csv", "gone.jsonl", "gone.parquet"])
def test_a_missing_file_is_named(name):
    with pytest.raises(InputError, match=rf"{name}: no such file"):
        list(read_rows(name))


def test_rows_are_read_as_they_are_asked_for(tmp_path):
    """The first rows come although the file is broken further on."""
    path = put(tmp_path / "in.jsonl", b'{"text": "a"}\n' * 3 + b"broken")
    assert len(list(islice(read_rows(path), 3))) == 3


def test_batches_take_no_more_than_they_give():
    numbers = count()
    made = batches(numbers, 3)
    assert (next(made), next(made)) == ([0, 1, 2], [3, 4, 5])
    assert next(numbers) == 6
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []
