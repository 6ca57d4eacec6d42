"""What the noun phrases of a sentence name."""

from itertools import pairwise

import pytest

from pipeline.actors.sentence import Sentence
from pipeline.actors.word_classes import chunks


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The old Danish fleet sank.", ["NP The old Danish fleet", "VG sank"]),
        ("Norway's long-awaited plan", ["NP Norway's long-awaited plan"]),
        ("Chad has not yet agreed to lift the ban", ["NP Chad", "VG has not yet agreed", "IN to lift", "NP the ban"]),
        ("On Friday Peru left", ["TM Friday", "NP Peru", "VG left"]),
        ("Denmark last week urged Oslo", ["NP Denmark", "TM last week", "VG urged", "NP Oslo"]),
        ("At least 30 armed men", ["NP At least 30 armed men"]),
        ("Moscow attacks the plan", ["NP Moscow", "VG attacks", "NP the plan"]),
        ("the attacks on Kiev", ["NP the attacks", "NP Kiev"]),
        ("support for the detained men", ["NP support", "NP the detained men"]),
        ("An Oslo court this week freed two men", ["NP An Oslo court", "TM this week", "VG freed", "NP two men"]),
        ("for increased pay in besieged Quito", ["NP increased pay", "NP besieged Quito"]),
        ("to allow increased aid", ["IN to allow", "NP increased aid"]),
        ("Peru re-appointed two men", ["NP Peru", "VG re-appointed", "NP two men"]),
        ("Asean currently holds talks", ["NP Asean", "VG holds", "NP talks"]),
        ("Peru is training pilots", ["NP Peru", "VG is training", "NP pilots"]),
        ("On May 4 the newly elected king left", ["TM May 4", "NP the newly elected king", "VG left"]),
        ("They hope it would erode the pact", ["VG hope", "VG would erode", "NP the pact"]),
        ("rebels shelling the town", ["NP rebels", "GE shelling", "NP the town"]),
    ],
)
def test_phrases_verbs_and_times(text, expected):
    s = Sentence(text)
    long = [i for i in range(s.size) if len(s.kinds[i]) > 1]
    places = [s.places(s.bounds[i], s.bounds[i + 1]) for i in long]
    words = [text[some[0][0] : some[-1][1]] for some in places]
    assert [f"{s.kinds[i]} {some}" for i, some in zip(long, words, strict=True)] == expected


@pytest.mark.parametrize("tags", ["", "N" * 4000, "R" * 4000, "VA'" * 1000, "XRZ" * 1000, "tYR" * 1000, "\u2603?"])
def test_chunks_cover_every_word_once(tags):
    kinds, bounds = chunks(tags)
    assert (bounds[0], bounds[-1], len(bounds)) == (0, len(tags), len(kinds) + 1)
    assert all(start < end for start, end in pairwise(bounds))
