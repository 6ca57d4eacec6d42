"""What the noun phrases of a sentence name."""

import pytest

from pipeline.actors.sentence import Sentence


@pytest.mark.parametrize(
    ("phrase", "what"),
    [
        ("the rebels", "party"),
        ("Anton Weber", "party"),
        ("the harbour town", "place"),
        ("its plan", "own"),
        ("a new treaty", "proposal"),
        ("an attack", "act"),
        ("a state of siege", "act"),
        ("Chile’s harbours", "theirs"),
        ("the weather", ""),
        ("94 percent", ""),
    ],
)
def test_what_a_noun_phrase_names(phrase, what):
    assert Sentence(phrase).what(0) == what


def test_a_name_takes_only_a_name():
    assert Sentence("King Olaf of Norway").with_of(0) == 3
    assert Sentence("Norway of theft").with_of(0) == 1
    assert Sentence("the king of Norway").with_of(0) == 3


def test_participles_behind_their_noun_are_no_predicates():
    s = Sentence("The ship bought by Chile sank a ferry built in Peru.")
    assert [s.lemma(v) for v in range(s.size) if s.kinds[v] == "VG" and not s.reduced(v)] == ["sink"]
