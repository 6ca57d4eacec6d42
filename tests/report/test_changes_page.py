"""What changed, on a page and as Markdown."""

import pytest

from pipeline.base.errors import InputError
from pipeline.report.changes import PLACE, changes_markdown, changes_table, compare, with_changes

LINK = '<a href="{}"></a>'


@pytest.fixture
def changes(make_answer):
    before = [make_answer(f"They <b>met</b> | {k}.", "neutral", "", index=k) for k in range(12)]
    after = [make_answer(f"They <b>met</b> | {k}.", "opposition", "", index=k) for k in range(12)]
    return compare(before, after, {}, {})


def test_the_strip_takes_its_place_and_text_stays_text(changes):
    """Links to pages that stand a folder above are led there, all others are as they were."""
    addresses = ("#a1", "articles/001.html#a1", "relations.html", "model.html")
    page = f"{''.join(map(LINK.format, addresses))}{PLACE}<p>end</p>"
    shown = with_changes(page, changes)
    assert "12 of 12 sentences got another stance (12 by model)" in shown
    assert "They &lt;b&gt;met&lt;/b&gt; | 0." in shown
    led = ("#a1", "../articles/001.html#a1", "../relations.html", "model.html")
    assert shown.startswith("".join(map(LINK.format, led)))
    assert shown.endswith("<p>end</p>")
    with pytest.raises(InputError, match="no place for what changed"):
        with_changes("<p>end</p>", changes)


def test_markdown_lists_the_first_and_says_how_many_there_are(changes):
    lines = changes_markdown(changes).splitlines()
    assert lines[0] == "## What changed"
    assert "the first 10 of 12" in changes_markdown(changes)
    assert sum(line.startswith("- They") for line in lines) == 10
    assert r"\<b\>met\</b\> \| 0. — neutral → opposition (model)" in lines[6]


def test_the_table_has_a_row_for_each_sentence_that_moved(changes):
    assert len(changes_table(changes, 100).rows) == 12
    assert changes_table(changes, 3).rows[0][1:4] == ("neutral", "opposition", "model")
