"""The sets that systems are scored on, and how the scripts end that score them."""

import json
import logging
from importlib import import_module

import numpy as np
import pytest

from benchmarks.evaluation_sets import OWN, UNREAD, EvaluationSet, load_sets, run_script
from pipeline.base.params import Params
from pipeline.base.stances import STANCES
from tests.imports import ROOT

PARAMS = Params()


def set_of(gold, name="some"):
    return EvaluationSet(
        name, [f"Sentence {k}." for k in range(len(gold))], np.array(gold), np.arange(len(gold)), PARAMS
    )


def test_all_three_stances_count_where_one_is_neutral():
    """Opposition and neutral right, agreement taken for neutral: F1 of 1, 2/3 and 0."""
    value, draws = set_of([0, 1, 2]).score(np.array([[0.9, 0.1, 0], [0.1, 0.9, 0], [0, 0.9, 0.1]]))
    assert value == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert draws.shape == (PARAMS.evaluate.resamples,)


def test_without_neutral_sentences_the_other_two_compete():
    """An answer that would be neutral goes to the likelier of the two."""
    value, _ = set_of([0, 2, 2]).score(np.array([[0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0, 0.9, 0.1]]))
    assert value == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_what_is_not_there_is_left_out_and_news_has_an_unread_half(trained, tmp_path, monkeypatch, capsys):
    """The own test fold is always there; of two files of news every second line of each was not read.

    A sentence that stands twice counts once, and as read where it was read once.
    """
    monkeypatch.chdir(trained)
    for name, texts in (("news_dev", "abc"), ("news_dev_more", "dbefde")):
        rows = [{"text": text, "label": STANCES[k % 3]} for k, text in enumerate(texts)]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    sets = {s.name: s for s in load_sets(tmp_path, PARAMS)}
    assert list(sets) == [OWN, "world and U.S. news", UNREAD]
    assert sets["world and U.S. news"].texts == list("abcdef")
    assert sets["world and U.S. news"].gold.tolist() == [0, 1, 2, 0, 2, 0]
    assert sets[UNREAD].texts == list("bf")
    assert sets[UNREAD].gold.tolist() == [1, 0]
    assert "political relations: left out" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["comparison", "learning", "reader", "variety", "prediction"])
def test_without_the_outputs_of_the_stages_a_script_names_what_is_missing_and_how_it_is_made(
    tmp_path, monkeypatch, capsys, name
):
    for file in ("params.yaml", "dvc.yaml"):
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [name])
    try:
        with pytest.raises(SystemExit) as done:
            run_script(import_module(f"benchmarks.{name}").main)
    finally:
        logging.disable(logging.NOTSET)
    line, nothing_else = capsys.readouterr().err.split("\n", 1)
    assert (done.value.code, nothing_else) == (2, "")
    assert line.startswith(("error: data/labeled/", "error: models/model.joblib: no such model file"))
    assert "Run `dvc repro`" in line
