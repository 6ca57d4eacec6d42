"""What noun phrases are called."""

import pytest

from pipeline.actors.naming import Ambiguous, End, Naming
from pipeline.actors.parties import shipped_parties
from pipeline.actors.sentence import Sentence


def named(text):
    return Naming(Sentence(text), shipped_parties(), None, None).end(0)


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("The Peruvian navy", "PER-MIL", "organisation"),
        ("The president of Peru", "PER-GOV", "office or person"),
        ("The United States", "USA", "state"),
        ("U.S. troops", "USA-MIL", "organisation"),
        ("Hamas fighters", "HAMAS", "group"),
        ("Anton Weber", "", "office or person"),
        ("the rebels", "", "group"),
        ("Peru’s offer", "PER", "proposal"),
        ("Latin American states", "", "state"),
    ],
)
def test_code_and_kind(text, code, kind):
    end = named(text)
    assert (end.code, end.kind) == (code, kind)


def test_the_last_point_of_an_abbreviation_belongs_to_it():
    assert named("U.S. left.").text == "U.S."


@pytest.mark.parametrize(("text", "message"), [("Korean ships", '"Korean" may be'), ("We left", '"We" is not named')])
def test_what_is_not_settled_says_why(text, message):
    with pytest.raises(Ambiguous, match=message):
        named(text)


@pytest.mark.parametrize(
    ("text", "kind", "is_named"), [("the rebels", "group", False), ("Weber", "group", True), ("He", None, False)]
)
def test_named(text, kind, is_named):
    assert End(text, 0, len(text), "", kind).named == is_named
