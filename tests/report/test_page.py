"""The whole report on disk."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from pipeline.report.page import (
    Raw,
    confident_errors,
    describe,
    describe_corpus,
    escape_markdown,
    render_html,
    render_markdown,
    summarise_articles,
    write_report,
)
from pipeline.report.results import compute_results

EVIL = '<script>alert(1)</script><img src=x onerror="a()"> | [x](javascript:a) ![y](http://evil.test) *b* @you '
EVIL += "\u202eabc\x00"
FIGURES = ("confusion", "coverage_precision", "lfs", "precision_recall", "reliability")
TABLES = ("calibration.json", "confusion.csv", "coverage.json", "lfs.csv", "pr.json")


def render(data):
    """Return the page as HTML and as Markdown, with empty figures."""
    view, pictures = describe(data, compute_results(data)), dict.fromkeys(FIGURES, b"")
    return render_html(view, pictures), render_markdown(view, pictures)


class Page(HTMLParser):
    """Collects tags, attributes and unclosed elements."""

    VOID = frozenset({"meta", "img", "br"})

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.open, self.mismatched = set(), [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.mismatched.append(tag)


@pytest.fixture
def hostile(make_data):
    data = make_data()
    return make_data(
        texts=[EVIL] * 96,
        fired=[[EVIL]] * 96,
        articles=np.array([f"{EVIL} {name}" for name in data.articles]),
        lfs=[
            {"name": EVIL, "stance": "opposition", "coverage": 0.3, "precision": 0.2, "n_gold": 20, "correct": 4}
            | {"votes": 9, "warnings": [EVIL]}
        ],
        corpus=[{"id": "a", "title": EVIL, "opposition": 1, "neutral": 0, "agreement": 0}],
        about=[(EVIL, EVIL)],
        slices={EVIL: {EVIL: np.ones(96, bool)}},
    )


def test_the_same_data_give_the_same_files(make_data, tmp_path):
    """Every file is there, byte for byte the same on a second run over the first."""
    names = {"metrics.json", "report.html", "report.md"}
    names |= {f"plots/{name}" for name in TABLES}
    names |= {f"figures/{name}.png" for name in FIGURES}
    runs = []
    for _ in range(2):
        write_report(tmp_path, make_data())
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        runs.append({path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in files})
    assert set(runs[0]) == names
    assert runs[0] == runs[1]


def test_the_page_is_whole_and_stands_alone(make_data):
    """Well-formed, all figures inside with a description, no script, nothing fetched from elsewhere."""
    html, _ = render(make_data())
    page = Page(html)
    assert (page.open, page.mismatched) == ([], [])
    assert not page.tags & {"script", "link", "iframe", "object"}
    sources = [value for name, value in page.attributes if name == "src"]
    assert len(sources) == 5
    assert all(value.startswith("data:image/png;base64,") for value in sources)
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert "http://" not in html
    assert "https://" not in html


def test_links_lead_to_sections(make_data):
    """Every entry of the contents has its heading, also where sections are left out."""
    attributes = Page(render(make_data(slices={}, lfs=[], corpus=[], folds=[], about=[]))[0]).attributes
    targets = {value for name, value in attributes if name == "id"}
    links = {value[1:] for name, value in attributes if name == "href"}
    assert links == targets
    assert "lfs" not in links


def test_without_hand_labels_the_report_has_no_scores_and_no_figure_of_an_earlier_one(make_data, unlabelled, tmp_path):
    """No numbers are returned; every file is there, of the figures the labeling functions' alone."""
    write_report(tmp_path, make_data())
    assert write_report(tmp_path, unlabelled) is None
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    plots = {f"plots/{name}" for name in TABLES}
    assert files == {"metrics.json", "report.html", "report.md", "figures/lfs.png", *plots}
    for name in ("report.html", "report.md"):
        page = re.sub(r"base64,[^\"]*", "", (tmp_path / name).read_text("utf-8"))  # a picture may hold any letters
        for shown in ("so there are no scores", "docs/your-own-articles.md", "12 %", "Ferry talks"):
            assert shown in page
        for score in ("macro-F1 of", "Brier", "MCC", "surest and wrong", "It is judged on"):
            assert score not in page


