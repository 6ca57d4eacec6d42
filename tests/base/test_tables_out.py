"""Rows out: every format, columns and types kept, files whole or not at all."""

import csv
import datetime
import decimal
import io
import json
import re
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import ExtraError, InputError
from pipeline.base.tables_in import read_rows, read_types
from pipeline.base.tables_out import RowWriter, Sheet

TEXTS = ['Oslo, the capital, said "no".', "", "Zürich agreed.", "  two  spaces ", "Ĳ \u2028 !"]
ANSWER = {
    "label": "neutral",
    "confidence": 0.5,
    "probabilities": {"opposition": 0.2, "neutral": 0.5, "agreement": 0.3},
    "abstained": False,
}
ROWS = [{"text": text, "page": number, **ANSWER} for number, text in enumerate(TEXTS)]


def write(path, form, *parts):
    with RowWriter(str(path), form) as writer:
        for part in parts:
            writer.write(list(part))


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


def test_csv_out_has_nested_values_as_json(tmp_path):
    write(tmp_path / "out", "csv", [{"text": "a", "tags": ["Zürich", 1], "more": {"n": None}}])
    with (tmp_path / "out").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["tags"], row["more"]) == ('["Zürich", 1]', '{"n": null}')


def test_csv_out_keeps_the_users_columns_that_are_called_like_its_own(tmp_path):
    write(tmp_path / "out", "csv", [{"text": "a", "p_neutral": "mine", **ANSWER}])
    with (tmp_path / "out").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["input_p_neutral"], row["p_neutral"]) == ("mine", "0.5")


@pytest.mark.parametrize(("value", "written"), [("x", "x"), (5, "5"), (["é", 1], '["é", 1]'), (None, None)])
def test_a_parquet_column_without_values_in_the_first_rows_becomes_text(tmp_path, value, written):
    write(tmp_path / "out", "parquet", [{"text": "a", "n": None}], [{"text": "b", "n": value}])
    assert pq.read_table(tmp_path / "out")["n"].to_pylist() == [None, written]


@pytest.mark.parametrize(
    ("first", "later", "written"),
    [([], ["é"], ["[]", '["é"]']), ({"tags": []}, {"tags": [1]}, ['{"tags": []}', '{"tags": [1]}'])],
)
def test_a_parquet_column_whose_first_rows_leave_a_part_open_becomes_text_too(tmp_path, first, later, written):
    write(tmp_path / "out", "parquet", [{"text": "a", "n": first}], [{"text": "b", "n": later}])
    assert pq.read_table(tmp_path / "out")["n"].to_pylist() == written


def test_parquet_takes_the_types_of_the_example(tmp_path):
    """What every row will have can be empty in the first ones."""
    with RowWriter(str(tmp_path / "out"), "parquet", {"text": "", "told": {"words": [{"at": 0}]}}) as writer:
        for words in ([], [{"at": 3}]):
            writer.write([{"text": "a", "told": {"words": words}}])
    assert [row["told"]["words"] for row in pq.read_table(tmp_path / "out").to_pylist()] == [[], [{"at": 3}]]


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


RELATION = {
    "source": {"text": "Oslo", "code": "NOR", "kind": "state"},
    "target": None,
    "symmetric": False,
    "voice": "author",
    "rule": "subject",
    "why": "",
    "confidence": 0.5,
    "others": [],
}
FURTHER = [{"source": {"text": "Lima", "code": "PER"}, "target": {"text": "the pact", "code": ""}}]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({}, "Oslo -> ?"),
        ({"symmetric": True, "why": "met"}, "Oslo <-> ? (met)"),
        ({"others": FURTHER}, "Oslo -> ?; Lima -> the pact"),
    ],
)
def test_who_holds_the_stance_stands_in_columns_and_in_a_line_of_the_table(tmp_path, change, shown):
    row = {**ROWS[0], "relation": RELATION | change}
    write(tmp_path / "out", "table", [row])
    assert (tmp_path / "out").read_text("utf-8").splitlines()[1].strip() == shown
    write(tmp_path / "out.csv", "csv", [row])
    (back,) = csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8")))
    columns = ("source", "source_code", "source_kind", "target", "target_code", "voice", "rule")
    assert [back[name] for name in columns] == ["Oslo", "NOR", "state", "", "", "author", "subject"]
    assert back["others"] == ("Lima (PER) -> the pact" if "others" in change else "")
    assert back["relation_confidence"] == "0.5"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_table_on_a_terminal_is_folded_to_its_width(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    with RowWriter(None, "table") as writer:
        writer.write([{**ROWS[0], "text": "word " * 30, "explanation": {"reason": "neutral 0.50, because of it " * 4}}])
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in sys.stdout.getvalue().splitlines()]
    assert max(map(len, lines)) <= 60
    assert len(lines) > 4
    assert all(line.startswith(" " * 17) for line in lines[1:])
    assert " ".join(" ".join(lines).split()).count("word") == 30


