"""Folders and files of articles."""

import gzip
import io
import json
import logging
import os
from pathlib import Path

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text.articles import Article, Problem, read_article, read_articles, read_paths
from pipeline.text.boilerplate import Cut

SHARED = Path(__file__).parents[3] / "shared" / "articles"
STORY = "The river froze on Monday.\n\nThe talks did not."


@pytest.fixture
def raw(tmp_path):
    """A function that writes files (name: text or bytes) into a folder and returns it."""

    def write(**files):
        for name, data in files.items():
            path = tmp_path / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return tmp_path

    return write


def test_every_format_gives_the_same_article(raw):
    """Text, Markdown, HTML, JSON and tables, packed or not."""
    page = f"<html><body><p>{STORY.replace(chr(10) * 2, '</p><p>')}</p></body></html>"
    folder = raw(
        a_txt=STORY,
        b_md=STORY,
        c_html=page,
        d_json=json.dumps({"text": STORY}),
        e_jsonl=json.dumps({"text": STORY}),
        f_csv=f'text\n"{STORY}"\n',
        g_txt_gz=gzip.compress(STORY.encode(), mtime=0),
        h_text=STORY,
        i=STORY,
    )
    for path in sorted(folder.iterdir()):
        (article,) = read_article(path)
        assert article.text == STORY
        assert article.id == path.name[0] + ("#1" if path.suffix in (".jsonl", ".csv") else "")


def test_what_the_file_says_is_in_the_article(raw):
    """Title, date without the time of day, source; everything else is in `meta`."""
    head = "---\ntitle: Frost\ndate: 1975-11-28T09:30\nsource: wire\ntopic: rivers\nid: x7\n---\n"
    (article,) = read_articles(raw(north__frost_txt=f"{head}Frost\n\nBy Ann Lee\n\n{STORY}")).articles
    assert article == Article(
        id="north/frost",
        text=STORY,
        title="Frost",
        date="1975-11-28",
        source="wire",
        path="north/frost.txt",
        meta={"topic": "rivers", "id": "x7"},
    )


def test_what_was_cut_is_recorded_by_article(raw):
    """An article from which nothing was cut is not in the record."""
    reading = read_articles(raw(a_txt=f"SHARE\n\nFrost\n\n{STORY}", b_txt="Nothing to cut here.\n\nNothing at all."))
    assert reading.removed == {"a": [Cut("share", "SHARE"), Cut("headline", "Frost")]}
    assert [article.title for article in reading.articles] == ["Frost", ""]


def test_articles_are_sorted_by_id_and_rows_are_named(raw):
    """By their own id where they have one, otherwise by number; what is unsafe in an id becomes a hyphen."""
    rows = [{"text": "One.", "id": "k 9:x"}, {"text": "Two."}, {"text": "Three.", "id": 4}]
    articles = read_articles(raw(b_json=json.dumps(rows), a__c_txt="Four.")).articles
    assert [(article.id, article.text) for article in articles] == [
        ("a/c", "Four."),
        ("b#2", "Two."),
        ("b#4", "Three."),
        ("b#k-9-x", "One."),
    ]


def test_file_names_are_made_safe(tmp_path):
    """Spaces, brackets, decomposed letters and bytes that are no text are all found in the wild."""
    for name, text in ((b"Zu\xcc\x88rich (2).txt", "One."), (b"a#1 <b>.txt", "Two."), (b"x\xff.txt", "Three.")):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text(text)  # noqa: PTH118
    articles = read_articles(tmp_path).articles
    assert {article.text: article.id for article in articles} == {"One.": "Zürich-2-", "Two.": "a-1-b-", "Three.": "x-"}
    assert all(article.path.encode() for article in articles)


def test_columns_are_named_by_the_caller(raw):
    """Names that are not given are the usual ones."""
    folder = raw(a_csv="body,title\nIt rained.,Rain\n")
    (article,) = read_articles(folder, {"text": "body"}).articles
    assert (article.text, article.title) == ("It rained.", "Rain")


def test_copies_are_dropped_and_told(raw):
    """Case and spacing make no other text; the first by id stays; a repeated row is a copy as well."""
    rows = "\n".join(json.dumps({"text": "The river  froze on MONDAY.\n\nThe talks did not.", "id": "1"}) for _ in "ab")
    reading = read_articles(raw(b_txt=f"SHARE\n\n{STORY}", a_txt=STORY, c_jsonl=rows))
    assert [article.id for article in reading.articles] == ["a"]
    assert [str(problem) for problem in reading.problems] == [
        "b.txt: dropped: b has the same text as a",
        "c.jsonl: dropped: c#1 has the same text as a",
        "c.jsonl: dropped: c#1 has the same text as a",
    ]
    assert reading.removed == {}


