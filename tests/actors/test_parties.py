"""Parties by name: every member of the United Nations, words that name several states, a user's own file."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.actors import find_parties, load_parties, relate, relate_rows
from pipeline.actors.parties import names_by_code, shipped_parties
from pipeline.actors.word_classes import cased_words
from pipeline.base.errors import PartyError
from pipeline.base.stances import OPPOSITION
from pipeline.weak.cues.language import state_rows

_MEMBERS = """
AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR BFA BDI
CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE PRK DNK DJI DMA DOM ECU EGY SLV GNQ ERI
EST SWZ ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA
JAM JPN JOR KAZ KEN KIR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM
MDA MCO MNG MNE MAR MOZ MMR NAM NRU NPL NLD NZL NIC NER NGA MKD NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT
KOR ROU RUS RWA KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWE CHE
SYR TJK TZA THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR USA URY UZB VUT VEN VNM YEM ZMB ZWE
"""
MEMBERS = _MEMBERS.split()


def codes_of(text):
    return [code for named in shipped_parties().find(cased_words(text)) for code in named.codes]


def table():
    return {code: (names, people) for code, names, people, _ in state_rows()}


def test_members_of_the_united_nations_are_193():
    assert len(MEMBERS) == len(set(MEMBERS)) == 193


def test_every_member_is_found_by_its_name_and_by_its_people():
    """Each name, adjective and demonym leads to the state, alone or among those that share the word."""
    rows = table()
    words = [(code, word) for code in MEMBERS for cell in rows[code] for word in cell.split(";")]
    assert [code for code, word in words if not word] == []
    assert [word for code, word in words if code not in codes_of(f"The {word} envoy left.")] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Paris", "FRA"),
        ("the Kremlin", "RUS"),
        ("Downing Street", "GBR"),
        ("Addis Ababa", "ETH"),
        ("Burmese", "MMR"),
        ("Dutchmen", "NLD"),
        ("South Sudanese", "SSD"),
        ("Nigerien", "NER"),
        ("East Germans", "DDR"),
        ("Saudi-led", "SAU"),
        ("ECOWAS", "ECOWAS"),
        ("the U.N. Security Council", "UNSC"),
        ("Hezbollah", "HEZBOLLAH"),
        ("Revolutionary Guards", "IRN-MIL"),
    ],
)
def test_other_names(text, code):
    assert codes_of(f"{text} men") == [code]


@pytest.mark.parametrize("text", ["turkey and chad for lunch", "it is us who may march", "the polish on a table"])
def test_small_letters_name_no_state(text):
    assert codes_of(text) == []


def test_office_and_state_are_one_party():
    """ "The Ruritanian ..." has no code, "the French foreign minister" that of the state with its part."""
    found = find_parties("The French foreign minister met the Ruritanian foreign minister and Dutch soldiers.")
    assert [(p.text, p.code, p.kind) for p in found] == [
        ("The French foreign minister", "FRA-GOV", "office or person"),
        ("the Ruritanian foreign minister", "", "office or person"),
        ("Dutch soldiers", "NLD-MIL", "organisation"),
    ]


def test_spans_are_those_of_the_text():
    text = "On Friday, the Peruvian delegation met Chile’s envoy."
    for party in find_parties(text):
        assert text[party.start : party.end] == party.text
    assert [party.code for party in find_parties(text)] == ["PER-GOV", "CHL-GOV"]


@pytest.mark.parametrize("text", ["", " ", "...", "a", "\u200b", "“”", "Ünïcödé Štát", "the " * 3000])
def test_any_text_is_read(text):
    assert isinstance(find_parties(text), list)


OWN = """
parties:
  - {code: RUR-GOV, kind: office or person, names: [Anton Weber], from: 1974-05-27, until: 1981-05-21}
  - {code: RUR, kind: state, names: [Ruritania, Ruritanian]}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("day", "code"),
    [("1975-01-01", "RUR-GOV"), ("1990-01-01", ""), (None, "RUR-GOV"), ("1981-05-21", "RUR-GOV")],
)
def test_own_parties_hold_office_for_a_time(folder, day, code):
    on = day and date.fromisoformat(day)
    relation = relate("Anton Weber condemned Chile.", OPPOSITION, parties=load_parties(folder), day=on)
    assert relation.source.code == code
    assert relation.target.code == "CHL"


@pytest.mark.parametrize(("date", "code"), [("May 3, 1990", ""), ("03/05/1990", "RUR-GOV"), ("1990", "RUR-GOV")])
def test_the_date_of_a_row_is_read_in_any_form_that_is_understood(folder, date, code):
    rows = [{"text": "Anton Weber condemned Chile.", "date": date}]
    assert relate_rows(rows, [OPPOSITION], [[]], load_parties(folder))[0].source.code == code


def test_the_example_of_the_folder_loads(tmp_path):
    page = (Path(__file__).parents[2] / "actors/README.md").read_text("utf-8")
    (tmp_path / "own.yaml").write_text(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1], "utf-8")
    found = find_parties("Anton Weber left Ruritania.", load_parties(tmp_path), date(1975, 1, 1))
    assert [party.code for party in found] == ["RUR-GOV", "RUR"]


def test_own_parties_go_before_shipped_ones(tmp_path):
    (tmp_path / "own.yaml").write_text("parties: [{code: MINE, kind: group, names: [Hamas]}]", "utf-8")
    assert [party.code for party in find_parties("Hamas left.", load_parties(tmp_path))] == ["MINE"]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("parties: [{code: a b, kind: state, names: [X]}]", r"own.yaml, party 'a b'.*code"),
        ("parties: [{code: A, kind: planet, names: [X]}]", r"party 'A'.*kind"),
        ("parties: [{code: A, kind: state}]", r"party 'A'.*names"),
        (
            "parties: [{code: A, kind: state, names: [X], until: 1900-01-01, from: 1950-01-01}]",
            r"ends before it begins",
        ),
        ("parties: [{code: A, kind: state, names: ['“']}]", r"a name without a word"),
        ("parties: [{kind: state, names: [X], colour: red}]", r"party 'number 1'"),
        ("people: []", r"own.yaml.*people"),
        ("parties: [", r"own.yaml, line 2: not valid YAML"),
    ],
)
def test_what_is_wrong_in_an_own_file_is_named(tmp_path, page, message):
    (tmp_path / "own.yaml").write_text(page, "utf-8")
    with pytest.raises(PartyError, match=message):
        load_parties(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(PartyError, match=r"nowhere: no such folder of parties"):
        load_parties(tmp_path / "nowhere")


def test_a_code_has_a_name_to_read_that_means_this_party_alone():
    """Also where the first name of the table is one of several states: "Korean"."""
    named = names_by_code()
    assert [named[code] for code in ("KOR", "PRK", "UN", "TALIBAN")] == [
        *("South Korea", "North Korea", "United Nations", "Taliban")
    ]
    assert named["SWE-OPP"] == "Sweden (party or opposition)"
    assert {code for code, name in named.items() if name.lower() in shipped_parties().ambiguous} == set()