def test_a_reason_in_a_table_does_not_repeat_what_stands_above_it(tmp_path):
    write(tmp_path / "out", "table", [{**ROWS[0], "explanation": {"reason": "neutral 0.50, because of it"}}])
    assert (tmp_path / "out").read_text("utf-8").splitlines()[1].strip() == "because of it"


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "table"])
def test_no_rows_give_a_file_without_rows(tmp_path, form):
    path = tmp_path / f"out.{form.replace('table', 'txt')}"
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


@pytest.mark.parametrize("value", ["x", "\ud800", 10**30], ids=["text", "surrogate", "large"])
@pytest.mark.parametrize("parts", [1, 2])
def test_values_that_do_not_fit_a_parquet_column_are_named_by_column_and_row(tmp_path, value, parts):
    rows = [{"text": "a", "n": n} for n in (1, 2, value, 4)]
    batches = [rows] if parts == 1 else [rows[:2], rows[2:]]
    match = r"^column 'n', row 3: does not fit into Parquet \(.+\); got .* Use --format jsonl"
    with pytest.raises(InputError, match=match):
        write(tmp_path / "out", "parquet", *batches)
    assert list(tmp_path.iterdir()) == []


def test_parquet_takes_the_types_that_its_rows_had(tmp_path):
    """Integers of 30 digits, maps, durations and nanoseconds, in several batches, and under another name."""
    kinds = {
        "n": pa.decimal128(38, 0),
        "map": pa.map_(pa.string(), pa.int32()),
        "long": pa.duration("ns"),
        "at": pa.timestamp("ns", "UTC"),
        "hour": pa.time64("ns"),
        "day": pa.date32(),
        "small": pa.int8(),
        "of": pa.list_(pa.struct({"x": pa.float32()})),
        "kind": pa.dictionary(pa.int8(), pa.string()),
        "none": pa.int64(),
    }
    arrays = [
        pa.array([decimal.Decimal(10**29 + 7), None]),
        pa.array([[("é", 1)], []], kinds["map"]),
        pa.array([1_000_000_001, None], kinds["long"]),
        pa.array([1_700_000_000_123_456_789, 1], kinds["at"]),
        pa.array([3_600_123_456_789, None], kinds["hour"]),
        pa.array([datetime.date(2001, 5, 3), None]),
        pa.array([1, 2], kinds["small"]),
        pa.array([[{"x": 0.5}], None], kinds["of"]),
        pa.array(["a", "b"]).cast(kinds["kind"]),
        pa.array([None, None], kinds["none"]),
    ]
    table = pa.table(
        [pa.array(["a", "b"]), *(a.cast(k) for a, k in zip(arrays, kinds.values(), strict=True))],
        names=["text", *kinds],
    )
    pq.write_table(table, tmp_path / "in.parquet")
    path = str(tmp_path / "in.parquet")
    with RowWriter(str(tmp_path / "out"), "parquet", types=read_types(path)) as writer:
        for row in read_rows(path):
            writer.write([{**row, **ANSWER}])
    found, wanted = pq.read_table(tmp_path / "out").select(table.column_names), pq.read_table(path)
    assert found.schema.equals(wanted.schema)
    assert found.to_pylist() == wanted.to_pylist()
    assert wanted["at"][0].value == found["at"][0].value == 1_700_000_000_123_456_789


