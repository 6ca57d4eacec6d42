"""The words of scope: as tokens are written, and each with one part to play."""

from itertools import combinations

import pytest

from pipeline.weak.cues.scope_words import HEDGES, MAIN, OPENERS, ROLES, Role
from pipeline.weak.cues.tokens import tokenize

TURNING = [Role.OPENER, Role.BREAK, Role.CONTRAST, Role.WHILE, Role.APPEAL]
TOPICS = ROLES[Role.TOPIC_NOUN] | ROLES[Role.TOPIC_VERB]


@pytest.mark.parametrize("role", ROLES)
def test_words_are_written_as_tokens(role):
    """But for "n't", which other tokenisers write so."""
    assert ROLES[role]
    assert [word for word in sorted(ROLES[role] - {"n't"}) if tokenize(word) != [word]] == []


@pytest.mark.parametrize(("one", "other"), list(combinations([*(ROLES[role] for role in TURNING), TOPICS], 2)))
def test_no_word_turns_scope_in_two_ways(one, other):
    """Or else the order of the rules would decide."""
    assert one.isdisjoint(other)


def test_every_role_has_words_but_that_of_all_that_end_in_ing():
    assert set(Role) - set(ROLES) == {Role.ING}


def test_what_is_left_of_evidence_is_a_share():
    assert all(0 < share <= MAIN for share in (*OPENERS.values(), *HEDGES.values()))
