"""Rows in: number, order and columns kept, faults named by file and row, memory flat."""

import csv
import gzip
import io
import json
import logging
import os
import sys
from datetime import datetime
from itertools import count, islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import ArticleError, InputError
from pipeline.base.records import CsvWriter
from pipeline.base.tables_in import batches, flat_columns, parquet_types, read_records, read_rows, read_types, set_aside

EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
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


def as_xlsx(rows):
    book, file = pytest.importorskip("openpyxl", reason="extra formats").Workbook(), io.BytesIO()
    for cells in (list(rows[0]), [None, None], *(list(row.values()) for row in rows)):
        book.active.append(cells)
    book.save(file)
    return file.getvalue()


WRITERS = {".jsonl": as_jsonl, ".ndjson": as_jsonl, ".csv": as_csv, ".parquet": as_parquet, ".xlsx": as_xlsx}


def put(path, content):
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_format_keeps_rows_order_and_other_columns(tmp_path, suffix):
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(TEXTS)]
    assert list(read_rows(put(tmp_path / f"in{suffix}", WRITERS[suffix](rows)))) == rows


def test_a_column_of_a_workbook_whose_times_are_all_midnight_holds_days(tmp_path):
    day, noon = datetime(1987, 4, 2), datetime(1987, 4, 2, 12)
    rows = [{"text": "It rained.", "day": day, "at": day}, {"text": "It snowed.", "day": None, "at": noon}]
    found = read_rows(put(tmp_path / "in.xlsx", as_xlsx(rows)))
    assert [(row["day"], row["at"]) for row in found] == [(day.date(), day), (None, noon)]


@pytest.mark.parametrize("content", [b"no workbook", EMPTY_ZIP], ids=["text", "zip"])
def test_what_is_no_workbook_is_named_with_what_to_do(tmp_path, content):
    pytest.importorskip("openpyxl", reason="extra formats")
    with pytest.raises(InputError, match=r"in\.xlsx: .*not an Excel workbook \(\.xlsx\)\. Save .* as CSV\.$"):
        list(read_rows(put(tmp_path / "in.xlsx", content)))


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_packed_files_are_unpacked(tmp_path, suffix):
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(TEXTS)]
    path = put(tmp_path / f"in{suffix}.gz", gzip.compress(WRITERS[suffix](rows)))
    assert list(read_rows(path)) == rows


