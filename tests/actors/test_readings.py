"""Which verb of a sentence tells its stance, and what it says."""

import pytest

from pipeline.actors.readings import attribution, best_reading, read_verb, said_clause
from pipeline.actors.relations import according, is_quoted, turns_to
from pipeline.actors.sentence import Sentence


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Peru, which left the union, attacked Chile.", "attacked"),
        ("Peru rose when Chile fell.", "rose"),
        ("Rain fell, and Peru attacked Chile.", "attacked"),
        ("A priest complained in a speech that she was ill and accused Chile of theft.", "accused"),
        ("Peru attacked Chile, the envoy said.", "attacked"),
    ],
)
def test_the_main_verb_with_both_ends_tells_it(text, verb):
    s = Sentence(text)
    assert s.head(best_reading(s, ()).verb) == verb


def test_a_cue_draws_the_reading_to_its_verb():
    s = Sentence("Peru praised Chile, and Ghana attacked Togo.")
    assert s.head(best_reading(s, ()).verb) == "praised"
    assert s.head(best_reading(s, [(6, 1.0)]).verb) == "attacked"


def test_a_sentence_without_a_verb_has_no_reading():
    assert best_reading(Sentence("A pity."), ()) is None


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Peru urged Chile to wait.", True),
        ("Peru voiced concern to Chile.", True),
        ("Peru sold Chile a ship.", False),
        ("Peru has not met Chile.", False),
        ("Peru urged calm.", False),
    ],
)
def test_who_turns_to_whom(text, turns):
    s = Sentence(text)
    assert turns_to(s, read_verb(s, 1)) == turns


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Peru gave two ships to Chile.", True),
        ("Peru is wary of the noise.", True),
        ("Peru hopes that Chile will wait.", True),
        ("Two letters sent to Chile were lost.", False),
        ("Peru gave up smoking.", False),
        ("Peru gave Chile two ships.", True),
        ("Peru arrested two Chilean envoys.", True),
        ("Peru ordered an inquiry into the Chilean bank.", True),
        ("Peru attacked Chile.", False),
    ],
)
def test_gifts_wishes_and_feelings_are_turned_to_somebody(text, turns):
    s = Sentence(text)
    assert turns_to(s, best_reading(s, ())) == turns


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Peru is calm, the envoy said.", "envoy"),
        ("Peru is calm, said the envoy.", "envoy"),
        ("The envoy said: Peru is calm.", "envoy"),
        ('"Is Peru calm?" the envoy asked.', None),  # asking is no saying
        ("Peru, accused of theft, denied the charge.", None),
        ("Peru is calm.", None),
    ],
)
def test_attribution(text, speaker):
    s = Sentence(text)
    found = attribution(s, -1)
    assert (None if found is None else s.head(found)) == speaker


def test_the_clause_of_what_is_said():
    s = Sentence("Peru said on Friday that Chile left.")
    opens, verb = said_clause(s, 1)
    assert (s.head(opens), s.head(verb)) == ("chile", "left")
    assert said_clause(Sentence("Peru said nothing."), 1) is None


def test_according_to():
    s = Sentence("Peru left, according to the envoy.")
    assert s.head(according(s)) == "envoy"
    assert according(Sentence("Peru left.")) is None


@pytest.mark.parametrize(("text", "quoted"), [("He said “no” twice", True), ('Then "no"', True), ("He said no", False)])
def test_is_quoted(text, quoted):
    assert is_quoted(text, text.index("no")) == quoted
    assert not is_quoted(text, 0)
