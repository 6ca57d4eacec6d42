"""Files of records."""

import gzip
import json
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import ArticleError
from pipeline.text.articles import COLUMNS
from pipeline.text.formats import markdown_blocks
from pipeline.text.paragraphs import Block
from pipeline.text.records import document_of_page, document_of_sound_text, document_of_text, plain_blocks, read_table

ROWS = [
    {"text": "The river froze.\n\nThe talks did not.", "title": "Frost", "id": "a1", "region": "north"},
    {"text": "It rained.", "title": None, "id": "a2", "region": None},
]


def write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def write_rows(path, rows):
    """Write `rows` in the format that the suffix of `path` names."""
    if path.suffix == ".json":
        return write(path, json.dumps(rows, default=str))
    if path.suffix == ".jsonl":
        return write(path, "\n\n".join(json.dumps(row, default=str) for row in rows))
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return path
    lines = [",".join('"' + str(value or "").replace('"', '""') + '"' for value in row.values()) for row in rows]
    return write(path, "\n".join([",".join(rows[0]), *lines]))


@pytest.fixture(params=[".json", ".jsonl", ".csv", ".parquet"])
def rows_file(request, tmp_path):
    """A function from rows to the path of a file, for each format."""
    return lambda rows: write_rows(tmp_path / f"a{request.param}", rows)


def test_each_record_is_an_article(rows_file):
    """All formats give the same: blocks of text, what the record says besides, and nothing for what is null."""
    path = rows_file(ROWS)
    first, second = read_table(path, COLUMNS)
    assert first.blocks == [Block("The river froze."), Block("The talks did not.")]
    assert first.metadata == {"title": "Frost", "id": "a1", "region": "north"}
    assert (second.blocks, second.metadata) == ([Block("It rained.")], {"id": "a2"})


def test_columns_may_have_other_names(rows_file):
    """The names are the caller's; a column that a file lacks matters for the text only."""
    path = rows_file([{"body": "It rained.", "headline": "Rain", "n": "7"}])
    (document,) = read_table(path, {**COLUMNS, "text": "body", "title": "headline", "id": "n", "date": "day"})
    assert (document.blocks, document.metadata) == ([Block("It rained.")], {"title": "Rain", "id": "7"})


def test_a_column_that_is_named_goes_before_one_that_is_called_so(rows_file):
    """Wherever in the record it stands; and one column may mean two things."""
    rows = [{"n": "7", "id": "0", "text": "It rained.", "title": "Ms", "headline": "Rain", "region": "north"}]
    path = rows_file(rows)
    (document,) = read_table(path, {**COLUMNS, "title": "headline", "id": "n", "source": "headline"})
    assert document.metadata == {"title": "Rain", "id": "7", "source": "Rain", "region": "north"}


def test_a_file_without_the_text_column_is_an_error(rows_file):
    """It names the columns found and the nearest."""
    path = rows_file([{"texts": "It rained.", "day": "Monday"}])
    with pytest.raises(
        ArticleError,
        match=r"'text'; got texts, day\. Did you mean 'texts'\? .*: --text-column NAME, or split\.columns\.text",
    ):
        list(read_table(path, COLUMNS))


def test_a_record_without_text_is_an_empty_draft(rows_file):
    """Reported by whoever reads the folder, since the file is not broken."""
    path = rows_file([ROWS[0], {**ROWS[0], "text": ""}])
    assert [document.blocks == [] for document in read_table(path, COLUMNS)] == [False, True]


def test_pieces_of_web_pages_in_a_record_are_read_as_such(rows_file):
    """Many data sets store the markup."""
    path = rows_file([{"text": "<p>It rained.</p><p>It <b>poured</b>.</p>", "title": "Rain"}])
    (document,) = read_table(path, COLUMNS)
    assert document.blocks == [Block("It rained."), Block("It poured.")]
    assert document.metadata["title"] == "Rain"


