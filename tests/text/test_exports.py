"""Exports of many articles: each article with its title, date and source, and nothing of the fields in its text."""

import pytest

from pipeline.text.articles import read_article
from pipeline.text.exports import read_export

FIRST = "The two mills closed on Monday.\n\nThe guild blamed the weather."
SECOND = "The town welcomed the offer.\n\nNobody would pay for the lamps."

NEXIS = """
                               1 of 2 DOCUMENTS

                                 The Mill Post

                            March 5, 1994 Saturday
                                 Late Edition

Mills close over rain

BYLINE: By Eva Reed,
        Staff

SECTION: NEWS; Pg. 3

LENGTH: 210 words

{}

GRAPHIC: A mill.

LOAD-DATE: March 6, 1994

LANGUAGE: ENGLISH

                     Copyright 1994 The Mill Post
                              All Rights Reserved

                               2 of 2 DOCUMENTS

                                 The Mill Post

                            March 7, 1994 Monday

HEADLINE: Town takes the offer

BODY:
{}

LOAD-DATE: March 8, 1994
"""

NEXIS_UNI = """Mills close over rain

The Mill Post

5 March 1994 Saturday

Copyright 1994 The Mill Post All Rights Reserved
Section: NEWS; Pg. 3
Length: 210 words
Byline: Eva Reed

Body

{}

Classification

Language: ENGLISH

Subject: MILLS (90%)

Load-Date: March 6, 1994

End of Document

Town takes the offer

The Mill Post

March 7, 1994

Length: 90 words

Body

{}

Load-Date: March 8, 1994

End of Document
"""

FACTIVA = """Mills close over rain

Eva Reed
210 words
5 March 1994
10:15
The Mill Post
MILLP
3
English
(c) 1994 The Mill Post Ltd

{}

Document MILLP00020010305dq3500001

Town takes the offer

90 words
7 March 1994
The Mill Post
MILLP
English
(c) 1994 The Mill Post Ltd

{}

Document MILLP00020010307dq3700002
"""

FACTIVA_CODES = """HD   Mills close over rain
BY   Eva Reed
WC   210 words
PD   5 March 1994
SN   The Mill Post
LA   English
CY   (c) 1994
LP   {}
AN   Document MILLP00020010305dq3500001

HD   Town takes the offer
WC   90 words
PD   7 March 1994
SN   The Mill Post
LA   English
CY   (c) 1994
LP   {}
AN   Document MILLP00020010307dq3700002
"""

PROQUEST = """____________________________________________________________

Document 1 of 2

Mills close over rain

Author: Reed, Eva

Publication info: The Mill Post ; Bergen [Bergen]05 Mar 1994: 3.

Abstract: In short.

Full text: {}

Subject: Mills

ProQuest document ID: 1001

____________________________________________________________

Title: Town takes the offer

Publication title: The Mill Post

Publication date: Mar 7, 1994

Full text: {}

ProQuest document ID: 1002

____________________________________________________________
"""


@pytest.mark.parametrize(
    "export",
    [NEXIS, NEXIS_UNI, FACTIVA, FACTIVA_CODES, PROQUEST],
    ids=["nexis", "nexis uni", "factiva", "codes", "proquest"],
)
def test_each_article_of_an_export_is_one(tmp_path, export):
    path = tmp_path / "all.txt"
    path.write_text(export.format(FIRST, SECOND), encoding="utf-8")
    first, second = read_article(path)
    assert (first.text, second.text) == (FIRST, SECOND)
    assert [(a.id, a.title, a.date, a.source) for a in (first, second)] == [
        ("all#1", "Mills close over rain", "1994-03-05", "The Mill Post"),
        ("all#2", "Town takes the offer", "1994-03-07", "The Mill Post"),
    ]


def test_a_page_of_an_archive_is_read_as_an_export(tmp_path):
    article = (
        '<div class="article enArticle"><div id="hd"><span class="enHeadline">{}</span></div><div>210 words</div>'
        "<div>5 March 1994</div><div>The Mill Post</div><div>MILLP</div><div>English</div><div>(c) 1994 Mill Post</div>"
        "{}<div>Document MILLP0002001030500{}</div></div>"
    )
    stories = [[f"<p>{line}</p>" for line in text.split("\n\n")] for text in (FIRST, SECOND)]
    body = "".join(article.format(f"Title {n}", "".join(story), n) for n, story in enumerate(stories, 1))
    path = tmp_path / "all.html"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    assert [(a.text, a.title, a.source) for a in read_article(path)] == [
        (FIRST, "Title 1", "The Mill Post"),
        (SECOND, "Title 2", "The Mill Post"),
    ]


def test_rulers_part_articles(tmp_path):
    path = tmp_path / "all.txt"
    path.write_text(f"\n\n{'_' * 60}\n\n".join([FIRST, SECOND, "The lamps went out at nine in the evening."]), "utf-8")
    assert [a.text for a in read_article(path)] == [FIRST, SECOND, "The lamps went out at nine in the evening."]


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        f"{FIRST}\n\n{'_' * 60}\n\nA note of the desk.",
        "Document the losses, the guild told its members on Monday.\n\nThey did.",
        "The length: 210 words at the most, the rules say.",
        "",
    ],
)
def test_a_plain_article_is_no_export(text):
    assert read_export(text) == []


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("1994-03-05\n\nMills close", {"date": "1994-03-05", "title": "Mills close"}),
        ("The Mill Post\n\nBrumaire 5, 1994\n\nMills close", {"title": "The Mill Post"}),
        ("Mills close\n\nHEADLINE: Mills close early", {"title": "Mills close early"}),
        ("", {}),
    ],
    ids=["date first", "no month of ours", "title among the fields", "nothing above"],
)
def test_what_stands_above_the_first_field_is_told_apart(head, fields):
    text = f"1 of 1 DOCUMENTS\n\n{head}\n\nLENGTH: 210 words\n\n{FIRST}\n\nLOAD-DATE: March 6, 1994\n"
    (entry,) = read_export(text)
    assert entry.text == FIRST
    assert entry.fields == {"length": "210 words", **fields}


def test_a_count_of_documents_alone_is_no_export():
    """No field of an archive, and one text only."""
    assert read_export(f"1 of 1 DOCUMENTS\n\n\n{FIRST}") == []


def test_a_story_of_factiva_without_a_count_of_words_is_its_text():
    end = "Document MILLP0002001030500001"
    first, second = read_export(f"{FIRST}\n\n{end}\n\n{SECOND}\n\n{end}\n")
    assert (first.text, second.text) == (FIRST, SECOND)
    assert not first.fields
