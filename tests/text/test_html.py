"""Web pages into blocks of text."""

import pytest

from pipeline.text.boilerplate import Cut
from pipeline.text.html import declared_encoding, page_text, read_page
from pipeline.text.paragraphs import Block

PARAGRAPHS = [
    "The coast guard of one island boarded a trawler of the other on Sunday, and the trawler's owner wants it back.",
    "Both prime ministers were at the same wedding, and neither said a word about the boat in the harbour below.",
    "A hearing has been set for the ninth of June before a magistrate who gets seasick, as everybody there knows.",
]
HEAD = """<meta charset="utf-8"><title>Islands quarrel over a boat | The Harbour Post</title>
<meta property="og:site_name" content="The Harbour Post"><meta name="author" content="Ada Quay">
<meta property="article:published_time" content="1975-06-02T08:00:00+02:00"><meta name="topic" content="fisheries">"""
PAGE = f"""<!DOCTYPE html><html lang="en"><head>{HEAD}</head><body>
<nav><a href="/">Front page</a> <a href="/sea">Shipping</a></nav>
<article><h1>Islands quarrel over a boat</h1>
<p>{PARAGRAPHS[0]}</p><figure><img src="b.jpg"><figcaption>The boat in question</figcaption></figure>
<h2>A wedding</h2><p>{PARAGRAPHS[1].replace("neither", "<em>neither</em>")}</p>
<!-- a comment --><p>{PARAGRAPHS[2].replace(" ", chr(10), 3)}</p></article>
<aside>Related: <a href="/x">The boat in pictures</a></aside>
<script>var tracker = "unseen";</script>
<footer>&copy; 2019 The Harbour Post</footer></body></html>"""


def test_the_main_text_is_extracted_by_paragraph():
    """Headings are marked; inline tags and line ends of the source leave no trace."""
    blocks = read_page(PAGE).blocks
    assert [block.text for block in blocks if block.kind == "paragraph"] == PARAGRAPHS
    assert Block("A wedding", "heading") in blocks


def test_what_the_page_says_about_itself_is_read():
    """The site's name is no part of the title; the date is that of publication, not that of the copyright line."""
    assert read_page(PAGE).metadata == {
        "title": "Islands quarrel over a boat",
        "date": "1975-06-02",
        "source": "The Harbour Post",
        "author": "Ada Quay",
        "topic": "fisheries",
    }


@pytest.mark.parametrize(
    ("tag", "date"),
    [
        ('<meta name="date" content="1999-12-31">', "1999-12-31"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "1968-08-20"}</script>',
            "1968-08-20",
        ),
        ("<p>In 1968, on 20 August, it began.</p>", None),
    ],
)
def test_the_date_is_never_guessed_from_the_text(tag, date):
    """Only what is meant as the date of publication counts."""
    page = f"<html><head>{tag}</head><body><p>{PARAGRAPHS[0]}</p><footer>&copy; 2019</footer></body></html>"
    assert read_page(page).metadata.get("date") == date


def test_what_was_left_out_is_told():
    """Navigation, captions and footers are seen, scripts and comments are not."""
    left_out = read_page(PAGE).left_out
    assert left_out == [
        Cut("page", text)
        for text in (
            "Front page",
            "Shipping",
            "The boat in question",
            "Related:",
            "The boat in pictures",
            "© 2019 The Harbour Post",
        )
    ]


def test_a_short_item_comes_without_the_page_around_it():
    """Two sentences are enough."""
    page = (
        "<html><head><title>Boat freed</title></head><body><nav><a href='/'>Front page</a></nav><article>"
        "<h1>Boat freed</h1><p>The boat is free. Its owner is not.</p></article><footer>Contact</footer></body></html>"
    )
    assert [block.text for block in read_page(page).blocks] == ["Boat freed", "The boat is free. Its owner is not."]


def test_line_breaks_part_paragraphs_where_they_are_used_so():
    """Old pages have no paragraph tags."""
    page = f"<html><body><div>{'<br><br>'.join(PARAGRAPHS)}</div></body></html>"
    assert [block.text for block in read_page(page).blocks] == PARAGRAPHS


def test_lists_and_quotations_are_kept():
    """They are paragraphs of the story."""
    quoted, listed = "We were only fishing, the skipper said to us.", ["A boat, with nets.", "A fine, in shillings."]
    items = "".join(f"<li>{item}</li>" for item in listed)
    page = PAGE.replace("<h2>A wedding</h2>", f"<blockquote><p>{quoted}</p></blockquote><ul>{items}</ul>")
    texts = [block.text for block in read_page(page).blocks]
    assert texts[1:] == [PARAGRAPHS[0], quoted, *listed, *PARAGRAPHS[1:]]


def test_a_piece_of_a_page_is_read_too():
    """Data sets often hold no more than the paragraphs."""
    assert [block.text for block in read_page("<p>One sentence.</p><p>Another&nbsp;one.</p>").blocks] == [
        "One sentence.",
        "Another one.",
    ]


