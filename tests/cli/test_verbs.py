"""What the verbs that are no stages do beyond one sentence in, one answer out: several inputs, pages, reasons."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.corpus import add_lf

SENTENCE = "Ruritania welcomed the offer but refused to sign."


@pytest.fixture
def here(trained, monkeypatch):
    monkeypatch.chdir(trained)
    return trained


def rows_of(result):
    assert (result.code, result.err) == (0, "")
    return [json.loads(line) for line in result.out.splitlines()]


def test_several_inputs_follow_each_other(stance, here, tmp_path):
    (tmp_path / "a.txt").write_text("One.\nTwo.\n")
    (tmp_path / "b.csv").write_text("text\nThree.\n")
    rows = rows_of(stance("predict", "-i", tmp_path / "a.txt", "-i", tmp_path / "b.csv"))
    assert [row["text"] for row in rows] == ["One.", "Two.", "Three."]


def test_several_articles_are_told_apart_even_by_one_name(stance, here, tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "story.txt").write_text(f"Party {folder} met.\n")
    paths = [tmp_path / "x/story.txt", tmp_path / "y/story.txt"]
    result = stance("predict", "-a", paths[0], "-a", paths[1])
    assert result.err == f"{paths[1]}: the id 'story' is taken, so it is called 'story-2'\n"
    rows = map(json.loads, result.out.splitlines())
    assert [(row["article_id"], row["text"]) for row in rows] == [
        ("story", "Party x met."),
        ("story-2", "Party y met."),
    ]


def test_an_article_can_come_from_stdin(stance, here):
    rows = rows_of(stance("predict", "-a", "-", stdin="One met in Zürich. Two met.\n\nThree met.\n".encode()))
    assert [(row["text"], row["paragraph"]) for row in rows] == [
        ("One met in Zürich.", 0),
        ("Two met.", 0),
        ("Three met.", 1),
    ]
    result = stance("predict", "-a", "-", stdin=b"")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("error: stdin: no article in it: no text\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "table", "html"])
def test_an_output_that_is_full_is_named(stance, here, form):
    result = stance("predict", SENTENCE, "-o", "/dev/full", "-f", form)
    assert (result.code, result.out, result.err) == (1, "", "error: /dev/full: No space left on device\n")


def test_a_check_tells_every_example_that_fails_and_counts_them(stance, project):
    add_lf(project, fires=["It rained.", "The museum opens."], quiet=["A museum shut.", "They rowed."])
    result = stance("lfs", "--check")
    assert result.code == 2
    assert result.out.splitlines() == [
        "mine.yaml, mine, fires: expected a vote for neutral; got no vote: It rained.",
        "mine.yaml, mine, quiet: expected no vote for neutral; got a vote for neutral: A museum shut.",
    ]
    assert re.fullmatch(r"error: 2 of \d+ examples of \d+ labeling functions fail\. .*\n", result.err)


def test_sentences_of_an_article_know_their_paragraph(stance, here, tmp_path):
    (tmp_path / "story.txt").write_text("One met. Two met.\n\nThree met.\n")
    assert [row["paragraph"] for row in rows_of(stance("predict", "-a", tmp_path / "story.txt"))] == [0, 0, 1]


def test_a_page_lists_sentences_with_the_reason(stance, here, tmp_path):
    assert stance("predict", SENTENCE, "It rained.", "-o", tmp_path / "out.html").code == 0
    page = (tmp_path / "out.html").read_text("utf-8")
    assert page.count('<li class="answer') == 2
    assert '<mark class="opposition" title="opposition: LF ' in page
    assert "because &#34;refused to sign&#34; (LF " in page


def test_a_page_of_an_article_has_its_title_and_can_go_to_a_pipe(stance, here, tmp_path):
    (tmp_path / "story.txt").write_text(f"---\ntitle: Harbour pact\n---\n{SENTENCE}\n")
    result = stance("predict", "-a", tmp_path / "story.txt", "-f", "html")
    assert result.code == 0
    assert "<bdi>Harbour pact</bdi>" in result.out
    assert '<div class="story">' in result.out


def test_explanations_fit_into_parquet_when_the_first_rows_have_none(stance, here, tmp_path, monkeypatch):
    """A batch of sentences on which nothing votes leaves every list empty; the next one fills them."""
    monkeypatch.setattr("pipeline.predict.BATCH", 1)
    (tmp_path / "in.txt").write_text(f"Xyzzy the plugh of a quux and so on it went.\n{SENTENCE}\n")
    result = stance("predict", "-i", tmp_path / "in.txt", "--explain", "-o", tmp_path / "out.parquet")
    assert (result.code, result.err) == (0, "")
    first, second = (row["explanation"] for row in pq.read_table(tmp_path / "out.parquet").to_pylist())
    assert first["lfs"] == first["suppressed"] == []
    assert second["lfs"][0]["cues"][0]["quote"]


def test_explain_begins_with_the_reason(stance, here):
    result = stance("explain", SENTENCE)
    first = result.out.splitlines()[0]
    assert first.startswith("opposition ")
    assert 'because "refused to sign" (LF refuse)' in first
    assert 'although "welcomed the offer" (LF welcome, before "but") speaks for agreement' in first


def test_an_explanation_holds_no_control_characters(stance, here):
    result = stance("explain", SENTENCE + " \x1b]0;x\x07")
    assert result.code == 0
    assert not {"\x1b", "\x07"} & set(result.out)


def test_the_card_has_help_like_every_verb(stance):
    result = stance("card", "--help")
    assert result.code == 0
    assert "Count articles and hand labels again" in result.out
