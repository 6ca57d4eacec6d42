"""Paths: what to do where an output of a stage is missing."""

from pathlib import Path

import pytest

from pipeline.base.errors import InputError
from pipeline.base.paths import ARTICLES, MODEL, SHIPPED_MODEL, lf_folders, model_file
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


@pytest.mark.parametrize("again", ["lfs", "./lfs/", "other/../lfs"])
def test_a_folder_of_labeling_functions_that_is_named_twice_is_read_once(tmp_path, monkeypatch, again):
    monkeypatch.chdir(tmp_path)
    for folder in ("lfs", "other"):
        Path(folder).mkdir()
    assert lf_folders([again, "other"]) == [Path(again), Path("other")]
    Path("lfs/mine.yaml").touch()
    assert lf_folders([again, "other"]) == lf_folders(["other"]) == [Path("lfs"), Path("other")]


def test_the_model_is_the_one_asked_for_or_the_projects_own_or_the_one_that_ships(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert model_file("mine.joblib") == Path("mine.joblib")
    assert model_file() == SHIPPED_MODEL
    MODEL.parent.mkdir()
    MODEL.touch()
    assert model_file() == MODEL
