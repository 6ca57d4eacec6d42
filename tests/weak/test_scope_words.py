"""The words of scope: as tokens are written, and each with one part to play."""

from itertools import combinations

import pytest

from pipeline.weak import scope_words
from pipeline.weak.tokens import tokenize

SETS = {name: value for name, value in vars(scope_words).items() if isinstance(value, frozenset)}
TOPICS = scope_words.TOPIC_NOUNS | scope_words.TOPIC_VERBS
TURNING = [scope_words.BREAKS, scope_words.CONTRASTS, scope_words.APPEAL_VERBS, TOPICS]


@pytest.mark.parametrize("name", SETS)
def test_words_are_written_as_tokens(name):
    """But for "n't", which other tokenisers write so."""
    assert SETS[name]
    assert [word for word in sorted(SETS[name] - {"n't"}) if tokenize(word) != [word]] == []


@pytest.mark.parametrize(("one", "other"), list(combinations(TURNING, 2)))
def test_no_word_turns_scope_in_two_ways(one, other):
    """Or else the order of the rules would decide."""
    assert one.isdisjoint(other)
