"""Columns that a table must have: found by one of several names, or named with the nearest."""

import pytest

from pipeline.base.errors import ArticleError, InputError
from pipeline.base.records import check_columns, find_column


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
