"""Reading: votes as cast, structure that can be counted by hand, and which sentences stand in one article."""

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.base.stances import ABSTAIN, AGREEMENT, OPPOSITION
from pipeline.model.parsed import ALONE, read_sentences
from pipeline.weak.lfs.lf_set import cast_votes
from pipeline.weak.lfs.parse import STRUCTURE

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


def test_votes_are_those_cast(reading, lfs):
    votes, strengths = cast_votes(TEXTS, lfs)
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
    }


def test_no_sentence_is_longer_than_long(lfs):
    assert structure(read_sentences(["word " * 60, "word " * 600], lfs))["length"] == [1, 1]


def test_a_sentence_reads_the_same_alone_as_by_its_row(reading, lfs):
    for i, text in enumerate(TEXTS):
        alone, row = read_sentences([text], lfs), reading[np.array([i])]
        assert list(alone.texts) == list(row.texts)
        for part in ("votes", "strengths", "order", "structure"):
            assert (getattr(alone, part) == getattr(row, part)).all()


def test_no_sentences_give_no_rows_of_the_usual_width(lfs):
    empty = read_sentences([], lfs)
    assert len(empty) == 0
    shapes = [part.shape for part in (empty.votes, empty.strengths, empty.order, empty.structure)]
    assert shapes == [(0, 2), (0, 2), (0, 2), (0, len(STRUCTURE))]


def test_sentences_of_an_article_share_a_number_and_others_stand_alone(lfs):
    """Without articles all do; so does the only sentence of one, and those of none."""
    assert (read_sentences(TEXTS, lfs).articles == ALONE).all()
    found = read_sentences(TEXTS * 2, lfs, articles=["a", "a", None, None, "b", "b", "b", None, "", "c"]).articles
    assert (found == ALONE).tolist() == [False, False, True, True, False, False, False, True, True, True]
    assert found[0] == found[1] != found[4] == found[5] == found[6]


def test_each_sentence_needs_an_article(lfs):
    with pytest.raises(InputError, match="articles: each sentence needs an article; expected 5; got 1"):
        read_sentences(TEXTS, lfs, articles=["a"])


def test_a_reading_has_the_embedding_of_each_sentence(lfs, encoder):
    whole = read_sentences(TEXTS, lfs, encoder)
    assert (whole.meaning == encoder.encode(TEXTS)).all()
    assert (whole[np.array([2, 0])].meaning == whole.meaning[[2, 0]]).all()
