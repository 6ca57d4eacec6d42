"""Scope triggers: which words change scope, beside which others; places are positions + 1 in a lone sentence."""

import numpy as np
import pytest

from pipeline.weak.cues.scope_words import ASIDE, CONCEDED, MAIN, PARALLEL, TEMPORAL, Role
from pipeline.weak.cues.tokens import Tokens
from pipeline.weak.cues.triggers import Triggers, Words, find_triggers


def triggers(text: str) -> Triggers:
    return find_triggers(Words(Tokens.of([text.split()])))


def positions(places: np.ndarray) -> list[int]:
    return (places - 1).tolist()


def test_a_segment_begins_at_each_clause_boundary_with_the_weight_of_its_clause():
    found = triggers("he left , after lunch ( at sea ) but came")
    assert positions(found.turns) == [2, 3, 5, 8, 9]
    assert found.weights.tolist() == [MAIN, TEMPORAL, ASIDE, MAIN, MAIN]
    assert positions(found.resets) == [2, 8, 9]
    assert positions(found.contrasts) == [9]


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("while he talks they eat", CONCEDED),
        ("they eat it while he talks", PARALLEL),
        ("they eat it while talking", TEMPORAL),
        ("he left as they came", TEMPORAL),
        ("he left as a friend", MAIN),
        ("he came as well as", MAIN),
        ("parties such as theirs", MAIN),
    ],
)
def test_while_and_as_open_clauses_of_several_kinds(text, weight):
    assert triggers(text).weights[0] == weight


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("he left but came", [2]),
        ("but he came", []),
        ("nothing but rain", []),
        ("not only rain but snow", []),
        ("only a b c d e f g h but snow", []),
        ("only a b c d e f g h i but snow", [10]),
    ],
)
def test_but_sets_something_against_what_stands_before(text, found):
    assert positions(triggers(text).contrasts) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("they urged him to go", [1]),
        ("they urged him", []),
        ("they want to go", []),
        ("they want him to go", [1]),
        ("they called on him", [1]),
        ("they called him to order", []),
        ("they asked a b c d e f to go", [1]),
        ("they asked a b c d e f g to go", []),
    ],
)
def test_an_appeal_says_what_another_is_to_do(text, found):
    assert positions(triggers(text).appeals) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("talks on fish", [0]), ("talks ended", []), ("they discussed fish", [1]), ("a debate of it", [1])],
)
def test_a_topic_is_named_behind_a_verb_or_a_linked_noun(text, found):
    assert positions(triggers(text).topics) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("they do not go", [2]),
        ("not only they go", []),
        ("they refuse to go", [1]),
        ("they refuse him to go", [1]),
        ("they refuse it", []),
        ("they deny going", [1]),
        ("they deny that he goes", [2]),
        ("far from going", [0]),
        ("far from home", []),
        ("far going", []),
    ],
)
def test_what_negates_depends_on_what_follows(text, found):
    assert positions(triggers(text).negations) == found


def test_no_word_is_near_one_of_another_sentence():
    words = Words(Tokens.of([["they", "deny"], ["going"], ["to"]]))
    deny = words.of(Role.DENIAL)
    assert words.near(deny, (1, 2, 3, 4), Role.ING).tolist() == [False]
    assert words.near(deny, (0,), Role.DENIAL).tolist() == [True]
    assert len(find_triggers(words).negations) == 0


def test_no_sentences_have_no_marks():
    found = find_triggers(Words(Tokens.of([])))
    assert all(len(getattr(found, name)) == 0 for name in Triggers.__slots__)


@pytest.mark.parametrize(
    ("text", "negations"),
    [
        ("i could not agree more", []),
        ("they couldn 't be more glad", []),
        ("i could not agree", [2]),
        ("it could not pay more", [2]),
    ],
)
def test_who_could_not_agree_more_denies_nothing(text, negations):
    assert positions(triggers(text).negations) == negations
