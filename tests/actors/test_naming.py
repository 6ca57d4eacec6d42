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
        ("The opposition", "", "group"),
        ("The Norwegian opposition", "NOR-OPP", "group"),
        ("The mayor of London", "GBR-GOV", "office or person"),
        ("The chief executive", "", "office or person"),
        ("The attorney general", "", "office or person"),
        ("The XQZ", "", "organisation"),
        ("Peru's ousted Gen. Weber", "PER", "office or person"),
        ("The Faroe Islands", "FRO", "state"),
    ],
)
def test_code_and_kind(text, code, kind):
    end = named(text)
    assert (end.code, end.kind) == (code, kind)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sweden's Social Democrats", "SWE-OPP"),
        ("Sweden's ruling Social Democrats", "SWE-OPP"),
        ("The Norwegian Labour Party", "NOR-OPP"),
        ("Canada's New Democratic Party", "CAN-OPP"),
        ("The Swiss Free Democrats", "CHE-OPP"),
        ("The Japanese Liberal Democrats", "JPN-OPP"),
        ("Spanish Republicans", "ESP-OPP"),
        ("The Conservative Party of Norway", "NOR-OPP"),
        ("The Democratic Party of Italy", "ITA-OPP"),
        ("The Sweden Democrats", "SWEDEM"),
        ("Spain's Vox", "VOX"),
        ("Lebanon's Hezbollah", "HEZBOLLAH"),
        ("The British Labour Party", "LABOUR"),
        ("Germany's Social Democrats", "SPD"),
        ("US Republicans", "USREP"),
    ],
)
def test_the_party_of_a_state_is_not_the_state(text, code):
    end = named(f"{text} rejected the plan.")
    assert (end.code, end.kind) == (code, "group")


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("The leader of Norway's Labour Party", "NOR-OPP", "office or person"),
        ("A British Conservative minister", "GBR-GOV", "office or person"),
        ("German Chancellor Anna Weber of the Social Democrats", "DEU-GOV", "office or person"),
        ("The plan of Chile's Christian Democrats", "CHL-OPP", "proposal"),
        ("The bombing of Lebanon's Hezbollah", "", "proposal"),
        ("Kurdish PKK fighters", "PKK", "group"),
        ("A US Taliban envoy", "USA-GOV", "office or person"),
        ("The Iraqi Republican Guard", "IRQ-MIL", "organisation"),
    ],
)
def test_who_belongs_to_a_party_of_a_state(text, code, kind):
    end = named(text)
    assert (end.code, end.kind) == (code, kind)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Social Democrats rejected the plan.", ""),
        ("Labour rejected the plan.", ""),
        ("Labour rejected the plan of the British cabinet.", "LABOUR"),
        ("Labour rejected the plan of the Norwegian cabinet.", ""),
        ("Democrats and Republicans rejected the plan.", "USDEM"),
        ("Free Democrats rejected the German plan.", "FREEDEM"),
        ("Quiet Democrats rejected the American plan.", ""),
        ("Democratic Alliance members rejected the American plan.", ""),
    ],
)
def test_a_name_of_parties_of_several_states_is_coded_where_the_sentence_settles_it(text, code):
    """A name of several words that holds a listed name is another name."""
    assert named(text).code == code
    assert named(text).named


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
