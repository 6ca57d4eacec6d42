"""The whole report on disk, with the part of the labeling functions."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from pipeline.report.data import compute_results
from pipeline.report.drawing import Picture
from pipeline.report.model_page import (
    NAMED,
    describe,
    describe_corpus,
    lf_remarks,
    lf_table,
    lf_warnings,
    render_html,
    sentences_by_cell,
    write_report,
)
from pipeline.report.rendering import render_markdown
from pipeline.weak.invariance import Invariance

EVIL = '<script>alert(1)</script><img src=x onerror="a()"> | [x](javascript:a) ![y](http://evil.test) *b* @you '
EVIL += "\u202eabc\x00"
FIGURES = ("confusion", "coverage_precision", "lfs", "precision_recall", "reliability", "slices")
PICTURE = Picture(b"png", b'<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"/>')
TABLES = ("calibration.json", "confusion.json", "coverage.json", "lfs.csv", "pr.json")


def render(data):
    """Return the page as HTML and as Markdown, with empty figures."""
    view, pictures = describe(data, compute_results(data)), dict.fromkeys(FIGURES, PICTURE)
    return render_html(view, pictures), render_markdown(view)


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
        places=[{"title": EVIL, "address": "index.html#s1", "before": EVIL, "after": EVIL}] * 96,
        about=[(EVIL, EVIL)],
        slices={EVIL: {EVIL: np.ones(96, bool)}},
        invariance=[Invariance(EVIL, 1, 2, ((EVIL, EVIL),))],
    )


def test_the_same_data_give_the_same_files(make_data, tmp_path):
    """Every file is there, byte for byte the same on a second run over the first."""
    names = {"metrics.json", "details.json", "model.html", "report.md"}
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
    """Well-formed, all figures inside, no script, nothing fetched, no inline style; links lead to pages beside it."""
    html, _ = render(make_data())
    page = Page(html)
    assert (page.open, page.mismatched) == ([], [])
    assert not page.tags & {"script", "link", "iframe", "object", "img"}
    assert html.count("<svg") == len(FIGURES) - 1  # the confusion matrix is a table
    assert not [name for name, _ in page.attributes if name in ("style", "src")]
    assert all(re.match(r"#|(index|model|relations)\.html", value) for name, value in page.attributes if name == "href")
    assert "https://" not in html


def test_changes_that_change_answers_are_shown_those_without_a_case_are_not(make_data):
    rows = [Invariance("capitals", 1, 8, (("Oslo refused.", "OSLO REFUSED."),)), Invariance("apostrophes", 0, 0)]
    html, _ = render(make_data(invariance=rows))
    assert "OSLO REFUSED." in html
    assert "apostrophes" not in html
    assert "What should not change an answer" not in render(make_data())[0]


def test_links_lead_to_sections(make_data):
    """Every entry of the contents has its heading, also where sections are left out."""
    attributes = Page(render(make_data(slices={}, lfs=[], folds=[], about=[]))[0]).attributes
    targets = {value for name, value in attributes if name == "id"}
    links = {value[1:] for name, value in attributes if name == "href" and value.startswith("#")}
    assert links <= targets
    assert "lfs" not in targets


def test_every_cell_of_the_confusion_matrix_leads_to_its_sentences(make_data):
    data = make_data()
    matrix = compute_results(data).systems["classifier"].confusion
    cells = sentences_by_cell(data)
    assert {cell["n"] for cell in cells} == set(matrix[matrix > 0].tolist())
    assert sum(cell["n"] for cell in cells) == 96
    attributes = Page(render(data)[0]).attributes
    assert {("href", f"#{cell['id']}") for cell in cells} <= set(attributes)
    assert {("id", cell["id"]) for cell in cells} <= set(attributes)


def test_an_error_stands_between_its_neighbours_and_leads_to_its_article(make_data):
    places = [{"title": "Harbour", "address": f"index.html#s{i}", "before": "Before.", "after": ""} for i in range(96)]
    html, _ = render(make_data(places=places))
    item = re.search(r'<li><p>(?:(?!</li>).)*href="index.html#s\d+"(?:(?!</li>).)*</li>', html, re.DOTALL)[0]
    assert item.index("Before.") < item.index("The council debated") < item.index("Harbour")


@pytest.mark.parametrize("few", [True, False])
def test_intervals_are_spoken_of_only_where_there_are_some(make_data, few):
    """Of four articles none are given: captions and explanations leave them out."""
    data = make_data(articles=np.arange(96) // 24) if few else make_data()
    html, markdown = render(data)
    captions = ("All systems on the same 96 sentences", "The classifier, stance by stance")
    assert all(
        (f"{one}, with 95 % intervals by article" in page) is not few for one in captions for page in (html, markdown)
    )
    assert ("on parts of the rows, with 95 % intervals" in html) is not few
    assert ("<b>Intervals</b>" in html) is not few
    assert ("Accuracy on each slice, with intervals by article" in html) is not few
    assert all(one in page for one in captions for page in (html, markdown))


def test_the_markdown_is_short(make_data):
    """It is read in a pull request: headline and main tables, below 60 lines."""
    _, markdown = render(make_data())
    assert len(markdown.splitlines()) < 60
    assert "macro-F1 of" in markdown
    assert "| classifier |" in markdown


def test_without_hand_labels_the_report_has_no_scores_and_no_figure_of_an_earlier_one(make_data, unlabelled, tmp_path):
    """No numbers are returned; every file is there, of the figures the labeling functions' alone."""
    write_report(tmp_path, make_data())
    assert write_report(tmp_path, unlabelled) is None
    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    plots = {f"plots/{name}" for name in TABLES}
    assert files == {"metrics.json", "details.json", "model.html", "report.md", "figures/lfs.png", *plots}
    for name in ("model.html", "report.md"):
        page = (tmp_path / name).read_text("utf-8")
        for shown in ("so there are no scores", "docs/your-own-articles.md", "12 %"):
            assert shown in page
        for score in ("macro-F1 of", "Brier", "MCC", "Confusion matrix", "It is scored on"):
            assert score not in page


