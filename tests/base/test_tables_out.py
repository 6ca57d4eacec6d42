"""Rows out: every format, columns and types kept, files whole or not at all."""

import csv
import datetime
import io
import json
import re
import sys

import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import InputError
from pipeline.base.tables_in import read_rows
from pipeline.base.tables_out import RowWriter

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


def test_numbers_that_json_does_not_know_are_null(tmp_path):
    row = {"text": "a", "n": float("nan"), "of": [1.5, {"x": float("-inf")}]}
    write(tmp_path / "out", "jsonl", [row])
    assert (tmp_path / "out").read_text("utf-8") == '{"text": "a", "n": null, "of": [1.5, {"x": null}]}\n'
