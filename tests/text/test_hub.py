"""Datasets as articles (2 s: `datasets` is loaded)."""

import json
import logging

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Image, List, Value

from pipeline.base.errors import ArticleError
from pipeline.text.articles import read_articles
from pipeline.text.hub import read_dataset, read_source

COLUMNS = {"text": "body", "id": "url"}
ROWS = [
    {"url": "u/1", "title": "Ferry", "body": "The ferry sails again.", "tongue": "en", "year": 1987, "front": True},
    {"url": "u/2", "title": "Bac", "body": "Le bac repart demain.", "tongue": "fr", "year": 1987, "front": False},
    {"url": "u/3", "title": "Toll", "body": "No toll.", "tongue": "en", "year": 1991, "front": False},
    {"url": "u/4", "title": "Quay", "body": "The quay remains shut.", "tongue": None, "year": 1991, "front": True},
]


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")


@pytest.fixture
def news(tmp_path):
    """A folder with one Parquet file of ROWS; the path."""
    (tmp_path / "news").mkdir()
    Dataset.from_list(ROWS).to_parquet(tmp_path / "news/train.parquet")
    return str(tmp_path / "news")


def ids(reading):
    return [article.id for article in reading.articles]


def test_a_dataset_gives_the_articles_that_a_file_of_its_rows_gives(news, tmp_path):
    """Texts, titles and all that the other columns say; only the ids begin with the folder's name."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    expected = read_articles(tmp_path / "raw", COLUMNS).articles
    found = read_dataset(news, COLUMNS).articles
    assert [a.id for a in found] == ["news#u/1", "news#u/2", "news#u/3", "news#u/4"]
    assert [(a.text, a.title, a.meta) for a in found] == [(a.text, a.title, a.meta) for a in expected]
    assert found[0].meta == {"tongue": "en", "year": "1987", "front": "true"}


@pytest.mark.parametrize("kind", ["parquet", "csv", "json", "saved", "saved splits"])
def test_every_kind_of_local_dataset_is_read(tmp_path, kind):
    """Folders of data files, and what `save_to_disk` wrote."""
    folder, rows = tmp_path / "set", Dataset.from_list(ROWS)
    folder.mkdir()
    write = {
        "parquet": lambda: rows.to_parquet(folder / "train.parquet"),
        "csv": lambda: rows.to_csv(folder / "train.csv"),
        "json": lambda: rows.to_json(folder / "train.jsonl"),
        "saved": lambda: rows.save_to_disk(folder),
        "saved splits": lambda: DatasetDict(train=rows, test=rows.select([0])).save_to_disk(folder),
    }
    write[kind]()
    assert ids(read_dataset(str(folder), COLUMNS)) == ["set#u/1", "set#u/2", "set#u/3", "set#u/4"]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"keep": {"tongue": ["en"]}}, [1, 3]),
        ({"keep": {"tongue": ["en", "fr"], "year": [1987]}}, [1, 2]),
        ({"keep": {"year": [1991, 2000]}}, [3, 4]),
        ({"keep": {"front": [True]}}, [1, 4]),
        ({"min_words": 4}, [1, 2, 4]),
        ({"limit": 2}, [1, 2]),
        ({"keep": {"tongue": ["en"]}, "min_words": 3, "limit": 1}, [1]),
        ({"keep": {"year": [1991]}, "limit": 1}, [3]),
    ],
)
def test_the_filter_keeps_what_it_says_and_renames_nothing(news, filters, kept):
    """Values listed for each of the columns, enough words, the first so many; a row keeps its number."""
    assert ids(read_dataset(news, {"text": "body"}, **filters)) == [f"news#{n}" for n in kept]


def test_rows_keep_their_numbers_over_batches(tmp_path):
    """Also behind the rows that are held in memory at a time."""
    (tmp_path / "long").mkdir()
    rows = Dataset.from_dict({"text": [f"Boat {n} came in." for n in range(600)], "n": list(range(600))})
    rows.to_parquet(tmp_path / "long/train.parquet")
    assert ids(read_dataset(str(tmp_path / "long"), keep={"n": [3, 299, 598]})) == ["long#300", "long#4", "long#599"]


def test_class_labels_count_by_their_names(tmp_path):
    """In the filter, and in what is known of the article; -1 is no class."""
    features = Features({"text": Value("string"), "desk": ClassLabel(names=["world", "sport"])})
    rows = {"text": ["They met.", "They ran.", "They slept."], "desk": [0, 1, -1]}
    Dataset.from_dict(rows, features=features).save_to_disk(tmp_path / "set")
    read = read_dataset(str(tmp_path / "set"))
    assert [article.meta for article in read.articles] == [{"desk": "world"}, {"desk": "sport"}, {}]
    assert ids(read_dataset(str(tmp_path / "set"), keep={"desk": ["sport"]})) == ["set#2"]


def test_columns_without_plain_values_are_left_out(tmp_path):
    """Lists and pictures are not even read."""
    features = Features({"text": Value("string"), "tags": List(Value("string")), "photo": Image()})
    rows = {"text": ["They met."], "tags": [["a", "b"]], "photo": [{"bytes": b"no picture", "path": None}]}
    Dataset.from_dict(rows, features=features).save_to_disk(tmp_path / "set")
    (article,) = read_dataset(str(tmp_path / "set")).articles
    assert article.meta == {}
    with pytest.raises(ArticleError, match=r"no column 'tags' of plain values, which split\.dataset\.keep names"):
        read_dataset(str(tmp_path / "set"), keep={"tags": ["a"]})


def test_text_of_every_width_is_read_and_filtered(tmp_path):
    """Arrow has three kinds of strings, and writers of Parquet choose."""
    kinds = (pa.string(), pa.large_string(), pa.string_view())
    for kind in kinds:
        (tmp_path / str(kind)).mkdir()
        columns = {"text": ["They met.", "They ran."], "desk": ["world", "sport"]}
        table = pa.table({name: pa.array(values, kind) for name, values in columns.items()})
        pq.write_table(table, tmp_path / str(kind) / "train.parquet")
    read = [read_dataset(str(tmp_path / str(kind)), keep={"desk": ["sport"]}) for kind in kinds]
    assert [ids(found) for found in read] == [["string#2"], ["large_string#2"], ["string_view#2"]]


def test_the_folder_that_one_stands_in_is_a_dataset(news, monkeypatch):
    """Its articles are called after it."""
    monkeypatch.chdir(news)
    assert ids(read_dataset(".", COLUMNS)) == ["news#u/1", "news#u/2", "news#u/3", "news#u/4"]


def test_files_with_different_columns_are_told_apart(tmp_path):
    """Those that are used are read, whatever else one file has."""
    for name, row in (("a", {"text": "They met.", "desk": "world"}), ("b", {"text": "They ran.", "pages": 2})):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row), "utf-8")
    assert sorted(article.text for article in read_dataset(str(tmp_path)).articles) == ["They met.", "They ran."]


@pytest.mark.parametrize("name", ["news [raw]", "a*b", "what?"])
def test_a_path_with_wildcards_in_it_is_a_path(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    Dataset.from_list(ROWS).to_parquet(folder / "train[1].parquet")
    assert len(read_dataset(str(folder), COLUMNS).articles) == len(ROWS)


def test_files_of_another_kind_are_named(tmp_path, caplog):
    Dataset.from_list(ROWS).to_json(tmp_path / "train.jsonl")
    Dataset.from_list(ROWS).to_json(tmp_path / "train2.jsonl")
    Dataset.from_list(ROWS).to_csv(tmp_path / "train3.csv")
    with caplog.at_level(logging.WARNING, "pipeline"):
        read_dataset(str(tmp_path), COLUMNS)
    assert any("left out: train3.csv" in message for message in caplog.messages)


def test_columns_by_their_usual_names_are_found(tmp_path):
    Dataset.from_list([{"content": "They met.", "headline": "Talks"}]).to_parquet(tmp_path / "train.parquet")
    (article,) = read_dataset(str(tmp_path)).articles
    assert (article.text, article.title) == ("They met.", "Talks")


def test_empty_rows_and_copies_are_problems(tmp_path):
    """They are named by their rows, as in a file."""
    Dataset.from_dict({"text": ["They met.", "", None, "They  met."]}).save_to_disk(tmp_path / "set")
    read = read_dataset(str(tmp_path / "set"))
    assert ids(read) == ["set#1"]
    result = [str(problem) for problem in read.problems]
    assert result == [
        "set, row 2: skipped: no text",
        "set, row 3: skipped: no text",
        "set: dropped: set#4 has the same text as set#1",
    ]


def test_a_local_folder_is_read_afresh_and_leaves_no_copy(news, tmp_path):
    """The cache of `datasets` stays empty, and so cannot be out of date."""
    read_dataset(news, COLUMNS)
    Dataset.from_list(ROWS[:1]).to_parquet(f"{news}/train.parquet")
    assert ids(read_dataset(news, COLUMNS)) == ["news#u/1"]
    assert not (tmp_path / "cache").exists()


def test_the_dataset_stands_in_place_of_the_folder(news, tmp_path):
    """Where both are named, the folder is not read."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/other.txt").write_text("They rowed on.", "utf-8")
    assert ids(read_source(tmp_path / "raw", COLUMNS, {"path": news, "limit": 1})) == ["news#u/1"]
    assert ids(read_source(tmp_path / "raw", COLUMNS, None)) == ["other"]