def test_without_any_hand_label_nothing_is_said_of_precision(unlabelled):
    lfs = [{"name": "reject", "stance": "opposition", "coverage": 0.1, "votes": 9, "n_gold": 0, "precision": None}]
    view = describe_corpus(replace(unlabelled, lfs=lfs))
    page = render_html(view, {"lfs": PICTURE})
    assert "Coverage is the share" in page
    assert "Precision is counted" not in page


CURVE = [{"labels": n, "log_loss": 0.5, "macro_f1": f1} for n, f1 in ((50, 0.71), (100, 0.74), (240, 0.76))]
ADAPTATION = {
    "used": True,
    "reason": "on articles left out log-loss falls by 0.1: used",
    "labels": 240,
    "before": {"log_loss": 0.6, "macro_f1": 0.7},
    "curve": CURVE,
    "forecast": 0.77,
}


def test_what_labels_of_your_own_bought_is_drawn_and_told(unlabelled, tmp_path):
    """The curve from 0 labels on, the forecast marked as one; where labels were too few, the reason alone."""
    write_report(tmp_path, replace(unlabelled, adaptation=ADAPTATION))
    page = (tmp_path / "model.html").read_text("utf-8")
    assert "log-loss falls by 0.1: used." in page
    assert [cell in page for cell in (">0</", ">50</", ">100</", ">240</", "480 (forecast)")] == [True] * 5
    assert (tmp_path / "figures/adaptation.png").exists()
    assert Page(page).mismatched == []
    few = ADAPTATION | {"reason": "9 hand labels are too few", "before": {}, "curve": [], "forecast": None}
    write_report(tmp_path, replace(unlabelled, adaptation=few))
    assert "9 hand labels are too few." in (tmp_path / "model.html").read_text("utf-8")
    assert not (tmp_path / "figures/adaptation.png").exists()


def test_the_page_without_hand_labels_is_whole(unlabelled):
    """Well-formed, every link has its section, and Markdown paragraphs are not glued together."""
    view = describe_corpus(unlabelled)
    page = Page(render_html(view, {"lfs": PICTURE}))
    assert (page.open, page.mismatched) == ([], [])
    targets = [value for name, value in page.attributes if name == "id"]
    assert targets == ["result", "lfs", "cards", "reading"]
    assert not re.search(r"[^\n]\n#", render_markdown(view))


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
    assert "![" not in markdown


def test_markdown_tables_are_regular(hostile):
    """Every row of a table has as many cells as its head, whatever the cells hold."""
    _, markdown = render(hostile)
    tables = re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE)
    assert len(tables) == 3
    for table in tables:
        rows = table.splitlines()
        assert re.fullmatch(r"\|(:?-+:?\|)+", rows[1])
        assert len(rows) > 2
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1


