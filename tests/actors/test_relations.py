"""Who holds the stance towards whom, sentence by sentence."""

import pytest

from pipeline.actors import find_parties, relate
from pipeline.actors.relations import ITSELF, NARRATOR, UNKNOWN
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION


def ends(relation):
    return tuple(end and end.text for end in (relation.source, relation.target))


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        pytest.param("Norway rejected the British offer.", "Norway", "the British offer", id="active"),
        pytest.param("On Friday Norway sharply rejected the offer.", "Norway", "the offer", id="a time before"),
        pytest.param(
            "The offer was rejected by the Norwegian cabinet.", "the Norwegian cabinet", "The offer", id="passive"
        ),
        pytest.param("Mali is said to have been threatened by Chad.", "Chad", "Mali", id="passive infinitive"),
        pytest.param("Sanctions were imposed on Mali by ECOWAS.", "ECOWAS", "Mali", id="passive of an act"),
        pytest.param("Chile is opposed to the Peruvian plan.", "Chile", "the Peruvian plan", id="no passive"),
        pytest.param("Chile doesn’t trust Peru.", "Chile", "Peru", id="contraction"),
        pytest.param("Chile drew sharp criticism from Peru.", "Peru", "Chile", id="received"),
        pytest.param("Peru, a neighbour of Chile, condemned the raid by Bolivia.", "Peru", "Bolivia", id="apposition"),
        pytest.param(
            "Kenya, accused by Uganda of arming rebels, denied the charge.", "Kenya", "the charge", id="aside"
        ),
        pytest.param(
            "The envoy of Ghana in Lagos accused Nigeria of theft.", "The envoy of Ghana", "Nigeria", id="chain"
        ),
        pytest.param(
            "Togo, which borders Ghana, expelled two Ghanaian envoys.", "Togo", "two Ghanaian envoys", id="which"
        ),
        pytest.param("Sweden launched an attack on the Danish fleet.", "Sweden", "the Danish fleet", id="light verb"),
        pytest.param("Italy refused to recognise Slovenia.", "Italy", "Slovenia", id="infinitive"),
        pytest.param("Fiji lifted its sanctions against Tonga.", "Fiji", "Tonga", id="behind its object"),
        pytest.param("Three men killed a Spanish judge.", "Three men", "a Spanish judge", id="no code"),
        pytest.param("Iraq arrested at least 30 Iranian sailors.", "Iraq", "at least 30 Iranian sailors", id="number"),
        pytest.param("Oslo closed all borders with Sweden.", "Oslo", "Sweden", id="place without owner"),
        pytest.param(
            "Rome police arrested a Maltese man suspected of theft.",
            "Rome police",
            "a Maltese man suspected of theft",
            id="suspected",
        ),
        pytest.param("Peru accused two envoys of theft.", "Peru", "two envoys", id="of what"),
        pytest.param("Peru arms rebels in Chile.", "Peru", "rebels", id="no verb that is not a noun, too"),
        pytest.param("Fiji said its government would punish Tonga.", "Fiji", "Tonga", id="the speaker's own side"),
        pytest.param("The best way for Peru is to punish Chile.", None, "Chile", id="a way acts not"),
        pytest.param("The lack of rain hit Chile.", None, "Chile", id="a lack acts not"),
        pytest.param("A group of miners attacked Chile.", "A group of miners", "Chile", id="group of"),
        pytest.param("Troops loyal to Peru attacked Chile.", "Troops loyal", "Chile", id="loyal"),
        pytest.param("Kuwait Slams Iraqi Oil Plan at Cairo Summit", "Kuwait", "Iraqi Oil Plan", id="headline"),
    ],
)
def test_source_and_target(text, source, target):
    assert ends(relate(text, OPPOSITION)) == (source, target)


@pytest.mark.parametrize(
    ("text", "source", "target", "voice"),
    [
        ("Anton Weber said Norway rejects the treaty.", "Norway", "the treaty", "Anton Weber"),
        ("Norway rejects the treaty, Anton Weber said.", "Norway", "the treaty", "Anton Weber"),
        (
            "According to Danish officials, Iceland rammed a British frigate.",
            "Iceland",
            "a British frigate",
            "Danish officials",
        ),
        ("Norway said it rejects the treaty.", "Norway", "the treaty", ITSELF),
        ("Norway said Sweden must leave Denmark.", "Norway", "Sweden", NARRATOR),
        ("Norway said the raid by Sweden was a crime.", "Norway", "the raid", NARRATOR),
        ("“Norway rejects the treaty.”", "Norway", "the treaty", UNKNOWN),
        ("Norway rejects the treaty.", "Norway", "the treaty", NARRATOR),
    ],
)
def test_speech(text, source, target, voice):
    """What somebody says another does is told in his voice; a demand is the speaker's own."""
    relation = relate(text, OPPOSITION)
    assert ends(relation) == (source, target)
    assert relation.voice == voice


