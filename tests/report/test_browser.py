"""The pages in a real browser: filters, search, sorting, address, keyboard, hostile text, accessibility, dark mode.

Needs chromium and the extra `browser`; says so loudly where they are missing.
"""

import re
import shutil

import pytest

from pipeline.report.answers import PageWriter
from pipeline.report.changes import compare, with_changes
from pipeline.report.corpus import Corpus, untested
from pipeline.report.index_page import MOST_IN_ONE, write_index
from pipeline.report.model_page import write_report
from pipeline.report.relations_page import write_relations_page

sync_api = pytest.importorskip("playwright.sync_api", reason="PAGES NOT TRIED IN A BROWSER: pip install '.[browser]'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("PAGES NOT TRIED IN A BROWSER: apt install chromium", allow_module_level=True)

expect = sync_api.expect
EVIL = "<script>evil()</script><img src=x onerror=evil()></h3></title>\"'> javascript:evil() \u202ecba"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, tmp_path, make_answer):
    """Return a function that opens the page of some articles, at an address state; no page may log an error."""
    result = []

    def open_page(address="", rows=None, name="index.html", **options):
        write_index(tmp_path, Corpus(rows=rows or stories(make_answer)), untested(), model_name="a model")
        page = browser.new_page(**options)
        page.on(
            "console", lambda message: result.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: result.append(str(error)))
        page.goto(f"{(tmp_path / name).as_uri()}{address}")
        return page

    yield open_page
    assert result == []


def stories(make_answer):
    """Six articles of two sources, 1960 to 2010; the confidence of opposition rises with the year."""
    rows = []
    for k in range(6):
        about = {"title": f"Story {'CAFEBD'[k]}", "date": f"{1960 + 10 * k}-05-0{k + 1}", "article": f"story-{k}"}
        about["source"] = "wire" if k % 2 else "daily"
        confidence = 0.5 + k / 12
        rows += [
            make_answer(f"Oslo refused offer number {k} at once.", index=0, confidence=confidence, **about),
            make_answer("It rained on the delegates.", "neutral", "", index=1, paragraph=1, **about),
            make_answer(f"Bergen signed paper {k} in the end.", "agreement", "signed", index=2, paragraph=1, **about),
        ]
    return rows


def rows_of(page):
    return page.locator("#list tbody tr:visible .title").all_inner_texts()


def test_search_and_filters_narrow_articles_and_sentences_and_stand_in_the_address(visit):
    page = visit()
    assert len(rows_of(page)) == 6
    page.fill("[name=q]", "number 4")
    expect(page.locator("#found")).to_contain_text("1 sentence in 1")
    assert rows_of(page) == ["Story B"]
    assert page.locator("#hits li").all_inner_texts()[0].startswith("Oslo refused offer number 4 at once.")
    assert "q=number+4" in page.url
    page.click("button[type=reset]")
    expect(page.locator("#list tbody tr:visible")).to_have_count(6)
    page.select_option("[name=source]", "wire")
    page.fill("[name=from]", "1985")
    expect(page.locator("#found")).to_have_text("2 of 6 articles")
    page.uncheck("[value=n]")
    page.uncheck("[value=a]")
    expect(page.locator("#found")).to_contain_text("2 sentences in 2 of 6 articles")
    assert "stance=o" in page.url
    state = page.url[page.url.index("#") :]
    again = visit(state)
    assert (rows_of(again), again.inner_text("#found")) == (rows_of(page), page.inner_text("#found"))
    assert again.input_value("[name=from]") == "1985"


def test_confidence_filters_sentences(visit):
    page = visit("#stance=o&min=80")
    assert page.locator("#hits li").count() == 2
    assert "0.92" in page.locator("#hits li").first.inner_text()


def test_a_click_on_a_head_sorts_and_a_second_turns_the_order(visit):
    page = visit()
    page.click("[data-key=title] button")
    assert [name[-1] for name in rows_of(page)] == list("ABCDEF")
    assert page.get_attribute("[data-key=title]", "aria-sort") == "ascending"
    page.click("[data-key=title] button")
    assert [name[-1] for name in rows_of(page)] == list("FEDCBA")
    assert "sort=-title" in page.url


def test_an_article_opens_as_running_text_and_closes_where_it_was(visit):
    page = visit()
    page.click("text=Story A")
    assert page.locator(".article:visible h3").inner_text() == "Story A"
    assert "open=a2" in page.url
    assert page.evaluate("document.querySelector('main').inert")
    page.click(".article:visible .next")
    assert page.locator(".article:visible h3").inner_text() == "Story F"
    page.keyboard.press("Escape")
    assert page.locator(".article:visible").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Story A"


@pytest.mark.parametrize("how", ["hover", "focus", "tap"])
def test_the_reason_shows_on_hover_focus_and_touch(visit, how):
    page = visit("#a1", has_touch=how == "tap")
    sentence = page.locator("#s1")
    getattr(sentence, how)()
    tip = page.locator("#tip")
    assert tip.is_visible()
    assert 'because "refused" (LF refuse)' in tip.inner_text()


def test_a_mark_says_which_labeling_function_fired(visit):
    page = visit("#s1")
    page.hover("#s1 mark")
    assert "“refused” opposition: LF refuse" in page.inner_text("#tip")
    assert "target" in page.get_attribute("#s1", "class")


def test_without_a_script_everything_is_there_to_read(visit):
    page = visit(java_script_enabled=False)
    assert page.locator(".article").count() == 6
    assert page.locator(".article").first.is_visible()
    assert page.locator(".notes li").first.is_visible()
    assert not page.locator("#filters").is_visible()