def test_the_page_without_hand_labels_is_whole(unlabelled):
    """Well-formed, every link has its section, and Markdown paragraphs are not glued together."""
    view, pictures = describe_corpus(unlabelled), {"lfs": b""}
    page = Page(render_html(view, pictures))
    assert (page.open, page.mismatched) == ([], [])
    targets = [value for name, value in page.attributes if name == "id"]
    assert targets == [value[1:] for name, value in page.attributes if name == "href"]
    assert targets == ["data", "lfs", "articles", "reading"]
    assert not re.search(r"[^\n]\n#", render_markdown(view, pictures))


def test_no_sentence_becomes_html(hostile):
    """Markup in sentences, names and titles is shown, not obeyed; characters that turn text around are dropped."""
    html, _ = render(hostile)
    page = Page(html)
    assert "script" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html
    assert "\x00" not in html


def test_no_sentence_becomes_markdown(hostile):
    """No tag, link, image, cell or mention comes out of a sentence."""
    _, markdown = render(hostile)
    assert not re.search(r"(?<!\\)<(script|img)", markdown)
    assert not re.search(r"(?<!\\)\[x(?<!\\)\]", markdown)
    assert "http://evil" not in markdown
    assert "@you" not in markdown
    images = set(re.findall(r"!\[[^\]]*\]\(([^)]*)\)", markdown))
    assert images == {f"figures/{name}.png" for name in FIGURES}


def test_markdown_tables_are_regular(hostile):
    """Every row of a table has as many cells as its head, whatever the cells hold."""
    _, markdown = render(hostile)
    tables = re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE)
    assert len(tables) == 9
    for table in tables:
        rows = table.splitlines()
        assert re.fullmatch(r"\|(:?-+:?\|)+", rows[1])
        assert len(rows) > 2
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", r"a \| b"),
        ("two\nlines\r\nand\ttab", "two lines and tab"),
        ("[a](b) *c* _d_ `e`", r"\[a\](b) \*c\* \_d\_ \`e\`"),
        ("back\\slash & <b>", r"back\\slash &amp; \<b\>"),
        ("see https://x.test or www.x.test", "see https:&#47;&#47;x.test or www&#46;x.test"),
        (7, 7),
        (Raw("*done*"), "*done*"),
    ],
)
def test_markdown_is_escaped(text, escaped):
    """Markup characters lose their meaning, lines are joined, numbers and finished Markdown pass."""
    assert escape_markdown(text) == escaped


def test_the_surest_errors_come_first(make_data):
    """Only wrong rows, by falling probability, at most twenty."""
    data = make_data(main="label_model")
    errors = confident_errors(data)
    wrong = data.systems["label_model"].argmax(axis=1) != data.gold
    assert wrong.sum() > 20
    assert len(errors) == 20
    assert [e["sure"] for e in errors] == sorted((e["sure"] for e in errors), reverse=True)
    assert errors[0]["sure"] == f"{data.systems['label_model'][wrong].max():.2f}"
    assert all(error["gold"] != error["predicted"] for error in errors)


def test_articles_are_ordered_from_opposing_to_agreeing():
    """By the share of agreement minus opposition; articles without sentences are left out; the middle of many too."""

    def article(name, opposition, neutral, agreement):
        return {"id": name, "title": "", "opposition": opposition, "neutral": neutral, "agreement": agreement}

    rows = summarise_articles([article("up", 0, 1, 3), article("none", 0, 0, 0), article("down", 2, 1, 1)])
    assert [row["title"] for row in rows] == ["down", "up"]
    assert rows[0]["width"] == {"opposition": 50, "neutral": 25, "agreement": 25}
    many = summarise_articles([article(f"{i:03d}", 300 - i, 0, i) for i in range(301)])
    assert [row["id"] for row in (many[0], many[99], many[100], many[-1])] == ["000", "099", "201", "300"]


def test_a_failed_report_leaves_the_old_page(make_data, tmp_path, monkeypatch):
    """An error while rendering leaves the page of the last run as it was."""
    monkeypatch.setattr("pipeline.report.page.draw_figures", lambda *_: dict.fromkeys(FIGURES, b""))
    write_report(tmp_path, make_data())
    before = (tmp_path / "report.html").read_bytes()
    monkeypatch.setattr("pipeline.report.page.render_html", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        write_report(tmp_path, make_data(seed=4))
    assert (tmp_path / "report.html").read_bytes() == before
