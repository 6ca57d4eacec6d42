"""Gold: hand labels are read with errors that name the line, and find their sentences again."""

import json

import pytest

from pipeline.base.errors import GoldError, InputError
from pipeline.gold.labels import Gold, read_gold

ROW = {"id": "a:0", "text": "Yes.", "label": "agreement"}


def write(tmp_path, *rows):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def test_rows_are_read_in_order_with_annotators_and_doubts(tmp_path):
    second = {"id": "a:1", "text": "No.", "label": "opposition", "annotators": {"x": "neutral"}, "mixed": True}
    assert read_gold(write(tmp_path, ROW, "", second)) == [
        Gold("a:0", "Yes.", 2),
        Gold("a:1", "No.", 0, {"x": "neutral"}, True),
    ]


def test_no_file_is_no_gold(tmp_path):
    assert read_gold(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    ("row", "kind", "match"),
    [
        ({"id": "a:1", "label": "neutral"}, GoldError, "gold.jsonl, line 2: no text under 'text'"),
        ({"id": 1, "text": "No.", "label": "neutral"}, GoldError, "line 2: no text under 'id'"),
        ({"id": "a:1", "text": "No.", "label": None}, GoldError, "line 2: no text under 'label'"),
        (ROW, GoldError, "line 2: 'a:0' is labelled twice. Keep one"),
        ({**ROW, "id": "b:0", "label": "oposition"}, InputError, "line 2: unknown stance; .*Did you mean 'opposition'"),
        ({**ROW, "id": "b:0", "annotators": ["x"]}, GoldError, "line 2: bad 'annotators'; expected {.*; got \\['x'\\]"),
        ({**ROW, "id": "b:0", "annotators": {"x": 2}}, GoldError, "line 2: bad 'annotators'; expected {.*; got {'x"),
        ("{", InputError, "line 2: not valid JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path, row, kind, match):
    with pytest.raises(kind, match=match):
        read_gold(write(tmp_path, ROW, row))
