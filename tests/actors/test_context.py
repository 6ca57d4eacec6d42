"""What an article says around a sentence: pronouns, ambiguous words, the two sides, speakers."""

import numpy as np
import pytest

from pipeline.actors import Article, likely_stances, load_parties, relate_rows
from pipeline.actors.relations import ITSELF
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


def test_of_many_parties_the_two_sides_are_the_two_named_most():
    """The third may be named half as often; more, and nobody is the two sides."""
    texts = ["Peru wrote to Chile.", "Chile answered Peru.", "Bolivia was silent."]
    relation = last([*texts, "The two sides agreed to a truce."], AGREEMENT)
    assert {relation.source.code, relation.target.code} == {"PER", "CHL"}
    unclear = last([*texts, "Bolivia left.", "The two sides agreed to a truce."], AGREEMENT)
    assert unclear.source is None
    assert unclear.why == '"The two sides" are not named here'


def test_tension_between_the_two_countries_is_theirs():
    relation = last(["Peru wrote to Chile.", "The dam is a cause of tension between the two countries."])
    assert relation.symmetric
    assert {relation.source.code, relation.target.code} == {"PER", "CHL"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anton Weber says Norway will do what it can to punish Iceland.", "Norway"),
        ("Norway waited, and Sweden left when it condemned Iceland.", ""),
    ],
)
def test_a_pronoun_may_mean_a_subject_before_it_in_the_sentence(text, name):
    relation = last(["Finland is large.", text])
    assert (relation.source.text, relation.source.name) == ("it", name)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("The Norwegian premier spoke.", ""),
        ("Norwegian ministers spoke.", "Norwegian ministers"),
        ("Weber spoke.", ""),
    ],
)
def test_they_are_no_single_person(before, name):
    assert last([before, "They condemned Iceland."]).source.name == name


def test_the_article_settles_whose_party_a_common_name_means():
    bare = "Labour condemned Iceland."
    assert last(["London was calm.", "The British cabinet met.", bare]).source.code == "LABOUR"
    assert last(["Oslo was calm.", "The Norwegian cabinet met.", bare]).source.code == ""


def test_a_party_without_a_code_may_be_the_party():
    texts = ["The Chinese Communist Party met.", "The Quiet Democratic Party met.", "The party condemned Iceland."]
    assert [last(texts).source.code, last([texts[0], texts[2]]).source.code] == ["", "CHN-GOV"]


@pytest.mark.parametrize(
    "texts",
    [
        ["France rejected it."],
        ["The Irish Greens rejected it."],
        ["Norway said it would punish it."],
        ["Pakistan denied that it had sent them."],
        ["Norway spoke.", "Norway rejected it."],
        ["Norway made an offer.", "Iceland rejected it."],
        ["After the plan was published, Iceland rejected it."],
    ],
)
def test_an_object_is_not_its_own_subject_and_may_be_a_proposal(texts):
    relation = last(texts)
    assert relation.source.code
    assert (relation.target.code, relation.target.kind, relation.target.name) == ("", None, "")


def test_a_pronoun_is_not_the_party_at_the_other_end():
    relation = last(["Norway spoke.", "It condemned Norway."])
    assert (relation.source.code, relation.target.code) == ("", "NOR")


def test_an_object_means_the_one_party_named_before():
    assert last(["Norway has a new cabinet.", "Iceland condemned it."]).target.name == "Norway"


def test_two_names_of_a_union_of_parties_are_two_parties():
    assert last(["The CDU/CSU abstained.", "Landlords threatened to punish it."]).target.code == ""


def test_who_speaks_in_the_sentence_itself_is_the_voice():
    relation = last(["“It is late,” Norway's premier said.", "« Non », a French official said of Iceland."])
    assert (relation.source.code, relation.voice) == ("FRA-GOV", ITSELF)


def test_you_is_nobody():
    relation = last(["“You condemned Iceland.”"])
    assert relation.source is None
    assert relation.why == '"You" is not named'


def test_neutral_must_be_likelier_than_both_stances_together():
    probabilities = np.array([[0.2, 0.6, 0.2], [0.2, 0.45, 0.35], [0.3, 0.4, 0.3], [0.5, 0.3, 0.2], [0, 0.5, 0.5]])
    assert likely_stances(probabilities) == [NEUTRAL, AGREEMENT, OPPOSITION, OPPOSITION, NEUTRAL]
    assert likely_stances(np.empty((0, 3))) == []


def test_the_verb_beside_the_cues_of_the_stance_is_taken():
    """Of two verbs that say as much; cues of the other stance, and those of neutral sentences, count for nothing."""
    (row,) = [{"text": "Norway greeted Iceland, and Peru defied Chile."}]
    hits = [(OPPOSITION, 7, 1.0), (AGREEMENT, 1, 1.0)]
    opposed, agreed = (relate_rows([row], [stance], [hits], load_parties())[0] for stance in (OPPOSITION, AGREEMENT))
    assert [opposed.source.code, opposed.target.code] == ["PER", "CHL"]
    assert [agreed.source.code, agreed.target.code] == ["NOR", "ISL"]


def test_rows_of_an_article_are_read_together_and_others_alone():
    hits, parties = [[], []], load_parties()
    texts = ["Norway has a new cabinet.", "It condemned Iceland."]
    alone = relate_rows([{"text": text} for text in texts], [NEUTRAL, OPPOSITION], hits, parties)
    assert alone[1].source.code == ""
    rows = [{"text": text, "article_id": "a"} for text in texts]
    assert relate_rows(rows, [NEUTRAL, OPPOSITION], hits, parties)[1].source.code == "NOR"
    rows[1]["article_id"] = "b"
    assert relate_rows(rows, [NEUTRAL, OPPOSITION], hits, parties)[1].source.code == ""
    whole = relate_rows([{"text": text} for text in texts], [NEUTRAL, OPPOSITION], hits, parties, whole=True)
    assert whole[1].source.code == "NOR"


def test_a_row_without_a_day_is_read_all_the_same():
    rows = [{"text": "Norway condemned Iceland.", "date": "in spring"}, {"text": "", "date": None}]
    assert [r.target and r.target.code for r in relate_rows(rows, [OPPOSITION, NEUTRAL], [[], []], load_parties())] == [
        "ISL",
        None,
    ]