@pytest.fixture
def hub(monkeypatch):
    """The arguments with which `load_dataset` is called; it answers with ROWS, or raises what it is told to."""
    called = []

    def load_dataset(*args, **options):
        called.append((args, options))
        if isinstance(answer := called[0], Exception):
            raise answer
        return Dataset.from_list(ROWS)

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    return called


def test_a_name_on_the_hub_is_loaded_with_configuration_split_and_revision(hub, caplog):
    """Ids begin with the name; what is not pinned is warned of."""
    with caplog.at_level(logging.WARNING, "pipeline"):
        read = read_dataset("harbour/news-1.5", COLUMNS, name="short", split="test", revision="v2")
        assert caplog.messages == []
        read_dataset("harbour/news-1.5", COLUMNS)
    assert ids(read)[0] == "harbour/news-1-5#u/1"
    assert hub[0] == (("harbour/news-1.5", "short"), {"split": "test", "revision": "v2", "cache_dir": None})
    (warning,) = caplog.messages
    assert "no split.dataset.revision" in warning


def test_a_hub_that_cannot_be_reached_is_named_with_what_to_check(hub):
    """Whatever is raised, the user reads one line."""
    hub.append(ConnectionError("Couldn't reach 'harbour/news'\non the Hub"))
    with pytest.raises(
        ArticleError,
        match=r"^harbour/news: cannot be loaded as a dataset \(ConnectionError: Couldn't reach 'harbour/news' "
        r"on the Hub\)\. There is no such folder here: check the name, .* and the network\.$",
    ):
        read_dataset("harbour/news")


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"split": "test"}, r"news: cannot be loaded as a dataset \(ValueError: Unknown split \"test\".*train"),
        ({"name": "long"}, r"news: cannot be loaded .*'long' not found\. Available: \['default'\]"),
        (
            {"columns": {"text": "boddy"}},
            r"news: no column or key 'boddy'.*Did you mean 'body'\? .*: --text-column NAME, or split\.columns\.text",
        ),
        ({"columns": {"text": "year"}}, r"news, row 1: the text is not a string; got int"),
        ({"keep": {"tong": ["en"]}}, r"news: no column 'tong' of plain values.*got url, .*Did you mean 'tongue'\?"),
        ({"keep": {"tongue": [False]}}, r"news, tongue: .* expected string; got False\. Quote text that YAML"),
        ({"keep": {"year": ["new"]}}, r"news, year: .* expected int64; got 'new'"),
        ({"keep": {"front": [1]}}, r"news, front: .* expected bool; got 1"),
        ({"keep": {"year": [1987, "x"]}}, r"news, year: .* expected int64; got 1987, 'x'"),
        ({"keep": {"tongue": ["de"]}}, r"news: no articles; got 4 rows, none of which was asked for"),
        ({"columns": {"text": "body", "id": "tongue"}}, r"news, row 3: two articles with the id 'news#en'"),
    ],
)
def test_what_is_wrong_is_named(news, arguments, match):
    """Split, configuration, columns, values, ids."""
    with pytest.raises(ArticleError, match=match):
        read_dataset(news, **({"columns": {"text": "body"}} | arguments))


