"""The page on who stands towards whom: pairs, their sentences, the matrix, time lines, hostile names."""

import re
import warnings

import pytest

from pipeline.report.relations import Pair
from pipeline.report.relations_page import SHOWN_PAIRS, draw_network, write_relations_page


def relation(source="NOR", target="SWE", month="1987-04", opposition=1, agreement=0, examples="a:0"):
    counts = {"opposition": opposition, "neutral": 0, "agreement": agreement}
    return {"source": source, "target": target, "month": month, "articles": 1, "examples": examples, **counts}


@pytest.fixture
def page(tmp_path, answers):
    """Return a function that writes the page of some relations and returns it."""

    def write(relations, **options):
        write_relations_page(tmp_path, relations, answers, **options)
        return (tmp_path / "relations.html").read_text("utf-8")

    return write


def test_a_pair_leads_to_its_sentences_and_those_to_their_article(page):
    html = page([relation(), relation(month="1987-06", agreement=2, opposition=0, examples="a:2 gone:0")])
    assert re.search(r'<a href="#p1"><bdi>Norway</bdi> → <bdi>Sweden</bdi></a></th><td>1</td><td>2</td>', html)
    section = html[html.index('<div id="p1">') :]
    assert "to sign the paper." in section
    assert section.count("<li>") == 2
    assert re.findall(r'href="(index.html#\w+)"', section) == ["index.html#s1", "index.html#s3"]


def test_the_matrix_has_the_balance_in_the_row_of_who_and_the_column_of_towards_whom(page):
    html = page([relation(opposition=3, agreement=1), relation("SWE", "DNK", opposition=0, agreement=5)])
    head = re.findall(r'<th scope="col"><bdi title="\w+">(\w+)</bdi>', html)
    cells = {
        (who, head[k]): " ".join(re.findall(r">([^<>]+)<", cell))
        for who, line in re.findall(r'<tr><th scope="row"><bdi title="\w+">(\w+)</bdi></th>(.*)', html)
        for k, cell in enumerate(re.findall(r"<td>(.*?)</td>", line))
    }
    assert sorted(head) == ["DNK", "NOR", "SWE"]
    assert cells["NOR", "SWE"] == "−0.50 4"
    assert cells["SWE", "DNK"] == "+1.00 5"
    assert cells["SWE", "NOR"] == ""


def test_a_time_line_has_bars_up_and_down_and_its_numbers(page):
    html = page([relation(opposition=2, agreement=1), relation(month="1987-06", opposition=0, agreement=1)])
    svg = re.search(r'<svg class="time".*?</svg>', html)[0]
    assert [(kind, float(y), float(height)) for kind, y, height in re.findall(
        r'f-(opposition|agreement)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', svg
    )] == [("opposition", 10, 10), ("agreement", 5, 5), ("agreement", 5, 5)]  # fmt: skip
    assert "<span>1987-04</span><span>1987-06</span>" in html
    assert '<th scope="row" class="text">1987-04</th><td>2</td><td>0</td><td>1</td>' in html


def test_of_many_pairs_the_most_frequent_are_shown_and_the_others_counted(page):
    html = page([relation("NOR", f"party {k}", opposition=k) for k in range(1, SHOWN_PAIRS + 11)])
    assert f"the {SHOWN_PAIRS} most frequent of {SHOWN_PAIRS + 10}" in html
    assert html.count('<details class="one">') == SHOWN_PAIRS


def test_it_stands_in_the_navigation(page):
    html = page([relation()])
    assert '<a href="relations.html" aria-current="page">' in html
    assert '<a href="model.html">' in html


def test_equal_relations_give_equal_bytes_and_nothing_is_fetched_or_run(page):
    html = page([relation(), relation("SWE", "NOR")])
    assert html == page([relation(), relation("SWE", "NOR")])
    assert "script-src 'none'" in html
    assert "<script" not in html
    assert not re.search(r"\bstyle=|(?:src|href)=\"(?:https?:)?//", html)


def test_names_are_text(page):
    html = page([relation("<script>evil()</script>", "$x$ & \u202eb")])
    assert "<script>evil" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;evil()" in html


def test_without_a_pair_the_page_says_so(page):
    html = page([relation(opposition=0)])
    assert "No sentence says which party" in html
    assert "<table" not in html


def pair(source, target, opposition, agreement):
    return Pair(source, target, (("1987-04", (opposition, 0, agreement)),), 1, ("",))


PAIRS = [pair("NOR", "SWE", 3, 0), pair("SWE", "NOR", 0, 1), pair("DNK", "SWE", 1, 1)]
NAMES = ["SWE", "NOR", "DNK"]


def test_equal_pairs_give_equal_bytes_and_every_party_is_named():
    svg = draw_network(NAMES, PAIRS).svg
    assert draw_network(NAMES, PAIRS) == draw_network(list(NAMES), list(PAIRS))
    assert all(f">{name}<".encode() in svg for name in NAMES)


def test_opposition_is_dashed_and_agreement_is_not():
    """So that colour is not the only mark: of one pair there is the dash of the legend, and that of the arrow."""
    opposed, agreed = (draw_network(NAMES, [pair("NOR", "SWE", *counts)]).svg for counts in ((1, 0), (0, 1)))
    assert opposed.count(b"stroke-dasharray") > agreed.count(b"stroke-dasharray")


def test_odd_names_and_pairs_with_others_do_no_harm():
    names = ["$x$ & <b>", "a party with a very long name indeed"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = draw_network(names, [pair(*names, 1, 0), pair("NOR", names[0], 9, 0)]).svg
    assert b"a party with a\xe2\x80\xa6" in svg or b"a party with a \xe2\x80\xa6" in svg
    assert b"NOR" not in svg
