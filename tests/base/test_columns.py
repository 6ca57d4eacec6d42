"""Needed columns are found by one of their names, or asked for with the nearest."""

import pytest

from pipeline.base.columns import check_columns, find_column
from pipeline.base.errors import ArticleError, InputError


@pytest.mark.parametrize(
    ("names", "need", "found"),
    [
        (["id", "text"], "text", "text"),
        (["id", "Text"], "text", None),
        (["id", "Text"], ("text", "body"), "Text"),
        (["Text", "body"], ("text", "body"), "body"),  # as it is written goes before another case
        (["content", "body"], ("text", "body", "content"), "body"),
        ([" BODY "], ("text", "body"), "BODY"),
        ([], ("text",), None),
    ],
)
def test_a_column_is_found_by_one_of_its_names(names, need, found):
    assert (find_column(names, need) or "").strip() == (found or "")


def test_what_is_missing_is_named_with_the_nearest():
    check_columns(["id", "BODY"], [("text", "body"), "id"], "a.csv")
    with pytest.raises(
        InputError, match=r"a\.csv: no column or key 'text'; got id, texts\. Did you mean 'texts'\? Say it\."
    ):
        check_columns(["id", "texts"], [("text", "body")], "a.csv", remedy="Say it.")
    with pytest.raises(ArticleError, match="got none"):
        check_columns([], ["text"], "a.csv", ArticleError)