def test_we_of_a_quotation_is_the_speaker():
    relation = relate('"We reject this treaty," said Norwegian foreign minister Anton Weber.', OPPOSITION)
    assert ends(relation) == ("We", "this treaty")
    assert relation.source.code == "NOR-GOV"
    assert relation.source.name == "Norwegian foreign minister Anton Weber"


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("France and Germany agreed on a fishing zone.", "France", "Germany"),
        ("Talks between Peru and Chile collapsed.", "Peru", "Chile"),
        ("Kenya clashed with Uganda over a railway.", "Kenya", "Uganda"),
        ("Fiji and Tonga agreed to keep the port open.", "Fiji", "Tonga"),
        ("Japan held talks with Laos.", "Japan", "Laos"),
    ],
)
def test_each_towards_the_other(text, source, target):
    relation = relate(text, AGREEMENT)
    assert relation.symmetric
    assert ends(relation) == (source, target)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Peru lodged a protest with Chile.", "Chile"),
        ("Peru reopened its border with Chile.", "Chile"),
        ("Peru broke off talks with Chile.", "Chile"),
        ("Peru refused to meet with Chile.", "Chile"),
        ("Peru announced a suspension of ties with Chile.", "Chile"),
        ("Peru filed a complaint with the United Nations against Chile.", "Chile"),
    ],
)
def test_what_one_of_two_does_alone_is_not_mutual(text, target):
    relation = relate(text, OPPOSITION)
    assert not relation.symmetric
    assert ends(relation) == ("Peru", target)


@pytest.mark.parametrize(
    ("text", "source", "code", "kind"),
    [
        ("Norway's rejection of the Danish plan surprised Sweden.", "Norway", "NOR", "state"),
        (
            "The Norwegian minister's criticism of Denmark grew.",
            "The Norwegian minister",
            "NOR-GOV",
            "office or person",
        ),
        ("Opposition from Norway has delayed the Danish dam.", "Norway", "NOR", "state"),
    ],
)
def test_whose_a_noun_is_that_says_a_stance_is_the_source(text, source, code, kind):
    found = relate(text, OPPOSITION).source
    assert (found.text, found.code, found.kind) == (source, code, kind)


def test_a_list_gives_several_pairs():
    relation = relate("Peru and Chile condemned Bolivia.", OPPOSITION)
    assert not relation.symmetric
    assert [(a.text, b.text) for a, b in relation.pairs] == [("Peru", "Bolivia"), ("Chile", "Bolivia")]
    relation = relate("France accused Italy, Spain and Malta of cheating.", OPPOSITION)
    assert [b.code for _, b in relation.pairs] == ["ITA", "ESP", "MLT"]


def test_agreement_against_a_third_is_towards_the_ally():
    relation = relate("France backs Belgium in condemning Iran.", AGREEMENT)
    assert ends(relation) == ("France", "Belgium")


@pytest.mark.parametrize(
    ("text", "stance", "source", "target", "why"),
    [
        ("Korean officials condemned Japan.", OPPOSITION, None, "Japan", '"Korean" may be KOR or PRK'),
        ("Congolese troops attacked Angola.", OPPOSITION, None, "Angola", '"Congolese" may be COD or COG'),
        ("“We reject Norway.”", OPPOSITION, None, "Norway", "quotation of an unknown speaker"),
        (
            "The Norwegian embassy was attacked.",
            OPPOSITION,
            None,
            "The Norwegian embassy",
            "nobody is named who does it",
        ),
        ("Egypt attacked Libya and Libya attacked Egypt.", OPPOSITION, None, None, "each is said to act on the other"),
        ("The two sides agreed to a truce.", AGREEMENT, None, None, '"The two sides" are not named here'),
        ("It is an attack on Chile.", OPPOSITION, None, "Chile", "no party that acts"),
        ("A pity.", OPPOSITION, None, None, "no verb that says who acts"),
        ("", NEUTRAL, None, None, "no stance, and nobody is turned to"),
        ("The Danish fleet has 30 ships.", NEUTRAL, None, None, "no stance, and nobody is turned to"),
    ],
)
def test_it_says_why_it_cannot_say(text, stance, source, target, why):
    relation = relate(text, stance)
    assert ends(relation) == (source, target)
    assert relation.why == why


