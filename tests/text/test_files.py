"""Which files a folder holds, and the one form of their text."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.base.errors import ArticleError
from pipeline.text.paragraphs import list_files, normalise


def test_files_are_listed_sorted_and_with_their_folders(tmp_path):
    """Hidden files, DVC's and the usual documents of a repository are skipped."""
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


def test_a_missing_folder_and_a_file_in_its_place_are_errors(tmp_path):
    """Each says what to do or what was found."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArticleError, match=r"raw: no such folder\. Create it"):
        list_files(tmp_path / "raw")
    with pytest.raises(ArticleError, match="a file where a folder of articles was expected"):
        list_files(tmp_path / "file")


UNSEEN = "\x00\x07\x1b\x7f\x81\xad\u200b\u200c\u200d\u200e\u202a\u202e\u2060\u2066\ufe0f\ufeff\ue000"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb\rc\x85d\u2028e\x0cf\x0bg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\u2029b", "a\n\nb"),
        ("a\u00a0b\u202fc\u3000d\te", "a b c d e"),
        ("sup\u200bport and nego\xadtiate and com\xad\npromise", "support and negotiate and compromise"),
        (f"re{UNSEEN}jects", "rejects"),
        ("Zu\u0308rich", "Z\u00fcrich"),
        ("e\u200b\u0301", "\u00e9"),
        ("lone \ud800 half", "lone \ufffd half"),
    ],
    ids=[
        "line ends",
        "paragraph end",
        "spaces",
        "hyphenation",
        "unseen",
        "composed",
        "composed once bared",
        "surrogate",
    ],
)
def test_normalise(before, after):
    """Line ends, spaces, unseen characters and composition have one form."""
    assert normalise(before) == after


@given(st.text(st.one_of(st.characters(exclude_categories=[]), st.sampled_from(UNSEEN + "\r\n\u2028\u2029\u0308\xad"))))
def test_normalise_is_idempotent(text):
    """Normalised text stays as it is, is NFC, encodable, and has no character that nobody sees."""
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once.encode().decode()) & set(UNSEEN + "\r\t\xa0")