def test_a_split_that_was_not_saved_is_named(tmp_path):
    """With those that were."""
    DatasetDict(train=Dataset.from_list(ROWS), test=Dataset.from_list(ROWS)).save_to_disk(tmp_path / "set")
    with pytest.raises(ArticleError, match=r"set: no split 'tests'; got train, test\. Did you mean 'test'\?$"):
        read_dataset(str(tmp_path / "set"), COLUMNS, split="tests")


@pytest.mark.parametrize("saved", [Dataset.from_list([]), Dataset.from_dict({"text": []})])
def test_an_empty_saved_dataset_is_said_to_be_empty(tmp_path, saved):
    """Alone, or as a split; another split, which is not empty, is read."""
    saved.save_to_disk(tmp_path / "set")
    empty = r"an empty dataset; expected rows with articles; got no rows\. Save it again with rows, or name another one"
    with pytest.raises(ArticleError, match=rf"set: {empty} in split\.dataset\.$"):
        read_dataset(str(tmp_path / "set"))
    DatasetDict(train=saved, test=Dataset.from_list(ROWS)).save_to_disk(tmp_path / "sets")
    with pytest.raises(ArticleError, match=rf"sets/train: {empty}"):
        read_dataset(str(tmp_path / "sets"))
    assert len(read_dataset(str(tmp_path / "sets"), COLUMNS, split="test").articles) == len(ROWS)


