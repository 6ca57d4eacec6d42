"""Inflected forms: all that are written, in both spellings."""

import pytest

from pipeline.weak.cues.language import noun_forms, nouns, verb_forms, verbs


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
