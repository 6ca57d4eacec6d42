"""Casting votes: shapes, grades, order, and what becomes of a Python LF that misbehaves."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.errors import InputError, LFError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.lfs.lf_set import apply_lfs, cast_votes
from tests.weak.small import DEAL, REJECT, SMALL, SUPPORT, TEXTS, LFSet, cues, lf


def test_votes_are_ids_and_strengths_are_grades_one_row_a_text():
    votes, strengths = cast_votes(TEXTS, SMALL)
    assert (votes.shape, votes.dtype) == ((5, 4), np.int8)
    assert (strengths.shape, strengths.dtype) == ((5, 4), np.float32)
    assert votes.tolist() == [[0, -1, -1, -1], [-1, 2, -1, -1], [-1] * 4, [-1, 0, -1, 0], [-1] * 4]
    assert ((strengths > 0) == (votes != ABSTAIN)).all()
    assert (strengths <= 1).all()


def test_applying_is_casting_without_the_strengths():
    assert (apply_lfs(TEXTS, SMALL) == cast_votes(TEXTS, SMALL)[0]).all()


def test_no_texts_and_no_lfs_give_empty_matrices():
    assert cast_votes([], SMALL)[0].shape == (0, 4)
    assert cast_votes(TEXTS, LFSet([]))[1].shape == (5, 0)


def test_what_is_no_list_of_strings_is_refused():
    with pytest.raises(InputError, match=r"sentence 1: not a string; expected str; got list"):
        apply_lfs(["They met.", ["they", "met"]], SMALL)
    with pytest.raises(InputError, match=r"Write \[text\]"):
        cast_votes("They met.", SMALL)


def test_columns_follow_the_order_of_the_lfs():
    votes, strengths = cast_votes(TEXTS, SMALL)
    turned = cast_votes(TEXTS, LFSet(SMALL.lfs[::-1]))
    assert (turned[0] == votes[:, ::-1]).all()
    assert (turned[1] == strengths[:, ::-1]).all()


@settings(deadline=None)
@given(st.permutations(range(len(TEXTS))))
def test_a_text_gets_the_same_votes_wherever_it_stands(order):
    votes, strengths = cast_votes(TEXTS, SMALL)
    shuffled = cast_votes([TEXTS[i] for i in order], SMALL)
    assert (shuffled[0] == votes[order]).all()
    assert (shuffled[1] == strengths[order]).all()


@settings(deadline=None)
@given(st.lists(st.text(max_size=60) | st.sampled_from(TEXTS), max_size=4))
def test_every_vote_is_in_range_on_any_texts(texts):
    votes, strengths = cast_votes(texts, SMALL)
    assert set(np.unique(votes)) <= {ABSTAIN, OPPOSITION, NEUTRAL, AGREEMENT}
    assert ((strengths > 0) == (votes != ABSTAIN)).all()
    assert (strengths <= 1).all()


def test_an_lf_votes_once_by_its_strongest_hit():
    lfs = LFSet([lf("clash", "differ~v =0.25; clash~v =0.75; row =0.5", negated=AGREEMENT, kind="phrase")])
    assert lfs.vote("They differ and clash and row.") == {0: (OPPOSITION, 0.75)}


def test_of_equally_strong_hits_the_first_decides():
    lfs = LFSet([lf("clash", "clash~v =0.4; differ~v =0.5", negated=AGREEMENT)])
    parse = lfs.parse("They clash; they do not differ.")
    assert [(hit.stance, hit.strength) for hit in parse.hits] == [(OPPOSITION, 0.4), (AGREEMENT, 0.4)]
    assert lfs.vote(parse.text) == {0: (OPPOSITION, 0.4)}


def test_an_idiom_silences_every_lf():
    lfs = LFSet([REJECT, SUPPORT, DEAL], idioms=cues("support staff; deal with"))
    assert lfs.vote("Support staff deal with it.") == {}
    assert set(lfs.vote("They support it; the deal is near.")) == {1, 2}


def test_two_lfs_of_one_name_are_refused():
    with pytest.raises(LFError, match=r"here\.yaml, here\.yaml: two labeling functions are called 'reject'"):
        LFSet([REJECT, SUPPORT, REJECT])


def test_a_set_of_lfs_is_a_sequence_of_them():
    assert (len(SMALL), SMALL[0], SMALL[1:2]) == (4, REJECT, (SUPPORT,))


def test_reading_many_needs_no_more_than_a_stretch_at_a_time():
    """Sentences are taken from a stream as they are needed."""
    taken = []
    endless = (taken.append(i) or "They reject it. " * 1_000 for i in count())
    assert next(SMALL.parse_all(endless))[0].hits[0].stance == OPPOSITION
    assert len(taken) < 200


def test_the_content_hash_tells_other_lfs_from_the_same():
    """Equal in another process with another hash seed; another strength, or another function, changes it."""
    code = "from pipeline.weak.loading import load_lfs; print(load_lfs().content_hash)"
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
    changed = [replace(SMALL[0], strength=SMALL[0].strength / 2), *SMALL[1:]]
    assert LFSet(SMALL.lfs, SMALL.idioms).content_hash == SMALL.content_hash
    assert LFSet(changed, SMALL.idioms).content_hash != SMALL.content_hash
    one, other = (replace(SMALL[0], function=function) for function in (len, repr))
    assert LFSet([one]).content_hash != LFSet([other]).content_hash
