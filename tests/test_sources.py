"""Where articles come from makes no difference: a folder of files, one file of thousands, a dataset (3 s)."""

import json
import random
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import InputError
from pipeline.base.params import Params
from pipeline.base.storage import read_table
from pipeline.split import run, split_folder

N = 3000
ENDS = ("dun", "by", "wick", "ford")
WORDS = [f"{a}{b}{c}" for a in ("har", "tor", "mel", "quin", "bas") for b in "aeiou" for c in ENDS]


def text(k):
    """A short article unlike all others."""
    words = random.Random(k).sample(WORDS, 9)
    return f"Delegates of {' and '.join(words[:4])} met on day {k}.\n\nThey left for {', '.join(words[4:])} by sea."


ROWS = [{"text": text(k), "title": f"Day {k}", "url": f"no-{k:04}"} for k in range(N)]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The same articles as a JSON Lines file, a Parquet file and a dataset, and the first 200 in files of their own."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("lines", "table", "files"):
        (folder / name).mkdir()
    (folder / "lines/news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "table/news.parquet")
    for row in ROWS[:200]:
        (folder / f"files/{row['url']}.txt").write_text(f"---\ntitle: {row['title']}\n---\n{row['text']}", "utf-8")
    return folder


def split(**settings):
    return split_folder(Params(split={"columns": {"id": "url"}, **settings}))[:2]


def test_one_file_of_thousands_is_as_good_as_a_folder(sources):
    """Each article has its title, id, sentences and offsets; folds have the shares asked for."""
    from_lines, from_table = split(raw=str(sources / "lines")), split(raw=str(sources / "table"))
    articles, sentences = from_lines
    assert articles["id"].to_pylist() == [f"news#{row['url']}" for row in ROWS]
    assert articles["title"].to_pylist() == [row["title"] for row in ROWS]
    assert sentences.num_rows == 2 * N
    assert articles["group"].equals(articles["id"])
    shares = {"train": N / 2, "dev": N / 5, "test": 3 * N / 10}
    assert Counter(articles["fold"].to_pylist()) == pytest.approx(shares, rel=0.1)
    assert from_table[1].equals(sentences)
    assert from_table[0].drop_columns("path").equals(articles.drop_columns("path"))
    of_files = split(raw=str(sources / "files"))[1]
    assert of_files["text"].to_pylist() == sentences["text"].to_pylist()[:400]
    assert of_files["start"].to_pylist() == sentences["start"].to_pylist()[:400]


def test_a_dataset_is_as_good_as_a_folder(sources):
    """The same sentences as from the file that it is made of; ids begin with the folder's name."""
    articles, sentences = split(dataset={"path": str(sources / "table"), "limit": 500})
    assert articles["id"].to_pylist() == [f"table#{row['url']}" for row in ROWS[:500]]
    assert sentences["text"].to_pylist() == split(raw=str(sources / "table"))[1]["text"].to_pylist()[:1000]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A dataset of three articles, the third nearly the first; parameters that name it; the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    rows = [ROWS[0], ROWS[1], {**ROWS[0], "text": f"{text(0)}\n\nMore follows.", "url": "again"}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "news/train.parquet")
    return Params(split={"columns": {"id": "url"}, "dataset": {"path": "news"}})


def test_near_duplicates_in_a_dataset_share_a_fold(small):
    """As in a folder, and the same again in a second run."""
    run(small)
    articles, sentences = read_table("data/labeled/articles.parquet"), read_table("data/labeled/sentences.parquet")
    groups = dict(zip(articles["id"].to_pylist(), articles["group"].to_pylist(), strict=True))
    assert groups == {"news#again": "news#again", "news#no-0000": "news#again", "news#no-0001": "news#no-0001"}
    assert len(set(articles["fold"].to_pylist()[:2])) == 1
    run(small)
    assert read_table("data/labeled/sentences.parquet").equals(sentences)


def test_a_dataset_that_changes_while_it_is_read_is_an_error(small, tmp_path, monkeypatch):
    """DVC would record the changed one as what was used."""

    def split_and_edit(params):
        tables = split_folder(params)
        (tmp_path / "news/more.parquet").write_bytes(b"")
        return tables

    monkeypatch.setattr("pipeline.split.split_folder", split_and_edit)
    with pytest.raises(InputError, match=r"news/more\.parquet: changed while it was being used"):
        run(small)
    assert not (tmp_path / "data").exists()
