"""Gold: hand labels are read with errors that name the line, and find their sentences again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import GoldError, InputError
from pipeline.base.stances import UNLABELED
from pipeline.gold.labels import Gold, match_gold, read_gold, write_sheet

ROW = {"id": "a:0", "text": "Yes.", "label": "agreement"}


def write(tmp_path, *rows):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def test_rows_are_read_in_order_with_annotators_and_doubts(tmp_path):
    second = {"id": "a:1", "text": "No.", "label": "opposition", "annotators": {"x": "neutral"}, "mixed": True}
    assert read_gold(write(tmp_path, ROW, "", second)) == [
        Gold("a:0", "Yes.", 2),
        Gold("a:1", "No.", 0, {"x": "neutral"}, True),
    ]


def test_no_file_is_no_gold(tmp_path):
    assert read_gold(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    ("row", "kind", "match"),
    [
        ({"id": "a:1", "label": "neutral"}, GoldError, "gold.jsonl, line 2: no text under 'text'"),
        ({"id": 1, "text": "No.", "label": "neutral"}, GoldError, "line 2: no text under 'id'"),
        ({"id": "a:1", "text": "No.", "label": None}, GoldError, "line 2: no text under 'label'"),
        (ROW, GoldError, "line 2: 'a:0' is labelled twice. Keep one"),
        ({**ROW, "id": "b:0", "label": "oposition"}, InputError, "line 2: unknown stance; .*Did you mean 'opposition'"),
        ({**ROW, "id": "b:0", "annotators": ["x"]}, GoldError, "line 2: bad 'annotators'; expected {.*; got \\['x'\\]"),
        ({**ROW, "id": "b:0", "annotators": {"x": 2}}, GoldError, "line 2: bad 'annotators'; expected {.*; got {'x"),
        ("{", InputError, "line 2: not valid JSON"),
    ],
)
def test_a_bad_line_is_named(tmp_path, row, kind, match):
    with pytest.raises(kind, match=match):
        read_gold(write(tmp_path, ROW, row))


def test_a_label_belongs_to_the_sentence_of_its_id():
    """Also where another sentence of the article reads the same."""
    gold = [Gold("a:1", "Yes.", 2)]
    assert match_gold(gold, ["a:0", "a:1", "b:1"], ["Yes.", "Yes.", "Yes."]) == ([UNLABELED, 2, UNLABELED], [])


def test_a_label_follows_its_sentence_when_the_article_is_cut_elsewhere():
    """It stays within the article: equal sentences of others are none of its business."""
    gold = [Gold("a:0", "Yes.", 2), Gold("a:9", "No.", 0)]
    ids, texts = ["a:0", "a:1", "a:2", "b:0"], ["New.", "Yes.", "No.", "Yes."]
    assert match_gold(gold, ids, texts) == ([UNLABELED, 2, 0, UNLABELED], [])


def test_a_label_without_a_sentence_is_lost_and_said_so():
    gold = [Gold("a:0", "Changed.", 2), Gold("c:0", "Yes.", 2)]
    assert match_gold(gold, ["a:0", "b:0"], ["Yes.", "Yes."]) == ([UNLABELED, UNLABELED], ["a:0", "c:0"])


def test_of_two_labels_for_one_sentence_the_one_in_its_old_place_stays_and_the_other_is_lost():
    gold = [Gold("a:5", "Yes.", 0), Gold("a:1", "Yes.", 2), Gold("a:6", "Yes.", 1)]
    assert match_gold(gold, ["a:0", "a:1"], ["No.", "Yes."]) == ([UNLABELED, 2], ["a:5", "a:6"])


def test_article_ids_may_hold_colons():
    assert match_gold([Gold("x:y:7", "Yes.", 1)], ["x:y:0"], ["Yes."]) == ([1], [])


def numbered(*texts):
    return [f"a:{n}" for n in range(len(texts))], list(texts)


def test_equal_sentences_of_one_article_keep_their_own_labels_when_it_grows():
    gold = [Gold("a:1", "He agreed.", 2), Gold("a:2", "Then it rained.", 1), Gold("a:3", "He agreed.", 0)]
    found = match_gold(gold, *numbered("New.", "So they met.", "He agreed.", "Then it rained.", "He agreed."))
    assert found == ([UNLABELED, UNLABELED, 2, 1, 0], [])


def test_a_label_does_not_stay_with_an_equal_sentence_that_came_into_its_old_place():
    gold = [Gold("a:0", "They met.", 1), Gold("a:1", "He agreed.", 2), Gold("a:2", "She left.", 1)]
    found = match_gold(gold, *numbered("New.", "He agreed.", "They met.", "He agreed.", "She left."))
    assert found == ([UNLABELED, UNLABELED, 1, 2, 1], [])


def test_paragraphs_in_another_order_keep_their_labels():
    gold = [Gold("a:0", "One.", 0), Gold("a:1", "Two.", 1), Gold("a:2", "Three.", 2)]
    assert match_gold(gold, *numbered("Three.", "One.", "Two.")) == ([2, 0, 1], [])


def test_a_sentence_whose_damaged_characters_were_repaired_is_the_same():
    gold = [Gold("a:0", "It doesn´t pay.", 0), Gold("a:1", "“No,” she said.", 0)]
    assert match_gold(gold, *numbered("It doesn't pay.", '"No," she said.')) == ([0, 0], [])


@given(
    st.lists(st.sampled_from(["Yes.", "No.", "Why?"]), max_size=9),
    st.lists(st.sampled_from(["New.", "Yes."]), max_size=3),
)
def test_labels_are_given_once_and_only_to_their_text(texts, added):
    gold = [Gold(f"a:{n}", text, n % 3) for n, text in enumerate(texts)]
    now = [*added, *texts]
    stances, lost = match_gold(gold, *numbered(*now))
    assert lost == []
    assert sum(stance != UNLABELED for stance in stances) == len(texts)
    assert all(stance == UNLABELED or now[row] in texts for row, stance in enumerate(stances))
    if not added:
        assert stances == [item.stance for item in gold]


@pytest.mark.parametrize("name", ["sheet.odt", "sheet"])
def test_a_sheet_of_another_kind_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="not a kind of sheet; expected "):
        write_sheet(tmp_path / name, [{"text": "a"}])
    assert list(tmp_path.iterdir()) == []
