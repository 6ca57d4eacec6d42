"""`stance doctor`: nothing to say where all fits, and a way to mend whatever does not."""

from itertools import product

import pytest

from pipeline.base.provenance import AGAIN, Finding
from pipeline.doctor import in_lines
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
    assert "data/labeled/train.parquet: changed since `train`, `apply`, `evaluate` ran" in result.out
    assert "models/model.joblib: the file is not the one that its manifest describes" in result.out


@pytest.mark.parametrize(
    ("path", "named", "stages"),
    [
        ("data/raw/story-00.txt", "data/raw", "`split`"),
        ("data/labeled/gold.jsonl", "data/labeled/gold.jsonl", "`label`, `evaluate`"),
        ("data/labeled/articles.parquet", "data/labeled/articles.parquet", "`apply`, `evaluate`"),
        ("reports/relations.csv", "reports/relations.csv", "`evaluate`"),
    ],
)
def test_what_every_stage_read_is_compared(stance, project, path, named, stages):
    """It notes the hashes as it reads; DVC would take those of a file that was edited meanwhile."""
    (project / "dvc.lock").write_text("stages: {}\n")
    with (project / path).open("ab") as file:
        file.write(b"\n")
    expected = f"{named}: changed since {stages} ran\ndoctor: 1 finding. Run `dvc repro`.\n"
    assert stance("doctor").out == expected


def test_changed_inputs_come_first_and_all_in_the_order_in_which_data_flows():
    """Whatever order they are found in, each kind of change is said once, with its stages."""
    found = [
        Finding("b", "not as `label` left it", "Run `dvc repro -f label`."),
        *(
            Finding(where, f"changed since `{s}` ran", AGAIN, s)
            for where, s in product("ba", ["own", "train", "label"])
        ),
        Finding("data/raw", "changed since `split` ran", AGAIN, "split"),
    ]
    assert in_lines(found) == [
        "data/raw: changed since `split` ran",
        "a: changed since `label`, `train`, `own` ran",
        "b: not as `label` left it, changed since `label`, `train`, `own` ran. Run `dvc repro -f label`.",
        "doctor: 3 findings. Run `dvc repro`.",
    ]


def test_parameters_are_checked_first(stance, project):
    edit_params(project, "train", cc=1)
    result = stance("doctor")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: params.yaml, train.cc: unknown parameter")
