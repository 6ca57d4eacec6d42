"""Stages as processes: one at a time, ended by SIGTERM with 143, not outliving DVC."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline.base.errors import StanceError
from pipeline.base.process import running, workers_would_import_from_here
from tests.imports import ROOT

STAGE = """
import sys, time
from pathlib import Path
from pipeline.base.process import ending_on_sigterm, running
try:
    with ending_on_sigterm(), running(Path(sys.argv[1]), "label"):
        print("ready", flush=True)
        time.sleep(60)
finally:
    print("cleaned up", flush=True)
"""


def start(lock, **env):
    child = subprocess.Popen(
        [sys.executable, "-c", STAGE, str(lock)],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.fixture
def stage(tmp_path):
    child = start(tmp_path / "lock")
    yield child
    child.kill()
    child.communicate()


def test_a_second_stage_is_told_who_holds_the_lock(tmp_path, stage):
    match = rf"lock: another stage is running in this project; got `label`, process {stage.pid}\. Wait for it"
    with pytest.raises(StanceError, match=match), running(tmp_path / "lock", "train"):
        pass


def test_a_killed_stage_leaves_no_lock(tmp_path, stage):
    stage.kill()
    stage.wait()
    with running(tmp_path / "lock", "train"):
        assert (tmp_path / "lock").read_text() == f"`train`, process {os.getpid()}\n"


def test_sigterm_ends_a_stage_with_143_after_cleaning_up(stage):
    stage.terminate()
    assert (stage.stdout.read(), stage.wait()) == ("cleaned up\n", 143)


STUCK = """
import threading
from pipeline.base.process import ending_on_sigterm
with ending_on_sigterm():
    threading.Thread(target=threading.Event().wait).start()
    print("ready", flush=True)
    threading.Event().wait()
"""


def test_sigterm_ends_a_process_also_where_a_thread_of_it_never_ends():
    child = subprocess.Popen([sys.executable, "-c", STUCK], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    child.terminate()
    assert child.wait(30) == 143
    child.communicate()


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
        return file.read().rpartition(")")[2].split()[0] != "Z"


PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]], stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize(("env", "ends"), [({"DVC_STAGE": "label"}, True), ({}, False)])
def test_a_stage_that_dvc_started_does_not_outlive_it(tmp_path, env, ends):
    """One that a person started does: with nohup, say."""
    environ = {name: value for name, value in os.environ.items() if name != "DVC_STAGE"}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, STAGE, str(tmp_path / "lock")],
        cwd=ROOT,
        env={**environ, **env},
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + (20 if ends else 1)
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert is_alive(pid) != ends
    if not ends:
        os.kill(pid, signal.SIGKILL)


COMMAND = """
import sys
from pipeline.cli.app import main
if __name__ == "__main__":
    sys.exit(main())
"""
"""What an installer writes for a console script."""


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "here"
    (folder / "pipeline").mkdir(parents=True)
    for name in ("csv.py", "random.py", "numpy.py", "joblib.py", "typing.py", "pipeline/__init__.py"):
        (folder / name).write_text("open('was-run', 'w')\nraise SystemExit('run by mistake')\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.skipif(sys.version_info < (3, 11), reason="before 3.11 such folders are served by one process")
@pytest.mark.parametrize("args", [["--help"], ["predict", "--jobs", "2", "-i", "in.txt"]], ids=["help", "workers"])
def test_modules_in_the_working_directory_are_not_run(here, trained, tmp_path, args):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/stance").write_text(COMMAND)
    (here / "in.txt").write_text("Oslo agreed.\n" * 4001)
    model = ["--model", str(trained / "models/model.joblib")] if args[0] == "predict" else []
    done = subprocess.run(
        [sys.executable, str(tmp_path / "bin/stance"), *args, *model],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (here / "was-run").exists()


@pytest.mark.parametrize(("name", "expected"), [("csv.py", True), ("notes.txt", False)])
def test_before_python_3_11_such_a_folder_is_noticed(tmp_path, monkeypatch, name, expected):
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).touch()
    assert workers_would_import_from_here() == expected


WORKER = """
import os, subprocess, sys, time
from pipeline.base.process import end_after
end_after(int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid())
print(os.getpid(), flush=True)
time.sleep(60)
"""
EMPLOYER = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline(), end="", flush=True)
child.wait()
"""


def ends_within(pid, seconds):
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_waits_for_work_ends_after_its_parent():
    """Also where nobody could tell it: the parent was killed."""
    parent = subprocess.Popen([sys.executable, "-c", EMPLOYER, WORKER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    assert not ends_within(worker, 1.5)
    parent.kill()
    parent.communicate()
    assert ends_within(worker, 20)


def test_a_process_whose_parent_ended_before_it_looked_ends_at_once():
    child = subprocess.run([sys.executable, "-c", WORKER, "1"], cwd=ROOT, stdout=subprocess.PIPE, timeout=30)
    assert child.returncode == 1