def test_csv_is_safe_in_a_spreadsheet_and_comes_back(tmp_path):
    texts = ["=1+1", "-5", "+x", "@x", "\tx", "\rx", "a\rb", "'=x", "Oslo"]
    write(tmp_path / "out.csv", "csv", [{"text": text, "n": -1.5} for text in texts])
    lines = (tmp_path / "out.csv").read_text("utf-8").split("\n")
    assert lines[1:4] == ["'=1+1,-1.5", "-5,-1.5", "'+x,-1.5"]
    assert [row["text"] for row in read_rows(str(tmp_path / "out.csv"))] == texts


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_a_terminal_gets_no_control_characters_and_a_file_gets_them_all(tmp_path, monkeypatch, form):
    row = {**ROWS[0], "text": "\x1b]0;x\x07 \x9b31m a", "explanation": {"reason": "because \x1b[2J"}}
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    with RowWriter(None, form) as writer:
        writer.write([row])
    assert not re.search("[\x00-\x08\x0e-\x1f\x7f-\x9f]", re.sub(r"\x1b\[\d*m", "", sys.stdout.getvalue()))
    if form == "jsonl":
        write(tmp_path / "out", form, [row])
        assert json.loads((tmp_path / "out").read_text("utf-8"))["text"] == row["text"]


def test_a_row_of_a_table_is_one_line_even_of_no_width(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "0")
    write(tmp_path / "out", "table", [{**ROWS[0], "text": "one\r\ntwo"}, ROWS[2]])
    assert (tmp_path / "out").read_text("utf-8").splitlines() == [
        "neutral    0.50  one two",
        f"neutral    0.50  {TEXTS[2]}",
    ]


def test_an_output_that_is_closed_is_named(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    with RowWriter(None, "jsonl") as writer, pytest.raises(OSError, match="No space") as raised:
        writer.write(ROWS)
    assert raised.value.filename == "stdout"


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
    with pytest.raises(InputError, match="unknown format; expected table, jsonl, csv, parquet, xlsx; got xml"):
        RowWriter(str(tmp_path / "out"), "xml")
    with pytest.raises(InputError, match=r"Parquet needs a file\. Add --output FILE\.parquet\."):
        RowWriter(None, "parquet")
    with pytest.raises(InputError, match=r"XLSX needs a file\. Add --output FILE\.xlsx\."):
        RowWriter(None, "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_numbers_that_json_does_not_know_are_null(tmp_path):
    row = {"text": "a", "n": float("nan"), "of": [1.5, {"x": float("-inf")}]}
    write(tmp_path / "out", "jsonl", [row])
    assert (tmp_path / "out").read_text("utf-8") == '{"text": "a", "n": null, "of": [1.5, {"x": null}]}\n'


@pytest.fixture
def openpyxl():
    return pytest.importorskip("openpyxl", reason="the extra `xlsx` is not installed")


def test_rows_come_back(openpyxl):
    file = io.BytesIO()
    with Sheet(file) as sheet:
        sheet.append(["text", "n"])
        sheet.append(["=1+1", 0.5])
        sheet.append(["a\x00b\rc", None])
    rows = list(openpyxl.load_workbook(io.BytesIO(file.getvalue())).active.iter_rows())
    assert [[cell.value for cell in row] for row in rows][:2] == [["text", "n"], ["=1+1", 0.5]]
    assert rows[1][0].data_type == "s"
    assert rows[2][0].value.startswith("a\ufffdb")


@pytest.mark.parametrize("parts", [(ROWS[:2], ROWS[2:]), ([],)], ids=["batches", "none"])
def test_a_workbook_has_the_columns_of_csv_and_a_row_for_each(tmp_path, openpyxl, parts):
    with RowWriter(str(tmp_path / "out.xlsx"), "xlsx", example=ROWS[0]) as writer:
        for part in parts:
            writer.write(part)
    header, *rows = openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)
    assert header[:4] == ("text", "page", "label", "confidence")
    assert [row[header.index("page")] for row in rows] == [row["page"] for part in parts for row in part]


def test_text_that_is_too_long_is_named_by_its_row(openpyxl):
    with pytest.raises(InputError, match="row 1: text longer than XLSX holds"), Sheet(io.BytesIO()) as sheet:
        sheet.append(["x" * 40_000])


def test_a_block_that_fails_writes_nothing(openpyxl):
    file = io.BytesIO()
    with pytest.raises(ZeroDivisionError), Sheet(file) as sheet:
        sheet.append([1 / 0])
    assert file.getvalue() == b""


def test_without_openpyxl_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ExtraError, match=r"pip install 'stance-pipeline\[xlsx\]'"):
        Sheet(io.BytesIO())