def test_whatever_is_not_read_is_told(raw):
    """Empty files and rows, boilerplate alone, binary data, unknown kinds, pipes; guessed encodings as well."""
    folder = raw(
        a_txt=STORY,
        b_txt="",
        c_txt="SHARE\n\nFacebook Twitter",
        d_txt=bytes(range(32)) * 9,
        e_odt=b"%PDF-1.7",
        f_txt="José’s river.".encode("cp1252"),
        g_jsonl='{"text": null}\n{"text": "It rained."}',
        h_csv="",
        i_html="<html><body></body></html>",
    )
    os.mkfifo(folder / "j.txt")
    reading = read_articles(folder)
    assert [article.id for article in reading.articles] == ["a", "f", "g#2"]
    problems = {problem.path: problem.what for problem in reading.problems}
    assert problems.pop("e.odt").startswith("not a kind of file that is read (.txt, .text, .md")
    assert problems == {
        "b.txt": "skipped: no text",
        "c.txt": "skipped: no text but boilerplate",
        "d.txt": "skipped: binary data, not text",
        "f.txt": "neither UTF-8 nor marked: read as cp1252, a guess",
        "g.jsonl, row 1": "skipped: no text",
        "h.csv": "skipped: no articles in it",
        "i.html": "skipped: no text",
        "j.txt": "not a regular file",
    }


def test_ids_that_are_taken_are_counted(raw):
    """Who has hundreds of them is not told of one at a time."""
    rows = "\n".join(f'{{"text": "It rained {n} times.", "id": {n // 3}}}' for n in range(6))
    with pytest.raises(
        ArticleError,
        match=r"a.jsonl, row 2: two articles with the id 'a#0', and 3 more with an id that is taken; .+, row 1\.",
    ):
        read_articles(raw(a_jsonl=rows))


def test_callers_add_problems_of_their_own(raw):
    """Near-duplicates are found by others."""
    reading = read_articles(raw(a_txt=STORY))
    reading.problems.append(Problem("a.txt", "much like b.txt"))
    assert str(reading.problems[-1]) == "a.txt: much like b.txt"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, r"no articles; expected \.txt.+; got an empty folder\. Put articles there"),
        ({"a_txt": "", "b_txt": ""}, r"got a\.txt: skipped: no text \(the first of 2\)"),
        (
            {"a_txt": STORY, "a_md": "It rained."},
            r"a\.txt: two articles with the id 'a'; .+ after a\.md\. Rename one",
        ),
        (
            {"a_jsonl": '{"text": "a", "id": 1}\n{"text": "b", "id": 1}'},
            r"a\.jsonl, row 2: .+ after a\.jsonl, row 1\. Give the rows ids",
        ),
        ({"a_txt": STORY, "b_txt_gz": gzip.compress(b"x" * 99, mtime=0)[:-4]}, r"b\.txt\.gz: cannot be read"),
        ({"a_txt": STORY, "b_json": "{"}, r"b\.json, line 1: not valid JSON"),
        ({"a_txt": STORY, "b_csv": "texts\na"}, r"b\.csv, line 1: no column or key 'text'"),
    ],
    ids=["empty", "nothing usable", "one id", "one row id", "cut", "broken", "no column"],
)
def test_what_would_lose_articles_is_an_error(raw, files, message):
    """A folder is read whole or not at all."""
    with pytest.raises(ArticleError, match=message):
        read_articles(raw(**files))


def test_a_missing_folder_is_an_error(tmp_path):
    """Not an empty corpus."""
    with pytest.raises(ArticleError, match="no such folder"):
        read_articles(tmp_path / "raw")


def test_reading_one_file(raw, caplog):
    """It gives its articles in the file's order, and warns of problems."""
    folder = raw(a_jsonl='{"text": "Two."}\n{"text": ""}\n{"text": "One."}')
    with caplog.at_level(logging.WARNING, logger="pipeline.text"):
        articles = read_article(folder / "a.jsonl")
    assert [(article.id, article.text) for article in articles] == [("a#1", "Two."), ("a#3", "One.")]
    assert [record.message for record in caplog.records] == ["a.jsonl, row 2: skipped: no text"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a_odt", "%PDF", r"a\.odt: not a kind of file that is read; expected \.txt"),
        ("a_txt", " \n", r"a\.txt: no article in it: no text"),
        ("b_txt", None, r"a\.txt: no such file"),
    ],
)
def test_one_file_without_an_article_is_an_error(raw, name, data, message):
    """Whoever names a file wants what is in it."""
    folder = raw(**({name: data} if data else {}))
    with pytest.raises(ArticleError, match=message):
        read_article(folder / ("a.odt" if name == "a_odt" else "a.txt"))


