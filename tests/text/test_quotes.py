"""Quotations of a paragraph, and the words that attribute them."""

import pytest

from pipeline.text.quotes import attributes, quotations


def quoted(text):
    return [text[start:end] for start, end in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nobody said a word.", []),
        ('"We go," he said. "We stay," she said.', ['"We go,"', '"We stay,"']),
        ("“We go,” he said.", ["“We go,”"]),
        ("«We go», he said.", ["«We go»"]),
        ("`` We go , '' he said .", ["`` We go , ''"]),
        ('" We go , " he said .', ['" We go , "']),
        ("'We go,' he said. 'We stay.'", ["'We go,'", "'We stay.'"]),
        ("‘We go,’ he said.", ["‘We go,’"]),
        ("\"He said 'no' to us,\" she said.", ["\"He said 'no' to us,\""]),
        ("'He said \"no\" to us,' she said.", ["'He said \"no\" to us,'"]),
        ('A "joint" text and a "common" map.', ['"joint"', '"common"']),
        ('It ended."We go," he said.', ['"We go,"']),
        ('He said ("We go") twice.', ['"We go"']),
    ],
)
def test_quotations_by_their_marks(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Russia's plan and the ministers' reply, in the '90s and '08.",
        "Don't, can't, won't; rock 'n' roll; 'tis and 'em.",
        "The Ivory Coast 's rebels do n't mind .",
        "The ministers’ plan and Russia’s.",
        'The pipe is 6" wide.',
        "The bridge is 5' long and the rope 9'.",
    ],
)
def test_apostrophes_and_units_are_no_quotations(text):
    assert quotations(text) == []


def test_a_possessive_does_not_close_a_single_quotation():
    assert quoted("'The ministers' plan is dead,' he said.") == ["'The ministers' plan is dead,'"]


def test_an_unclosed_quotation_lasts_to_the_end_of_the_paragraph():
    assert quoted('He said: "We go. We stay.') == ['"We go. We stay.']


def test_an_unclosed_single_mark_counts_only_at_the_start():
    assert quoted("‘We go. We stay.") == ["‘We go. We stay."]
    assert quoted("They say ‘we go. We stay.") == []


def test_a_second_opening_mark_does_not_close():
    assert quoted('"We go. "We stay," he said.') == ['"We go. "We stay,"']


def test_a_closing_mark_without_an_opening_one_is_ignored():
    assert quoted('We go," he said. "We stay."') == ['"We stay."']


@pytest.mark.parametrize(
    ("words", "after_question", "after_full_stop"),
    [
        ("Lund asked.", True, True),
        ("Lund said", True, True),
        ("Foreign Minister Eva Lund asked, smiling", True, True),
        ("Lund asked reporters in Oslo.", True, False),
        ("Lund said on Tuesday", True, False),
        ("Sergei de la Cruz demanded the keys", True, False),
        ("Lund said she was glad.", False, False),
        ("Lund said the plan was dead.", False, False),
        ("He asked again.", False, False),
        ("The crowd roared.", False, False),
        ("Nobody knew.", False, False),
        ("", False, False),
    ],
)
def test_which_words_only_say_who_spoke(words, after_question, after_full_stop):
    assert attributes(words, 0, after_stop=False) is after_question
    assert attributes(words, 0, after_stop=True) is after_full_stop
