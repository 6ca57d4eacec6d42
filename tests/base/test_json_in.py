"""JSON: one record, a list, or an answer of a service that holds the list."""

import json

import pytest

from pipeline.base.errors import InputError
from pipeline.base.tables_in import read_records

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