def test_a_page_break_ends_a_line_as_in_articles(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("One.\fTwo.\nThree.\vFour.\n")
    assert [row["text"] for row in read_rows(str(path))] == ["One.", "Two.", "Three.", "Four."]


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
    with pytest.raises(InputError, match=rf"in\{suffix}: gzip data, not text: unpack it \(gunzip\)"):
        list(read_rows(put(tmp_path / f"in{suffix}", gzip.compress(b"text\n"))))
    with pytest.raises(InputError, match=rf"in\{suffix}: UTF-16 text without its byte order mark: save it as UTF-8"):
        list(read_rows(put(tmp_path / f"in{suffix}", "text\n".encode("utf-16-le"))))


@pytest.mark.parametrize("name", ["in.csv", "in.csv.gz"])
def test_two_columns_of_one_name_are_refused(tmp_path, name):
    """The last would be answered and the first be lost."""
    content = b"text,n,text\nOslo refused.,1,Bern agreed.\n"
    path = put(tmp_path / name, gzip.compress(content) if name.endswith(".gz") else content)
    with pytest.raises(InputError, match=rf"{name}, row 1: two columns are called 'text'; .*got columns 1 and 3\."):
        list(read_rows(path))


def test_two_columns_of_one_name_in_parquet_are_refused(tmp_path):
    pq.write_table(pa.table([["Yes."], ["No."]], names=["text", "text"]), tmp_path / "in.parquet")
    with pytest.raises(InputError, match=r"in\.parquet: two columns are called 'text'; .*got columns 1 and 2\."):
        list(read_rows(str(tmp_path / "in.parquet")))


@pytest.mark.parametrize("suffix", WRITERS)
def test_suffixes_may_be_in_capitals(tmp_path, suffix):
    path = put(tmp_path / f"in{suffix.upper()}", WRITERS[suffix]([{"text": "Yes."}]))
    assert list(read_rows(path)) == [{"text": "Yes."}]


@pytest.mark.parametrize("name", ["in.pdf", "in.ods", "in.docx.gz"])
def test_a_file_of_another_kind_is_refused_naming_what_is_read(tmp_path, name):
    """Its lines would be answered as if they were sentences."""
    match = rf"{name}: not a kind of file that is read; expected \.txt .*\.jsonl .*\.csv .*\.parquet.*; got \.\w+\. "
    with pytest.raises(InputError, match=match):
        list(read_rows(put(tmp_path / name, b'[{"text": "Yes."}]')))


def test_stdin_is_utf8_whatever_the_locale(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Zürich\n\nend".encode()), "ascii"))
    assert [row["text"] for row in read_rows("-")] == ["Zürich", "", "end"]


def test_an_encoding_that_is_guessed_is_named_and_the_rows_are_counted(monkeypatch, caplog):
    data = b"fine\nZ\xfcrich agreed.\n\x93Yes\x94\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
    assert [row["text"] for row in read_rows("-")] == ["fine", "Zürich agreed.", "“Yes”"]
    assert "-: neither UTF-8 nor marked, read as cp1252 (a guess) of 2 rows" in caplog.text


def test_every_row_of_csv_that_was_guessed_is_counted(tmp_path, caplog):
    path = put(tmp_path / "in.csv", b"text,n\nfine,1\nZ\xfcrich,2\nfine,3\nGen\xe8ve,4\n")
    assert [record.guess for record in read_records(path)] == ["", "cp1252", "", "cp1252"]
    assert len(list(read_rows(path))) == 4
    assert "read as cp1252 (a guess) of 2 rows" in caplog.text


def test_binary_data_in_the_middle_is_named_by_line(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"fine\n" + bytes(range(32))), "utf-8"))
    with pytest.raises(InputError, match=r"stdin, line 2: binary data, not text"):
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
    match = r"no column or key 'text'; got texts, n\. Did you mean 'texts'\?"
    with pytest.raises(InputError, match=match):
        list(read_rows(path))
    with pytest.raises(
        InputError, match=r"no column or key 'xyz'; .*Name the column with --text-column; with whole articles"
    ):
        list(read_rows(path, "xyz"))


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_a_value_that_is_not_text_is_named_by_row(tmp_path, suffix):
    path = put(tmp_path / f"in{suffix}", WRITERS[suffix]([{"text": 4}, {"text": 5}]))
    with pytest.raises(InputError, match=r"(row|line) 1: column 'text' does not hold text; expected text; got 4"):
        list(read_rows(path))


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_a_sentence_that_is_null_is_an_empty_one_and_counted(tmp_path, suffix, caplog):
    path = put(tmp_path / f"in{suffix}", WRITERS[suffix]([{"text": "a"}, {"text": None}]))
    assert [row["text"] for row in read_rows(path)] == ["a", ""]
    assert "null is read as an empty sentence of 1 row" in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "blank"),
    [
        ("in.jsonl", b'\n{"text": "a"}\n  \n{"text": "b"}\n', 2),
        ("in.csv", b"\ntext,n\na,1\n\n,\nb,2\n , \n", 4),
        ("in.tsv", b"text\tn\na\t1\n\t\nb\t2\n", 1),
    ],
)
def test_blank_lines_are_passed_over_and_counted(tmp_path, name, content, blank, caplog):
    with caplog.at_level(logging.INFO, "pipeline"):
        assert [row["text"] for row in read_rows(put(tmp_path / name, content))] == ["a", "b"]
    assert f"{name}: {blank} blank line" in caplog.text


@pytest.mark.parametrize("content", [b"", b"\n\n"])
@pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
def test_a_file_without_rows_has_none(tmp_path, name, content):
    assert list(read_rows(put(tmp_path / name, content))) == []


def test_an_empty_sentence_is_no_blank_line(tmp_path):
    """In a table of one column it stands in quotes."""
    assert [row["text"] for row in read_rows(put(tmp_path / "in.csv", b'text\na\n""\nb\n'))] == ["a", "", "b"]


def test_rows_of_parquet_are_counted_through_the_file(tmp_path):
    """Row numbers in errors do not start over with every block that is read."""
    table = pa.table({"text": pa.array(["a"] * 6000 + [b"\xff"], pa.binary()).cast(pa.string(), safe=False)})
    pq.write_table(table, tmp_path / "in.parquet")
    with pytest.raises(InputError, match=r"in\.parquet, row 6001: column 'text' holds what cannot be read"):
        list(read_rows(str(tmp_path / "in.parquet")))


def test_a_comma_without_quotes_does_not_cut_a_sentence_short(tmp_path):
    path = put(tmp_path / "in.csv", b"text\nYes.\nOslo, the capital, refused.\n")
    with pytest.raises(InputError, match=r"in\.csv, row 3: more cells than columns; got .*Put quotes around text"):
        list(read_rows(path))


