"""Damaged characters are mended alike in articles and in sentences, and nothing else is touched."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.repair import all_repaired, normalise, repair

# what stands where an apostrophe was
LOOK_ALIKES = ["ʼ", "′", "＇", "`", "´", "‛", "ʹ", "‵"]
DOUBTFUL = ["�", "?", "Õ", "¡¯", "_", "í", "Æ", "^", "\\u2019", "=92", "&#39", "#39;", "*", "~"]
ENCODED = [
    "&#39;",
    "&rsquo;",
    "&amp;#39;",
    "&amp;amp;rsquo;",
    "&#146;",
    "&apos;",
    "\x92",
    "â€™",
    "Ã¢â‚¬â„¢",
    "ΓÇÖ",
    "‚Äô",
]


@pytest.mark.parametrize("verb", ["doesn", "can", "WON", "Hadn"])
def test_an_apostrophe_comes_back_inside_a_negation(verb):
    end = "T" if verb.isupper() else "t"
    repairs = {mark: repair(f"The guild {verb}{mark}{end} sign.") for mark in [*LOOK_ALIKES, *DOUBTFUL, *ENCODED]}
    wrong = [mark for mark, (text, _) in repairs.items() if text.replace("’", "'") != f"The guild {verb}'{end} sign."]
    assert wrong == [mark for mark, (_, counts) in repairs.items() if not counts.total()] == []


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("the mayor´s and the guildʼs plan", "the mayor's and the guild's plan"),
        ("It?s over, the EU?s envoy said.", "It's over, the EU's envoy said."),
        ("The guild\ufffds plan isn\ufffdt ours.", "The guild's plan isn't ours."),
        ("Òbad planÓ isnÕt the guildÕs", "“bad plan” isn't the guild's"),
        ("a \x93plan\x94 \x96 in short\x85", "a “plan” – in short…"),
        ("â€œA bad deal,â€\x9d she said.", "“A bad deal,” she said."),
        ("“A bad deal,â€ she said.", "“A bad deal,” she said."),
        ("Ã©lan and Â£5", "élan and £5"),
        ("Salt &amp; Rope", "Salt & Rope"),
        ("the ﬁrst oﬃce, diﬀ er", "the first office, differ"),
    ],
)
def test_other_damage_is_mended(damaged, mended):
    assert repair(damaged)[0] == mended


@pytest.mark.parametrize(
    "text",
    [
        "The guild doesn't sign, and “won’t” is a word.",
        "The guild doesnt sign.",  # what was never there is not put in
        "Why?Because nobody asked?",
        "See example.org/find?s=1&t=2 for R&D.",
        "A wall 5′ tall, a café, SÃO and Ó Briain",
        "André\ufffds name",  # nothing shows that the mark was an apostrophe
        "Can—the tin one—and n-t",
        "",
    ],
)
def test_sound_text_stays(text):
    assert repair(text) == (text, {})


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("dont doesn’'`?&#39;ÕÃ¢€™â\x92\ufffdﬁ_s ")))
def test_repairing_twice_changes_nothing_more(text):
    once, _ = repair(text)
    assert repair(once)[0] == once


def test_several_texts_are_repaired_and_normalised():
    assert all_repaired(["a&amp;b\0", "b"]) == ["a&b", "b"]


UNSEEN = "\x00\x07\x1b\x7f\x81\xad\u200b\u200c\u200d\u200e\u202a\u202e\u2060\u2066\ufe0f\ufeff\ue000"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb\rc\x85d\u2028e\x0cf\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\u2029b", "a\n\nb"),
        ("a\u00a0b\u202fc\u3000d\te", "a b c d e"),
        ("sup\u200bport and nego\xadtiate and com\xad\npromise", "support and negotiate and compromise"),
        (f"re{UNSEEN}jects", "rejects"),
        ("Zu\u0308rich", "Z\u00fcrich"),
        ("e\u200b\u0301", "\u00e9"),
        ("lone \ud800 half", "lone \ufffd half"),
    ],
    ids=[
        "line ends",
        "paragraph end",
        "spaces",
        "hyphenation",
        "unseen",
        "composed",
        "composed once bared",
        "surrogate",
    ],
)
def test_normalise(before, after):
    """Line ends, spaces, unseen characters and composition have one form."""
    assert normalise(before) == after


@given(st.text(st.one_of(st.characters(exclude_categories=[]), st.sampled_from(UNSEEN + "\r\n\u2028\u2029\u0308\xad"))))
def test_normalise_is_idempotent(text):
    """Normalised text stays as it is, is NFC, encodable, and has no character that nobody sees."""
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once.encode().decode()) & set(UNSEEN + "\r\t\xa0")
