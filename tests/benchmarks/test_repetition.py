"""Measures of sameness, on sentences that can be counted by hand."""

import numpy as np
import pytest

from benchmarks.repetition import (
    base_form,
    carried_by_top,
    content_word_shares,
    cues_of,
    first_tokens,
    openings,
    repeated_ngrams,
    sharing_ngram,
    words_of,
)
from pipeline.weak.cues.language import parse_cue
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet

FERRY = ["the", "ferry", "came", "in", "at", "noon"]
LATER = ["later", "the", "ferry", "came", "in"]
APART = ["nobody", "waved"]


def test_words_are_lower_case_without_marks():
    """Numbers count, punctuation does not."""
    assert words_of('The 12 boats, "all" red.') == ["the", "12", "boats", "all", "red"]


def test_a_sample_is_cut_at_its_size():
    """In the middle of a sentence where it must be."""
    assert first_tokens([FERRY, LATER], 8) == [FERRY, LATER[:2]]
    assert first_tokens([APART], 9) == [APART]


def test_repeated_ngrams_are_counted_as_often_as_they_stand():
    """`the ferry came in` stands twice; the two sentences have 3 and 2 4-grams."""
    assert repeated_ngrams([FERRY, LATER]) == pytest.approx(2 / 5)
    assert repeated_ngrams([FERRY, APART]) == 0
    assert repeated_ngrams([APART]) == 0


def test_sharing_counts_sentences_and_not_ngrams():
    """Two of three share a 4-gram; not where they are of one article."""
    sentences = [FERRY, LATER, APART]
    assert sharing_ngram(sentences, 4) == pytest.approx(2 / 3)
    assert sharing_ngram(sentences, 4, ["a", "a", "b"]) == 0
    assert sharing_ngram(sentences, 5) == 0


def test_openings_are_pairs_of_first_words():
    """Of four sentences two open alike."""
    assert openings([FERRY, FERRY[:3], LATER, APART], top=1) == 1 / 2


def test_the_commonest_items_carry_their_share():
    """Three of five, then four of five; nothing of nothing."""
    assert carried_by_top(list("aaabc"), 1) == 3 / 5
    assert carried_by_top(list("aaabc"), 2) == 4 / 5
    assert np.isnan(carried_by_top([], 1))


def test_a_cue_is_named_by_its_base_form():
    """Whatever the form in the sentence, and whichever of the words of an element it is."""
    cue = parse_cue("(refuse|decline)~v to", {})
    lf = LF(name="no", stance=0, rule="", why="", source="", cues=(cue,))
    assert list(cues_of(LFSet([lf]), "They declined to sail.")) == [(0, "decline to")]
    assert base_form("ferries", frozenset({"ferries", "ferry", "boat"})) == "ferry"
    assert base_form("unheard", frozenset({"boat"})) == "unheard"


def test_content_words_leave_out_the_commonest_and_the_short():
    """`boat` is in two of two sentences of stance 0; `of` is too short, `harbour` is everywhere."""
    sentences = [["harbour", "boat", "of"], ["harbour", "boat", "red"], ["harbour", "gull"]]
    top, ten = content_word_shares(sentences, np.array([0, 0, 2]), 0, n=2, seed=0, common=1)
    assert top == 1
    assert ten == pytest.approx((1 + 1 / 2) / 2)
