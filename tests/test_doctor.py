"""`stance doctor`: nothing to say where all fits, and a way to mend whatever does not."""

import pytest

from tests.corpus import edit_params


def test_without_a_lock_nothing_has_been_run(stance, project):
    result = stance("doctor")
    assert result.code == 1
    assert result.out == "dvc.lock: no such file: nothing has been run\ndoctor: 1 finding. Run `dvc repro`.\n"


def test_a_model_that_was_changed_or_made_of_other_inputs_is_named(stance, project):
    (project / "dvc.lock").write_text("stages: {}\n")
    result = stance("doctor")
    assert (result.code, result.out) == (0, "doctor: everything fits\n")
    (project / "data/labeled/train.parquet").write_bytes(b"other")
    with (project / "models/model.joblib").open("ab") as file:
        file.write(b"x")
    result = stance("doctor")
    assert result.code == 1
    assert "data/labeled/train.parquet: not what models/model.joblib was made of" in result.out
    assert "models/model.joblib: the file is not the one that its manifest describes" in result.out


@pytest.mark.parametrize(
    ("path", "named", "outputs"),
    [
        ("data/raw/story-00.txt", "data/raw", ["data/labeled/sentences.parquet"]),
        ("data/labeled/gold.jsonl", "data/labeled/gold.jsonl", ["data/labeled/label_model.joblib", "reports"]),
        ("data/labeled/articles.parquet", "data/labeled/articles.parquet", ["reports/sentences.parquet", "reports"]),
        ("reports/relations.csv", "reports/relations.csv", ["reports"]),
    ],
)
def test_what_every_stage_read_is_compared(stance, project, path, named, outputs):
    """It notes the hashes as it reads; DVC would take those of a file that was edited meanwhile."""
    (project / "dvc.lock").write_text("stages: {}\n")
    with (project / path).open("ab") as file:
        file.write(b"\n")
    expected = ", ".join(f"not what {output} was made of" for output in outputs)
    assert stance("doctor").out == f"{named}: {expected}\ndoctor: 1 finding. Run `dvc repro`.\n"


def test_parameters_are_checked_first(stance, project):
    edit_params(project, "train", cc=1)
    result = stance("doctor")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: params.yaml, train.cc: unknown parameter")