def test_files_and_folders_are_read_together_and_a_taken_id_gets_a_number(raw):
    """What was cut goes with the new id; problems are those of all."""
    folder = raw(a__story_txt=STORY, b__story_txt=f"SHARE\n\n{STORY}", c_txt="One.", a__empty_txt="")
    reading = read_paths([folder / "a", folder / "b/story.txt", folder / "c.txt"])
    assert [article.id for article in reading.articles] == ["story", "story-2", "c"]
    assert reading.removed == {"story-2": [Cut("share", "SHARE")]}
    assert [str(problem) for problem in reading.problems] == [
        "empty.txt: skipped: no text",
        f"{folder}/b/story.txt: the id 'story' is taken, so it is called 'story-2'",
    ]


def test_rows_of_one_id_are_told_apart_and_told_of(raw):
    """Also where the other name is taken, too; the pipeline, whose hand labels go by the id, refuses them."""
    folder = raw(a__b_csv="id,text\n1,It rained.\n1,It snowed.\n1-2,It hailed.\n")
    for path in (folder / "a", folder / "a/b.csv"):
        reading = read_paths([path])
        assert sorted((article.id, article.text) for article in reading.articles) == [
            ("b#1", "It rained."),
            ("b#1-2", "It snowed."),
            ("b#1-2-2", "It hailed."),
        ]
        expected = f"{folder}/a/b.csv, row 2: the id 'b#1' is taken, so it is called 'b#1-2'"
        assert expected in map(str, reading.problems)
    with pytest.raises(ArticleError, match="two articles with the id 'b#1'"):
        read_articles(folder / "a")


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("b_csv", "foo,bar\n1,2", "b.csv: skipped: no column or key 'text'"),
        ("b_json", "{", "b.json: skipped: not valid JSON"),
        ("b_txt_gz", gzip.compress(b"It rained. " * 99, mtime=0)[:-9], "b.txt.gz: skipped: cannot be read"),
    ],
)
def test_one_bad_file_does_not_end_the_reading_of_a_folder(raw, name, data, problem):
    """It is named like the others that are skipped; alone, or named itself, it is an error."""
    folder = raw(**{name: data})
    for path in (folder, next(folder.iterdir())):
        with pytest.raises(ArticleError, match=problem.rpartition(": ")[2]):
            read_paths([path])
    (found,) = read_paths([raw(a_txt=STORY)]).problems
    assert str(found).startswith(problem)


def test_an_article_from_stdin(monkeypatch):
    """Plain text, with front matter or without; it is called "stdin", and what is wrong is said of "stdin"."""

    def of(data):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), "ascii"))
        return read_article("-")

    text = "---\ntitle: Frost\n---\nThe Aare froze in Zürich.\n\nTalks did not.\n"
    (article,) = of(text.encode())
    assert (article.id, article.path, article.title) == ("stdin", "stdin", "Frost")
    assert article.text == "The Aare froze in Zürich.\n\nTalks did not."
    assert of(text.encode("utf-16")) == [article]
    with pytest.raises(ArticleError, match=r"^stdin: no article in it: no text"):
        of(b"")
    with pytest.raises(ArticleError, match=r"^stdin: front matter that does not end"):
        of(b"---\ntitle: Frost\n")


def test_a_file_called_like_stdin_is_read_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_text("The river froze.")
    (article,) = read_article("./-")
    assert article.text == "The river froze."


def test_reading_twice_gives_the_same(raw):
    """And so does reading what was read."""
    folder = raw(a_txt=f"SHARE\n\nFrost\n\n{STORY}", b_txt="Hard-\nwrapped text\nis joined.")
    first = read_articles(folder)
    assert read_articles(folder) == first
    for article in first.articles:
        (folder / article.path).write_text(article.text)
    assert [article.text for article in read_articles(folder).articles] == [article.text for article in first.articles]


def test_an_article_is_of_one_cleaned_form(raw):
    """Paragraphs on one line each, separated by a blank line."""
    (article,) = read_articles(
        raw(a_txt="\ufeff\r\n The\u00a0river  froze.\r\n\r\n\r\n\r\nTalks\u200b did\tnot. \r\n")
    ).articles
    assert article.text == "The river froze.\n\nTalks did not."


@pytest.mark.skipif(not SHARED.is_dir(), reason="the two wire stories are local evaluation data")
def test_two_wire_stories_come_out_as_their_bodies():
    """Titles and share buttons go, every paragraph stays."""
    reading = read_articles(SHARED)
    for article in reading.articles:
        paragraphs = [p.strip() for p in (SHARED / article.path).read_text().split("\n\n")]
        cut = [cut.text for cut in reading.removed[article.id]]
        assert paragraphs == cut + article.text.split("\n\n")
        assert article.title in cut
        assert len(cut) == (3 if article.title.startswith("L") else 1)
    assert [article.text.count("\n\n") + 1 for article in reading.articles] == [19, 17]


def test_what_was_repaired_is_counted_by_article(raw):
    reading = read_articles(raw(a_txt="They don\u00e2\u20ac\u2122t agree.", b_txt=STORY))
    assert [article.text for article in reading.articles] == ["They don\u2019t agree.", STORY]
    assert list(reading.repaired) == ["a"]
