"""The words of scope: as tokens are written, and each with one part to play."""

from itertools import combinations

from pipeline.weak.cues.scope_words import HEDGES, MAIN, OPENERS, ROLES, Role
from pipeline.weak.cues.tokens import tokenize

TURNING = [Role.OPENER, Role.BREAK, Role.CONTRAST, Role.WHILE, Role.APPEAL]
TOPICS = ROLES[Role.TOPIC_NOUN] | ROLES[Role.TOPIC_VERB]


def test_words_are_written_as_tokens():
    """But for "n't", which other tokenisers write so."""
    assert [role for role, words in ROLES.items() if not words] == []
    every = set().union(*ROLES.values()) - {"n't"}
    assert [word for word in sorted(every) if tokenize(word) != [word]] == []


def test_no_word_turns_scope_in_two_ways():
    """Or else the order of the rules would decide."""
    pairs = combinations([*(ROLES[role] for role in TURNING), TOPICS], 2)
    assert [one & other for one, other in pairs if one & other] == []


def test_every_role_has_words_but_that_of_all_that_end_in_ing():
    assert set(Role) - set(ROLES) == {Role.ING}


def test_what_is_left_of_evidence_is_a_share():
    assert all(0 < share <= MAIN for share in (*OPENERS.values(), *HEDGES.values()))