@pytest.mark.parametrize(
    ("suffix", "rows"), [(".json", [1, 2]), (".jsonl", [1, 3]), (".csv", [1, 2]), (".parquet", [1, 2])]
)
def test_records_are_numbered(tmp_path, suffix, rows):
    """By line in JSON Lines, otherwise by record, from 1; a lone JSON object is no record of many."""
    path = write_rows(tmp_path / f"a{suffix}", ROWS)
    assert [document.row for document in read_table(path, COLUMNS)] == rows
    (alone,) = read_table(write(tmp_path / "b.json", json.dumps(ROWS[0])), COLUMNS)
    assert alone.row == 0


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.json", "{", r"a\.json, line 1: not valid JSON"),
        ("a.jsonl", "{'text': 'a'}", r"a\.jsonl, line 1: not valid JSON"),
        ("a.jsonl", '{"text": 7}', r"a\.jsonl, line 1: the text is not a string; got int"),
        ("a.csv", "text,n\na,1,2\nb,2,3\n", r"a\.csv, row 2: more cells than columns"),
        ("a.csv", "n;text; n\n1;a;2\n", r"a\.csv, row 1: two columns are called 'n'"),
        ("a.parquet", b"PAR1 and no more", r"a\.parquet: not a readable Parquet file"),
    ],
)
def test_a_broken_file_is_an_error(tmp_path, name, data, message):
    """It names the file and the line or item; more of them in the tests of the one reader."""
    with pytest.raises(ArticleError, match=message):
        list(read_table(write(tmp_path / name, data), COLUMNS))


def test_two_columns_of_one_name_in_parquet_are_an_error(tmp_path):
    """As in a table of text."""
    pq.write_table(pa.table([["It rained."], ["It froze."]], names=["text", "text"]), tmp_path / "a.parquet")
    with pytest.raises(ArticleError, match=r"a\.parquet: two columns are called 'text'; .*got columns 1 and 2"):
        list(read_table(tmp_path / "a.parquet", COLUMNS))


def test_a_damaged_parquet_page_is_an_error(tmp_path):
    """Checksums are verified."""
    path = tmp_path / "a.parquet"
    rows = [{"text": f"Sentence {n}."} for n in range(1000)]
    pq.write_table(pa.Table.from_pylist(rows), path, write_page_checksum=True, compression="none")
    data = bytearray(path.read_bytes())
    data[data.index(b"Sentence 500.") + 9] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArticleError, match="not a readable Parquet file"):
        list(read_table(path, COLUMNS))


def test_parquet_values_become_text(tmp_path):
    """Dates in ISO form, numbers as written; nested and binary columns are left out."""
    row = {
        "text": "It rained.",
        "date": date(1975, 11, 28),
        "seen": datetime(1975, 11, 28, 9, 30),
        "n": 5,
        "id": Decimal("12345678901234567890"),
        "front": True,
        "at": time(9, 30),
        "nothing": None,
        "vector": [0.5, 1.0],
        "blob": b"x",
    }
    table = pa.Table.from_pylist([row]).append_column("uuid", pa.array([b"0123456789abcdef"], pa.binary(16)))
    pq.write_table(table, tmp_path / "a.parquet")
    (document,) = read_table(tmp_path / "a.parquet", COLUMNS)
    days = {"date": "1975-11-28", "seen": "1975-11-28T09:30:00", "at": "09:30:00"}
    assert document.metadata == days | {"n": "5", "id": "12345678901234567890", "front": "true"}


def test_a_text_column_that_is_no_text_is_an_error(tmp_path):
    """Bytes are not decoded by guess."""
    path = write_rows(tmp_path / "a.parquet", [{"text": b"It rained."}])
    with pytest.raises(ArticleError, match="row 1: the text is not a string; got bytes"):
        list(read_table(path, COLUMNS))


