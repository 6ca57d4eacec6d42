"""The pages on what the articles say: whole, alone, and safe with any text."""

import hashlib
import re
from base64 import b64encode
from html import unescape

from pipeline.report import index_page
from pipeline.report.changes import PLACE
from pipeline.report.corpus import Corpus, untested
from pipeline.report.index_page import places, write_index
from pipeline.report.rendering import Table
from tests.report.test_answers_page import Outline

EVIL = '<script>alert(1)</script><img src=x onerror="a()"></style></svg>" javascript:a \u202eabc\x00'


def page(folder, rows, name="index.html", **more):
    write_index(folder, Corpus(rows=rows), untested(), model_name="a model", **more)
    text = (folder / name).read_text("utf-8")
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    return text, outline


def test_the_page_says_how_many_sentences_take_which_stance(tmp_path, answers):
    text, _ = page(tmp_path, answers)
    lead = re.sub("<[^>]+>", "", re.search(r'<p class="lead">(.*?)</p>', text)[1])
    assert lead.replace("\u00a0", " ") == (
        "Of 4 sentences in 2 articles, 1987-04, 2 (50 %) report opposition between parties, 1 (25 %) agreement, and "
        "1 (25 %) take no stance."
    )
    assert "Not measured on your articles." in text


def test_the_policy_allows_the_pages_own_style_and_scripts_alone(tmp_path, answers):
    """By hash; there is no inline style, no handler, nothing fetched."""
    text, outline = page(tmp_path, answers)
    policy = unescape(re.search(r'Security-Policy" content="([^"]+)"', text)[1])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("style", "script"):
        for inside in re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL):
            assert f"'sha256-{b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'" in policy
    attributes = [name for _, attrs in outline.found for name in attrs]
    assert not [name for name in attributes if name in ("style", "src") or name.startswith("on")]
    assert {tag for tag, _ in outline.found} & {"link", "img", "iframe", "object"} == set()
    assert "https://" not in text


def test_a_stance_is_shown_with_its_ends(tmp_path, answers):
    """With codes; a pronoun by whom it stands for; nothing where one end is missing."""
    answers[0] |= {"source_text": "Oslo", "source_code": "NOR", "target_text": "it", "target_name": "the pact"}
    answers[2] |= {"source_text": "Oslo", "target_text": "Bergen", "symmetric": True}
    answers[1] |= {"source_text": "Narvik"}
    text, _ = page(tmp_path, answers)
    assert "Oslo (NOR) → the pact" in text
    assert "Oslo ↔ Bergen" in text
    assert "Narvik" not in text


def test_every_sentence_stands_in_its_article_with_marks_and_reason(tmp_path, answers):
    text, outline = page(tmp_path, answers)
    spans = [attrs for tag, attrs in outline.found if tag == "span" and "data-c" in attrs]
    assert [(span["id"], span["class"], span["data-c"]) for span in spans] == [
        ("s1", "s o", "90"),
        ("s2", "s o q", "90"),
        ("s3", "s a", "90"),
        ("s4", "s n", "90"),
    ]
    marks = [attrs for tag, attrs in outline.found if tag == "mark" and "data-t" in attrs]
    assert {mark["class"] for mark in marks} == {"o", "a"}
    result = " ".join(outline.text.split())
    assert '✕1 opposition 0.90: because "refused" (LF refuse)' in result
    assert "Harbour pact" in result
    assert text.index("Oslo") < text.index("Bergen")


def test_every_article_is_a_row_that_leads_to_its_text(tmp_path, answers):
    _, outline = page(tmp_path, answers)
    targets = {attrs["id"] for _, attrs in outline.found if "id" in attrs}
    links = {attrs["href"] for tag, attrs in outline.found if tag == "a"} - {
        "index.html",
        "relations.html",
        "model.html",
    }
    assert {"#a1", "#a2"} <= links
    assert all(link.startswith("#") and link[1:] in targets for link in links)


def test_hostile_text_stays_text(tmp_path, make_answer):
    rows = [
        make_answer(f"{EVIL} refused {k}", title=EVIL, source=EVIL, date=EVIL, article=f"{EVIL}{k}", meta={EVIL: EVIL})
        for k in range(6)
    ]
    text, outline = page(tmp_path, rows)
    assert [tag for tag, _ in outline.found].count("script") == 2
    assert "img" not in {tag for tag, _ in outline.found}
    assert "\u202e" not in text
    assert "\x00" not in text
    assert not [attrs["href"] for tag, attrs in outline.found if tag == "a" and "javascript" in attrs["href"]]
    assert "<script>alert(1)</script>" in outline.text


def test_very_many_articles_are_split_over_pages_with_an_index(tmp_path, make_answer, monkeypatch):
    """The index leads into the parts; a later, smaller report leaves none of them."""
    monkeypatch.setattr(index_page, "MOST_IN_ONE", 4)
    monkeypatch.setattr(index_page, "PART", 2)
    result = "They refused it once and again."
    rows = [make_answer(result, article=f"story-{k}", date="1987", confidence=0.5 + k / 20) for k in range(5)]
    text, outline = page(tmp_path, rows)
    assert "refused</mark> it once" not in re.sub("<ul.*?</ul>", "", text, flags=re.DOTALL)
    links = [attrs["href"] for tag, attrs in outline.found if tag == "a" and attrs["href"].startswith("articles/")]
    assert {f"articles/{name}" for name in ("001.html#a1", "001.html#a2", "003.html#a5", "003.html#s5")} <= set(links)
    for link in links:
        file, _, target = link.partition("#")
        assert f'id="{target}"' in (tmp_path / file).read_text("utf-8")
    assert [place["address"] for place in places(rows, ["story-4:0"])] == ["articles/003.html#s5"]
    page(tmp_path, rows[:3])
    assert [path.name for path in tmp_path.rglob("*.html")] == ["index.html"]


def test_places_say_where_a_sentence_stands_and_what_is_around_it(answers):
    first, last = places(answers, ["a:1", "b:0"])
    assert (first["title"], first["address"]) == ("Harbour pact", "index.html#s2")
    assert (first["before"], first["after"]) == (answers[0]["text"], answers[2]["text"])
    assert (last["title"], last["before"], last["after"]) == ("b", "", "")


def test_pairs_of_parties_are_shown_where_they_are_known(tmp_path, answers):
    pairs = Table("Pairs of parties", ("party", "party", "opposition"), (("Oslo", "Bergen", "3"),), 2)
    assert "Pairs of parties" in page(tmp_path, answers, pairs=pairs)[0]
    assert "with whom" not in page(tmp_path, answers)[0]


def test_what_changed_has_a_place_of_its_own(tmp_path, answers):
    assert page(tmp_path, answers)[0].count(PLACE) == 1
