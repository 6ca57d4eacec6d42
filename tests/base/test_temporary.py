"""Temporary files: what a killed writer left is removed by the next one, what another is writing is not."""

import os
import subprocess
import sys
import tempfile

import pytest

from pipeline.base.storage import is_temporary, replacing, scratch_folder
from tests.imports import ROOT

WRITER = """
import os, sys
from pathlib import Path
from pipeline.base.storage import scratch_folder, replacing
with replacing(Path(sys.argv[1])) as fd:
    os.write(fd, b"half")
    print("ready", flush=True)
    sys.stdin.read()
"""


def start_writer(path):
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"ready\n"
    return child


def temporaries(folder):
    return [path.name for path in folder.iterdir() if is_temporary(path.name)]


def write(path, data):
    with replacing(path) as fd:
        open(fd, "wb", closefd=False).write(data)  # noqa: SIM115


def test_what_a_killed_writer_left_is_removed_by_the_next_one(tmp_path):
    child = start_writer(tmp_path / "out")
    child.kill()
    child.communicate()
    assert len(temporaries(tmp_path)) == 1
    write(tmp_path / "out", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_another_process_is_writing_stays(tmp_path):
    child = start_writer(tmp_path / "out")
    write(tmp_path / "out", b"new")
    assert len(temporaries(tmp_path)) == 1
    child.communicate(b"")
    assert child.returncode == 0
    assert (tmp_path / "out").read_bytes() == b"half"
    assert temporaries(tmp_path) == []


def test_files_of_others_stay(tmp_path):
    others = [".out.tmp", ".out.abcd1234.tmp", ".other.0123456789abcdef.tmp", "out.0123456789abcdef.tmp"]
    for name in others:
        (tmp_path / name).write_text("mine")
    write(tmp_path / "out", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "out"])


def test_links_and_pipes_that_look_like_orphans_lead_nowhere_and_stop_nobody(tmp_path):
    """A link stays with what it leads to; a pipe, which would be waited for, is gone."""
    folder, precious = tmp_path / "here", tmp_path / "precious"
    folder.mkdir()
    precious.write_text("mine")
    link, pipe = (folder / f".out.{digit * 16}.tmp" for digit in "ab")
    link.symlink_to(precious)
    os.mkfifo(pipe)
    write(folder / "out", b"new")
    assert sorted(path.name for path in folder.iterdir()) == sorted([link.name, "out"])
    assert link.read_text() == "mine"


def test_a_name_of_any_length_can_be_written(tmp_path):
    write(tmp_path / ("x" * 250), b"new")
    assert (tmp_path / ("x" * 250)).read_bytes() == b"new"


SCRATCH = """
import sys
from pipeline.base.storage import scratch_folder, scratch_folder
with scratch_folder() as folder:
    (folder / "deep").mkdir()
    (folder / "deep/file").write_text("half")
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The place for scratch folders, with one that another process is using."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    pipe = subprocess.PIPE
    child = subprocess.Popen([sys.executable, "-c", SCRATCH], cwd=ROOT, stdin=pipe, stdout=pipe)
    assert child.stdout.readline() == b"ready\n"
    yield child
    child.kill()
    child.communicate()


def test_a_scratch_folder_is_there_for_the_block_and_another_ones_stays(tmp_path, scratch):
    (others,) = tmp_path.iterdir()
    with scratch_folder() as folder:
        assert sorted(tmp_path.iterdir()) == sorted([others, folder])
        (folder / "file").touch()
    assert list(tmp_path.iterdir()) == [others]
    scratch.communicate(b"")
    assert list(tmp_path.iterdir()) == []


def test_the_scratch_folder_of_a_killed_process_is_removed_by_the_next(tmp_path, scratch):
    (tmp_path / "stance-other").mkdir()
    (orphan,) = tmp_path.glob("*scratch*")
    scratch.kill()
    scratch.communicate()
    assert (orphan / "deep/file").exists()
    with scratch_folder() as folder:
        assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "stance-other", folder])
