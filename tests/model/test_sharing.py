"""Answers from other processes: whose they are, in what order, and what is kept."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from pipeline.model import stance_model as sharing
from pipeline.model.stance_model import shared_answers

BATCHES = [["They agree."], ["They disagree.", "It rains."], [], ["They met."]]


class Counting:
    """Stands for a model: answers with the length of each text, and its own number."""

    def __init__(self, number: int):
        self.number = number

    def predict_batch(self, texts):
        return np.array([[len(text), self.number] for text in texts]).reshape(-1, 2)


def test_batches_are_answered_in_their_order():
    found = list(shared_answers(Counting(1), BATCHES, n_jobs=2))
    assert [rows.tolist() for rows in found] == [Counting(1).predict_batch(batch).tolist() for batch in BATCHES]


def test_models_side_by_side_each_answer_for_themselves():
    one, other = (shared_answers(Counting(k), BATCHES * 3, n_jobs=2) for k in (1, 2))
    for left, right in zip(one, other, strict=True):
        assert (left[:, 1] == 1).all()
        assert (right[:, 1] == 2).all()


def test_only_a_few_batches_are_asked_for_ahead():
    taken = []
    batches = (taken.append(k) or ["They met."] for k in range(100))
    found = shared_answers(Counting(1), batches, n_jobs=2)
    next(found)
    assert len(taken) <= 6
    found.close()


def test_a_process_keeps_the_models_it_was_sent_last(tmp_path, monkeypatch):
    monkeypatch.setattr(sharing, "_KEPT", {})
    for k in range(3):
        (tmp_path / str(k)).write_bytes(pickle.dumps(Counting(k)))
        assert sharing._answer(str(tmp_path / str(k)), ["They met."])[0, 1] == k
    assert list(sharing._KEPT) == ["1", "2"]
    for name in ("0", "2"):
        Path(tmp_path / name).unlink()
    assert sharing._answer(str(tmp_path / "2"), ["They met."])[0, 1] == 2
    with pytest.raises(FileNotFoundError):
        sharing._answer(str(tmp_path / "0"), ["They met."])
