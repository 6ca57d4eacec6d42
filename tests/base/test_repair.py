"""Damaged characters are mended alike in articles and in sentences, and nothing else is touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.base.repair import repair, repaired

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


def test_several_texts():
    assert repaired(["a&amp;b", "b"]) == ["a&b", "b"]