def test_packed_parquet_is_read(tmp_path):
    """As every other format is."""
    plain = write_rows(tmp_path / "a.parquet", ROWS)
    packed = write(tmp_path / "a.parquet.gz", gzip.compress(plain.read_bytes()))
    assert list(read_table(packed, COLUMNS)) == list(read_table(plain, COLUMNS))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_table_is_found(tmp_path, mark):
    """By the header; quoted line ends and delimiters, and values like "NA", are kept."""
    path = write(tmp_path / "a.csv", f'\ufeffid{mark}text\r\n1{mark}"It{mark} rained.\n\nNA"\r\n\r\n2{mark}NA\r\n')
    first, second = read_table(path, COLUMNS)
    assert [block.text for block in first.blocks] == [" ".join(f"It{mark} rained.".split()), "NA"]
    assert (second.blocks, second.metadata) == ([Block("NA")], {"id": "2"})


def test_a_table_of_one_column_needs_no_delimiter(tmp_path):
    """A header of one name is one."""
    documents = read_table(write(tmp_path / "a.csv", 'text\n"One, two."\nThree.\n'), COLUMNS)
    assert [document.blocks[0].text for document in documents] == ["One, two.", "Three."]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_without_records_has_none(tmp_path, name):
    """An empty file is not broken."""
    assert list(read_table(write(tmp_path / name, ""), COLUMNS)) == []


def test_encodings_are_guessed_line_by_line(tmp_path):
    """A line of another encoding in a UTF-8 file is told, and only that."""
    lines = '{"text": "Zürich."}\n'.encode() + '{"text": "José’s."}\n'.encode("cp1252") + '{"text": "Über."}\n'.encode()
    documents = list(read_table(write(tmp_path / "a.jsonl", lines), COLUMNS))
    assert [document.blocks[0].text for document in documents] == ["Zürich.", "José’s.", "Über."]
    assert [document.guess for document in documents] == ["", "cp1252", ""]
    table = list(read_table(write(tmp_path / "a.csv", "text\nZürich.\n".encode("cp1252")), COLUMNS))
    assert [(document.blocks[0].text, document.guess) for document in table] == [("Zürich.", "cp1252")]


def test_wide_encodings_are_read(tmp_path):
    """Windows writes UTF-16 from its shell."""
    path = write(tmp_path / "a.jsonl", '{"text": "Zürich."}\r\n{"text": "Ċ."}\r\n'.encode("utf-16"))
    assert [document.blocks[0].text for document in read_table(path, COLUMNS)] == ["Zürich.", "Ċ."]


def test_a_line_that_is_no_text_is_an_error(tmp_path):
    """Like any line that is broken: what would lose articles is never skipped."""
    path = write(tmp_path / "a.jsonl", b'{"text": "a"}\n' + bytes(range(1, 9)) * 9 + b'\n{"text": "b"}\n')
    with pytest.raises(ArticleError, match=r"a\.jsonl, line 2: binary data, not text"):
        list(read_table(path, COLUMNS))


def test_records_are_read_one_by_one(tmp_path):
    """The first comes before one further on is read."""
    documents = read_table(write(tmp_path / "a.jsonl", '{"text": "a"}\nbroken\n'), COLUMNS)
    assert next(documents).blocks == [Block("a")]
    assert next(documents).problem.startswith("not valid JSON")


@pytest.mark.parametrize(
    ("name", "data", "rows", "problem"),
    [
        ("a.json", '[{"text": "a"}, {"text": 5}]', [1, 2], "the text is not a string"),
        ("a.json", '[{"text": "a"}, "b"]', [1, 2], "not an object"),
        ("a.jsonl", '{"text": "a"}\n{"text": ', [1, 2], "not valid JSON"),
        ("a.jsonl", '{"text": "a"}\n{"words": "b"}', [1, 2], "no column or key 'text'"),
        ("a.csv", "text,n\na,1\nb,2,3\n", [1, 2], "more cells than columns"),
    ],
)
def test_a_bad_row_is_skipped_and_named(tmp_path, name, data, rows, problem):
    good, bad = read_table(write(tmp_path / name, data), COLUMNS)
    assert [good.row, bad.row] == rows
    assert (good.blocks, good.problem) == ([Block("a")], "")
    assert bad.problem.startswith(problem)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.jsonl", '{"text": ["It rained.", "It froze."]}'),
        ("wrapper.json", '{"status": "ok", "articles": [{"text": "It rained.\\n\\nIt froze."}]}'),
        ("inner.json", '{"response": {"n": 1, "results": [{"body": "It rained.\\n\\nIt froze."}]}}'),
        ("body.jsonl", '{"body": "It rained.\\n\\nIt froze."}'),
        ("case.csv", 'ID,Text\n1,"It rained.\n\nIt froze."\n'),
        ("sep.csv", 'sep=;\nid;text\n1;"It rained.\n\nIt froze."\n'),
        ("cr.csv", 'id,text\r1,"It rained.\r\rIt froze."\r'),
        ("content.tsv", 'id\tcontent\n1\t"It rained.\n\nIt froze."\n'),
    ],
)
def test_shapes_and_names_that_data_sets_have(tmp_path, name, data):
    (document,) = read_table(write(tmp_path / name, data), COLUMNS)
    assert document.blocks == [Block("It rained."), Block("It froze.")]


