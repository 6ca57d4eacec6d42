"""The cache of answers: what was put in comes out, and nothing that is wrong with its file stops the work."""

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.base.cache import DiskCache


@pytest.fixture
def cache(tmp_path):
    return DiskCache(tmp_path / "folder/answers.sqlite")


def overwrite(cache, key, text):
    with sqlite3.connect(cache.file) as connection:
        connection.execute("UPDATE answers SET answer = ? WHERE key = ?", (text, key))
    connection.close()


def test_what_was_put_in_comes_out_and_nothing_else(cache):
    answers = {"a": [0.25, 1], "b": {"stance": "neutral"}, "c": "\ud800é"}
    cache.put(answers)
    assert DiskCache(cache.file).get(["c", "none", "a"]) == {"a": answers["a"], "c": answers["c"]}


def test_looking_makes_no_file(cache):
    assert cache.get(["a"]) == {}
    cache.put({})
    assert not cache.file.parent.exists()


def test_a_later_answer_replaces_an_earlier_one(cache):
    cache.put({"a": 1, "b": 2})
    cache.put({"a": 3})
    assert cache.get(["a", "b"]) == {"a": 3, "b": 2}


def test_more_keys_than_one_query_takes(cache):
    answers = {str(i): i for i in range(1200)}
    cache.put(answers)
    assert cache.get(list(answers)) == answers


@pytest.mark.parametrize("broken", ["", "{", "[0.1,", "null", b"\xff\xfe"])
def test_a_broken_entry_is_as_if_it_were_not_there_and_can_be_put_again(cache, broken):
    cache.put({"a": 1, "b": 2})
    overwrite(cache, "a", broken)
    assert cache.get(["a", "b"]) == {"b": 2}
    cache.put({"a": 3})
    assert cache.get(["a"]) == {"a": 3}


def test_all_of_a_batch_is_kept_or_none(cache):
    """One that is no JSON value fails the whole batch, and what was there before stays."""
    cache.put({"a": 1})
    with pytest.raises(TypeError, match="not JSON serializable"):
        cache.put({"b": 2, "c": object()})
    assert cache.get(["a", "b"]) == {"a": 1}


@pytest.mark.parametrize("text", ["this is no database " * 60, "SQLite format 3\0" + "x" * 2000])
def test_a_file_that_is_no_cache_is_set_aside_and_a_new_one_begun(cache, caplog, text):
    cache.file.parent.mkdir()
    cache.file.write_text(text)
    with caplog.at_level(logging.WARNING, "pipeline.base.cache"):
        assert cache.get(["a"]) == {}
    assert "it is now called answers.broken" in caplog.text
    assert cache.file.with_suffix(".broken").read_text() == text
    cache.put({"a": 1})
    assert cache.get(["a"]) == {"a": 1}


def test_two_that_meet_at_a_broken_file_keep_what_one_of_them_began(cache, caplog):
    """The second had opened the broken file before the first set it aside."""
    cache.file.parent.mkdir()
    cache.file.write_text("this is no database " * 60)

    def other_sets_aside_first(*args, **kwargs):
        monkey.undo()
        DiskCache(cache.file).put({"a": 0})  # sets it aside
        DiskCache(cache.file).put({"a": 1})
        raise sqlite3.DatabaseError("file is not a database")

    monkey = pytest.MonkeyPatch()
    monkey.setattr(sqlite3, "connect", other_sets_aside_first)
    assert DiskCache(cache.file).get(["a"]) == {}
    assert DiskCache(cache.file).get(["a"]) == {"a": 1}


def test_a_broken_file_that_cannot_be_set_aside_is_no_failure(cache, caplog):
    cache.file.parent.mkdir()
    cache.file.write_text("this is no database " * 60)
    cache.file.with_suffix(".broken").mkdir()
    assert cache.get(["a"]) == {}
    assert "cannot be set aside" in caplog.text


def test_where_nothing_can_be_written_the_work_goes_on_without(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    cache = DiskCache(tmp_path / "file/answers.sqlite")
    cache.put({"a": 1})
    assert cache.get(["a"]) == {}
    assert "cannot be used" in caplog.text


def test_several_may_write_at_once(cache):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: DiskCache(cache.file).put({f"{i}": i, "shared": 0}), range(12)))
    assert cache.get([f"{i}" for i in range(12)]) == {f"{i}": i for i in range(12)}
