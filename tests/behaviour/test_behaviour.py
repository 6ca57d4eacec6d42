"""Gates: lower ends of the 95 % intervals of the behaviour suite, as they were reached, with a little room."""

import re
from itertools import islice

import pytest

from pipeline.weak.cues.language import verb_forms
from tests.behaviour.capabilities import (
    AGAINST,
    CAPABILITIES,
    CHANGES,
    DERIVED_AGAINST,
    DERIVED_FOR,
    FOR,
    N_CASES,
    NEW_AGAINST,
    NEW_FOR,
    ORATING,
    Case,
    cases,
    changed,
)  # fmt: skip
from tests.behaviour.scoring import invariances, not_misread, rates, shipped, unchanged, wilson
from tests.imports import ROOT

GATES = dict.fromkeys(CAPABILITIES, 0.92)
"""For cases without a verb of stance and those whose verb stands in a cue."""

DERIVED_GATES = dict.fromkeys(CAPABILITIES, 0.84) | {"passive voice": 0.78}
"""For cases whose verb is derived from one of a cue."""

BESIDE_GATES = {"verdict beside an unlisted verb": 0.86, "for or against behind an unlisted verb": 0.83}
"""For cases in which other words say what an unlisted verb means."""

NOT_MISREAD_GATES = {
    "plain statement": 0.77, "tense": 0.74, "passive voice": 0.84, "attribution": 0.80, "negation near": 0.80,
    "negation before subject": 0.69, "negation of a clause": 0.77, "negation undone": 0.74,
    "inversion that denies nothing": 0.69, "contrast with but": 0.57, "contrast without but": 0.67,
    "hedges and conditions": 0.90, "questions": 0.90, "intensifiers and manner": 0.66, "lost apostrophes": 0.67,
    "verdict beside an unlisted verb": 0.86, "for or against behind an unlisted verb": 0.95, "headlines": 0.71,
}  # fmt: skip
"""For cases whose verb stands in no cue: the right stance, or neutral. That they get the right one is not promised."""

UNCHANGED_GATES = dict.fromkeys(CHANGES, 0.97) | {
    "a typing error beside the verb": 0.90,
    "an irrelevant clause": 0.92,
}


def in_cues(verb: str) -> bool:
    """Say whether a form of a verb stands in a cue."""
    words = {word for lf in shipped()[0] for cue in lf.cues for element in cue.words for word in element}
    return not words.isdisjoint(verb_forms(verb))


def test_there_are_many_capabilities_and_many_different_cases_of_each():
    assert len(CAPABILITIES) >= 20
    assert all(len({case.text for case in cases(name)}) == N_CASES for name in CAPABILITIES)


def test_half_of_the_verbs_stand_in_no_cue():
    assert list(filter(in_cues, NEW_AGAINST + NEW_FOR + ORATING + DERIVED_AGAINST + DERIVED_FOR)) == []
    assert all(map(in_cues, AGAINST + FOR))
    mixed = [name for name in CAPABILITIES if len({case.verbs for case in cases(name)}) == 3]
    assert len(mixed) >= 14
    assert all(80 <= sum(case.verbs != "of cues" for case in cases(name)) <= 120 for name in mixed)


def test_cases_are_always_the_same():
    assert cases("tense") == cases("tense")
    assert [*islice(changed("dashes and blanks"), 5)] == [*islice(changed("dashes and blanks"), 5)]


@pytest.mark.parametrize("name", CAPABILITIES)
def test_the_label_model_is_able_to(name):
    of_cues, derived, other = rates(cases(name)).values()
    assert not of_cues.n or of_cues.low >= GATES[name], f"{of_cues} on {of_cues.n} cases"
    assert not derived.n or derived.low >= DERIVED_GATES[name], f"{derived} on {derived.n} cases with derived verbs"
    assert other.low >= BESIDE_GATES.get(name, 0), f"{other} on {other.n} cases with unlisted verbs"
    assert not other.n or (safe := not_misread(cases(name))).low >= NOT_MISREAD_GATES[name], f"{safe} are not misread"


@pytest.mark.parametrize("name", CHANGES)
def test_the_answer_stays_under(name):
    same = unchanged(name)
    assert same.n == N_CASES
    assert same.low >= UNCHANGED_GATES[name], str(same)


@pytest.mark.parametrize(("file", "n", "low"), [("everyday.tsv", 190, 0.78), ("news.tsv", 400, 0.86)])
def test_the_label_model_understands_everyday_wording_and_news(file, n, low):
    lines = (ROOT / "tests/behaviour" / file).read_text("utf-8").splitlines()[1:]
    rate = rates([Case(text, stance) for stance, text in (line.split("\t") for line in lines)])["of cues"]
    assert rate.n == n
    assert rate.low >= low, str(rate)


def test_the_changes_of_the_package_change_nothing():
    rows = {row.change: row for row in invariances()}
    assert len(rows) == 8
    assert [row for row in rows.values() if row.changed] == []
    assert {name for name, row in rows.items() if row.cases == N_CASES} >= rows.keys() - {"apostrophes"}


@pytest.mark.parametrize("name", [*CAPABILITIES, *CHANGES])
def test_the_page_has_a_row_for(name):
    page = (ROOT / "docs/behaviour.md").read_text("utf-8")
    assert len(re.findall(rf"^\| {re.escape(name)} \|", page, re.MULTILINE)) == 1


def test_wilson_intervals_are_those_of_the_textbook():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(10, 10)[1] == pytest.approx(1)
    assert wilson(0, 0) == (0, 1)
