"""Gates: lower ends of the 95 % intervals of the behaviour suite, as they were reached, with a little room."""

import re
from itertools import islice

import pytest

from pipeline.weak.cues.language import verb_forms
from pipeline.weak.loading import load_lfs
from tests.behaviour.capabilities import CAPABILITIES, CHANGES, N_CASES, NEW_AGAINST, NEW_FOR, cases, changed
from tests.behaviour.scoring import rates, unchanged, wilson
from tests.imports import ROOT

GATES = dict.fromkeys(CAPABILITIES, 0.92) | {
    "negation of a clause": 0.88,
    "negation undone": 0.88,
    "two parties that differ": 0.85,
}
"""For cases without a verb of stance and those whose verb stands in a cue; of others little can be known."""

UNCHANGED_GATES = dict.fromkeys(CHANGES, 0.97) | {
    "a typing error beside the verb": 0.86,
    "an irrelevant clause": 0.91,
}


def test_there_are_many_capabilities_and_many_different_cases_of_each():
    assert len(CAPABILITIES) >= 20
    assert all(len({case.text for case in cases(name)}) == N_CASES for name in CAPABILITIES)


def test_half_of_the_verbs_stand_in_no_cue():
    words = {word for lf in load_lfs() for cue in lf.cues for element in cue.words for word in element}
    assert [verb for verb in NEW_AGAINST + NEW_FOR if not words.isdisjoint(verb_forms(verb))] == []
    with_verbs = [name for name in CAPABILITIES if not all(case.known for case in cases(name))]
    assert len(with_verbs) >= 10
    assert all(80 <= sum(case.known for case in cases(name)) <= 120 for name in with_verbs)


def test_cases_are_always_the_same():
    assert cases("tense") == cases("tense")
    assert [*islice(changed("capitals"), 5)] == [*islice(changed("capitals"), 5)]


@pytest.mark.parametrize("name", CAPABILITIES)
def test_the_label_model_is_able_to(name):
    known, _ = rates(cases(name))
    assert known.low >= GATES[name], f"{known} on {known.n} cases"


@pytest.mark.parametrize("name", CHANGES)
def test_the_answer_stays_under(name):
    same = unchanged(name)
    assert same.n == N_CASES
    assert same.low >= UNCHANGED_GATES[name], str(same)


@pytest.mark.parametrize("name", [*CAPABILITIES, *CHANGES])
def test_the_page_has_a_row_for(name):
    page = (ROOT / "docs/behaviour.md").read_text("utf-8")
    assert len(re.findall(rf"^\| {re.escape(name)} \|", page, re.MULTILINE)) == 1


def test_wilson_intervals_are_those_of_the_textbook():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(10, 10)[1] == pytest.approx(1)
    assert wilson(0, 0) == (0, 1)