@pytest.mark.parametrize(
    "page", ["", "   ", "<html><body></body></html>", "<html><head><title>T</title></head></html>"]
)
def test_an_empty_page_has_no_text(page):
    """Nothing is made up, and nothing is printed."""
    assert read_page(page).blocks == []


def test_an_xml_declaration_does_no_harm():
    """XHTML pages begin with one."""
    xhtml = f'<?xml version="1.0" encoding="utf-8"?>\n{PAGE}'
    assert [block.text for block in read_page(xhtml).blocks if block.kind == "paragraph"] == PARAGRAPHS


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b'<html><meta charset="windows-1250">', "windows-1250"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-2'>", "ISO-8859-2"),
        (b'<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"),
        (b"<html>charset=utf-8", ""),
        (b" " * 3000 + b'<meta charset="utf-8">', ""),
    ],
)
def test_the_encoding_that_a_page_names_is_found(data, encoding):
    """In its first 2048 bytes, and in tags only."""
    assert declared_encoding(data) == encoding


STORY = [
    "The two mills closed on Monday, and their owners blamed the weather for it.",
    "The town welcomed the offer, but the guild refused to sign the paper.",
    "The owners agreed to meet again in June, a clerk said in the evening.",
    "Nobody would say who is to pay for the lamps at the northern gate.",
]


def read(*pieces, page="<article>{}</article>"):
    body = page.format("".join(pieces))
    html = f"<html><head><title>Mills close</title></head><body><nav><a href='/'>Home</a></nav>{body}</body></html>"
    return [block.text for block in read_page(html).blocks if block.kind == "paragraph"]


def paragraphs(texts):
    return [f"<p>{text}</p>" for text in texts]


@pytest.mark.parametrize(
    "piece",
    [
        "<p hidden>The guild opposes the hidden text, too.</p>",
        "<p style='display: none'>The guild opposes the hidden text, too.</p>",
        "<template><p>The guild opposes the hidden text, too.</p></template>",
        "<div class='box related'><p>The guild opposes the other story, too.</p></div>",
        "<p class='visually-hidden'>The guild opposes the hidden text, too.</p>",
        "<p><a href='/1'>GUILD CONDEMNS RULING AND VOWS TO FIGHT IT</a></p>",
        "<p><a href='/1'>Guild furious</a> [VIDEO]<br><a href='/2'>Owners relent</a> [ANALYSIS]</p>",
        "<ul><li><a href='/1'>Guild furious</a></li><li><a href='/2'>Owners relent</a></li></ul>",
    ],
)
def test_hidden_text_and_lists_of_links_are_left_out(piece):
    whole = paragraphs(STORY)
    assert read(*whole[:2], piece, *whole[2:]) == STORY


def test_a_linked_sentence_stays():
    linked = f"<p><a href='/1'>{STORY[1]}</a></p>"
    assert read(*paragraphs(STORY[:1]), linked, *paragraphs(STORY[2:])) == STORY


def test_links_that_open_over_a_name_are_left_out():
    card = "<span><a href='/1'>Eva Reed</a><a href='/2'>Reed rejects the deal</a><a href='/3'>MORE</a></span>"
    first = f"<p>Mayor <span><a href='/r'>Eva Reed</a>{card}</span> (D) welcomed the offer on Monday, aides said.</p>"
    assert read(first, *paragraphs(STORY))[0] == "Mayor Eva Reed (D) welcomed the offer on Monday, aides said."


def test_marks_of_notes_are_left_out_and_drop_caps_joined():
    first = "<p><span class='cap'>T</span> he board backs the plan<sup>1</sup> and rejects it all.<sup>[2]</sup></p>"
    assert read(first, *paragraphs(STORY))[0] == "The board backs the plan and rejects it all."


def test_a_caption_that_is_repeated_as_a_paragraph_is_left_out():
    caption = "Guild members who oppose the plan march to the gate on Monday."
    figure = f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure><p>{caption}</p>"
    assert read(figure, *paragraphs(STORY)) == STORY


def test_all_parts_of_a_story_that_is_set_in_several_containers_are_read():
    more = [text.replace("The ", "Later the ").replace("Nobody", "No one") for text in STORY]
    parts = [f"<div class='grid'><div class='body'>{''.join(paragraphs(p))}</div></div>" for p in (STORY, more)]
    assert read(parts[0], "<div class='grid'><p>Advertisement</p></div>", parts[1])[:8] == [*STORY, *more]


def test_all_text_of_a_page_is_what_can_be_seen_of_it():
    page = "<html><head><script>let x</script></head><body><p>One</p><table><td>a</td><td>b</td></table></body></html>"
    assert page_text(page).split() == ["One", "a", "b"]
    assert page_text("") == ""


def test_a_page_that_the_parser_would_cut_off_says_so():
    deep = f"<html><body><p>{PARAGRAPHS[0]}</p>{'<div>' * 260}<p>{PARAGRAPHS[1]}</p></body></html>"
    page = read_page(deep)
    assert page.blocks == []
    assert page.problem.startswith("elements nested 256 deep")
    assert page_text(deep) == ""
    assert [block.text for block in read_page(deep.replace("<div>" * 260, "<div>" * 200)).blocks] == PARAGRAPHS[:2]
