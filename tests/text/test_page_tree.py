"""What a page hides, hangs on or sets apart by its layout."""

import pytest

from pipeline.text.html import read_page

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
