"""Sentences to label as a sheet, and the sheet as hand labels that the pipeline uses (a small project)."""

import csv
import json
from pathlib import Path

import pytest

from pipeline.report.answers import read_answers
from tests.cli.test_app import failed

GOLD = Path("data/labeled/gold.jsonl")


@pytest.fixture
def unlabelled(project):
    """The project with hand labels for its test fold and one article of the training fold."""
    import pyarrow.parquet as pq

    sentences = pq.read_table("data/labeled/sentences.parquet").to_pylist()
    train = sorted({s["article_id"] for s in sentences if s["fold"] == "train"})
    hidden = {s["id"] for s in sentences if s["fold"] == "dev" or s["article_id"] in train[1:]}
    kept = [line for line in GOLD.read_text().splitlines() if json.loads(line)["id"] not in hidden]
    GOLD.write_text("".join(line + "\n" for line in kept))
    return {s["id"]: s for s in sentences if s["article_id"] in train[1:]}


def sheet(path="review.csv"):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(rows, labels, path="filled.csv"):
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "label": label} for row, label in zip(rows, labels, strict=True))


def test_a_sheet_offers_sentences_of_the_training_fold_that_have_no_label(stance, unlabelled):
    result = stance("review", "--size", 6)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"review: review.csv has 6 of {len(unlabelled)} sentences without a label (")
    rows = sheet()
    assert list(rows[0]) == ["id", "text", "why", "suggested", "label", "mixed"]
    assert len({row["id"] for row in rows} & set(unlabelled)) == 6
    assert all(row["text"] == unlabelled[row["id"]]["text"] for row in rows)
    assert all(row["why"] and row["suggested"] and not row["label"] for row in rows)


def test_a_sentence_is_parsed_once(stance, unlabelled, parsed):
    assert stance("review").code == 0
    assert parsed == [sentence["text"] for sentence in unlabelled.values()]


def test_the_model_is_asked_in_context_as_for_the_report(stance, unlabelled):
    reported = {row["id"]: row for row in read_answers("reports/sentences.parquet")}
    assert stance("review", "-n", 99).code == 0
    unsure = [(row["id"], row["why"].split()[1:3]) for row in sheet() if row["why"].startswith("uncertainty: ")]
    assert len(unsure) > 1
    assert all(share == f"{reported[name][f'p_{answer}']:.2f}" for name, (answer, share) in unsure)


def test_the_same_sheet_comes_out_again(stance, unlabelled):
    for name in ("a.jsonl", "b.jsonl"):
        assert stance("review", "-o", name).code == 0
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes()


def test_a_blind_sheet_does_not_say_what_the_model_thinks(stance, unlabelled):
    assert stance("review", "--blind").code == 0
    assert list(sheet()[0]) == ["id", "text", "label", "mixed"]


def test_a_filled_sheet_becomes_gold_that_the_pipeline_uses(stance, unlabelled):
    """Rows without a label are skipped and offered again."""
    stance("review", "-n", 6)
    rows, before = sheet(), GOLD.read_text()
    n = len(before.splitlines())
    fill(rows, ["o", "n", "Agreement", "", "", "n"])
    result = stance("review", "--read", "filled.csv", "--annotator", "ann")
    assert result.code == 0
    assert "4 labels read from filled.csv: 4 new, 0 as they were; 2 rows without a label skipped." in result.out
    assert f"{GOLD} has {n + 4} labels; `dvc repro` takes them" in result.out
    assert GOLD.read_text().startswith(before)
    assert json.loads(GOLD.read_text().splitlines()[-1])["annotators"] == {"ann": "neutral"}
    assert stance("label").out.endswith(f"; {n + 4} are hand-labelled\n")
    stance("review", "-n", 99, "-o", "next.csv")
    again = {row["id"] for row in sheet("next.csv")}
    assert not again & {rows[k]["id"] for k in (0, 1, 2, 5)}


def test_labels_that_differ_are_refused_replaced_or_kept(stance, unlabelled):
    stance("review", "-n", 2)
    fill(sheet(), ["o", "n"])
    assert stance("review", "--read", "filled.csv").code == 0
    fill(sheet(), ["a", "n"])
    before = GOLD.read_bytes()
    failed(stance("review", "--read", "filled.csv"), 2, r"1 of the labels differ.*\(opposition, now agreement\)")
    failed(stance("review", "--read", "filled.csv", "--replace", "--keep"), 2, "exclude each other")
    assert GOLD.read_bytes() == before
    assert "1 that differ not taken" in stance("review", "--read", "filled.csv", "--keep", "--annotator", "b").out
    assert "1 that differ replaced" in stance("review", "--read", "filled.csv", "--replace").out
    assert json.loads(GOLD.read_text().splitlines()[-2])["label"] == "agreement"


def test_other_folds_are_offered_only_when_asked_for_with_a_warning(stance, unlabelled):
    result = stance("review", "--fold", "dev", "-n", 3)
    assert result.code == 0
    assert "make scores on the dev fold look worse than they are" in result.err
    full = "gold.jsonl: every sentence of the test fold has a label. Try another --fold"
    failed(stance("review", "--fold", "test", "-o", "t.csv"), 2, full)


def test_where_no_fold_has_a_sentence_left_more_articles_are_asked_for(stance, project):
    failed(stance("review"), 2, "every sentence of the train fold has a label. Put articles into the raw folder")


def test_what_is_there_is_not_overwritten(stance, unlabelled):
    Path("review.csv").write_text("precious")
    failed(stance("review"), 2, r"review\.csv: there is such a file already, .*stance review --read review\.csv")
    assert Path("review.csv").read_text() == "precious"


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (["-o", "review.xlsx"], r"review\.xlsx: not a kind of sheet"),
        (["--fold", "tran"], r"--fold: no such fold; expected train, dev, test; got 'tran'\. Did you mean 'train'"),
        (["--size", "0"], "--size"),
        (["--read", "gone.csv"], r"gone\.csv: no such file"),
    ],
)
def test_wrong_arguments_are_said(stance, unlabelled, args, match):
    failed(stance("review", *args), 2, match)


def test_a_sheet_without_labels_is_said(stance, unlabelled):
    stance("review", "-n", 2)
    failed(stance("review", "--read", "review.csv"), 2, "review.csv: no row has a label")
