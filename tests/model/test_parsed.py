"""Reading: votes as cast, structure that can be counted by hand, and contexts without the words that fired."""

import numpy as np
import pytest

from pipeline.base.stances import ABSTAIN, AGREEMENT, OPPOSITION
from pipeline.model.parsed import STRUCTURE, read_both, read_sentences
from pipeline.weak.lfs.lf_set import cast_votes

TEXTS = [
    "Ruritania did not sign the pact.",
    "Borduria rejected it, but the union signed.",
    "Does “it” rain?",
    "",
    "Sylvania signed and rejected the treaty that Borduria signed.",
]


@pytest.fixture
def reading(lfs):
    return read_sentences(TEXTS, lfs)


def structure(reading):
    return dict(zip(STRUCTURE, reading.structure.T.tolist(), strict=True))


def test_tokens_are_lower_case_and_votes_are_those_cast(reading, lfs):
    votes, strengths = cast_votes(TEXTS, lfs)
    assert reading.tokens[0] == ["ruritania", "did", "not", "sign", "the", "pact", "."]
    assert (reading.votes.tobytes(), reading.strengths.tobytes()) == (votes.tobytes(), strengths.tobytes())


def test_order_is_the_stance_of_the_first_and_of_the_last_cue(reading):
    assert reading.order.tolist() == [
        [OPPOSITION, OPPOSITION],
        [OPPOSITION, AGREEMENT],
        [ABSTAIN, ABSTAIN],
        [ABSTAIN, ABSTAIN],
        [AGREEMENT, AGREEMENT],
    ]


def test_structure_tells_what_stands_in_the_sentence(reading):
    told = structure(reading)
    assert told.pop("length") == pytest.approx([7 / 60, 9 / 60, 4 / 60, 0, 10 / 60])
    assert told == {
        "question": [0, 0, 1, 0, 0],
        "contrast": [0, 1, 0, 0, 0],
        "quotation": [0, 0, 1, 0, 0],
        "negated cue": [1, 0, 0, 0, 0],
        "no token": [0, 0, 0, 1, 0],
        "hidden": [0, 0, 0, 0, 0],
    }


def test_no_sentence_is_longer_than_long(lfs):
    assert structure(read_sentences(["word " * 60, "word " * 600], lfs))["length"] == [1, 1]


def test_a_sentence_reads_the_same_alone_as_by_its_row(reading, lfs):
    for i, text in enumerate(TEXTS):
        alone, row = read_sentences([text], lfs), reading[np.array([i])]
        assert list(alone.tokens) == list(row.tokens)
        for part in ("votes", "strengths", "order", "structure"):
            assert (getattr(alone, part) == getattr(row, part)).all()


def test_no_sentences_give_no_rows_of_the_usual_width(lfs):
    for empty in (read_sentences([], lfs), *read_both([], lfs)):
        assert len(empty) == 0
        shapes = [part.shape for part in (empty.votes, empty.strengths, empty.order, empty.structure)]
        assert shapes == [(0, 2), (0, 2), (0, 2), (0, len(STRUCTURE))]


def test_read_for_both_the_sentences_are_what_they_are_read_alone(reading, lfs):
    whole, _ = read_both(TEXTS, lfs)
    assert list(whole.tokens) == list(reading.tokens)
    for part in ("votes", "strengths", "order", "structure"):
        assert (getattr(whole, part) == getattr(reading, part)).all()


def test_in_context_cues_are_hidden_in_their_place_and_nothing_votes(lfs):
    _, context = read_both(TEXTS, lfs)
    assert context.tokens[1] == ["borduria", "", "it", ",", "but", "the", "union", "", "."]
    assert (context.votes == ABSTAIN).all()
    assert not context.strengths.any()
    assert (context.order == ABSTAIN).all()


def test_context_keeps_the_structure_but_for_what_a_cue_told(reading, lfs):
    hidden = {"negated cue": [0] * 5, "hidden": [1] * 5}
    assert structure(read_both(TEXTS, lfs)[1]) == {**structure(reading), **hidden}


def test_both_readings_have_the_embedding_of_the_whole_sentence(lfs, encoder):
    whole, context = read_both(TEXTS, lfs, encoder)
    assert (whole.meaning == encoder.encode(TEXTS)).all()
    assert (context.meaning == whole.meaning).all()
    assert (whole[np.array([2, 0])].meaning == whole.meaning[[2, 0]]).all()