def test_the_surest_errors_come_first(make_data):
    """In each cell by falling probability, cells of errors before those of right answers."""
    cells = sentences_by_cell(make_data(main="label_model"))
    for cell in cells:
        sure = [item["sure"] for item in cell["items"]]
        assert sure == sorted(sure, reverse=True)
        assert len(sure) == cell["shown"] <= 12
    right = [cell["gold"] == cell["predicted"] for cell in cells]
    assert right == sorted(right)


def test_a_failed_report_leaves_the_old_page(make_data, tmp_path, monkeypatch):
    """An error while rendering leaves the page of the last run as it was."""
    monkeypatch.setattr("pipeline.report.model_page.draw_figures", lambda *_: dict.fromkeys(FIGURES, PICTURE))
    write_report(tmp_path, make_data())
    before = (tmp_path / "model.html").read_bytes()
    monkeypatch.setattr("pipeline.report.model_page.render_html", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        write_report(tmp_path, make_data(seed=4))
    assert (tmp_path / "model.html").read_bytes() == before


WARNED = {"name": "wide", "votes": 9, "warnings": ["too broad: it votes on all", "one-sided: so it is"]}
SOUND = {"name": "sound", "votes": 3, "warnings": []}
UNUSED = {"name": "mute", "votes": 0, "warnings": ["never fires on these sentences"]}


def test_lfs_are_ordered_by_coverage():
    """Widest first; a missing coverage counts as none; equal ones by name."""
    lfs = [
        {"name": "c"},
        {"name": "b", "coverage": 0.2},
        {"name": "a", "coverage": 0.2},
        {"name": "d", "coverage": 0.3},
    ]
    assert [row[0] for row in lf_table(lfs).rows] == ["d", "a", "b", "c"]


def test_what_is_known_of_an_lf_stands_in_its_row():
    """Both stances of one that votes for two, both worths with a true minus sign, dashes for what is not known."""
    known = {"name": "a", "stance": "opposition", "votes_for": "opposition/agreement", "coverage": 0.2, "overlap": 0.1}
    known |= {"conflict": 0.05, "alone": 0.02, "correct": 3, "n_gold": 4, "precision": 0.75, "precision_low": 0.3}
    known |= {"precision_high": 0.95, "contribution": 0.0123, "classifier_contribution": -0.0045}
    table = lf_table([known, {"name": "b", "stance": "neutral"}])
    shares, gold = ("20 %", "10 %", "5.0 %", "2.0 %"), ("3 of 4", "0.75 (0.30\u00a0to\u00a00.95)")
    assert table.rows[0] == ("a", "opposition/agreement", *shares, *gold, "0.0123", "−0.0045")
    assert table.rows[1] == ("b", "neutral", *"–" * 8)
    assert table.head[-2:] == ("adds to label model", "adds to classifier")


def test_every_warning_has_a_row_of_its_own():
    """In order of names; LFs that never vote are not among them."""
    table = lf_warnings([WARNED, SOUND, UNUSED, {"name": "a", "votes": 1, "warnings": ["worse than chance: see"]}])
    assert [row[0] for row in table.rows] == ["a", "wide", "wide"]
    assert table.rows[0] == ("a", "worse than chance: see")


def test_remarks_count_lfs_with_warnings_and_name_the_silent():
    """Two warnings of one LF are one LF."""
    first, second = lf_remarks([WARNED, SOUND, UNUSED])
    assert first == "1 labeling function deserves a second look, beyond what chance explains (95 %): wide."
    assert second == "1 labeling function votes on none of these sentences: mute."
    assert lf_remarks([WARNED, {**WARNED, "name": "wider"}])[0].startswith("2 labeling functions deserve")


def test_where_all_is_well_it_is_said():
    (result,) = lf_remarks([SOUND])
    assert result.startswith("No labeling function is too broad, one-sided, redundant or worse than chance")


def test_of_many_unused_lfs_some_are_named():
    """A small corpus wakes few of them."""
    result = lf_remarks([{**UNUSED, "name": f"lf{i:02d}"} for i in range(NAMED + 5)])[1]
    assert result.startswith(f"{NAMED + 5} labeling functions vote on none of these sentences: lf00, lf01")
    assert result.endswith(f"lf{NAMED - 1:02d} and 5 more.")
