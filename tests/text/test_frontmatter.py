"""Front matter."""

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text.formats import split_front_matter


def test_front_matter_is_taken_off_as_text():
    """Dates, numbers and "no" stay as written, lists are joined, keys are in lower case, empty values are left out."""
    text = '---\nTitle: "Talks: round two"\ndate: 1975-11-28\nregion: no\nn: 007\ntags: [a, b]\nnone:\n---\n\nBody.\n'
    values, body = split_front_matter(text)
    assert values == {"title": "Talks: round two", "date": "1975-11-28", "region": "no", "n": "007", "tags": "a, b"}
    assert body.strip() == "Body."


def test_a_colon_in_an_unquoted_title_is_forgiven():
    """It is no YAML, and the commonest mistake of all."""
    values, body = split_front_matter("---\ntitle: Envoy: 'no deal'\ndate: 2001-02-03\n---\nBody.")
    assert values == {"title": "Envoy: 'no deal'", "date": "2001-02-03"}
    assert body.strip() == "Body."


@pytest.mark.parametrize(
    "text",
    ["Body.", "---\n\nBody.\n\n---\n", "---\nA sentence with a rule above.\n---\n", "---\nLISBON: A sentence.\n", ""],
    ids=["none", "rules", "prose between rules", "dateline", "empty"],
)
def test_text_without_front_matter_is_left_alone(text):
    """Rules of dashes are no front matter."""
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: a\n\nBody.", "front matter that does not end"),
        ("---\ntitle: [a\nnonsense\n---\nBody.", "expected key: value; got 'nonsense'"),
        ("---\na: &x [1]\nb: *x\n---\nBody.", "YAML alias"),
    ],
)
def test_broken_front_matter_is_an_error(text, message):
    """Otherwise it would be read as the beginning of the story."""
    with pytest.raises(ArticleError, match=message):
        split_front_matter(text)
