"""Labeling functions for the reader: list, card, and the check of their own examples."""

import pytest

from pipeline.errors import LFError
from pipeline.stances import AGREEMENT, NEUTRAL
from pipeline.weak.cards import check_examples, describe, failing_examples, overview
from pipeline.weak.lf import LF
from tests.weak.small import DEADLOCK, REJECT, SMALL, LFSet, lf

GOOD = lf("clash", "clash~v ..2 with =0.5", fires=("They clash with us.",), quiet=("They dine with us.",))
DEAF = lf("deaf", "clash~v", fires=("They dine.",), quiet=("They row.",))
LOUD = lf("loud", "clash~v", fires=("They clash.",), quiet=("We clash.",))
ASKS = LF("asks", NEUTRAL, "a rule", "a reason", "mine.py", function=lambda parse: NEUTRAL, strength=0.5)


def test_the_list_has_a_line_for_each_and_counts_them():
    lines = overview(SMALL).splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["reject", "support", "deal", "deadlock"]
    assert "opposition" in lines[0]
    assert "2 cues" not in lines[3]
    assert "1 cues" in lines[3]
    assert lines[-1].startswith("4 labeling functions")


@pytest.mark.parametrize(
    ("polarity", "listed", "on_card"),
    [
        ({}, "opposition", "opposition"),
        ({"0": 91, "2": 9}, "opposition", "opposition"),
        ({"0": 9, "2": 91}, "opposition", "opposition"),
        ({"0": 90, "2": 10}, "both", "opposition and agreement"),
        ({0: 50, 1: 9, 2: 50}, "both", "opposition and agreement"),
        ({"0": 4, "1": 3, "2": 3}, "all", "opposition and neutral and agreement"),
    ],
)
def test_who_gives_several_stances_a_tenth_of_its_votes_is_not_said_to_be_for_one(polarity, listed, on_card):
    """Ids are text where the statistics come from a file."""
    counts = {"votes": 9, "coverage": 0.1, "alone": 0, "overlap": 0, "conflict": 0, "gold_votes": 0}
    statistics = {"clash": {**counts, "polarity": polarity, "worth": None, "warnings": []}}
    assert overview(LFSet([GOOD]), statistics).split()[1] == listed
    assert f"  votes for  {on_card}\n" in describe(LFSet([GOOD]), "clash", statistics)


def test_the_list_of_none_is_no_error():
    assert overview(LFSet([])).strip().startswith("0 labeling functions")


def test_a_card_says_all_about_one():
    card = describe(LFSet([GOOD]), "clash")
    for said in (
        "clash",
        "opposition",
        "abstains",
        "verb",
        "0.5",
        "a rule",
        "a reason",
        "here.yaml",
        "They clash with us.",
    ):
        assert said in card
    assert "clash~v ..2 with =0.5" in card
    assert "They dine with us." in card


def test_a_card_says_what_a_negation_makes_of_it():
    assert "agreement" in describe(LFSet([REJECT]), "reject")
    assert REJECT.negated == AGREEMENT


def test_a_card_shows_exceptions_and_python_functions():
    assert "except     clash of heads" in describe(
        LFSet([lf("clash", "clash~v", exceptions="clash of heads")]), "clash"
    )
    assert "Python function" in describe(LFSet([ASKS]), "asks")


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(LFError, match=r"deadlok: no such labeling function\. Did you mean 'deadlock'\?"):
        describe(LFSet([DEADLOCK]), "deadlok")


def test_examples_that_hold_are_counted():
    assert check_examples(LFSet([GOOD])) == "2 examples of 1 labeling functions hold."


def test_each_example_that_fails_is_yielded_with_what_was_expected():
    failures = list(failing_examples(LFSet([GOOD, DEAF, LOUD])))
    assert failures == [
        (DEAF, "They dine.", "a vote for opposition"),
        (LOUD, "We clash.", "no vote for opposition"),
    ]


def test_the_first_failure_is_an_error_with_file_name_and_sentence():
    with pytest.raises(
        LFError, match=r"here\.yaml, deaf: .*\(2 of 6 examples fail\).*a vote for opposition; got They dine\."
    ):
        check_examples(LFSet([GOOD, DEAF, LOUD]))
