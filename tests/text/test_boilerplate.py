"""Boilerplate is cut, the story stays."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.boilerplate import Cut, remove_boilerplate
from pipeline.text.paragraphs import Block

BODY = [
    "BERN — The two finance ministers agreed on Monday to share the cost of the tunnel, after nine years.",
    "Work begins in May.",
    "The canton of Uri, which had gone to court over the spoil, withdrew its suit on the spot.",
    "Nobody would say who pays for the lights.",
    "A second tunnel is being drawn up in Milan.",
    "Talks on that one open in the autumn.",
    "The lorries will not wait.",
]


def story(*paragraphs, title=""):
    return remove_boilerplate([p if isinstance(p, Block) else Block(p) for p in paragraphs], title)


def test_a_page_saved_as_text_is_reduced_to_its_story():
    """Buttons, title, byline, date, advertisement, links, credits and copyright go, in order, and are recorded."""
    boilerplate = [
        Cut("share", "Facebook Twitter"),
        Cut("headline", "Alpine neighbours split the bill for U.S.-backed tunnel"),
        Cut("share", "SHARE Alpine neighbours split the bill for U.S.-backed tunnel"),
        Cut("byline", "By Urs Tschudi and Carla Moretti, diplomatic correspondents"),
        Cut("time", "Updated 9:15 p.m. CET, March 3, 1998"),
        Cut("advertisement", "ADVERTISEMENT"),
        Cut("related", "Read more: What a kilometre of rock costs"),
        Cut("credit", "(Reporting by Urs Tschudi; editing by Ann O'Dea)"),
        Cut("copyright", "© 1998 Alpine News. All rights reserved."),
    ]
    texts = [cut.text for cut in boilerplate]
    found = story(*texts[:5], *BODY[:3], texts[5], *BODY[3:], *texts[6:])
    assert found.paragraphs == BODY
    assert found.title == "Alpine neighbours split the bill for U.S.-backed tunnel"
    assert found.removed == boilerplate


def test_a_clean_story_is_left_as_it_is():
    """Without a line that could be a title there is none."""
    assert story(*BODY) == (BODY, "", [])


@pytest.mark.parametrize(
    ("top", "title"),
    [
        (["Ministers split the bill"], "Ministers split the bill"),
        (["Who pays for the lights?"], "Who pays for the lights?"),
        (["Tunnel talks resume in the U.S."], "Tunnel talks resume in the U.S."),
        (["EUROPE", "Ministers split the bill for the tunnel"], "Ministers split the bill for the tunnel"),
        (["Ministers split the bill", "Nine years of talks end with a handshake"], "Ministers split the bill"),
        ([Block("Split. At last.", "heading")], "Split. At last."),
        (["Ministers split the bill", "MINISTERS SPLIT THE BILL"], "Ministers split the bill"),
    ],
    ids=["line", "question", "acronym", "kicker", "second line", "heading", "repeated"],
)
def test_the_title_is_found_at_the_top(top, title):
    """It becomes the article's title and is no part of the story."""
    found = story(*top, *BODY)
    assert (found.title, found.paragraphs) == (title, BODY)


def test_a_given_title_is_kept_and_its_repetition_cut():
    """Letter case and punctuation do not matter; another line in the title's place goes as well."""
    found = story(
        "Ministers' split: the “bill”", "Cantons fall into line over tunnel", *BODY, title="Ministers’ Split: The Bill"
    )
    assert (found.title, found.paragraphs) == ("Ministers’ Split: The Bill", BODY)
    assert [cut.kind for cut in found.removed] == ["title", "headline"]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["Ministers split the bill"],
        ["first they talked", "then they signed"],
        ["Ministers split the bill", "Cantons fall into line", "Milan draws a second tunnel"],
        ["Why did they sign? Nobody knows.", "The lights will be paid for."],
        ["The heads of state,", "Having met at Bern;", "Agree as follows:", "The tunnel shall be built."],
        ["Who pays for the lights?", "Nobody would say.", "And who for the lorries?", "Uri."],
        ["- a road;", "- seats in the council.", "That was the list."],
    ],
    ids=["single line", "no capitals", "no punctuation", "sentences", "preamble", "interview", "list"],
)
def test_what_only_resembles_a_title_stays(paragraphs):
    """A title needs a story after it, and neither ends a sentence nor announces something."""
    assert story(*paragraphs).paragraphs == paragraphs