@pytest.mark.parametrize(
    "text",
    ["Norway urged Sweden to wait.", "The king of Norway phoned the Swedish premier.", "Chile voiced concern to Peru."],
)
def test_a_neutral_sentence_may_turn_to_somebody(text):
    relation = relate(text, NEUTRAL)
    assert relation.source is not None
    assert relation.target is not None


@pytest.mark.parametrize(
    "text",
    [
        "Norway bought 12 ships in 1974.",
        "Sweden has a border with Norway.",
        "The law was passed in 1910.",
        "The king of Norway met the Swedish premier.",
        "Norway held talks with Sweden.",
    ],
)
def test_nothing_is_given_without_a_stance(text):
    assert ends(relate(text, NEUTRAL)) == (None, None)


def test_the_clause_of_the_cue_decides():
    """Of two clauses with both ends, the one in which the stance has a cue is read."""
    text = "Norway praised Denmark, and Sweden condemned Finland."
    assert ends(relate(text, OPPOSITION)) == ("Norway", "Denmark")
    assert ends(relate(text, OPPOSITION, cues=[(6, 1.0)])) == ("Sweden", "Finland")


def test_latin_american_is_not_of_the_united_states():
    assert relate("Latin American bishops condemned Spain.", OPPOSITION).source.code == ""
    assert relate("American bishops condemned Spain.", OPPOSITION).source.code == "USA-CVL"


def test_a_row_is_plain_data():
    row = relate("Norway rejected the British offer.", OPPOSITION).as_row()
    assert row["source"] == {"text": "Norway", "start": 0, "end": 6, "code": "NOR", "kind": "state", "name": ""}
    assert row["target"]["kind"] == "proposal"
    assert row["target"]["code"] == "GBR"
    assert (row["symmetric"], row["voice"], row["rule"], row["why"]) == (False, NARRATOR, "subject, proposal", "")
    assert 0 < row["confidence"] <= 1


WIRE = """
Malta turned away a ship carrying Libyan migrants. > Malta > Libyan
The union walked out of talks with the ministry. > union > ministry
Malawi pulled its soldiers out of Zambia. > Malawi > Zambia
Norway wrote off the debts of Zambia. > Norway > Zambia
Iran offered to swap prisoners with the United States. > Iran > United States
The rebels handed over their weapons to UN monitors. > rebels > UN
Japan shares the concerns of South Korea over the launch. > Japan > South Korea
Poland stands by Ukraine. > Poland > Ukraine
A bomb planted by separatists wounded six Turkish officers. > bomb > Turkish
Hackers linked to North Korea stole funds from a Maltese bank. > Hackers > Maltese
Moscow put troops on alert on the Ukrainian border. > Moscow > Ukrainian
The court barred a former mayor from running for office. > court > mayor
A Maltese judge threw out the case against the banker. > judge > banker
Pakistan fenced off part of the Afghan border. > Pakistan > Afghan
Oman's premier told his Yemeni counterpart that the port would stay shut. > Oman > Yemeni
Serbia's decision to arm the rebels angered Croatia. > decision > Croatia
Brazil is in favour of Cuba's return to the bloc. > Brazil > Cuba
The envoy spoke highly of the Rwandan troops. > envoy > Rwandan
Washington is satisfied with Bogota's progress. > Washington > Bogota
""".strip().splitlines()


@pytest.mark.parametrize("row", WIRE)
def test_ways_of_the_wire(row):
    text, source, target = row.split(" > ")
    relation = relate(text, OPPOSITION)
    assert source in relation.source.text
    assert target in relation.target.text


@pytest.mark.parametrize(
    "text",
    [
        "Talks between Sudan and Chad collapsed.",
        "A row broke out between Sudan and Chad over water.",
        "Relations between Sudan and Chad have soured.",
        "Sudan and Chad are at odds over water.",
        "Sudan and Chad closed their border.",
        "Weber hopes that Sudan and Chad can work together.",
    ],
)
def test_what_two_parties_have_between_them_is_symmetric(text):
    relation = relate(text, OPPOSITION)
    assert relation.symmetric
    assert {relation.source.code, relation.target.code} == {"SDN", "TCD"}


