"""Training: learns what there is to learn, the same again, and goes on where it was stopped."""

import numpy as np
import pytest

from pipeline.base.errors import InputError, TrainingError
from pipeline.reader.training import Settings, train_reader, training_data
from tests.tiny_encoder import ROWS

SETTINGS = Settings(rank=4, epochs=12, rate=1e-2, head_rate=1e-2, tokens=80)


@pytest.fixture(scope="module")
def trained(base):
    return train_reader(training_data(ROWS, "rows"), str(base), SETTINGS)


def equal(one, other):
    return one.tensors.keys() == other.tensors.keys() and all(
        (one.tensors[name] == other.tensors[name]).all() for name in one.tensors
    )


def test_it_learns_what_the_labels_say(trained, base, data, tmp_path):
    from pipeline.reader.predicting import Reader

    read = Reader(trained, str(base), cache=tmp_path / "cache.sqlite").log_proba(data.texts)
    assert (read.argmax(axis=1) == data.stances).mean() > 0.9


def test_it_gives_the_same_again(trained, base, data):
    assert equal(trained, train_reader(data, str(base), SETTINGS))
    other = train_reader(data, str(base), Settings(**{**vars(SETTINGS), "seed": 1}))
    assert not equal(trained, other)


def test_the_card_says_on_what(trained, data):
    training = trained.card["training"]
    assert (training["sentences"], training["articles"]) == (36, 4)
    assert training["labels"] == {"opposition": 12, "neutral": 12, "agreement": 12}
    assert training["sha256"] == data.identity
    assert training["settings"]["rank"] == trained.card["network"]["rank"] == 4


def test_a_training_that_was_stopped_ends_as_if_it_had_not_been(trained, base, data, tmp_path, monkeypatch):
    """Stopped by the third state that cannot be written, which leaves the second whole."""
    file, written = tmp_path / "state", []
    with monkeypatch.context() as patch:
        from safetensors import torch as tensors_of_torch

        whole = tensors_of_torch.save
        patch.setattr(tensors_of_torch, "save", lambda tensors, about: refuse(whole, written, tensors, about))
        with pytest.raises(KeyboardInterrupt):
            train_reader(data, str(base), SETTINGS, checkpoint=file, every=5)
    assert written == ["5", "10"]
    assert equal(trained, train_reader(data, str(base), SETTINGS, checkpoint=file, every=5))
    assert equal(trained, train_reader(data, str(base), SETTINGS, checkpoint=file))  # nothing is left to do


def refuse(save, written, tensors, about):
    if len(written) == 2:
        raise KeyboardInterrupt
    written.append(about["step"])
    return save(tensors, about)


def test_a_checkpoint_of_another_training_is_not_used(trained, base, data, tmp_path, caplog):
    file = tmp_path / "state"
    train_reader(data, str(base), Settings(**{**vars(SETTINGS), "seed": 1, "epochs": 1}), checkpoint=file)
    assert equal(trained, train_reader(data, str(base), SETTINGS, checkpoint=file))
    assert "of other data, settings or base model; training starts over" in caplog.text


def test_a_broken_checkpoint_is_named(base, data, tmp_path):
    (tmp_path / "state").write_bytes(b"no tensors")
    with pytest.raises(InputError, match=r"state: no checkpoint .* Delete it to start over"):
        train_reader(data, str(base), SETTINGS, checkpoint=tmp_path / "state")


def test_one_stance_is_nothing_to_learn():
    data = training_data([{"text": "a", "label": "neutral"}], "rows")
    with pytest.raises(TrainingError, match="nothing to tell apart; expected sentences of at least two stances"):
        train_reader(data, "anywhere")


def test_targets_may_be_soft(base, data):
    from pipeline.reader.training import TrainingData

    soft = TrainingData(data.texts, np.full_like(data.targets, 1 / 3) + 0.01 * data.targets, data.articles)
    assert train_reader(soft, str(base), Settings(rank=1, epochs=1)).card["training"]["loss"] > 1
