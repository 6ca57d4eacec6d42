"""Classes of words."""

import pytest

from pipeline.actors import word_classes as verbs
from pipeline.actors.word_classes import Pieces, class_of
from pipeline.weak.cues.tokens import pieces, tokenize


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        ("the", "D"),
        ("Norway", "C"),
        ("US", "C"),
        ("us", "U"),
        ("May", "C"),
        ("may", "M"),
        ("Friday", "T"),
        ("30", "#"),
        ("$", "#"),
        ("rejected", "V"),
        ("rejects", "S"),
        ("attack", "A"),
        ("attacks", "E"),
        ("shelling", "I"),
        ("sharply", "R"),
        ("harbour", "N"),
        ("’s", "'"),
        ("against", "g"),
    ],
)
def test_class_of(word, letter):
    assert class_of(word) == letter


@pytest.mark.parametrize("text", ["", "Don't “go”, U.S. envoy!", "John A. Dale said.", "a  b\tc\n", "é\u0301 ﬁ İ ß"])
def test_there_is_a_letter_for_each_token_of_the_labeling_functions(text):
    """Positions of cues are counted in the same tokens."""
    known, parts = Pieces(), pieces(text)
    assert len(known.classes(parts)) == len(tokenize(text))
    assert all(len(tags) == len(tokens) == len(places) for tags, tokens, places in map(known.__getitem__, parts))


def test_a_headline_is_read_without_its_capitals():
    assert Pieces().classes(pieces("Peru Rejects Fishing Plan Of Chile In Lima"))[1] == "S"
    assert Pieces().classes(pieces("Peru Rejects"))[1] == "C"  # too short to tell


def test_every_form_has_one_class():
    classes = [verbs.AMBIGUOUS, verbs.PLURAL_LIKE, verbs.PASTS, verbs.BASES, verbs.GERUNDS]
    for i, one in enumerate(classes):
        for other in classes[i + 1 :]:
            assert one & other == frozenset()


def test_forms_lead_to_their_verb():
    assert {verbs.LEMMA_OF[form] for form in ("reject", "rejects", "rejected", "rejecting")} == {"reject"}
    assert verbs.LEMMA_OF["met"] == "meet"
    assert verbs.LEMMA_OF["held"] == "hold"
    assert verbs.PREPS["call"] == {"on", "for", "upon"}
