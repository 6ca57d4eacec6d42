"""Paths: what to do where an output of a stage is missing."""

import pytest

from pipeline.base.errors import InputError
from pipeline.base.paths import ARTICLES
from pipeline.base.storage import read_table


@pytest.mark.parametrize(
    ("file", "remedy"),
    [("params.yaml", "Run `dvc repro` first."), ("notes.txt", "This is not the folder of a project")],
)
def test_outside_of_a_project_nobody_is_told_to_run_it(tmp_path, monkeypatch, file, remedy):
    (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=rf"no such file\. {remedy}"):
        read_table(ARTICLES)