def test_a_text_that_is_nothing_but_its_title_stays():
    """A one-line item whose title repeats it has no other sentence."""
    assert story("Bern signs.", title="Bern signs").paragraphs == ["Bern signs."]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("share", "SHARE"),
        ("share", "Share this article"),
        ("share", "Facebook | Twitter | WhatsApp | Print | Copy link"),
        ("share", "Share via e-mail"),
        ("advertisement", "Advertisement"),
        ("advertisement", "[ADVERTISEMENT]"),
        ("advertisement", "Story continues below"),
        ("advertisement", "Continue reading the main story"),
        ("related", "READ MORE: Who said no, and why."),
        ("related", "See also: Nine years in nine maps"),
        ("related", "Related articles"),
        ("related", "Most read"),
        ("related", "More from Europe"),
        ("follow", "Follow us on Twitter and Facebook @alpinenews"),
        ("follow", "Follow Urs Tschudi on Twitter."),
        ("newsletter", "Sign up for our weekly newsletter and never miss a tunnel."),
        ("newsletter", "Subscribe to the Alpine briefing"),
        ("newsletter", "Get the latest news in your inbox"),
        ("copyright", "Copyright 1998 The Alpine Press. All rights reserved. This material may not be published."),
        ("copyright", "(c) 1998 Alpine News Ltd"),
        ("copyright", "All rights reserved"),
        ("credit", "(Additional reporting by Léa Blanc in Paris; Writing by U. Tschudi)"),
        ("credit", "Photo: Urs Tschudi/Alpine"),
        ("credit", "AP Photo/Carla Moretti"),
        ("credit", "Carla Moretti/Reuters"),
        ("credit", "Image caption, The ministers at the northern portal"),
        ("byline", "By Our Special Correspondent"),
        ("byline", "By Élodie de la Tour | Agence Alpine"),
        ("byline", "BY URS TSCHUDI"),
        ("byline", "Posted by Staff | 12 comments"),
        ("time", "Last updated: 12 March 1998 at 10:15 GMT"),
        ("time", "Updated 3 hours ago"),
        ("time", "4 min read"),
        ("time", "22:40"),
        ("comments", "14 comments"),
        ("contact", "Click here to read the full text"),
        ("contact", "tips@alpine.example"),
        ("page", "This website uses cookies to improve your visit."),
        ("mark", "* * *"),
        ("heading", "WHAT COMES NEXT"),
        ("heading", "**Canton of Uri"),
    ],
)
def test_boilerplate_between_the_paragraphs_of_a_story_is_cut(kind, text):
    """Each of these stands in the middle, where only the safest rules hold."""
    found = story(*BODY[:4], text, *BODY[4:])
    assert (found.paragraphs, found.removed) == (BODY, [Cut(kind, text)])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("time", "12 March 1998"),
        ("time", "BERN, 12 March 1998"),
        ("time", "Palais Fédéral, Bern, 10:15 a.m."),
        ("dateline", "BERN, Switzerland (Alpine News) —"),
        ("dateline", "BERN (Alpine News) — By Urs Tschudi"),
        ("byline", "Urs Tschudi, Associated Press"),
        ("note", "Unofficial translation; check against delivery."),
        ("note", "From our archive: this report was first published in 1998."),
    ],
)
def test_boilerplate_above_a_story_is_cut(kind, text):
    """Dates, datelines that no sentence goes on from, and notes stand at the top."""
    found = story(text, *BODY, title="Split")
    assert (found.paragraphs, found.removed) == (BODY, [Cut(kind, text)])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("note", "This article was updated on March 4 with a comment from Uri."),
        ("note", "Editor's note: The tunnel is 9 km long."),
        ("credit", "Carla Moretti in Milan contributed to this report."),
        ("contact", "For further information, contact the press office."),
        ("mark", "ENDS"),
    ],
)
def test_boilerplate_below_a_story_is_cut(kind, text):
    """Notes about the article stand at its end."""
    found = story(*BODY, text)
    assert (found.paragraphs, found.removed) == (BODY, [Cut(kind, text)])


