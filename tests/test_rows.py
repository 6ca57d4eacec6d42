"""Rows in and out: number, order and columns kept, faults named by file and row, memory flat."""

import csv
import datetime
import gzip
import io
import json
import sys
from itertools import count, islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.rows import RowWriter, batches, read_rows

TEXTS = ['Oslo, the capital, said "no".', "", "Zürich agreed.", "  two  spaces ", "Ĳ \u2028 !"]
ANSWER = {
    "label": "neutral",
    "confidence": 0.5,
    "probabilities": {"opposition": 0.2, "neutral": 0.5, "agreement": 0.3},
    "abstained": False,
}
ROWS = [{"text": text, "page": number, **ANSWER} for number, text in enumerate(TEXTS)]


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


def write(path, form, *parts):
    with RowWriter(str(path), form) as writer:
        for part in parts:
            writer.write(list(part))


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_format_keeps_rows_order_and_other_columns(tmp_path, suffix):
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(TEXTS)]
    assert list(read_rows(put(tmp_path / f"in{suffix}", WRITERS[suffix](rows)))) == rows


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_packed_files_are_unpacked(tmp_path, suffix):
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(TEXTS)]
    path = put(tmp_path / f"in{suffix}.gz", gzip.compress(WRITERS[suffix](rows)))
    assert list(read_rows(path)) == rows


@pytest.mark.parametrize("name", ["in.txt", "in", "in.txt.gz"])
def test_plain_text_gives_a_row_a_line_empty_ones_too(tmp_path, name):
    content = b"one\r\n\n  three\nfour"
    path = put(tmp_path / name, gzip.compress(content) if name.endswith(".gz") else content)
    assert [row["text"] for row in read_rows(path)] == ["one", "", "  three", "four"]


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


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("in.csv", b"text\n\xff\n", r"in\.csv: not a readable CSV file"),
        ("in.csv", b'text\n"' + b"a" * 200_000, r"in\.csv: not a readable CSV file \(field larger"),
        ("in.csv.gz", b"text\na\n", r"in\.csv\.gz: not a readable CSV file \(Not a gzipped file"),
        ("in.csv.gz", gzip.compress(b"text\na\n")[:-8], r"in\.csv\.gz: not a readable CSV file"),
        ("in.csv.gz", gzip.compress(b"text\na\n")[:10] + b"\xff" * 9, r"in\.csv\.gz: not a readable CSV file"),
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


def test_jsonl_out_is_the_row_as_it_is(tmp_path):
    write(tmp_path / "out", "jsonl", ROWS[:2], ROWS[2:])
    lines = (tmp_path / "out").read_bytes().decode().removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == ROWS


def test_csv_out_has_a_column_a_stance(tmp_path):
    write(tmp_path / "out", "csv", ROWS[:2], ROWS[2:])
    with (tmp_path / "out").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "text",
        "page",
        "label",
        "confidence",
        "abstained",
        "p_opposition",
        "p_neutral",
        "p_agreement",
    ]
    assert [row["text"] for row in rows] == TEXTS
    assert {row["p_agreement"] for row in rows} == {"0.3"}


def test_parquet_out_keeps_types(tmp_path):
    write(tmp_path / "out", "parquet", ROWS[:2], ROWS[2:])
    assert pq.read_table(tmp_path / "out").to_pylist() == ROWS


def test_table_out_marks_abstained_rows_and_shows_reasons(tmp_path):
    doubtful = {**ROWS[0], "abstained": True, "explanation": {"reason": "because"}}
    write(tmp_path / "out", "table", [doubtful, ROWS[2]])
    lines = (tmp_path / "out").read_text("utf-8").splitlines()
    assert [line.strip() for line in lines] == [
        f"neutral    0.50? {TEXTS[0]}",
        "because",
        f"neutral    0.50  {TEXTS[2]}",
    ]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "table"])
def test_no_rows_give_a_file_without_rows(tmp_path, form):
    path = tmp_path / f"out.{form}"
    write(path, form, [])
    assert list(read_rows(str(path))) == []
    if form in ("csv", "parquet"):
        names = path.read_text().strip().split(",") if form == "csv" else pq.read_schema(path).names
        assert {"text", "label", "confidence", "abstained"} <= set(names)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_columns_are_those_of_all_rows_of_the_first_batch(tmp_path, form):
    path = tmp_path / f"out.{form}"
    write(path, form, [{"text": "a"}, {"text": "b", "page": "1"}], [{"page": "2", "text": "c"}])
    assert [(row["text"], row["page"] or None) for row in read_rows(str(path))] == [("a", None), ("b", "1"), ("c", "2")]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_later_column_is_refused_and_never_dropped(tmp_path, form):
    match = "'page': a column that earlier rows do not have.* Use --format jsonl"
    with pytest.raises(InputError, match=match):
        write(tmp_path / "out", form, [{"text": "a"}], [{"text": "b", "page": "1"}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["x", "\ud800"])
def test_values_that_do_not_fit_a_parquet_column_are_refused(tmp_path, value):
    with pytest.raises(InputError, match=r"does not fit into Parquet columns .* Use --format jsonl"):
        write(tmp_path / "out", "parquet", [{"text": "a", "n": 1}, {"text": "b", "n": value}])
    assert list(tmp_path.iterdir()) == []


def test_dates_from_parquet_and_broken_characters_can_be_written_as_jsonl(tmp_path):
    row = {"text": "\ud83d cut", "day": datetime.date(2001, 5, 3)}
    write(tmp_path / "out", "jsonl", [row])
    assert json.loads((tmp_path / "out").read_text("utf-8")) == {"text": "\ud83d cut", "day": "2001-05-03"}


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "table"])
def test_an_error_leaves_no_file(tmp_path, form):
    with pytest.raises(ZeroDivisionError, match="division"):
        write(tmp_path / "out", form, ROWS, (1 / 0 for _ in "x"))
    assert list(tmp_path.iterdir()) == []


def test_formats_that_cannot_be_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match="unknown format; expected table, jsonl, csv, parquet; got xml"):
        RowWriter(str(tmp_path / "out"), "xml")
    with pytest.raises(InputError, match=r"Parquet needs a file\. Add --output FILE\.parquet\."):
        RowWriter(None, "parquet")
    assert list(tmp_path.iterdir()) == []