def test_a_row_cut_short_is_an_error_and_never_filled_up(tmp_path):
    """A line break without quotes would make two rows of one."""
    path = put(tmp_path / "in.csv", b"text,page\nYes.,1\nOslo\nrefused.,2\n")
    with pytest.raises(InputError, match=r"in\.csv, row 3: fewer cells than columns; got none for 'page'"):
        list(read_rows(path))


def test_empty_cells_are_kept(tmp_path):
    assert list(read_rows(put(tmp_path / "in.csv", b"text,page\nYes.,\n"))) == [{"text": "Yes.", "page": ""}]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_may_be_parted_by_other_marks_and_rows_end_otherwise(tmp_path, mark, end):
    lines = [f"page{mark}text", f'1{mark}"Oslo, they say; agreed.{end}|"', f"2{mark}No."]
    path = put(tmp_path / "in.csv", end.join(lines).encode())
    assert list(read_rows(path)) == [
        {"page": "1", "text": f"Oslo, they say; agreed.{end}|"},
        {"page": "2", "text": "No."},
    ]


def test_a_first_line_may_say_which_mark_parts_the_cells(tmp_path):
    path = put(tmp_path / "in.csv", b"sep=;\r\na,b;text\r\n1;Yes.\r\n")
    assert list(read_rows(path)) == [{"a,b": "1", "text": "Yes."}]


def test_the_mark_is_the_one_by_which_the_text_has_its_column(tmp_path):
    assert list(read_rows(put(tmp_path / "in.csv", b"a,b,c,d;text\n1;Yes.\n"))) == [{"a,b,c,d": "1", "text": "Yes."}]


def test_columns_without_a_name_are_all_kept(tmp_path):
    assert list(read_rows(put(tmp_path / "in.csv", b"text,,\na,1,2\n"))) == [
        {"text": "a", "column 2": "1", "column 3": "2"}
    ]


@pytest.mark.parametrize(("content", "n"), [('[{"text": "a"}, {"text": "b"}]', 2), ('{"text": "a"}', 1), ("[]", 0)])
def test_json_holds_one_object_or_a_list_of_them(tmp_path, content, n):
    assert len(list(read_rows(put(tmp_path / "in.json", content.encode())))) == n


def test_a_pipe_or_a_device_is_refused_without_waiting(tmp_path):
    for suffix in (".txt", ".csv", ".jsonl", ".json", ".parquet"):
        os.mkfifo(tmp_path / f"in{suffix}")
        with pytest.raises(InputError, match=rf"in\{suffix}: not a regular file"):
            list(read_rows(str(tmp_path / f"in{suffix}")))


@pytest.mark.parametrize("name", ["in.txt.gz", "in.csv.gz", "in.jsonl.gz", "in.json.gz", "in.parquet.gz"])
def test_an_empty_packed_file_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"an empty \.gz file"):
        list(read_rows(put(tmp_path / name, b"")))


def test_a_flipped_bit_in_parquet_is_noticed(tmp_path):
    file = io.BytesIO()
    pq.write_table(pa.table({"text": [f"Sentence {n}." for n in range(500)]}), file, write_page_checksum=True)
    data = bytearray(file.getvalue())
    data[300] ^= 1
    with pytest.raises(InputError, match="not a readable Parquet file"):
        list(read_rows(put(tmp_path / "in.parquet", bytes(data))))


def test_the_types_of_parquet_are_told_under_the_names_of_the_rows(tmp_path):
    table = pa.table({"body": ["a"], "text": pa.array([1], pa.int8())})
    pq.write_table(table, tmp_path / "in.parquet")
    types = read_types(str(tmp_path / "in.parquet"), "body")
    assert types == {"body": pa.string(), "input_text": pa.int8(), "text": pa.string()}
    assert read_types("in.csv") == {}


@pytest.mark.parametrize("text", ["=1+1", "'=x", "-5", "''-", "a\rb", 'a"b\nc', "\tx", "'", "+", " =x"])
def test_what_the_writer_of_csv_writes_comes_back(tmp_path, text):
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        CsvWriter(file, ["text", "n"]).write([{"text": text, "n": 1}])
    assert list(read_rows(str(tmp_path / "in.csv"))) == [{"text": text, "n": "1"}]


def test_a_cell_may_be_longer_than_the_csv_module_likes(tmp_path):
    (row,) = read_rows(put(tmp_path / "in.csv", b"text,page\nYes.," + b"a" * 200_000 + b"\n"))
    assert len(row["page"]) == 200_000


