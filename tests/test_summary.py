"""`stance report`: what the last run said, and what changed since another."""

import shutil

import pytest

from pipeline.base.paths import CHANGES, PREVIOUS, SENTENCE_ANSWERS
from tests.corpus import edit_params


@pytest.fixture
def rerun(project, stance):
    """The project after a run with another training parameter."""
    edit_params(project, "train", gold_weight=9.0)
    for verb in ("train", "apply", "evaluate"):
        assert stance(verb, "-q").code == 0
    return project


def test_the_report_is_printed_from_what_the_stages_left(project, stance):
    """Nothing is written, nothing is said of changes where there was no run before."""
    result = stance("report")
    assert (result.code, result.err) == (0, "")
    assert "84 sentences: " in result.out
    assert "majority class" in result.out
    assert "Since the run before" not in result.out
    assert not CHANGES.exists()
    assert stance("report", "--markdown").out == (project / "reports/report.md").read_text("utf-8")


def test_the_markdown_is_short_enough_for_a_pull_request(rerun, stance):
    """With the first sentences that moved; without a link or markup that a sentence could bring in."""
    result = stance("report", "--markdown").out
    assert "## What changed" in result
    assert len(result.splitlines()) < 60


def test_what_changed_since_the_run_before_is_said_with_its_cause_and_shown_on_both_pages(rerun, stance):
    """The run before is kept beside the project; the pages that the stages wrote stay as they are."""
    before = (rerun / "reports/index.html").read_bytes()
    result = stance("report").out
    assert "by parameters" in result
    assert "train.gold_weight" in result
    for name in ("index.html", "model.html"):
        assert "Parameters that differ: train.gold_weight" in (rerun / CHANGES / name).read_text("utf-8")
    assert (rerun / "reports/index.html").read_bytes() == before
    assert "## What changed" in stance("report", "--markdown").out


def test_a_table_of_answers_can_be_compared_with(rerun, stance):
    """Pages of an earlier comparison do not stay where nothing moved."""
    shutil.copy(PREVIOUS, "older.parquet")
    shutil.copy(SENTENCE_ANSWERS, "same.parquet")
    assert "train.gold_weight" in stance("report", "--against", "older.parquet").out
    assert list((rerun / CHANGES).iterdir()) != []
    assert (
        "Since same.parquet: 0 of 84 sentences got another stance." in stance("report", "--against", "same.parquet").out
    )
    assert list((rerun / CHANGES).iterdir()) == []


def test_a_revision_without_answers_is_one_line(project, stance):
    result = stance("report", "--against", "no-such-revision")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: revision no-such-revision: no table of answers (")
    assert result.err.count("\n") == 1
