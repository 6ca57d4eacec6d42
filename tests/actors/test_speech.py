"""Who speaks."""

import pytest

from pipeline.actors.readings import according, attribution, is_quoted, said_clause
from pipeline.actors.sentence import Sentence


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