def test_hostile_text_stays_inert(visit, make_answer, tmp_path):
    """No script of a text runs, no link of one is followed, and each opens as what it is: text."""
    rows = [
        make_answer(f"{EVIL} refused it.", title=EVIL, source=EVIL, date=f"{1990 + k}", article=f"{EVIL}{k}")
        for k in range(3)
    ]
    page = visit(rows=rows)
    page.evaluate("void (window.evil = () => { window.ran = true })")
    page.locator("#list a").first.click()
    assert "<script>evil()</script>" in page.locator(".article:visible h3").inner_text()
    page.locator(".article:visible .s").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.fill("[name=q]", "<script>")
    expect(page.locator("#hits li")).to_have_count(3)
    assert not page.evaluate("'ran' in window")
    assert page.locator("img").count() == 0
    assert page.evaluate("[...document.links].every((link) => link.protocol === 'file:')")


@pytest.fixture
def other_pages(tmp_path, make_data, make_answer, relations):
    """Every kind of page beside index.html: on the model, on pairs, of answers, of what changed, of a part of many."""
    report = tmp_path / "more"
    write_report(
        report, make_data(places=[{"title": "Story A", "address": "index.html#s1", "before": "", "after": ""}] * 96)
    )
    many = [make_answer("It rained.", "neutral", "", f"story-{k}") for k in range(MOST_IN_ONE + 1)]
    write_index(report, Corpus(rows=many), untested(), model_name="a model")
    changes = compare([make_answer()], [make_answer(stance="agreement")], {}, {})
    write_index(tmp_path, Corpus(rows=stories(make_answer)), untested(), model_name="a model")
    for page in (tmp_path / "index.html", report / "model.html"):
        (report / f"changed-{page.name}").write_text(with_changes(page.read_text("utf-8"), changes), "utf-8")
    for name, titles in (("answers-list.html", None), ("answers-article.html", {"": "Story A"})):
        with PageWriter(str(report / name), titles) as writer:
            writer.write([explained(paragraph=k % 2, abstained=k > 1) for k in range(4)])


def explained(**more):
    cue = {"quote": "refused", "notes": ['behind "if"']}
    lf = {"name": "refuse", "stance": "opposition", "strength": 0.9, "rule": "8", "why": "It does.", "cues": [cue]}
    result = {
        "reason": 'opposition 0.90, because "refused"',
        "lfs": [{**lf, "words": [{"text": "refused", "start": 5, "end": 12}]}],
    }
    row = {"text": "Oslo refused it.", "label": "opposition", "confidence": 0.9, "probabilities": {"opposition": 0.9}}
    return {**row, "explanation": {**result, "suppressed": [], "ngrams": {}}, **more}


PAGES = [
    *("index.html", "index.html#a1", "index.html#q=refused", "relations.html#p2", "more/model.html"),
    *("more/articles/001.html", "more/changed-index.html", "more/changed-model.html"),
    *("more/answers-list.html", "more/answers-article.html"),
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_can_be_read_by_all(visit, other_pages, name):
    """In a wide dark and a narrow light window, with all that is folded opened: axe finds nothing serious."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    name, _, address = name.partition("#")
    for width, scheme in ((1400, "dark"), (390, "light")):
        page = visit(
            f"#{address}" if address else "", name=name, color_scheme=scheme, viewport={"width": width, "height": 800}
        )
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = axe.run(page).response["violations"]
        serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
        assert [
            (rule["id"], node["target"], node["failureSummary"]) for rule in serious for node in rule["nodes"][:3]
        ] == []


def test_a_number_of_the_confusion_matrix_leads_to_its_sentences(visit, other_pages):
    page = visit(name="more/model.html")
    page.locator(".matrix a").first.click()
    sentences = page.locator(page.locator(".matrix a").first.get_attribute("href"))
    expect(sentences).to_be_visible()
    assert sentences.locator("a").first.get_attribute("href") == "index.html#s1"


def test_figures_follow_dark_mode(visit):
    colour = "getComputedStyle(document.querySelector('#sources-axes_1 text, .chart text')).fill"
    light, dark = (visit(color_scheme=scheme).evaluate(colour) for scheme in ("light", "dark"))
    assert light != dark
    assert re.match(r"rgb\(", light)


@pytest.fixture
def relations(tmp_path, make_answer):
    """The page of two pairs, over the articles that `visit` opens; the second pair is the less frequent one."""
    rows = [
        {"source": EVIL if k else "NOR", "target": "SWE", "month": f"{1960 + 10 * k}-05", "articles": 1, "neutral": 0}
        | {"opposition": 3 - 2 * k, "agreement": k, "examples": f"story-{k}:0"}
        for k in range(2)
    ]
    write_relations_page(tmp_path, rows, stories(make_answer))


@pytest.mark.parametrize("link", ["table:not(.matrix) a", ".matrix a"])
def test_a_pair_opens_its_sentences_from_the_table_and_from_the_matrix(visit, relations, link):
    page = visit(name="relations.html")
    section = page.locator("#p1")
    assert not section.is_visible()
    page.locator(f"{link}[href='#p1']").first.click()
    expect(section).to_be_visible()
    assert "offer number 0" in section.inner_text()
    section.locator(".sentences a").first.click()
    expect(page.locator("#s1")).to_be_visible()


def test_five_hundred_articles_open_in_two_seconds(visit, make_answer):
    """11,000 sentences on one page, its script has run; the best of three, since the machine may be busy."""
    about = [{"title": f"Story {k}", "date": f"{1960 + k % 60}-05-01", "article": f"s{k}"} for k in range(500)]
    rows = [
        make_answer(f"Oslo refused offer {i} of Bergen at once.", index=i, paragraph=i // 3, **one)
        for one in about
        for i in range(22)
    ]
    loaded = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    assert min(visit(rows=rows).evaluate(loaded) for _ in range(3)) < 2000
