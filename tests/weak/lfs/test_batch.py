"""What functions of batches ask: which words stand where, and which hits come first."""

import numpy as np
import pytest

from pipeline.base.errors import LFError
from pipeline.base.stances import ABSTAIN, AGREEMENT, OPPOSITION
from pipeline.weak.lfs.parse import WordSet, clear_hits, opening_stances, rows_of, stances_of, votes_where
from tests.weak.small import SMALL

TEXTS = ["They reject it and support it.", "", "If they reject it, they support it.", "It rains on a deal."]


@pytest.fixture
def parses():
    return next(SMALL.parse_all(TEXTS))


def test_a_word_set_knows_where_its_words_stand(parses):
    they = WordSet(["they", "never-heard-of"])
    assert they.rows(parses.tokens).tolist() == [True, False, True, False]
    assert len(they.places(parses.tokens)) == 3
    assert rows_of(parses.tokens, they.places(parses.tokens)[1:]).tolist() == [False, False, True, False]


def test_a_word_is_near_within_its_sentence_only(parses):
    it, they = WordSet(["it"]), WordSet(["they"])
    places = it.places(parses.tokens)
    assert they.near(parses.tokens, places, (-2,)).tolist() == [True, False, True, True, False]
    assert they.near(parses.tokens, places, range(1, 9)).tolist() == [False, False, True, False, False]


def test_the_first_clear_hit_of_a_sentence_gives_its_stance(parses):
    """The condition leaves too little of the first cue of the third sentence."""
    assert opening_stances(parses, 99).tolist() == [OPPOSITION, ABSTAIN, AGREEMENT, AGREEMENT]
    assert opening_stances(parses, 2).tolist() == [OPPOSITION, ABSTAIN, ABSTAIN, ABSTAIN]
    assert parses.hits.strength[clear_hits(parses)].min() >= 0.45


def test_of_several_hits_the_first_gives_the_stance(parses):
    every = np.arange(len(parses.hits.row))
    assert stances_of(parses, every).tolist() == [OPPOSITION, ABSTAIN, OPPOSITION, AGREEMENT]
    assert stances_of(parses, every[1:2]).tolist() == [AGREEMENT, ABSTAIN, ABSTAIN, ABSTAIN]


@pytest.mark.parametrize(
    ("word", "read"), [("Striker", "striker"), ("can't", "can 't"), ("peace talks", "peace talks")]
)
def test_a_word_that_no_sentence_can_have_is_refused(word, read):
    with pytest.raises(LFError, match=f"WordSet: no word of a sentence is ever .*{word}.: it is read as .*{read}"):
        WordSet(["peace", word])


def test_votes_are_abstentions_but_for_the_chosen():
    assert votes_where(np.array([True, False]), AGREEMENT).tolist() == [AGREEMENT, ABSTAIN]
