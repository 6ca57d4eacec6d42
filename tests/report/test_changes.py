"""What changed between two runs, and what moved the answers."""

import json

import pytest

from pipeline.base.errors import InputError
from pipeline.report.changes import PLACE, changes_markdown, changes_table, compare, kept_before, with_changes


def run(make_answer, *stances, article="a", lfs=True, **more):
    word = "refused" if lfs else ""
    return [make_answer(f"They refused {k}.", s, word, article, k, **more) for k, s in enumerate(stances)]


def params(**train):
    return {"params": json.dumps({"label": {"method": "auto"}, "train": {"C": 0.1, **train}, "evaluate": {"seed": 1}})}


def causes(before, after, about_before=None, about_after=None):
    return [
        (m.id, m.before, m.after, m.cause) for m in compare(before, after, about_before or {}, about_after or {}).moved
    ]


def test_equal_tables_show_no_change(make_answer):
    rows = run(make_answer, "opposition", "neutral")
    changes = compare(rows, rows, params(), params())
    assert (changes.moved, changes.params, changes.n) == ([], [], 2)
    assert changes.in_words() == "0 of 2 sentences got another stance."


def test_new_parameters_are_the_cause_where_articles_and_votes_are_the_same(make_answer):
    """Those of evaluation move no answer and are not named."""
    before, after = (run(make_answer, stance, lfs=False) for stance in ("opposition", "neutral"))
    changes = compare(before, after, params(), params(C=3))
    assert [m.cause for m in changes.moved] == ["parameters"]
    assert changes.params == ["train.C"]
    assert "1 by parameters" in changes.in_words()
    assert causes(before, after, params(), params()) == [("a:0", "opposition", "neutral", "model")]


def test_other_votes_are_the_cause_before_parameters(make_answer):
    before, after = run(make_answer, "opposition"), run(make_answer, "neutral", lfs=False)
    assert causes(before, after, params(), params(C=3)) == [("a:0", "opposition", "neutral", "labeling functions")]


def test_new_and_lost_sentences_are_changes_of_articles(make_answer):
    """And so is a label that moves in an article whose text did."""
    before = run(make_answer, "opposition", "opposition")
    after = [*run(make_answer, "neutral"), make_answer("Another text.", "neutral", "", "a", 1)]
    assert causes(before, after) == [
        ("a:0", "opposition", "neutral", "articles"),
        ("a:1", "", "neutral", "articles"),
        ("a:1", "opposition", "", "articles"),
    ]
    assert "1 sentence is new and 1 is gone" in compare(before, after, {}, {}).in_words()


@pytest.mark.parametrize(("after", "kept"), [("new", "old"), ("old", None)])
def test_the_file_before_is_kept_where_it_changes(tmp_path, after, kept):
    path, previous = tmp_path / "table", tmp_path / "cache/previous"
    with kept_before(path, previous):
        path.write_text("old")
    assert not previous.exists()
    with kept_before(path, previous):
        path.write_text(after)
    assert (previous.read_text() if previous.exists() else None) == kept


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
    shown = with_changes(page, changes, "<v1>")
    assert "What changed since <bdi>&lt;v1&gt;</bdi>" in shown
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
