"""`stance predict -a` with folders and several files, and files that were given as sentences."""

import json

import pytest


@pytest.fixture
def stories(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories/a.md").write_text("---\ntitle: Pact\nregion: north\n---\nOslo welcomed the offer.\n")
    (tmp_path / "stories/b.txt").write_text("Bergen refused to sign.\n")
    return tmp_path


def rows_of(result):
    assert result.code == 0, result.err
    return [json.loads(line) for line in result.out.splitlines()]


@pytest.mark.parametrize(
    "args", [["-a", "stories"], ["-a", "stories/a.md", "stories/b.txt"], ["-a", "stories/a.md", "-a", "stories/b.txt"]]
)
def test_a_folder_and_files_behind_one_another_are_articles(stories, stance, args):
    """The shell turns `-a stories/*` into one file and then others."""
    rows = rows_of(stance("predict", "-f", "jsonl", *args))
    assert [row["article_id"] for row in rows] == ["a", "b"]
    assert [row["label"] for row in rows] == ["agreement", "opposition"]


def test_what_an_articles_file_says_is_kept(stories, stance):
    """Null where another article does not say it; of a single article, too."""
    first, second = rows_of(stance("predict", "-f", "jsonl", "-a", "stories"))
    assert (first["title"], first["region"], second["region"]) == ("Pact", "north", None)
    (only,) = rows_of(stance("predict", "-f", "jsonl", "-a", "stories/a.md"))
    assert only["region"] == "north"
    assert "article_id" not in only


def test_the_name_of_a_file_is_no_sentence(stories, stance):
    result = stance("predict", "stories/b.txt")
    assert (result.code, result.out) == (2, "")
    assert "Did you mean -a stories/b.txt?" in result.err


def test_a_sentence_behind_an_article_is_refused(stories, stance):
    assert stance("predict", "-a", "stories/a.md", "Bergen refused to sign.").code == 2
