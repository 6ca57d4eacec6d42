"""Files in the working directory that are called like modules are not run, by the command or by its workers."""

import os
import subprocess
import sys

import pytest

from pipeline.base.process import workers_would_import_from_here
from tests.imports import ROOT

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
