"""Files are written whole or not at all, read with errors that name the place, and hashed."""

import errno
import hashlib
import logging
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.base import storage
from pipeline.base.errors import InputError
from pipeline.base.storage import DiskCache
from tests.imports import ROOT

SMALL_FILES = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from pipeline.cli.app import main
from pipeline.base import storage
storage_call = {call}
sys.modules["pipeline.cli.app"].app.command("try")(lambda: storage_call())
main(["try"])
"""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    return path


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_only_when_the_block_has_ended(old):
    with storage.atomic_open(old, "w") as file:
        file.write("new")
        file.flush()
        assert old.read_text() == "old"
    assert old.read_text() == "new"
    assert left(old.parent) == ["out.json"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_mid_write_leaves_the_old_file_and_no_other(old, error):
    def write_half():
        with storage.atomic_open(old, "w") as file:
            file.write("half")
            raise error("mid-write")

    with pytest.raises(error, match="mid-write"):
        write_half()
    assert (old.read_text(), left(old.parent)) == ("old", ["out.json"])


@pytest.mark.parametrize("failing", ["fsync", "rename"])
def test_a_failing_disk_leaves_the_old_file_and_no_other(old, failing, monkeypatch):
    def broken(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(*((os, "fsync") if failing == "fsync" else (Path, "replace")), broken)
    with pytest.raises(OSError, match="Input/output error") as raised:
        storage.write_text(old, "new")
    assert raised.value.filename == str(old)
    assert (old.read_text(), left(old.parent)) == ("old", ["out.json"])


@pytest.mark.parametrize(
    "call",
    [
        "lambda: storage.write_text('out.json', 'x' * 100_000)",
        "lambda: storage.write_table('out.json', __import__('pyarrow').table({'a': [str(i) for i in range(50_000)]}))",
    ],
)
def test_a_full_disk_leaves_the_old_file_and_says_where_in_one_line(old, call):
    """A child process that may write 4 KiB a file stands in for a full disk."""
    child = subprocess.run(
        [sys.executable, "-c", SMALL_FILES.format(call=call)],
        cwd=old.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (child.returncode, child.stdout) == (1, "")
    assert child.stderr == "error: out.json: File too large\n"
    assert (old.read_text(), left(old.parent)) == ("old", ["out.json"])


@pytest.fixture
def umask():
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode_of(path):
    return path.stat().st_mode & 0o777


def test_folders_are_made_and_a_new_file_has_the_permissions_that_the_umask_leaves(tmp_path, umask):
    storage.write_text(tmp_path / "a/b/c.txt", "text\n")
    assert mode_of(tmp_path / "a/b/c.txt") == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o666, 0o444])
def test_a_file_keeps_its_permissions_and_has_no_others_while_it_is_written(old, umask, mode):
    old.chmod(mode)
    with storage.atomic_open(old, "w") as file:
        (temporary,) = (path for path in old.parent.iterdir() if path != old)
        assert mode_of(temporary) & ~mode == 0
        file.write("new")
    assert (old.read_text(), mode_of(old)) == ("new", mode)


@pytest.mark.parametrize("target", ["out.json", "made-anew.json"])
def test_a_link_stays_and_what_it_leads_to_is_written(old, tmp_path, target):
    link = tmp_path / "links/link"
    link.parent.mkdir()
    link.symlink_to(Path("..", target))
    storage.write_text(link, "new")
    assert link.is_symlink()
    assert (tmp_path / target).read_text() == "new"
    assert left(link.parent) == ["link"]


def test_a_link_to_a_protected_file_is_replaced(old, tmp_path):
    """So DVC links to its cache, whose files must never change."""
    old.chmod(0o444)
    (tmp_path / "link").symlink_to(old)
    storage.write_text(tmp_path / "link", "new")
    assert (old.read_text(), (tmp_path / "link").read_text()) == ("old", "new")


def test_a_link_to_itself_is_an_error(tmp_path):
    (tmp_path / "link").symlink_to("link")
    with pytest.raises(OSError, match="Too many levels") as raised:
        storage.write_text(tmp_path / "link", "new")
    assert (raised.value.errno, raised.value.filename) == (errno.ELOOP, str(tmp_path / "link"))


def test_a_folder_is_not_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="a folder where a file was expected"):
        storage.write_text(tmp_path / "out", "x")


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    """As root, a rename over /dev/null would leave a plain file there."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    storage.write_text(tmp_path / "pipe", "text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("mode", ["w", "wb"])
def test_a_full_device_is_named(mode):
    """Also where only closing the file finds out."""

    def fill():
        with storage.atomic_open("/dev/full", mode) as file:
            file.write("text" if mode == "w" else b"text")

    with pytest.raises(OSError, match="No space left on device") as raised:
        fill()
    assert raised.value.filename == "/dev/full"


