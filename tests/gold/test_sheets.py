"""Sheets that people fill in: written for spreadsheets, read in whatever form these save them."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import GoldError, InputError
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.gold.labels import Filled, complain, read_sheet, text_key, write_sheet

TEXTS = ['Zürich said "no"; Bern, too.', "=SUM(A1) is no sentence", "- a list item", "Rain fell."]
ROWS = [{"id": f"a:{n}", "text": text, "why": "so", "label": "", "mixed": ""} for n, text in enumerate(TEXTS)]
LABELS = ["Opposition", " n ", "A", ""]


def save(path, encoding="utf-8-sig", mark=",", end="\n", head="", labels=LABELS, tail=""):
    """Save the sheet as a spreadsheet would, with labels filled in."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ROWS[0]), delimiter=mark, lineterminator=end)
    writer.writeheader()
    writer.writerows({**row, "label": label} for row, label in zip(ROWS, labels, strict=True))
    path.write_bytes((head + out.getvalue() + tail).encode(encoding))
    return path


def labels_of(path):
    filled, empty = read_sheet(path)
    return [(row.id, row.text, row.stance) for row in filled], empty


WANTED = [("a:0", TEXTS[0], OPPOSITION), ("a:1", TEXTS[1], NEUTRAL), ("a:2", TEXTS[2], AGREEMENT)]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".CSV"])
def test_what_is_written_is_read_back(tmp_path, suffix):
    path = tmp_path / f"s{suffix}"
    write_sheet(path, [{**row, "label": label} for row, label in zip(ROWS, LABELS, strict=True)])
    assert labels_of(path) == (WANTED, 1)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"encoding": "utf-8"},
        {"mark": ";", "end": "\r\n"},
        {"mark": ";", "end": "\r\n", "encoding": "cp1252"},
        {"mark": ";", "end": "\r\n", "head": "sep=;\r\n", "encoding": "utf-8"},
        {"mark": "\t", "end": "\r\n", "encoding": "utf-16"},
        {"mark": ";", "end": "\r\n", "tail": ";;;;\r\n;;;;\r\n"},
    ],
    ids=str,
)
def test_what_spreadsheets_save_is_understood(tmp_path, how):
    """Marks of encoding, semicolons, tabs, line ends, empty rows at the end."""
    assert labels_of(save(tmp_path / "s.csv", **how)) == (WANTED, 1)


def test_csv_opens_in_a_spreadsheet_as_it_should(tmp_path):
    """It has the mark of UTF-8, and no cell that would be computed."""
    write_sheet(tmp_path / "s.csv", ROWS)
    text = (tmp_path / "s.csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeffid,text,why,label,mixed\n")
    assert "\na:1,'=SUM(A1)" in text
    assert "\na:2,'- a list" in text


def test_a_sheet_may_be_a_table_of_another_kind(tmp_path):
    rows = [{"id": row["id"], "Label": label} for row, label in zip(ROWS, LABELS, strict=True)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "s.parquet")
    filled, empty = read_sheet(tmp_path / "s.parquet")
    assert ([row.id for row in filled], empty) == (["a:0", "a:1", "a:2"], 1)


@pytest.mark.parametrize(("cell", "mixed"), [("", False), ("no", False), ("0", False), ("x", True), ("TRUE", True)])
def test_mixed_is_whatever_says_so(tmp_path, cell, mixed):
    (tmp_path / "s.csv").write_text(f"id,label,mixed\na:0,n,{cell}\n")
    ((row,), _) = read_sheet(tmp_path / "s.csv")
    assert row == Filled(f"{tmp_path}/s.csv, row 2", "a:0", "", NEUTRAL, mixed)


def test_json_lines_may_have_no_label_at_all(tmp_path):
    rows = [{"id": "a:0", "label": None}, {"id": "a:1", "label": "neutral", "mixed": True}]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    ((row,), empty) = read_sheet(tmp_path / "s.jsonl")
    assert (row.id, row.mixed, empty) == ("a:1", True, 1)


def test_a_wrong_label_is_named_with_row_and_nearest_name_and_the_others_by_row(tmp_path):
    path = save(tmp_path / "s.csv", labels=["oposition", "n", "maybe", "yes"])
    match = r"s\.csv, row 2: unknown stance; .*got 'oposition'\. Did you mean 'opposition'\? Likewise: row 4, row 5\.$"
    with pytest.raises(GoldError, match=match):
        read_sheet(path)


def test_many_wrong_rows_are_counted():
    wrong = [GoldError("bad", f"s.csv, row {n}") for n in range(9)]
    with pytest.raises(GoldError, match=r"row 0: bad\. Likewise: row 1, row 2, row 3, row 4, row 5 and 3 more\.$"):
        complain(wrong)
    complain([])


def test_an_id_may_stand_twice_only_with_one_label(tmp_path):
    (tmp_path / "s.csv").write_text("id,label\na:0,n\na:0,neutral\n")
    assert len(read_sheet(tmp_path / "s.csv")[0]) == 1
    (tmp_path / "s.csv").write_text("id,label\na:0,n\na:0,a\n")
    with pytest.raises(GoldError, match=r"row 3: 'a:0' is labelled in two ways; got agreement, and neutral in row 2"):
        read_sheet(tmp_path / "s.csv")


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("s.ods", b"", r"s\.ods: not a kind of table that is read; .*\.csv .*; got \.ods"),
        ("s.csv", b"label\n", "no column or key 'id'; got label"),
        (
            "s.csv",
            b"id,label,Label \n",
            r"s\.csv, row 1: two columns are called 'label'; .*got columns 2 and 3\. Rename",
        ),
        ("s.csv", b"id,labl\n", "no column or key 'label'; .*got id, labl"),
        ("s.jsonl", b'{"id": "a"}', "line 1: no column or key 'label'"),
        ("s.csv", b'id,label\n"a:0,n\n', "row 2: not valid CSV .* Is a quote without its pair"),
        ("s.csv", b"id,label\na:0,n,x\n", "row 2: more cells than columns; got 'x'"),
        ("s.csv", b"PK\x03\x04", r"s\.csv: zip or Office data, not text\. Save it as"),
    ],
)
def test_files_that_are_no_sheets_are_refused(tmp_path, name, content, match):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=match):
        read_sheet(tmp_path / name)


def test_a_missing_sheet_is_said(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_sheet(tmp_path / "gone.csv")


@pytest.mark.parametrize("label", ["skip", "?", "N/A", "n/a", "#N/A", "-", " ", "NaN", None])
def test_what_says_that_there_is_no_label_is_none(tmp_path, label):
    (tmp_path / "s.jsonl").write_text(json.dumps({"id": "a:0", "label": label}))
    assert read_sheet(tmp_path / "s.jsonl") == ([], 1)


@pytest.mark.parametrize(("label", "stance"), [(0, OPPOSITION), ("1", NEUTRAL), (2.0, AGREEMENT), ("2.0", AGREEMENT)])
def test_a_stance_may_be_given_by_its_id(tmp_path, label, stance):
    (tmp_path / "s.jsonl").write_text(json.dumps({"id": "a:0", "label": label}))
    ((row,), _) = read_sheet(tmp_path / "s.jsonl")
    assert row.stance == stance


def test_the_quotation_marks_that_a_spreadsheet_sets_change_no_text():
    assert text_key("It doesn’t “pay”,  she\nsaid.") == text_key('It doesn\'t "pay", she said.')
    assert text_key("It pays.") != text_key("It paid.")