@pytest.mark.parametrize(
    "sentence",
    [
        "Share prices fell after the minister spoke.",
        "Facebook and Twitter were blocked in the north, the opposition complained.",
        "Email between the two ministries has stopped.",
        "Advertisements for the tunnel were torn down overnight.",
        "Read more books, the minister told the deputies.",
        "Related talks — the ones on gas — broke down.",
        "More on the subject will be said in June.",
        "Follow us, the rebels told the villagers, or stay behind.",
        "Follow the money, he said on Twitter.",
        "Sign up for the deal or lose the newsletter, the editors were told.",
        "Subscribe to the principle, she said, and the rest will come.",
        "Copyright was the sticking point.",
        "Copyright law divides the two countries.",
        "(c) the withdrawal of all troops from the valley;",
        "Photo opportunities were refused.",
        "Photographs by satellite showed that the camp was empty.",
        "By Monday the ministers had changed their minds.",
        "By Friday Gates and Rice were back in Washington.",
        "Reporting by the agency was banned in the province.",
        "(Reporting by foreign journalists is banned.)",
        "Updated figures show that nine people died.",
        "Published in 1962, the book accused both governments.",
        "Published on Monday, the report blames the army.",
        "Comments by the envoy were disowned.",
        "This report was disowned by both ministries.",
        "This article was amended in 1993 over Serbian objections.",
        "For more information the envoy turned to Bern.",
        "Three ministries contributed to this report.",
        "From the archives of the ministry came a note that nobody wanted.",
        "Bern, 12 March 1998, was where it all began.",
        "The end of the story is not yet written.",
        "NO!",
        "HANDS OFF OUR VALLEY, THE BANNERS SAID.",
        "Contact with the rebels was broken off.",
        "10:30 was the hour at which the guns fell silent.",
        "Skip the ceremony, the mayor urged.",
        "Watch: nothing will come of it, she said.",
        "Image is everything to this government.",
        "X marks the spot, the minister joked.",
        "MILAN — Work on a second tunnel was called off.",
        "Posted to Milan in March, the envoy resigned in May.",
    ],
)
def test_a_sentence_that_resembles_boilerplate_stays(sentence):
    """At the top, in the middle and at the end."""
    for place in (0, 4, len(BODY)):
        assert story(*BODY[:place], sentence, *BODY[place:]).paragraphs == [*BODY[:place], sentence, *BODY[place:]]


def test_headings_go_unless_they_are_sentences():
    """So do tables; the question of an interview is a sentence."""
    blocks = [
        Block("Bern splits the bill", "heading"),
        Block(BODY[0]),
        Block("The lights", "heading"),
        Block("Who pays?", "heading"),
        Block("1998", "table"),
        Block(BODY[1]),
    ]
    assert remove_boilerplate(blocks).paragraphs == [BODY[0], "Who pays?", BODY[1]]


@pytest.mark.parametrize(
    ("paragraph", "rest"),
    [
        ("So it ended. (Reporting by Urs Tschudi; editing by Ann O'Dea)", "So it ended."),
        ('"No," he said. (AP Photo/Carla Moretti)', '"No," he said.'),
        ("So it ended. READ MORE: Nine years in nine maps", "So it ended."),
        ("ADVERTISEMENT A spokesman denied it.", "A spokesman denied it."),
        ("CLICK HERE TO GET THE APP Bern denied it.", "Bern denied it."),
        ("So it ended (reporting by the agency was banned).", "So it ended (reporting by the agency was banned)."),
        ("SIGN UP, THE POSTERS SAID.", "SIGN UP, THE POSTERS SAID."),
    ],
)
def test_what_hangs_on_a_paragraph_is_cut_off(paragraph, rest):
    """The paragraph itself stays."""
    assert story(*BODY, paragraph).paragraphs == [*BODY, rest]


def test_the_clock_times_of_a_live_blog_are_cut_off():
    """A single sentence that begins with a time keeps it."""
    entries = ["09:05 Good morning.", "9:40 p.m. – The doors are shut.", '11:15 GMT "No," says Uri.', "Nothing since."]
    found = story(*entries)
    assert found.paragraphs == ["Good morning.", "The doors are shut.", '"No," says Uri.', "Nothing since."]
    assert [cut.text for cut in found.removed] == ["09:05", "9:40 p.m.", "11:15 GMT"]
    assert story("09:05 Mass was said.", *BODY).paragraphs[0] == "09:05 Mass was said."


@pytest.mark.parametrize("words", ["By In ", "A-B-", "12 ", "share ", "(Reporting by A ", "Mon May 1 ", "A, ", "and "])
def test_no_rule_takes_long_on_any_text(words):
    """A paragraph made to make patterns backtrack costs milliseconds."""
    paragraph = (words * 200)[:399] + "!"
    story(*BODY)
    start = time.perf_counter()
    story(paragraph, *BODY, paragraph.rstrip("!"))
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("note", "(Adds comment of the canton in paragraph 4)"),
        ("note", "Our Standards: The Alpine Wire Rules."),
        ("note", "Since you’re here, we have a favour to ask. More of you read us than ever."),
        ("note", "This article is more than 4 years old"),
        ("player", "Media caption The ministers on the pass"),
        ("player", "The code has been copied to your clipboard."),
        ("player", "0:00 0:02:41"),
        ("shortcode", "[embed]https://video.example/7[/embed]"),
        ("newsletter", "Never miss a tunnel by signing up to our letter."),
        ("newsletter", "Want to hear more of the pass? Sign up here."),
        ("licence", "This copy is for your personal use only."),
        ("contact", "Write to Urs Tschudi at urs@alpine.example"),
        ("contact", "Media Contact: Urs Tschudi, 555-0101, urs@alpine.example"),
        ("related", "You may also like..."),
        ("related", "Canton furious over spoil [VIDEO]"),
        ("release", "About Alpine Bores"),
        ("release", "SOURCE Alpine Bores Ltd."),
        ("credit", "Photo: Courtesy of Alpine Bores Inc."),
        ("credit", "FILE PHOTO: The north portal in May, 1998. REUTERS/Urs Tschudi/File Photo"),
        ("time", "Share Updated at 10.20 GMT"),
        ("time", "posted on April 21, 2015, at 11:29 a.m."),
        ("page", "Page 3 of 9"),
        ("page", "THE ALPINE NEWS, MONDAY 9 MARCH 1998 A4"),
        ("mark", "ab-bur/cd/efg"),
        ("mark", "(ANP)"),
    ],
)
def test_lines_of_players_agencies_and_desks_are_cut(kind, text):
    found = story(*BODY[:4], text, *BODY[4:])
    assert (found.paragraphs, found.removed) == (BODY, [Cut(kind, text)])


