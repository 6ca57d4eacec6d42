"""Office files, feeds, saved pages and archives give the same articles as text does, and name what cannot be read."""

import io
import zipfile
from email.message import EmailMessage

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text import containers as office
from pipeline.text.articles import read_article, read_articles


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def test_an_archive_names_what_it_cannot_read(tmp_path):
    rows = '{"text": "It rained."}\n{"text": "It froze."}'
    files = {
        "in/a.txt": "They met.",
        "b.odt": "x",
        "c.jsonl": f'{rows}\n{{"text": ""}}',
        "__MACOSX/d.txt": "x",
        ".e.txt": "x",
        "f.zip": "x",
    }
    (tmp_path / "all.zip").write_bytes(packed(files))
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["all#c-1", "all#c-2", "all#in/a"]
    assert [str(problem) for problem in reading.problems] == [
        "all.zip, b.odt: skipped: not a kind of file that is read",
        "all.zip, c.jsonl, row 3: skipped: no text",
        "all.zip, f.zip: skipped: not a kind of file that is read",
    ]


def test_a_member_that_unpacks_to_too_much_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.text.containers.MAX_BYTES", 100)
    (tmp_path / "all.zip").write_bytes(packed({"a.txt": "They met.", "b.txt": "x" * 101}))
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["all#a"]
    assert "all.zip, b.txt: skipped: more than" in str(reading.problems[0])


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


TITLE = "Mill closes over rain"
STORY = ["The mill closed on Monday, and nine men left it.", "The guild didn't sign the paper."]
TEXT = "\n\n".join(STORY)


def docx():
    package = pytest.importorskip("docx", reason="extra formats")
    document, out = package.Document(), io.BytesIO()
    document.add_heading(TITLE, 1)
    for line in STORY:
        document.add_paragraph(line)
    document.add_table(1, 1).cell(0, 0).text = "A table of rain"
    document.save(out)
    return out.getvalue()


def rtf():
    pytest.importorskip("striprtf", reason="extra formats")
    body = r"\par ".join(line.replace("didn't", r"didn\'92t") for line in [TITLE, *STORY])
    return rf"{{\rtf1\ansi\ansicpg1252 {body}\par}}".encode("latin-1")


def xlsx():
    package = pytest.importorskip("openpyxl", reason="extra formats")
    book, out = package.Workbook(), io.BytesIO()
    book.active.append(["n", "headline", "body"])
    book.active.append([1, TITLE, TEXT])
    book.save(out)
    return out.getvalue()


def pdf():
    pytest.importorskip("pypdf", reason="extra formats")
    lines = [TITLE, "", "The mill closed on Monday, and", "nine men left it.", "", "The guild didn't sign the paper."]
    drawn = "\n".join(f"BT /F1 12 Tf 50 {700 - 30 * n} Td ({line}) Tj ET" for n, line in enumerate(lines) if line)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
        ">>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return (body + head).encode("latin-1")


def page():
    body = "".join(f"<p>{line}</p>" for line in STORY)
    return f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{body}</article></body></html>"


def feed():
    pytest.importorskip("feedparser", reason="extra formats")
    body = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in STORY)
    item = f"<item><title>{TITLE}</title><description>{body}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{item}</channel></rss>'.encode()


def mht():
    message = EmailMessage()
    message["Subject"] = TITLE
    message.set_content("plain")
    message.add_alternative(page(), subtype="html")
    return message.as_bytes()


def warc():
    pytest.importorskip("warcio", reason="extra formats")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for kind, data in (("image/png", b"png"), ("text/html", page().encode())):
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.0")
        url = "https://post.example/1"
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(data), http_headers=headers))
    return out.getvalue()


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in files.items():
            file.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


FORMATS = {
    "a.docx": docx, "a.rtf": rtf, "a.xlsx": xlsx, "a.pdf": pdf, "a.xml": feed, "a.mht": mht, "a.warc.gz": warc,
    "a.zip": lambda: archive(in__a_txt=f"{TITLE}\n\n{TEXT}"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_article(tmp_path, name):
    (tmp_path / name).write_bytes(FORMATS[name]())
    (article,) = read_article(tmp_path / name)
    assert (article.text.replace("’", "'"), article.title) == (TEXT, TITLE)
    assert article.id.startswith("a")


@pytest.mark.parametrize("name", ["a.docx", "a.rtf", "a.xlsx", "a.pdf", "a.xml", "a.mht", "a.warc", "a.zip"])
def test_a_file_that_is_no_such_thing_is_skipped_and_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["b"]
    (problem,) = reading.problems
    assert problem.path.startswith(name)


@pytest.mark.parametrize(("name", "kind"), [("a.xlsx", "an Excel workbook"), ("a.docx", "a Word document")])
def test_an_office_file_that_is_none_is_called_so(tmp_path, name, kind):
    pytest.importorskip("openpyxl", reason="extra formats")
    (tmp_path / name).write_bytes(b"It rained.")
    with pytest.raises(ArticleError, match=rf"cannot be read: not {kind} \({name[1:]}\)"):
        read_article(tmp_path / name)


def test_without_the_extra_it_is_named(tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(office, "import_module", missing)
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    (problem,) = read_articles(tmp_path).problems
    assert "not a kind of file that is read without the extra `formats`" in problem.what
    with pytest.raises(ArticleError, match=r"a\.docx.*without the extra `formats`"):
        read_article(tmp_path / "a.docx")
