"""`stance read`: whole articles answered by a model that is there, without DVC and without training."""

import csv

import pytest

from pipeline.report.answers import read_answers

STORY = "Oslo welcomed the offer of Bergen.\n\nBergen refused to sign the treaty. The museum opens at ten.\n"


@pytest.fixture
def stories(tmp_path, monkeypatch):
    """Two articles in a folder, a third beside it, no project."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stories/more").mkdir(parents=True)
    head = "---\ntitle: Harbour pact\ndate: 1987-04-02\nsource: wire\nregion: north\n---\n"
    (tmp_path / "stories/a.txt").write_text(head + STORY)
    (tmp_path / "stories/more/b.txt").write_text("Ruritania accused Borduria of theft.\n")
    (tmp_path / "c.txt").write_text("Syldavia thanked Borduria for the tents.\n")
    return tmp_path


def test_folders_and_files_give_tables_and_a_page(stories, stance):
    """Every sentence once, with what its file says about the article; nothing else is written."""
    result = stance("read", "stories", "c.txt", "-o", "out")
    assert result.code == 0
    assert "5 sentences of 3 articles" in result.out
    rows = read_answers("out/sentences.parquet")
    assert [row["id"] for row in rows] == ["a:0", "a:1", "a:2", "more/b:0", "c:0"]
    assert [row["stance"] for row in rows] == ["agreement", "opposition", "neutral", "opposition", "agreement"]
    assert (rows[0]["title"], rows[0]["date"], rows[0]["source"]) == ("Harbour pact", "1987-04-02", "wire")
    with (stories / "out/sentences.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["region"] == "north"
    assert {path.name for path in (stories / "out").iterdir()} == {
        *("index.html", "model.html", "articles", "sentences.csv", "sentences.parquet", "articles.csv"),
        *("relations.html", "relations.csv", "relations.graphml", "statements.csv"),
    }
    assert {path.name for path in stories.iterdir()} == {"stories", "c.txt", "out"}


def test_the_page_says_that_nothing_was_measured_on_these_articles(stories, stance):
    assert stance("read", "c.txt").code == 0
    page = (stories / "stance-report/index.html").read_text("utf-8")
    assert "Not measured on your articles." in page
    assert "the one that ships with the package" in page
    card = (stories / "stance-report/model.html").read_text("utf-8")
    assert "Nothing was measured on these articles" in card
    assert "hand-labelled test sentences that the model ships with" in card


def test_in_a_project_the_page_has_the_scores_of_its_model(project, stance):
    """As long as the report of the project is about the model that is there."""
    for known in (True, False):
        assert stance("read", "data/raw/story-00.txt", "-o", "out").code == 0
        for page in ("index.html", "model.html"):
            assert ("28 hand-labelled test sentences" in (project / "out" / page).read_text("utf-8")) is known
        (project / "reports/made_of.json").unlink(missing_ok=True)


def test_the_same_articles_give_the_same_bytes(stories, stance):
    for out in ("one", "two"):
        assert stance("read", "stories", "-o", out).code == 0
    for path in (stories / "one").glob("*.*"):
        assert path.read_bytes() == (stories / "two" / path.name).read_bytes()


def test_of_two_articles_with_one_id_the_second_has_a_number(stories, stance):
    (stories / "a.txt").write_text("It rained.")
    assert stance("read", "stories/a.txt", "a.txt", "-o", "out").code == 0
    assert [row["article_id"] for row in read_answers("out/sentences.parquet")] == ["a"] * 3 + ["a-2"]


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (["nothing"], "nothing: "),
        (["c.txt", "-o", "c.txt"], "c.txt: a file where a folder was expected"),
        (["stories", "-o", "stories"], "stories: the pages would be written among the articles of stories"),
        (["c.txt", "stories", "-o", "stories/more/out"], "stories/more/out: the pages would be written among"),
        (["."], "stance-report: the pages would be written among"),
        (["c.txt", "--model", "gone.joblib"], "gone.joblib: no such model file"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_line(stories, stance, args, match):
    result = stance("read", *args)
    assert result.code == 2
    assert match in result.err
    assert result.err.count("\n") == 1
    assert not (stories / "stance-report").exists()


def test_dates_that_are_not_understood_are_told_of_in_one_line(project, stance):
    table = project / "data/raw/pact.csv"
    table.write_text("id,date,text\n1,March 5 2024,Chad praised Mali.\n2,02/03/2024,Snow.\n3,2024-13-01,Rain.\n")
    said = "2 articles with a date that is not understood, left out of the time line (the first is pact#2: 02/03/2024)"
    for args in (["read", "data/raw/pact.csv", "-o", "out"], ["split"]):
        lines = [line for line in stance(*args).err.splitlines() if "date" in line]
        assert len(lines) == 1
        assert said in lines[0]
    with (project / "out/relations.csv").open(encoding="utf-8", newline="") as file:
        assert [row["month"] for row in csv.DictReader(file)] == ["2024-03"]
