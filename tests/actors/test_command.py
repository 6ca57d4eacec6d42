"""`stance predict --actors` in every format, `stance explain`, and a user's own parties in `actors/`."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from pipeline.actors.relations import EXAMPLE

SENTENCE = "Norway rejected the British offer."


@pytest.fixture
def here(trained, monkeypatch):
    monkeypatch.chdir(trained)


def first_row(result):
    assert result.code == 0, result.err
    return json.loads(result.out.splitlines()[0])


def test_each_row_has_its_relation_and_none_without_being_asked(stance, here):
    row = first_row(stance("predict", SENTENCE, "--actors", "-f", "jsonl"))
    assert row["relation"].keys() == EXAMPLE.keys()
    assert row["relation"]["source"]["code"] == "NOR"
    assert row["relation"]["target"]["text"] == "the British offer"
    assert "relation" not in first_row(stance("predict", SENTENCE, "-f", "jsonl"))


def test_csv_has_flat_columns_and_keeps_those_of_the_user(stance, here, tmp_path):
    listed = "Norway and Denmark rejected the British offer."
    (tmp_path / "in.csv").write_text(f"text,source\n{SENTENCE},Gazette\n{listed},Herald\n", "utf-8")
    result = stance("predict", "-i", tmp_path / "in.csv", "--actors", "-f", "csv")
    row, second = csv.DictReader(io.StringIO(result.out))
    assert (row["source"], row["source_code"], row["source_kind"]) == ("Norway", "NOR", "state")
    assert (row["target"], row["target_code"], row["target_kind"]) == ("the British offer", "GBR", "proposal")
    assert row["input_source"] == "Gazette"
    assert row["others"] == ""
    assert second["others"] == "Denmark (DNK) -> the British offer (GBR)"
    assert 0 < float(second["relation_confidence"]) <= 1


def test_parquet_has_one_type_also_where_nobody_is_found(stance, here, tmp_path):
    for name, text in (("some", SENTENCE), ("none", "It rained.")):
        result = stance("predict", text, "--actors", "-o", tmp_path / f"{name}.parquet")
        assert result.code == 0, result.err
    some, none = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("some", "none"))
    assert some.schema.field("relation") == none.schema.field("relation")
    assert none["relation"].to_pylist()[0]["source"] is None


def test_a_table_and_an_explanation_say_it_in_words(stance, here):
    assert "Norway -> the British offer" in stance("predict", SENTENCE, "--actors", "-f", "table").out
    assert "who towards whom: Norway (NOR) -> the British offer (GBR)" in stance("explain", SENTENCE).out


def test_a_page_takes_them_too(stance, here, tmp_path):
    for name, options in (("with", ["--actors"]), ("without", [])):
        assert stance("predict", SENTENCE, *options, "-o", tmp_path / f"{name}.html").code == 0
    said = "who towards whom: <bdi>Norway → the British offer</bdi>"
    assert said in (tmp_path / "with.html").read_text("utf-8")
    assert "who towards whom" not in (tmp_path / "without.html").read_text("utf-8")


def test_sentences_of_an_article_know_what_stands_before(stance, here, tmp_path):
    (tmp_path / "story.txt").write_text("Norway has a new cabinet. It condemned Iceland.\n", "utf-8")
    rows = [json.loads(line) for line in stance("predict", "-a", tmp_path / "story.txt", "--actors").out.splitlines()]
    assert rows[1]["relation"]["source"] == {**EXAMPLE["source"], **rows[1]["relation"]["source"], "name": "Norway"}
    assert rows[1]["relation"]["source"]["code"] == "NOR"


def test_own_parties_lie_in_a_folder_of_the_project(stance, project):
    (project / "actors").mkdir(exist_ok=True)
    (project / "actors" / "own.yaml").write_text("parties: [{code: RUR, kind: state, names: [Ruritania]}]", "utf-8")
    row = first_row(stance("predict", "Ruritania rejected the British offer.", "--actors", "-f", "jsonl"))
    assert row["relation"]["source"]["code"] == "RUR"
    (project / "actors" / "own.yaml").write_text("parties: [{code: RUR, kind: planet, names: [X]}]", "utf-8")
    result = stance("predict", SENTENCE, "--actors")
    assert result.code == 2
    assert len(result.err.splitlines()) == 1
    assert "party 'RUR'" in result.err