def test_quotes_behind_backslashes_and_quotes_that_mean_nothing(tmp_path):
    escaped = 'id,text\n1,"She said \\"no\\" to it, again."\n2,"It froze."\n'
    bare = 'id\ttext\n1\tShe said "no" to it, again.\n2\t"No," she said.\n'
    first, second = (
        list(read_table(write(tmp_path / n, d), COLUMNS)) for n, d in (("a.csv", escaped), ("a.tsv", bare))
    )
    assert [document.blocks[0].text for document in first] == ['She said "no" to it, again.', "It froze."]
    assert [document.blocks[0].text for document in second] == ['She said "no" to it, again.', '"No," she said.']


def test_a_source_is_named_by_an_object_or_an_address(tmp_path):
    rows = '{"text": "a", "source": {"id": null, "name": "Post"}}\n{"text": "b", "url": "https://post.example/1"}'
    sources = [document.metadata["source"] for document in read_table(write(tmp_path / "a.jsonl", rows), COLUMNS)]
    assert sources == ["Post", "post.example"]


def test_plain_text_is_normalised_and_taken_apart():
    """Unseen characters are gone before paragraphs are looked for."""
    assert document_of_text("One\u200b.\r\n\u00a0\r\nTwo.").blocks == [Block("One."), Block("Two.")]
    assert plain_blocks("One.\n\nTwo.") == [Block("One."), Block("Two.")]


def test_the_caller_says_how_text_is_taken_apart():
    """Markdown has headings."""
    assert document_of_text("# One\n\nTwo.", markdown_blocks).blocks == [Block("One", "heading"), Block("Two.")]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html>\n<p>One.</p>", " <html><body><p>One.</p></body></html>", "<p>One.</p>"]
)
def test_a_web_page_is_known_by_its_text(text):
    """Whatever its file is called."""
    assert document_of_text(text).blocks == [Block("One.")]


def test_a_page_brings_what_it_says_and_what_was_left_out():
    """Its blocks, title and rest."""
    document = document_of_page(
        "<html><head><title>T</title></head><body><nav>Menu</nav><p>One, two, three.</p></body></html>"
    )
    assert document.blocks == [Block("One, two, three.")]
    assert document.metadata == {"title": "T"}
    assert [cut.text for cut in document.removed] == ["Menu"]


def test_angle_brackets_alone_make_no_web_page():
    """Text may have them."""
    assert document_of_text("He wrote <sic> and a < b.").blocks == [Block("He wrote <sic> and a < b.")]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("The mill doesn&#39;t pay &amp; won&rsquo;t.", 3),
        ("<p>The mill doesn&amp;#39;t pay.</p>", 1),
        ("The mill doesnâ€™t pay.", 1),
        ("The mill doesn't pay.", 0),
    ],
)
def test_damaged_characters_are_mended_and_counted(text, repaired):
    document = document_of_text(text)
    assert document.repaired >= repaired
    assert bool(document.repaired) == bool(repaired)
    assert document.blocks[0].text.replace("’", "'").startswith("The mill doesn't pay")


def test_sound_text_that_is_a_page_is_read_as_one():
    assert document_of_sound_text("<html><body><p>One.</p></body></html>", plain_blocks).blocks == [Block("One.")]