def test_a_sentence_may_end_with_its_verb():
    assert ends(relate("That is how they knew you didn't", OPPOSITION)) == ("they", None)


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("Oman gave the Yemeni ministry permission to use its ports.", "Oman", "Yemeni ministry"),
        ("Peru accused the law of harming farmers.", "Peru", "law"),
        ("Ghana is sending soldiers to the peacekeeping force in Haiti.", "Ghana", "Haiti"),
        ("Chad pledged a million to fight the Zika epidemic in Brazil.", "Chad", "Brazil"),
        (
            "The Fijian premier announced that the government will close the border with Tonga.",
            "Fijian premier",
            "Tonga",
        ),
        ("Nepal is sending aid, including tents and rice, to victims of the Indian flood.", "Nepal", "victims"),
        ("Four Omani nurses, jailed since May, were freed by Yemen.", "Yemen", "Omani nurses"),
        ("Peru declared a curfew in Quito pending a hunt for the rebel leader.", "Peru", "Quito"),
        ("Iran, the report said, has threatened Oman.", "Iran", "Oman"),
        ("Norway complained that Sweden was late.", "Norway", "Sweden"),
        ("Mali, which Chad accused of theft, was silent.", "Chad", "Mali"),
    ],
)
def test_what_stands_between_a_verb_and_its_ends_is_told_from_them(text, source, target):
    relation = relate(text, OPPOSITION)
    assert source in relation.source.text
    assert target in relation.target.text


def test_a_noun_behind_the_is_none_of_the_verbs_it_looks_like():
    relation = relate("Oman called the pact the end of trust.", OPPOSITION)
    assert relation.target.text == "the pact"


def test_a_pair_of_states_is_surer_than_what_somebody_only_agreed_to_do():
    sure, less, least = (
        relate(text, AGREEMENT).confidence
        for text in (
            "Norway accused Peru.",
            "The minister of Norway welcomed the Peruvian plan.",
            "The minister of Norway agreed to discuss the plan with the workers.",
        )
    )
    assert 1 > sure > less > least > 0


@pytest.mark.parametrize(
    ("text", "target", "code"),
    [
        ("Peru condemned the raid on Bolivia.", "the raid", ""),
        ("Peru criticised the sanctions against Cuba.", "the sanctions", ""),
        ("Peru opposes the blockade of Cuba.", "the blockade of Cuba", ""),
        ("Peru protested against the raid on Bolivia.", "the raid", ""),
        ("Peru condemned the raid on Bolivia by Chile.", "Chile", "CHL"),
        ("Peru condemned raids by Chile on Bolivia.", "Chile", "CHL"),
        ("Peru condemned the Chilean raid on Bolivia.", "the Chilean raid", "CHL"),
        ("Peru opposes the pact with Bolivia.", "Bolivia", "BOL"),
        ("Peru welcomed the raid on Bolivia.", "the raid", ""),
        ("Peru praised the bombing of the Bolivian fort by Chile.", "Chile", "CHL"),
    ],
)
def test_who_condemns_or_praises_an_act_does_not_mean_those_to_whom_it_is_done(text, target, code):
    found = relate(text, OPPOSITION).target
    assert (found.text, found.code) == (target, code)


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The United States welcomed the deal.", AGREEMENT),
        ("Peru and Chile praised Norway for its mediation.", AGREEMENT),
        ("The Norwegian Labour Party rejected talks with the Irish government.", OPPOSITION),
        ("NATO and the U.N. condemned the raid by Hezbollah.", OPPOSITION),
        ("The fishing plan was rejected by all Turkish ministers, who left.", OPPOSITION),
        ("US-led troops attacked Iraq.", OPPOSITION),
        ("Peru asked Chile for aid.", NEUTRAL),
    ],
)
def test_a_sentence_in_capitals_says_the_same(text, stance):
    plain, loud = relate(text, stance), relate(text.upper(), stance)
    assert [end and (end.start, end.end, end.code, end.kind) for end in (loud.source, loud.target)] == [
        end and (end.start, end.end, end.code, end.kind) for end in (plain.source, plain.target)
    ]
    assert loud.source.code
    assert len(loud.others) == len(plain.others)


def test_ordinary_words_in_capitals_are_no_parties():
    relation = relate("THE DEAL DOES NOT LIFT THE BAN ON FISH", OPPOSITION)
    assert relation.source is None
    assert (relation.target.text, relation.target.name, relation.target.named) == ("THE BAN", "the ban", False)
    assert [one.code for one in find_parties("WHO SAYS ALL OF US IS AS CALM AS IT WAS?")] == ["USA"]


def test_both_ends_are_never_the_same_party():
    relation = relate("Norway fought Norway over a plan.", OPPOSITION)
    assert relation.target is None
    assert relation.why == "both ends are the same party"
    assert relate("A Norwegian judge jailed a Norwegian judge.", OPPOSITION).target.code == "NOR-JUD"
