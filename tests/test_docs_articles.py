"""What the page about your own articles shows, tried out (3 s: `datasets` and the article readers are loaded)."""

import csv
import json
import re
from pathlib import Path

import yaml

from pipeline.base.params import DatasetParams, Params
from pipeline.base.stances import STANCES
from pipeline.base.storage import read_json, read_table
from pipeline.gold.labels import match_gold, read_gold
from pipeline.split import run as split
from pipeline.text.articles import read_article
from pipeline.text.formats import READERS
from tests.corpus import edit_params, write_project
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


def shown_parameters():
    """Return `split` of the page's YAML blocks together, checked as params.yaml is."""
    blocks = [yaml.safe_load(body)["split"] for kind, body in FENCED.findall(PAGE) if kind == "yaml"]
    return Params.model_validate({"split": {key: value for block in blocks for key, value in block.items()}})


def test_a_dataset_becomes_articles(tmp_path, monkeypatch):
    """A local dataset is read in place of data/raw, under the column names and with the filter that the page shows."""
    monkeypatch.chdir(tmp_path)
    row = {
        "headline": "Pact",
        "body": 14 * "They signed it. ",
        "published": "1987-04-02",
        "outlet": "wire",
        "url": "p1",
    }
    row |= {"language": "en", "section": "world"}
    rows = [
        row,
        row | {"url": "p2", "language": "fr"},
        row | {"url": "p3", "body": "Brief."},
        row | {"section": "sport"},
    ]
    for folder, name in (("my-news", "train.jsonl"), ("data/raw", "unread.jsonl")):
        Path(folder).mkdir(parents=True)
        Path(folder, name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    split(shown_parameters())
    (article,) = read_table("data/labeled/articles.parquet").to_pylist()
    result = {key: article[key] for key in ("id", "title", "date", "source")}
    assert result == {"id": "my-news#p1", "title": "Pact", "date": "1987-04-02", "source": "wire"}
    assert article["text"] == row["body"].strip()


def test_every_setting_of_a_dataset_is_listed():
    """The table is that of the parameters; `data/raw` is the dependency that the page tells to change."""
    listed = [INLINE.findall(row[0])[0] for row in rows_of(PAGE, "in `split.dataset`", "means")]
    assert listed == list(DatasetParams.model_fields)
    stage = yaml.safe_load((Path(__file__).parents[1] / "dvc.yaml").read_text("utf-8"))["stages"]["split"]
    assert stage["deps"][0] == Params().split.raw


def test_a_sheet_becomes_gold(tmp_path, monkeypatch, stance):
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
    (shown,) = re.findall(r"^stance (review --read sheet\.csv .*)$", PAGE, re.MULTILINE)
    assert stance(*shown.split()).code == 0
    gold = read_gold("data/labeled/gold.jsonl")
    assert [(STANCES[item.stance], item.mixed) for item in gold] == [("agreement", True), ("opposition", False)]
    sentences = read_table("data/labeled/sentences.parquet")
    assert match_gold(gold, sentences["id"].to_pylist(), sentences["text"].to_pylist())[1] == []
    folds = dict(zip(sentences["id"].to_pylist(), sentences["fold"].to_pylist(), strict=True))
    assert {folds[row["id"]] for row in sheet} == {"test", "dev"}


def test_the_way_to_adapt_that_the_page_shows_leads_to_a_trial(tmp_path, monkeypatch, stance):
    """With articles of the training fold in the sheet, as the page says, adapting is tried."""
    monkeypatch.chdir(write_project(tmp_path, 24))
    edit_params(tmp_path, "train", adapt="auto")
    gold = Path("data/labeled/gold.jsonl")
    known = {row["id"]: row["label"] for row in map(json.loads, gold.read_text("utf-8").splitlines())}
    gold.unlink()
    assert stance("split").code == 0
    assert '`"train": 20`' in PAGE
    run_shown("make_sheet.py", ('"train": 0', '"train": 20'))
    with Path("sheet.csv").open(newline="", encoding="utf-8") as file:
        sheet = list(csv.DictReader(file))
    with Path("sheet.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, sheet[0])
        writer.writeheader()
        writer.writerows({**row, "label": known[row["id"]]} for row in sheet)
    for command in ("review --read sheet.csv", "label", "train"):
        assert stance(*command.split()).code == 0
    adaptation = read_json("models/model.joblib.json")["adaptation"]
    assert adaptation["labels"] >= 50
    assert adaptation["before"]
    assert "too few" not in adaptation["reason"]


def run_shown(name, changed=("", "")):
    source = files_of(PAGE)[name]
    assert changed[0] in source
    exec(compile(source.replace(*changed) if changed[0] else source, name, "exec"), {})
