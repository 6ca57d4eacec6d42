"""What an article says around a sentence: pronouns, ambiguous words, the two sides, speakers."""

import pytest

from pipeline.actors import Article
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION


def last(texts, stance=OPPOSITION, paragraphs=None):
    return Article(texts, paragraphs).relations([NEUTRAL] * (len(texts) - 1) + [stance])[-1]


def test_a_pronoun_means_the_one_party_named_before():
    relation = last(["Norway has a new cabinet.", "It condemned Iceland."])
    assert (relation.source.text, relation.source.code, relation.source.name) == ("It", "NOR", "Norway")


def test_a_pronoun_with_two_possible_parties_is_left_as_a_word():
    relation = last(["Norway lies beside Sweden.", "It condemned Iceland."])
    assert (relation.source.text, relation.source.code, relation.source.name) == ("It", "", "")


def test_the_article_settles_an_ambiguous_word():
    assert last(["Pyongyang fell silent.", "Korean officials condemned Japan."]).source.code == "PRK-GOV"
    both = last(["Pyongyang and Seoul fell silent.", "Korean officials condemned Japan."])
    assert both.source is None
    assert both.why == '"Korean" may be KOR or PRK'


def test_the_two_sides_are_the_two_parties_of_the_article():
    relation = last(["Envoys of Peru met those of Chile.", "The two sides agreed to a truce."], AGREEMENT)
    assert relation.symmetric
    assert {relation.source.code, relation.target.code} == {"PER-GOV", "CHL"}


def test_a_person_introduced_before_keeps_the_code():
    texts = ["French foreign minister Jean Duval spoke on Friday.", "Duval condemned Libya."]
    assert last(texts).source.code == "FRA-GOV"


@pytest.mark.parametrize(
    ("texts", "paragraphs"),
    [
        pytest.param(["“It is late,” Norway's premier said.", "“We reject Iceland.”"], [0, 0], id="before"),
        pytest.param(["“We reject Iceland.", "It is late,” Norway's premier said."], [0, 0], id="behind"),
        pytest.param(["Norway's premier said he was tired.", "“We reject Iceland.”"], [0, 1], id="paragraph before"),
    ],
)
def test_the_speaker_of_a_quotation_is_found_nearby(texts, paragraphs):
    at = next(i for i, text in enumerate(texts) if "We" in text)
    relation = Article(texts, paragraphs).relations([OPPOSITION] * 2)[at]
    assert relation.source.code == "NOR-GOV"
    assert relation.target.code == "ISL"
    assert relation.voice == "Norway's premier"


def test_no_speaker_is_taken_from_further_away():
    relation = Article(["Norway's premier said he was tired.", "Rain fell.", "“We reject Iceland.”"], [0, 1, 2])
    last_one = relation.relations([NEUTRAL, NEUTRAL, OPPOSITION])[-1]
    assert last_one.source is None
    assert last_one.why == "quotation of an unknown speaker"
