"""The cue language: every kind of element, and errors that name the element."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.weak.cues import language
from pipeline.weak.cues.language import (
    CueSyntaxError,
    expand,
    noun_forms,
    nouns,
    parse_cue,
    parse_cues,
    state_words,
    verb_forms,
    verbs,
)
from pipeline.weak.loading import load_lfs
from tests.imports import ROOT

SETS = {"pressure": frozenset(["sanctions", "embargo"]), "ties": frozenset(["ties"])}


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("deadlock", {"deadlock"}),
        ("Deadlock", {"deadlock"}),
        ("reject~v", {"reject", "rejects", "rejecting", "rejected"}),
        ("pact~n", {"pact", "pacts"}),
        ("(signed|inked)", {"signed", "inked"}),
        ("(pact|treaty)~n", {"pact", "pacts", "treaty", "treaties"}),
        ("{pressure}", {"sanctions", "embargo"}),
        ("cease-fire", {"cease-fire"}),
        ("but", {"but"}),
        ("?", {"?"}),
    ],
)
def test_an_element_stands_for_its_words(element, words):
    assert expand(element, SETS) == words


def test_gaps_and_worth_are_read():
    cue = parse_cue("lift~v ..3 {pressure} on =0.5", SETS)
    assert (cue.gaps, cue.strength) == ((0, 3, 0), 0.5)
    assert cue.words[1:] == (SETS["pressure"], {"on"})


def test_a_cue_without_worth_has_that_of_its_lf():
    assert parse_cue("deadlock", {}).strength is None


def test_semicolons_part_cues_and_empty_ones_count_for_nothing():
    assert [cue.source for cue in parse_cues(" at odds; ;deadlock;\n", {})] == ["at odds", "deadlock"]


def test_a_choice_with_phrases_is_spelled_out():
    found = {cue.source for cue in parse_cues("(at odds|split) with (our own|the) party", {})}
    assert found == {
        "at odds with our own party",
        "at odds with the party",
        "split with our own party",
        "split with the party",
    }


@pytest.mark.parametrize(
    ("written", "elements"),
    [
        ("don't agree", ["don", "'t", "agree"]),
        ("lion's share", ["lion", "'s", "share"]),
        ("coup d'etat", ["coup", "d", "etat"]),
    ],
)
def test_an_apostrophe_parts_words_as_it_does_in_sentences(written, elements):
    (cue,) = parse_cues(written, {})
    assert cue.words == tuple(frozenset([word]) for word in elements)


def test_a_curly_apostrophe_is_a_straight_one():
    assert [cue.words for cue in parse_cues("don’t agree", {})] == [cue.words for cue in parse_cues("don't agree", {})]


def test_an_apostrophe_parts_words_within_a_choice_too():
    assert {len(cue.words) for cue in parse_cues("(don't|never) agree", {})} == {2, 3}


@pytest.mark.parametrize("cue", ["..3 pact", "pact ..3", "..2", "=0.5"])
def test_a_cue_begins_and_ends_with_a_word(cue):
    with pytest.raises(CueSyntaxError, match=r"must begin and end with a word|cannot read the cue element"):
        list(parse_cues(cue, {}))


@pytest.mark.parametrize(
    "element",
    ["(pact|treaty", "pact)", "pact~x", "{pressure", "(a||b)", "()", "..12", "=0", "=0.0", "=1.5", "=.5", "a|b"],
)
def test_what_cannot_be_read_is_named(element):
    with pytest.raises(CueSyntaxError, match="cannot read the cue element") as error:
        list(parse_cues(f"sign {element} now", SETS))
    assert repr(element) in str(error.value)


@pytest.mark.parametrize(("cue", "read"), [('"deadlock"', "deadlock"), ("u.n.", "u.n"), ("(ban|“veto”)~n", "veto")])
def test_what_no_word_of_a_sentence_can_be_is_refused_with_how_it_is_read(cue, read):
    """Such a cue would never be found."""
    with pytest.raises(CueSyntaxError, match=f"no word of a sentence is ever .* it is read as '{read}'"):
        list(parse_cues(cue, {}))


def test_a_cue_that_would_fill_the_memory_is_refused():
    """Choices between phrases multiply: 10 times 10 times 10 can be spelled out, twice as many not."""
    ten = f"({'|'.join(f'{word} it' for word in 'abcdefghij')})"
    assert len(list(parse_cues(f"{ten} {ten} {ten}", {}))) == 1000
    with pytest.raises(CueSyntaxError, match="stands for more than 1000 rows of words; split it"):
        list(parse_cues(f"{ten} {ten} {ten} (k it|l it)", {}))


def test_a_worth_of_nothing_is_no_worth():
    with pytest.raises(CueSyntaxError, match=r"cannot read the cue element '=0\.0'"):
        parse_cue("deadlock =0.0", {})


def test_an_unknown_set_is_named_beside_those_there_are():
    with pytest.raises(CueSyntaxError, match="no word set 'presure'; there are pressure, ties"):
        parse_cue("lift {presure}", SETS)


def test_a_cue_survives_pickling():
    cue = parse_cue("(lift|ease)~v ..3 {pressure} =0.5", SETS)
    assert pickle.loads(pickle.dumps(cue)) == cue  # noqa: S301


def test_equal_cues_pickle_to_equal_bytes_whatever_the_hash_seed():
    code = (
        "import pickle, hashlib; from pipeline.weak.cues.language import parse_cue;"
        "print(hashlib.sha256(pickle.dumps(parse_cue('(lift|ease|waive)~v ..3 (ban|levy)~n', {}))).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    }
    assert len(digests) == 1


@settings(deadline=None)
@given(st.text("ab(){}|~vn.3=; '", max_size=20))
def test_any_string_is_read_or_refused(text):
    try:
        found = list(parse_cues(text, SETS))
    except CueSyntaxError:
        return
    for cue in found:
        assert len(cue.words) == len(cue.gaps) >= 1
        assert cue.gaps[0] == 0
        assert all(cue.words)
        assert cue.strength is None or 0 < cue.strength <= 1


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("reject", "reject rejects rejecting rejected"),
        ("oppose", "oppose opposes opposing opposed"),
        ("deny", "deny denies denying denied"),
        ("delay", "delay delays delaying delayed"),
        ("ban", "ban bans banning banned"),
        ("quit", "quit quits quitting"),
        ("equip", "equip equips equipping equipped"),
        ("kidnap", "kidnap kidnaps kidnapping kidnapped"),
        ("travel", "travel travels traveling traveled travelling travelled"),
        ("permit", "permit permits permitting permitted"),
        ("visit", "visit visits visiting visited"),
        ("clash", "clash clashes clashing clashed"),
        ("veto", "veto vetoes vetoing vetoed"),
        ("agree", "agree agrees agreeing agreed"),
        ("lie", "lie lies lying lied"),
        ("break", "break breaks breaking broke broken"),
        ("begin", "begin begins beginning began begun"),
        ("withdraw", "withdraw withdraws withdrawing withdrew withdrawn"),
        ("undercut", "undercut undercuts undercutting"),
        ("mislead", "mislead misleads misleading misled"),
        ("undergo", "undergo undergoes undergoing underwent undergone"),
        ("foresee", "foresee foresees foreseeing foresaw foreseen"),
        ("relay", "relay relays relaying relayed"),
    ],
)
def test_every_form_of_a_verb_is_made(lemma, forms):
    assert set(forms.split()) <= verb_forms(lemma)


@pytest.mark.parametrize(
    ("lemma", "wrong"), [("visit", "visitted"), ("see", "seed"), ("break", "breaked"), ("be", "bed")]
)
def test_forms_that_would_be_other_words_are_not_made(lemma, wrong):
    assert wrong not in verb_forms(lemma)


@pytest.mark.parametrize(
    ("american", "british"),
    [("recognize", "recognised"), ("honor", "honoured"), ("labor", "labouring"), ("favor", "favours")],
)
def test_a_verb_is_made_in_british_spelling_too(american, british):
    assert british in verb_forms(american)
    assert verb_forms(american) > {american}


@pytest.mark.parametrize(
    ("lemma", "plural"),
    [
        ("pact", "pacts"),
        ("treaty", "treaties"),
        ("convoy", "convoys"),
        ("clash", "clashes"),
        ("crisis", "crises"),
        ("spokeswoman", "spokeswomen"),
        ("policeman", "policemen"),
        ("german", "germans"),
        ("embargo", "embargoes"),
        ("photo", "photos"),
        ("harbor", "harbours"),
        ("organization", "organisations"),
    ],
)
def test_a_noun_has_its_singular_and_its_plural(lemma, plural):
    assert {lemma, plural} <= noun_forms(lemma)


def test_several_verbs_and_several_nouns_have_all_their_forms():
    assert verbs("sign  ink") == verb_forms("sign") | verb_forms("ink")
    assert nouns("pact\ntreaty") == noun_forms("pact") | noun_forms("treaty")
    assert verbs("") == nouns("") == frozenset()


def test_names_of_states_are_words_of_cues_but_not_those_that_mean_something_else_in_lower_case():
    found = state_words()
    assert {"norway", "oslo"} <= found["state"]
    assert "norwegian" not in found["state"]
    assert {"norwegian", "norwegians"} <= found["people"]
    assert not {"us", "pole"} & (found["state"] | found["people"])
    assert parse_cue("praise~v {state}", found).words[1] == found["state"]


def test_a_stage_that_reads_sentences_depends_on_the_table_of_states():
    """The words go into cues, and so into the hash of the labeling functions; DVC has to see the file."""
    table = Path(language.__file__).with_name("states.tsv").relative_to(ROOT)
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
    for name in ("label", "train", "apply", "evaluate"):
        assert any(table.is_relative_to(dep) for dep in stages[name]["deps"]), name
    recognise = next(lf for lf in load_lfs() if lf.name == "recognise")
    assert any(state_words()["state"] in cue.words for cue in recognise.cues)
