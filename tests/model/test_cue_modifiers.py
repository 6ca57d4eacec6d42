"""Every cue of a sentence, in words: negation, clauses, hedges, and what does not count."""

import pytest

from pipeline.base.stances import ABSTAIN, AGREEMENT, OPPOSITION
from pipeline.model.features import read_cues
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet
from tests.weak.small import cues, lf

REJECT = lf("reject", "(reject|oppose)~v", negated=AGREEMENT)
SIGN = lf("sign", "sign~v", AGREEMENT, strength=0.8)
DEAL = lf("deal", "(deal|truce)~n", AGREEMENT, kind="noun")
DEADLOCK = lf("deadlock", "in ..3 deadlock", kind="phrase")
WORDY = lf("wordy", "held ..8 hostage", strength=0.9)
WHOLE = LF("whole", OPPOSITION, "rule", "why", "here", function=lambda parse: OPPOSITION)
LFS = LFSet([REJECT, SIGN, DEAL, DEADLOCK, WORDY, WHOLE], idioms=cues("sign of the times"))


def read(text):
    (cues,) = read_cues(LFS, LFS.read([text]))
    return cues


def only(text):
    (found,) = read(text)
    return found


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("They rejected it.", ()),
        ("They did not reject it.", ('negated by "not"',)),
        ("If they reject it, all is lost.", ('behind "if"',)),
        ("Although they rejected it, they stayed.", ('behind "although"',)),
        ("Although they did not reject it, they stayed.", ('negated by "not"', 'behind "although"')),
        ("She urged them to reject it.", ("only asked for",)),
        ("They held talks on how to reject it.", ("only talked about",)),
        ("They may reject it.", ('hedged by "may"',)),
        ("Will they reject it?", ("in a question",)),
        ("They rejected it, but the envoys signed.", ('before "but"',)),
        ("The guild (which rejected it) met.", ('behind "which"',)),
        ("The guild (rejected by all) met.", ("in parentheses",)),
        ("Talks are in utter deadlock, but they signed.", ()),
    ],
)
def test_notes_name_what_a_cue_stands_behind(text, notes):
    assert read(text)[0].notes == notes


def test_a_noun_is_what_the_verb_before_it_is_about():
    verb, noun = read("They rejected the truce.")
    assert (verb.notes, noun.notes) == ((), ('what "rejected" is about',))
    assert (noun.stance, noun.strength) == (ABSTAIN, 0.0)


def test_votes_are_those_of_the_parse():
    """Stance and strength are taken over, not computed again; a negated cue votes for what its LF says."""
    for text in ("They did not reject it.", "They may sign it, if all reject the deal.", "They rejected the truce."):
        hits = [(hit.lf, hit.stance, hit.strength) for hit in LFS.parse(text).hits]
        assert hits
        assert [(cue.lf, cue.stance, cue.strength) for cue in read(text) if cue.stance != ABSTAIN] == hits


def test_a_cue_that_does_not_count_is_told_all_the_same():
    found = only("They did not sign.")
    assert (found.stance, found.strength, found.notes) == (ABSTAIN, 0.0, ('negated by "not"',))


def test_quotes_hold_the_negation_and_words_do_not():
    text = "They did not at all reject it."
    found = only(text)
    assert found.quote == "not at all reject"
    assert [text[start:end] for start, end in found.words] == ["reject"]


def test_long_passages_are_cut_and_short_gaps_kept():
    assert only("Talks are in utter deadlock.").quote == "in utter deadlock"
    long = "They held representatives of neighbouring municipalities, administrations hostage."
    assert read(long) == []
    long = "They held representatives of neighbouring municipalities and administrations hostage."
    assert only(long).quote == "held ... hostage"


def test_idioms_and_functions_give_no_cue():
    assert read("It was a sign of the times.") == []
    assert read("Rain fell.") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("They re\u00adject\u00aded it.", "re\u00adject\u00aded"),
        ("Zu\u0308rich\u200b \u200brejected\u200b it.", "rejected"),
        ("“Zürich – rejected” it.", "rejected"),
        ("\ufeffe\u0301 rejected.", "rejected"),
    ],
)
def test_offsets_hold_beside_characters_that_nobody_sees(text, word):
    """Soft hyphens, zero-width spaces, accents as characters of their own."""
    ((start, end),) = only(text).words
    assert text[start:end].rstrip("\u200b") == word