def test_a_quote_without_its_pair_is_named_by_the_row_where_it_stands(tmp_path):
    """Without this, all that follows would be one sentence."""
    path = put(tmp_path / "in.csv", b'text\nYes.\n"Oslo refused.\nNo.\n')
    with pytest.raises(InputError, match=r"in\.csv, row 3: not valid CSV \(unexpected end of data\)\. Is a quote"):
        list(read_rows(path))


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("in.csv", b"text\n\x00\x01\x02\x03\x04\n", r"in\.csv, line 2: binary data, not text"),
        ("in.csv", b"n\n", r"in\.csv, line 1: no column or key 'text'; got n"),
        ("in.csv", b'text\n"Yes" or "no"\n', r"in\.csv, row 2: not valid CSV \(',' expected after"),
        ("in.csv.gz", b"text\na\n", r"in\.csv\.gz: cannot be read \(Not a gzipped file"),
        ("in.csv.gz", gzip.compress(b"text\na\n", mtime=0)[:-8], r"in\.csv\.gz: cannot be read"),
        ("in.csv.gz", gzip.compress(b"text\na\n", mtime=0)[:10] + b"\xff" * 9, r"in\.csv\.gz: cannot be read"),
        ("in.parquet", b"text", r"in\.parquet: not a readable Parquet file"),
        ("in.jsonl", b'{"text": "a"}\n{"text"', r"in\.jsonl, line 2: not valid JSON"),
        ("in.jsonl", b'{"text": "a"}\n' + b"[" * 100_000, r"in\.jsonl, line 2: not readable JSON"),
        ("in.jsonl", b'{"text": "a"}\n[1]', r"in\.jsonl, line 2: not an object; expected .*; got \[1\]"),
        ("in.json", b'{"text": "a"}\n{"text": "b"}', r"in\.json, line 2: not valid JSON .* name the file \.jsonl\."),
        ("in.txt", "fine\nlost".encode("utf-16")[:-1], r"in\.txt, line 2: not UTF-16.* text"),
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


# --- what articles and sheets ask of the same reader ---------------------------------------------------------------


def test_records_have_a_number_and_a_place(tmp_path):
    """Blank rows have a place in a spreadsheet, but no number."""
    path = put(tmp_path / "in.csv", b"id,text\na,x\n,\nb,y\n")
    found = [(record.number, record.where.rpartition(", ")[2], record.values["id"]) for record in read_records(path)]
    assert found == [(1, "row 2", "a"), (2, "row 4", "b")]


@pytest.mark.parametrize("suffix", WRITERS)
def test_names_of_columns_can_be_read_in_lower_case(tmp_path, suffix):
    path = put(tmp_path / f"in{suffix}", WRITERS[suffix]([{"ID": "a", "Label": "n"}]))
    assert [record.values for record in read_records(path, ("id", "label"), fold=True)] == [{"id": "a", "label": "n"}]


def test_columns_that_are_nested_or_binary_can_be_left_out(tmp_path):
    table = pa.table({"text": pa.array([b"a"]), "b": pa.array([b"x"]), "c": [[1]], "n": [1]})
    pq.write_table(table, tmp_path / "in.parquet")
    (record,) = read_records(tmp_path / "in.parquet", ("text",), flat=True)
    assert record.values == {"text": b"a", "n": 1}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet", "a.pdf"])
def test_errors_are_of_the_callers_kind(tmp_path, name):
    with pytest.raises(ArticleError, match=rf"{name}: "):
        list(read_records(tmp_path / name, error=ArticleError))


TABLE = pa.table({"text": ["a", "b"], "of": [[1], [2]], "blob": [b"x", b"y"], "n": pa.array([1, 2], pa.int8())})


def test_types_are_those_of_the_file(tmp_path):
    pq.write_table(TABLE, tmp_path / "a.parquet")
    assert parquet_types(str(tmp_path / "a.parquet"))["n"] == pa.int8()


@pytest.mark.parametrize(("needs", "names"), [((), ["text", "n"]), (("blob",), ["text", "blob", "n"])])
def test_nested_and_binary_columns_are_left_out_unless_needed(needs, names):
    assert flat_columns(TABLE.schema, needs) == names


def test_a_value_that_python_does_not_have_is_named_by_row_and_column(tmp_path):
    """A year above 9999."""
    late = pa.array([0, 1 << 60], pa.timestamp("ms"))
    pq.write_table(pa.table({"text": ["a", "b"], "at": late}), tmp_path / "a.parquet")
    with pytest.raises(ArticleError, match=r"a\.parquet, row 2: column 'at' holds what cannot be read"):
        list(read_records(tmp_path / "a.parquet", error=ArticleError))
