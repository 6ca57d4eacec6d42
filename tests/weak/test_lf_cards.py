"""Labeling functions for the reader: list, card, and the check of their own examples."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.base.errors import LFError
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.lf_analysis import check_examples, describe, failing_examples, overview, unsteady
from pipeline.weak.lfs.lf import ANY, LF
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


COUNTS = {"votes": 9, "coverage": 0.1, "alone": 0, "overlap": 0, "conflict": 0, "gold_votes": 0, "contribution": None}
ROW = {**COUNTS, "polarity": {"0": 9}, "stances": [0], "warnings": []}


@pytest.mark.parametrize(
    ("stance", "stances", "listed"),
    [
        (OPPOSITION, [], "opposition"),
        (OPPOSITION, [2], "opposition"),
        (OPPOSITION, [0, 2], "opposition/agreement"),
        (OPPOSITION, [2, 0], "agreement/opposition"),
        (ANY, [], "any"),
        (ANY, [1], "neutral"),
        (ANY, [1, 0, 2], "any"),
    ],
)
def test_who_gives_two_stances_a_tenth_of_its_votes_is_listed_with_both(stance, stances, listed):
    """The commoner first; one that is written for no stance in particular is for any."""
    lfs, statistics = LFSet([replace(GOOD, stance=stance)]), {"clash": {**ROW, "stances": stances}}
    assert overview(lfs, statistics).split()[1] == listed
    assert f"  votes for  {listed}\n" in describe(lfs, "clash", statistics)


def test_below_the_list_it_is_said_what_two_stances_and_a_mark_mean():
    """Counts of those with two stances, with a warning, and without a vote; the last is no warning of the LF."""
    statistics = {
        "clash": {**ROW, "stances": [0, 2], "warnings": ["too broad: it is"]},
        "deaf": {**ROW, "votes": 0, "warnings": ["never fires on these sentences"]},
        "loud": ROW,
    }
    lines = overview(LFSet([GOOD, DEAF, LOUD]), statistics).splitlines()
    assert [" !  " in line for line in lines[:3]] == [True, False, False]
    assert lines[-2].startswith("1 of them give two stances or more a tenth of their votes each")
    assert lines[-1] == "When votes were last cast, 1 got a warning (!) and 1 never voted."


def test_a_card_says_how_its_votes_are_spread_and_what_they_add():
    """For the label model, and for the classifier where that has been evaluated; ids are text in a file."""
    row = {
        **ROW,
        "polarity": {"0": 7, "2": 2},
        "stances": [0, 2],
        "contribution": 0.0123,
        "warnings": ["one-sided: why"],
    }
    card = describe(LFSet([GOOD]), "clash", {"clash": row})
    assert "  of these   7 for opposition, 2 for agreement\n" in card
    assert "  adds       +0.0123 macro-F1 to the label model on gold\n" in card
    assert "  warning    one-sided: why\n" in card
    assert "to the classifier" not in card
    known = {**row, "classifier_contribution": -0.0012, "classifier_log_loss": -0.0003}
    assert "-0.0012 macro-F1 to the classifier on gold (log-loss -0.00030)" in describe(
        LFSet([GOOD]), "clash", {"clash": known}
    )


def test_the_list_of_none_is_no_error():
    assert overview(LFSet([])).strip().startswith("0 labeling functions")


def test_a_card_says_all_about_one():
    card = describe(LFSet([GOOD]), "clash")
    for lines in (
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
        assert lines in card
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
    assert list(check_examples(LFSet([GOOD]))) == ["2 examples of 1 labeling functions hold."]


def test_each_example_that_fails_is_yielded_with_what_was_expected():
    failures = list(failing_examples(LFSet([GOOD, DEAF, LOUD])))
    assert failures == [
        (DEAF, "They dine.", "fires: expected a vote for opposition; got no vote"),
        (LOUD, "We clash.", "quiet: expected no vote for opposition; got a vote for opposition"),
    ]


def failures(*args):
    """The lines before the error, and the error."""
    lines = []
    with pytest.raises(LFError, match=r"examples of .* fail") as raised:
        lines.extend(check_examples(*args))
    return lines, str(raised.value)


def test_every_failure_is_a_line_with_file_name_list_and_sentence_and_all_are_counted():
    lines, error = failures(LFSet([GOOD, DEAF, LOUD]))
    assert lines == [
        "here.yaml, deaf, fires: expected a vote for opposition; got no vote: They dine.",
        "here.yaml, loud, quiet: expected no vote for opposition; got a vote for opposition: We clash.",
    ]
    assert error == "2 of 6 examples of 3 labeling functions fail. `stance lfs NAME` shows the cues of one."


def test_a_vote_for_another_stance_is_said():
    """A negation may turn a cue round."""
    turned = lf("reject", "reject~v", negated=AGREEMENT, fires=("They did not reject it.",), quiet=("They row.",))
    lines, _ = failures(LFSet([turned]))
    assert lines == [
        "here.yaml, reject, fires: expected a vote for opposition; got a vote for agreement: They did not reject it."
    ]


def test_the_examples_of_one_can_be_tried_alone():
    """It is tried among the others, whose cues may stand in its way, and their failures are not told."""
    assert list(check_examples(LFSet([DEAF, GOOD]), "clash")) == ["2 examples of clash hold."]
    lines, error = failures(LFSet([DEAF, GOOD, LOUD]), "loud")
    assert [line.split(", ")[1] for line in lines] == ["loud"]
    assert error.startswith("1 of 2 examples of loud fail")
    with pytest.raises(LFError, match=r"lound: no such labeling function\. Did you mean 'loud'"):
        list(check_examples(LFSet([LOUD]), "lound"))


def remembers(parse):
    asked.append(parse.text)
    return NEUTRAL if len(asked) % 2 else OPPOSITION


def counts(parses):
    return np.full(len(parses), NEUTRAL), np.full(len(parses), 1 / len(parses))


def remembers_the_last(parse):
    asked.append(parse.text)
    return NEUTRAL if len(asked) > 1 and "dine" in asked[-2] else OPPOSITION


asked: list[str] = []


@pytest.mark.parametrize(
    ("function", "batch"),
    [(remembers, False), (remembers_the_last, False), (counts, True)],
    ids=["remembers", "the last", "counts"],
)
def test_one_that_does_not_depend_on_its_sentence_alone_is_found(function, batch):
    asked.clear()
    shaky = LF("shaky", ANY, "a rule", "a reason", "mine.py", function=function, batch=batch)
    lfs = LFSet([GOOD, shaky, ASKS])
    assert unsteady(lfs) == [shaky]
    lines: list[str] = []
    with pytest.raises(LFError, match=r"1 of 3 labeling functions remember or roll dice\. A vote must depend"):
        lines.extend(check_examples(lfs))
    assert lines == ["mine.py, shaky: votes otherwise in another order, or one by one"]
    assert list(check_examples(lfs, "clash")) == ["2 examples of clash hold."]


def test_a_name_in_capitals_is_answered_with_the_nearest():
    with pytest.raises(LFError, match=r"LOUD: no such labeling function\. Did you mean 'loud'"):
        describe(LFSet([LOUD]), "LOUD")