def test_a_folder_that_takes_no_file_is_named_by_the_file(old, monkeypatch):
    """Not by the temporary one, which nobody asked for."""

    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="Permission denied") as raised:
        storage.write_text(old, "new")
    assert raised.value.filename == str(old)


def test_an_error_about_another_file_keeps_its_name(old):
    """Whoever writes may be reading something else."""

    def read_another():
        with storage.atomic_open(old, "w"):
            Path("gone.txt").read_text()

    with pytest.raises(FileNotFoundError, match=r"gone\.txt") as raised:
        read_another()
    assert raised.value.filename == "gone.txt"


def test_equal_values_give_equal_json_bytes(tmp_path):
    storage.write_json(tmp_path / "a", {"b": 1, "a": "ü"})
    storage.write_json(tmp_path / "b", {"a": "ü", "b": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == '{\n  "a": "ü",\n  "b": 1\n}\n'.encode()
    assert storage.read_json(tmp_path / "a") == {"a": "ü", "b": 1}


def test_json_holds_no_nan(tmp_path):
    with pytest.raises(ValueError, match="Out of range float"):
        storage.write_json(tmp_path / "a", {"score": float("nan")})
    assert left(tmp_path) == []


def test_half_a_surrogate_pair_is_written_as_json_escapes_it(tmp_path):
    storage.write_json(tmp_path / "a", "\ud83d")
    assert storage.read_json(tmp_path / "a") == "\ud83d"


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b'{"a": ', r"a\.json: not valid JSON .*line 1 column 7"),
        (b"\xff{}", r"a\.json: not valid JSON .*can't decode"),
        (b"[" * 100_000, r"a\.json: not valid JSON"),
    ],
)
def test_broken_json_is_named(tmp_path, content, match):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(InputError, match=match):
        storage.read_json(tmp_path / "a.json")


def test_missing_files_are_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for read in (storage.read_json, storage.read_table, lambda path: list(storage.read_jsonl(path))):
        with pytest.raises(InputError, match=r"gone: no such file"):
            read(tmp_path / "gone")
    with pytest.raises(InputError, match="run from there"):
        storage.read_table(tmp_path / "gone")


def test_json_lines_pass_over_blank_lines_and_count_them(tmp_path):
    (tmp_path / "a").write_text('{"n": 1}\n\n  \n{"n": 2}')
    assert list(storage.read_jsonl(tmp_path / "a")) == [(1, {"n": 1}), (4, {"n": 2})]


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ('{"text": ', "a, line 2: not valid JSON"),
        ("[1]", r'a, line 2: not an object; expected \{"text": ...\}; got \[1\]'),
        ('{"n": ' + "1" * 5000 + "}", "a, line 2: not valid JSON"),
        ("[" * 100_000, "a, line 2: not valid JSON"),
    ],
)
def test_a_broken_json_line_is_named(tmp_path, line, match):
    if sys.version_info < (3, 10, 7) and "1111" in line:
        pytest.skip("this Python reads numbers of any length")
    (tmp_path / "a").write_text('{"n": 1}\n' + line)
    with pytest.raises(InputError, match=match):
        list(storage.read_jsonl(tmp_path / "a"))


def test_lines_have_numbers_and_no_ends(tmp_path):
    (tmp_path / "a").write_bytes(b"one\r\n\ntwo \n")
    assert list(storage.read_lines(tmp_path / "a")) == [(1, "one"), (2, ""), (3, "two ")]


@pytest.mark.parametrize("name", ["gone", ".", "a\0b", "x" * 5000, "Oslo agreed."])
def test_what_is_no_name_of_a_file_is_no_file(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").touch()
    assert storage.is_file("there")
    assert not storage.is_file(name)


def test_tables_come_back_whole_or_by_column(tmp_path):
    table = pa.table({"text": ["a", None], "n": [1, 2]})
    storage.write_table(tmp_path / "t.parquet", table)
    assert storage.read_table(tmp_path / "t.parquet").equals(table)
    assert storage.read_table(tmp_path / "t.parquet", ["n"]).column_names == ["n"]


def test_one_changed_byte_in_a_table_is_found(tmp_path):
    path = tmp_path / "t.parquet"
    storage.write_table(path, pa.table({"n": list(range(1000))}))
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"t\.parquet: not a readable Parquet file"):
        storage.read_table(path)


def test_a_file_that_is_no_table_is_named(tmp_path):
    (tmp_path / "t.parquet").write_text("hello")
    with pytest.raises(InputError, match=r"t\.parquet: not a readable Parquet file \(.*file size is 5 bytes"):
        storage.read_table(tmp_path / "t.parquet")


def test_sha256_is_that_of_the_bytes(tmp_path):
    data = b"x" * 3_000_000
    (tmp_path / "a").write_bytes(data)
    assert storage.sha256(tmp_path / "a") == hashlib.sha256(data).hexdigest()


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
    with caplog.at_level(logging.WARNING, "pipeline.base.storage"):
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
