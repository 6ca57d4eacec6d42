"""Sentence boundaries: every case of the data file, and the places where lists and brackets meet stops."""

from pathlib import Path

import pytest

from pipeline.text.quotes import quotations
from pipeline.text.sentences import sentence_starts, split_sentences

CASES = (Path(__file__).parent / "data" / "boundaries.txt").read_text(encoding="utf-8").splitlines()
KNOWN_MISSES = [line[2:] for line in CASES if line.startswith("~ ")]
SETTLED = [line for line in CASES if line and line[0] not in "#~"]


def sentences_of(case):
    """The text of a case without its boundary marks, and its sentences."""
    case = case.replace("\\n", "\n")
    return case.replace("‖ ", "").replace("‖", ""), [part.strip() for part in case.split("‖")]


def starts(text):
    return [text[at:][:6] for at in sentence_starts(text, quotations(text))]


def test_the_data_file_holds_the_promised_number_of_cases():
    assert len(SETTLED) >= 200
    assert len(KNOWN_MISSES) <= 5


@pytest.mark.parametrize("case", SETTLED)
def test_sentences_are_split_at_the_marks_and_nowhere_else(case):
    text, expected = sentences_of(case)
    assert [sentence.text for sentence in split_sentences(text)] == expected


@pytest.mark.xfail(strict=True, reason="undecidable for rules that look at two words; listed so that a cure is noticed")
@pytest.mark.parametrize("case", KNOWN_MISSES)
def test_known_misses(case):
    text, expected = sentences_of(case)
    assert [sentence.text for sentence in split_sentences(text)] == expected


def test_offsets_are_where_the_next_sentence_begins_with_its_opening_marks():
    assert starts('We met. "We parted." (They stayed.) — Nobody came.') == ['"We pa', "(They ", "— Nobo"]


def test_closing_marks_stay_with_the_sentence_they_end():
    assert starts("(He said: “Go.”) We went.") == ["We wen"]


def test_a_parenthesis_too_long_to_be_one_is_ignored():
    text = "We (the envoys met. " + "They talked. " * 40 + "They left) went."
    assert len(starts(text)) == 41


def test_list_numbers_must_count_up_from_the_first_word():
    assert starts("1. Open the border 2. Free the crew 4) Pay") == ["2. Fre"]
    assert starts("In part 1. we read 2. and so on") == []


def test_a_comma_before_a_number_enumerates_inside_the_sentence():
    assert starts("1) the border opens, 2) the crew goes") == []


def test_no_text_no_boundaries():
    assert sentence_starts("", []) == []