def test_a_saved_dataset_without_splits_and_an_empty_file_are_named(tmp_path):
    """Whatever the library raises, the message is not empty."""
    DatasetDict().save_to_disk(tmp_path / "none")
    with pytest.raises(ArticleError, match=r"none: no split 'train'; got no splits"):
        read_dataset(str(tmp_path / "none"))
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines/train.jsonl").write_text("")
    with pytest.raises(ArticleError, match=r"lines: cannot be loaded as a dataset \(StopIteration: is it empty\?\)"):
        read_dataset(str(tmp_path / "lines"))


@pytest.mark.parametrize("path", ["./gone", "/nowhere/news", "a/b/c", "~/news"])
def test_a_folder_that_is_not_there_is_not_looked_for_on_the_hub(hub, path):
    """What cannot be a name on the Hub can only be a folder."""
    with pytest.raises(ArticleError, match=r"no such folder; expected a folder, or a name on the Hub"):
        read_dataset(path)
    assert hub == []


def test_a_file_and_an_empty_folder_are_no_datasets(tmp_path):
    """The user is told where else to put it."""
    (tmp_path / "news.csv").write_text("text\nThey met.\n", "utf-8")
    with pytest.raises(ArticleError, match=r"news\.csv: a file where .* or put the file into split\.raw\.$"):
        read_dataset(str(tmp_path / "news.csv"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArticleError, match=r"empty: cannot be loaded .* A dataset is a folder of Parquet, CSV or JSON"):
        read_dataset(str(tmp_path / "empty"))
