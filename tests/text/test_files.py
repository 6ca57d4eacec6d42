"""Which files a folder holds, and their bytes."""

import gzip
import io
import os

import pytest

from pipeline.base.errors import ArticleError
from pipeline.text import files
from pipeline.text.files import list_files, read_raw_lines, read_stdin, read_whole


def test_files_are_listed_sorted_and_with_their_folders(tmp_path):
    """Hidden files, DVC's and the usual documents of a repository are passed over."""
    for name in ("b.txt", "a/c.txt", "a/.hidden", ".git/x.txt", "README.md", "Licence", "raw.dvc", "z.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(list_files(tmp_path)) == [("a/c.txt", ""), ("b.txt", ""), ("z.csv", "")]


def test_what_is_no_regular_file_is_named(tmp_path):
    """Pipes, devices, dangling and circular links, links to folders; a folder called like a file is a folder."""
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to("/dev/zero")
    (tmp_path / "c.txt").symlink_to("nowhere")
    (tmp_path / "d.txt").symlink_to("d.txt")
    (tmp_path / "e.txt").mkdir()
    (tmp_path / "f").symlink_to(tmp_path, target_is_directory=True)
    assert list(list_files(tmp_path)) == [
        ("a.txt", "not a regular file"),
        ("b.txt", "not a regular file"),
        ("c.txt", "cannot be read (No such file or directory)"),
        ("d.txt", "cannot be read (Too many levels of symbolic links)"),
        ("f", "a link to a folder, which is not followed"),
    ]


def test_a_link_to_a_regular_file_is_a_file(tmp_path):
    """DVC may store data as links into its cache."""
    (tmp_path / "cache").write_text("x")
    (tmp_path / "a.txt").symlink_to("cache")
    assert ("a.txt", "") in list(list_files(tmp_path))
    assert read_whole(tmp_path / "a.txt") == b"x"


def test_a_missing_folder_and_a_file_in_its_place_are_errors(tmp_path):
    """Each says what to do or what was found."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArticleError, match=r"raw: no such folder\. Create it"):
        list_files(tmp_path / "raw")
    with pytest.raises(ArticleError, match="a file where a folder of articles was expected"):
        list_files(tmp_path / "file")


def test_packed_files_are_unpacked(tmp_path):
    """Whole or line by line."""
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one\ntwo"))
    assert read_whole(tmp_path / "a.txt.gz") == b"one\ntwo"
    assert list(read_raw_lines(tmp_path / "a.txt.gz")) == [(1, b"one\n"), (2, b"two")]


PACKED = gzip.compress(os.urandom(5000))


@pytest.mark.parametrize(
    "data",
    [b"", PACKED[:-1], PACKED[:100], b"no gzip at all", PACKED + b"rest", PACKED[:-8] + b"\0" * 8],
    ids=["empty", "cut at the end", "cut", "not packed", "rest", "checksum"],
)
@pytest.mark.parametrize("read", [read_whole, lambda path: list(read_raw_lines(path))], ids=["whole", "lines"])
def test_a_damaged_packed_file_is_an_error(tmp_path, data, read):
    """A part of it is never taken for all."""
    (tmp_path / "a.txt.gz").write_bytes(data)
    with pytest.raises(ArticleError, match=r"a.txt.gz: cannot be read \(.+\). Copy it again"):
        read(tmp_path / "a.txt.gz")


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_reading_stops_at_the_limit(tmp_path, monkeypatch, name):
    """A bomb of zeros is refused before it is unpacked."""
    monkeypatch.setattr(files, "MAX_BYTES", 1 << 20)
    data = b"0" * ((1 << 20) + 1)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    with pytest.raises(ArticleError, match="more than 1 MiB in one file"):
        read_whole(tmp_path / name)
    with pytest.raises(ArticleError, match=rf"{name}, line 1: more than 1 MiB in one line"):
        list(read_raw_lines(tmp_path / name))


def test_stdin_is_read_whole_up_to_the_limit(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1 << 20)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo\xff")))
    assert read_stdin() == b"one\ntwo\xff"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"0" * ((1 << 20) + 1))))
    with pytest.raises(ArticleError, match="stdin: more than 1 MiB in one file"):
        read_stdin()


def test_a_pipe_is_refused_without_waiting(tmp_path):
    """Nobody writes to it, so waiting would be for ever."""
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(ArticleError, match="not a regular file"):
        read_whole(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("name", "message"), [("none.txt", "no such file"), ("folder", "not a regular file|directory")]
)
def test_a_missing_file_and_a_folder_are_errors(tmp_path, name, message):
    """Named by their path."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArticleError, match=message):
        read_whole(tmp_path / name)