@pytest.mark.parametrize(
    "end", ["(END)", "Enditem", "(Yonhap)", "[+1204 chars]", "Read more", "– ANP", "(Reporting by Urs Tschudi)"]
)
def test_what_hangs_on_the_last_sentence_is_cut(end):
    found = story(*BODY[:-1], f"{BODY[-1]} {end}")
    assert found.paragraphs == BODY
    assert [cut.kind for cut in found.removed] == ["tail"]


@pytest.mark.parametrize(
    "lede",
    [
        "The ministers signed on Monday.[1]",
        "The ministers signed on Monday.*",
        "The ministers signed on Monday. #tunnel @alpine",
        "The ministers signed on Monday. https://t.example/a1",
        "The ministers signed on Monday. – AFP 😀",
        "The ministers signed on Monday. The cantons did not",
        "“We sign,” she said, “and we pay.”3",
        "We sign it!!! – the minister",
        "The ministers of both states signed the deed on Monday after nine years of talks",
    ],
)
def test_the_first_paragraph_is_no_headline_where_it_holds_a_sentence(lede):
    found = story("Ministers sign", lede, *BODY)
    assert found.title == "Ministers sign"
    assert not [cut for cut in found.removed if cut.kind == "headline" and cut.text == lede]
    assert found.paragraphs[0][:20] == lede[:20]


def test_a_long_question_is_the_beginning_of_a_story():
    lede = "The minister is eager to dig — but how many years must the cantons oppose the bill for the lights?"
    assert story(lede, *BODY).paragraphs == [lede, *BODY]


@pytest.mark.parametrize(
    "text",
    [
        "Print media oppose the tunnel",
        "Email the minister sent on Monday rejected the plan",
        "About half of the cantons reject the plan.",
        "Source of the row is the spoil, the canton said.",
        "Update the law, the canton demands.",
        "Photo finish or not, the canton rejects the count.",
    ],
)
def test_sentences_that_begin_like_a_button_stay(text):
    assert story(*BODY[:4], text, *BODY[4:]).paragraphs == [*BODY[:4], text, *BODY[4:]]


def test_of_a_copyright_line_run_together_with_the_story_the_story_stays():
    found = story(*BODY, "© Canton Press/alp The canton condemned the bill. It will sue.", *BODY[:3])
    assert found.paragraphs == [*BODY, "The canton condemned the bill. It will sue.", *BODY[:3]]
    assert found.removed == [Cut("head", "© Canton Press/alp")]


def test_a_page_number_between_two_halves_of_a_sentence_is_cut_and_they_are_joined():
    found = story("The two finance ministers agreed on Monday to share the", "7", "cost of the tunnel.", *BODY)
    assert found.paragraphs[0] == "The two finance ministers agreed on Monday to share the cost of the tunnel."
    assert found.removed == [Cut("page", "7")]


LINES = st.sampled_from(
    [
        *BODY,
        "Ministers sign",
        "By Urs Tschudi",
        "7",
        "Page 2 of 3",
        "the cost of the tunnel is not known",
        "The ministers signed the deed on Monday and went",
        "The lorries wait.[3]",
        "Nobody knows. (END)",
        "© Canton Press The canton condemned it.",
        "Read more: Lights out",
        "WHAT COMES NEXT",
        "Share Updated at 10.20 GMT",
        "10:15 The ministers came.",
        "* * *",
        "Never miss the latest by signing up.",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.builds(Block, LINES, st.sampled_from(["paragraph", "heading", "table"])), max_size=12), LINES)
def test_no_letter_is_lost_without_being_counted(blocks, title):
    """What is not in the story is in the list of what was cut."""
    for name in ("", title):
        found = remove_boilerplate(blocks, name)
        kept = "".join([*found.paragraphs, *(cut.text for cut in found.removed)])
        letters = "".join(block.text for block in blocks)
        assert Counter(filter(str.isalnum, kept)) == Counter(filter(str.isalnum, letters))
