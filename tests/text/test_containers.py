"""Archives name what they cannot read; what they can is tested with the office files."""

import io
import zipfile

import pytest

from pipeline.text.articles import read_articles


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def test_an_archive_names_what_it_cannot_read(tmp_path):
    rows = '{"text": "It rained."}\n{"text": "It froze."}'
    files = {"in/a.txt": "They met.", "b.odt": "x", "c.jsonl": rows, "__MACOSX/d.txt": "x", ".e.txt": "x", "f.zip": "x"}
    (tmp_path / "all.zip").write_bytes(packed(files))
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["all#c-1", "all#c-2", "all#in/a"]
    assert [problem.what for problem in reading.problems] == [
        "skipped: b.odt: not a kind of file that is read",
        "skipped: f.zip: not a kind of file that is read",
    ]


def test_a_member_that_unpacks_to_too_much_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.text.containers.MAX_BYTES", 100)
    (tmp_path / "all.zip").write_bytes(packed({"a.txt": "They met.", "b.txt": "x" * 101}))
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["all#a"]
    assert "b.txt: more than" in reading.problems[0].what


@pytest.mark.parametrize("xml", ["<?xml version='1.0'?><page>It rained.</page>", "no xml"])
def test_xml_that_is_no_feed_is_named(tmp_path, xml):
    pytest.importorskip("feedparser", reason="extra formats")
    (tmp_path / "a.xml").write_text(xml, "utf-8")
    (tmp_path / "b.txt").write_text("They met.", "utf-8")
    (problem,) = read_articles(tmp_path).problems
    assert problem.what == "skipped: cannot be read (XML, but no RSS or Atom feed)"


def test_a_blank_row_of_a_workbook_counts_and_is_no_article(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="extra formats")
    book = openpyxl.Workbook()
    for row in (["text"], ["They met."], [None], ["It rained."]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert [article.id for article in read_articles(tmp_path).articles] == ["a#1", "a#3"]


def test_a_scan_is_named(tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="extra formats")
    scan = pypdf.PdfWriter()
    scan.add_blank_page(100, 100)
    scan.write(tmp_path / "a.pdf")
    (tmp_path / "b.txt").write_text("They met.", "utf-8")
    (problem,) = read_articles(tmp_path).problems
    assert problem.what == "skipped: no text layer (a scan?): run it through OCR first"
