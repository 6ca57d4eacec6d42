"""Lines for readers of the page are known word for word."""

import pytest

from pipeline.text.boilerplate_rules import PHRASES, is_phrase


@pytest.mark.parametrize(
    "text", ["Hide caption", "TERMS OF USE | PRIVACY POLICY", "Thanks for reading!", "Top stories:"]
)
def test_case_and_punctuation_are_of_no_account(text):
    assert is_phrase(text)


@pytest.mark.parametrize("text", ["", "Top stories of the week were told again", "The town has terms of use", "x" * 99])
def test_other_lines_are_none(text):
    assert not is_phrase(text)


def test_every_phrase_is_in_the_form_in_which_it_is_looked_up():
    assert all(is_phrase(phrase) for phrase in PHRASES if phrase)
