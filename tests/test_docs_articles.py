"""What the page about your own articles shows, tried out (3 s: `datasets` and the article readers are loaded)."""

import csv
from pathlib import Path

import yaml

from pipeline.params import Params
from pipeline.split import run as split
from pipeline.stances import STANCES
from pipeline.storage import read_table
from pipeline.text.articles import read_article, read_articles
from pipeline.text.gold import match_gold, read_gold
from pipeline.text.readers import READERS
from tests.corpus import write_project
from tests.markdown import FENCED, INLINE, files_of, rows_of

PAGE = (Path(__file__).parents[1] / "docs/your-own-articles.md").read_text("utf-8")


def test_every_kind_of_file_is_listed():
    """The table of suffixes is that of the readers."""
    listed = [suffix for row in rows_of(PAGE, "suffix", "read as") for suffix in INLINE.findall(row[0])]
    assert sorted([*listed, ""]) == sorted(READERS)


def test_front_matter_is_read_as_shown(tmp_path):
    """Title, date and source come from the head of the file."""
    (shown,) = [body for _, body in FENCED.findall(PAGE) if body.startswith("---")]
    (tmp_path / "pact.txt").write_text(shown, "utf-8")
    (article,) = read_article(tmp_path / "pact.txt")
    assert (article.title, article.date, article.source) == ("Harbour pact signed at last", "1987-04-02", "wire")


def columns_shown():
    """Return split.columns of the page's YAML, checked as params.yaml is."""
    (shown,) = [yaml.safe_load(body) for kind, body in FENCED.findall(PAGE) if kind == "yaml"]
    return Params.model_validate(shown).split.columns.model_dump()


def test_a_dataset_becomes_articles(tmp_path, monkeypatch):
    """A local dataset, filtered, is read back under the column names that the page shows."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    Path("my-news").mkdir()
    Path("my-news/train.jsonl").write_text(
        '{"headline": "Pact", "body": "They signed it.", "published": "1987-04-02", "language": "en"}\n'
        '{"headline": "Accord", "body": "Ils ont signé.", "published": "1987-04-02", "language": "fr"}\n',
        "utf-8",
    )
    Path("data/raw").mkdir(parents=True)
    run_shown("from_dataset.py")
    (article,) = read_articles(Path("data/raw"), columns_shown()).articles
    assert (article.title, article.text, article.date) == ("Pact", "They signed it.", "1987-04-02")


def test_a_sheet_becomes_gold(tmp_path, monkeypatch):
    """Sentences drawn into a table and labelled there are gold that matches the corpus."""
    monkeypatch.chdir(write_project(tmp_path))
    Path("data/labeled/gold.jsonl").unlink()
    split(Params())
    run_shown("make_sheet.py")
    with Path("sheet.csv").open(newline="", encoding="utf-8") as file:
        sheet = list(csv.DictReader(file))
    with Path("sheet.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, sheet[0])
        writer.writeheader()
        writer.writerows([{**sheet[0], "label": "A ", "mixed": "x"}, {**sheet[1], "label": "o"}, *sheet[2:]])
    run_shown("read_sheet.py")
    gold = read_gold("data/labeled/gold.jsonl")
    assert [(STANCES[item.stance], item.mixed) for item in gold] == [("agreement", True), ("opposition", False)]
    sentences = read_table("data/labeled/sentences.parquet")
    assert match_gold(gold, sentences["id"].to_pylist(), sentences["text"].to_pylist())[1] == []
    folds = dict(zip(sentences["id"].to_pylist(), sentences["fold"].to_pylist(), strict=True))
    assert {folds[row["id"]] for row in sheet} == {"test", "dev"}


def run_shown(name):
    exec(compile(files_of(PAGE)[name], name, "exec"), {})
