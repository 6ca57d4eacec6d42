"""Labels into the file of hand labels: merged, or refused as a whole."""

import json

import pytest

from pipeline.base.errors import GoldError
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.gold.labels import Filled, Merged, add_labels, read_gold

TEXTS = {f"a:{n}": f"Sentence {n}." for n in range(20)} | {"b:0": "Zürich."}
BEFORE = (
    '{"id":"a:0",  "text":"Sentence 0.", "label":"neutral", "annotators":{"x":"neutral"}, "mixed":true, "note":1}\n'
    '{"id": "a:1", "text": "Sentence 1.", "label": "agreement"}\n'
)


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(BEFORE, "utf-8")
    return path


def row(key, stance, text="", mixed=False):
    return Filled(f"s.csv, row {key}", key, text, stance, mixed)


def items(path):
    return {item["id"]: item for item in map(json.loads, path.read_text("utf-8").splitlines())}


def test_new_labels_come_after_the_old_ones_which_keep_their_bytes(gold):
    added = [row("b:0", OPPOSITION, "Zürich.", mixed=True), row("a:2", NEUTRAL), row("a:1", AGREEMENT)]
    assert add_labels(gold, added, TEXTS) == Merged(new=2, same=1, differing=0, total=4)
    text = gold.read_text("utf-8")
    assert text.startswith(BEFORE)
    assert text.endswith(
        '{"id": "b:0", "text": "Zürich.", "label": "opposition", "mixed": true}\n'
        '{"id": "a:2", "text": "Sentence 2.", "label": "neutral", "mixed": false}\n'
    )
    assert [item.stance for item in read_gold(gold)] == [NEUTRAL, AGREEMENT, OPPOSITION, NEUTRAL]


def test_reading_a_sheet_twice_changes_nothing_the_second_time(gold):
    added = [row("a:2", NEUTRAL), row("a:0", NEUTRAL)]
    add_labels(gold, added, TEXTS)
    once = gold.read_bytes()
    assert add_labels(gold, added, TEXTS) == Merged(0, 2, 0, 3)
    assert gold.read_bytes() == once


def test_a_file_that_is_not_there_is_made(tmp_path):
    assert add_labels(tmp_path / "new/gold.jsonl", [row("a:0", NEUTRAL)], TEXTS).total == 1
    assert len(read_gold(tmp_path / "new/gold.jsonl")) == 1


def test_annotators_are_written_down(gold):
    add_labels(gold, [row("a:0", NEUTRAL), row("a:2", OPPOSITION)], TEXTS, annotator="ann")
    found = items(gold)
    assert found["a:0"]["annotators"] == {"x": "neutral", "ann": "neutral"}
    assert (found["a:0"]["note"], found["a:0"]["mixed"]) == (1, True)
    assert found["a:2"]["annotators"] == {"ann": "opposition"}


def test_labels_that_differ_are_listed_and_nothing_is_written(gold):
    match = (
        r"^s\.csv: 2 of the labels differ from those in .*gold\.jsonl: a:0 \(neutral, now opposition\), a:1 "
        r"\(agreement, now neutral\)\. --replace takes the new ones, --keep the old ones\.$"
    )
    with pytest.raises(GoldError, match=match):
        add_labels(gold, [row("a:0", OPPOSITION), row("a:1", NEUTRAL), row("a:2", NEUTRAL)], TEXTS)
    assert gold.read_text("utf-8") == BEFORE


def test_a_long_list_of_differences_is_cut(tmp_path):
    path = tmp_path / "gold.jsonl"
    keys = [f"a:{n}" for n in range(8)]
    add_labels(path, [row(key, NEUTRAL) for key in keys], TEXTS)
    with pytest.raises(GoldError, match=r"8 of the labels .*a:4 \(neutral, now agreement\) and 3 more\."):
        add_labels(path, [row(key, AGREEMENT) for key in keys], TEXTS)


def test_labels_that_differ_can_replace_the_old_ones(gold):
    """Doubts about the old label go with it."""
    merged = add_labels(gold, [row("a:0", OPPOSITION)], TEXTS, annotator="ann", differing="replace")
    assert merged == Merged(0, 0, 1, 2)
    found = items(gold)["a:0"]
    assert (found["label"], found["mixed"]) == ("opposition", False)
    assert found["annotators"] == {"x": "neutral", "ann": "opposition"}


def test_labels_that_differ_can_be_kept_with_what_the_second_annotator_said(gold):
    assert add_labels(gold, [row("a:0", OPPOSITION)], TEXTS, annotator="ann", differing="keep").differing == 1
    found = items(gold)["a:0"]
    assert (found["label"], found["mixed"]) == ("neutral", True)
    assert found["annotators"] == {"x": "neutral", "ann": "opposition"}


def test_a_label_of_an_older_text_differs_too(gold):
    """The article was edited since: what was said of the old sentence is not said of the new one."""
    with pytest.raises(GoldError, match=r"a:1 \(agreement, now agreement\)"):
        add_labels(gold, [row("a:1", AGREEMENT)], {**TEXTS, "a:1": "Another sentence."})


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ([row("a:99", NEUTRAL)], r"row a:99: no sentence has the id 'a:99'\. Did you mean 'a:9'\?"),
        ([row("c:0", NEUTRAL), row("d:0", NEUTRAL)], r"row c:0: no sentence has the id 'c:0'\..* Likewise: row d:0\."),
        (
            [row("a:3", NEUTRAL, "Sentence three.")],
            r"a:3 reads differently in the corpus; expected 'Sentence 3\.'; got 'Sentence three\.'\. If the article",
        ),
    ],
)
def test_rows_that_are_not_of_this_corpus_are_refused_as_a_whole(gold, wrong, match):
    with pytest.raises(GoldError, match=match):
        add_labels(gold, [row("a:2", NEUTRAL), *wrong], TEXTS)
    assert gold.read_text("utf-8") == BEFORE


def test_white_space_that_a_spreadsheet_changed_does_not_matter(gold):
    assert add_labels(gold, [row("a:3", NEUTRAL, " Sentence  3.\n")], TEXTS).new == 1
    assert items(gold)["a:3"]["text"] == "Sentence 3."


def test_a_sheet_with_other_quotation_marks_is_the_same_sentence(tmp_path):
    path = tmp_path / "gold.jsonl"
    texts = {"a:0": 'It doesn\'t "pay".'}
    assert add_labels(path, [row("a:0", OPPOSITION, "It doesn’t “pay”.")], texts).new == 1
    assert items(path)["a:0"]["text"] == texts["a:0"]
