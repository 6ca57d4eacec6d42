"""Training: learns what there is to learn, the same again, and goes on where it was stopped."""

import numpy as np
import pytest

from pipeline.base.errors import InputError, TrainingError
from pipeline.reader.training import (
    Settings,
    apart_from,
    hash_of,
    held_out,
    joined,
    labelled,
    near_any,
    read_labels,
    train_reader,
    training_data,
)
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
    with pytest.raises(TrainingError, match="too few stances to learn from; expected sentences of at least two"):
        train_reader(data, "anywhere")


def test_targets_may_be_soft(base, data):
    from pipeline.reader.training import TrainingData

    soft = TrainingData(data.texts, np.full_like(data.targets, 1 / 3) + 0.01 * data.targets, data.articles)
    assert train_reader(soft, str(base), Settings(rank=1, epochs=1)).card["training"]["loss"] > 1


LONG = "The two neighbours agreed on Monday to open the bridge to lorries before the end of the year."


def test_targets_say_how_sure_a_label_is():
    rows = [
        {"text": "a", "label": "opposition"},
        {"text": "b", "label": "agreement", "mixed": True},
        {"text": "c", "label": "mixed"},
        {"text": "d", "label": None},
        {"text": "e", "soft_label": [0.2, 0.5, 0.3]},
    ]
    data = training_data(rows, "file")
    assert data.texts == ["a", "b", "e"]
    assert data.targets == pytest.approx(np.array([[0.96, 0.02, 0.02], [0.1, 0.1, 0.8], [0.2, 0.5, 0.3]]))
    assert data.stances.tolist() == [0, 2, 1]


def test_sentences_of_one_article_are_known_by_any_of_three_columns():
    rows = [
        {"text": "a", "label": "neutral", "id": "x:0"},
        {"text": "b", "label": "neutral", "id": "x:1"},
        {"text": "c", "label": "neutral", "article": "y"},
        {"text": "d", "label": "neutral", "article_id": "y"},
        {"text": "e", "label": "neutral"},
    ]
    assert training_data(rows, "file").articles == ["x", "x", "y", "y", "file 5"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"label": "agreemnt"}, r"file, row 1: unknown label; .* got 'agreemnt'. Did you mean 'agreement'\?"),
        ({"soft_label": [0.5, 0.5]}, r"file, row 1: no soft label; expected 3 probabilities that sum to 1"),
        ({"soft_label": [0.5, 0.5, 0.5]}, r"no soft label"),
        ({"soft_label": "neutral"}, r"no soft label; .* got neutral"),
    ],
)
def test_a_row_that_cannot_be_learnt_from_is_named(row, expected):
    with pytest.raises(InputError, match=expected):
        training_data([{"text": "a", **row}], "file")


def test_labels_are_known_by_the_hash_of_a_sentence(tmp_path):
    file = tmp_path / "labels.tsv"
    file.write_text(f"{hash_of('Oslo met Lima.')}\tneutral\t1\n", "utf-8")
    rows = [{"text": "Oslo met Lima."}, {"text": "Other."}, {"text": "Oslo met Lima.", "label": "agreement"}]
    data = training_data(labelled(rows, read_labels(file)), "rows")
    assert data.stances.tolist() == [1, 2]
    assert data.targets.max(axis=1) == pytest.approx([0.8, 0.96])
    file.write_text("abc\tyes\t1\n", "utf-8")
    with pytest.raises(InputError, match=r"labels\.tsv, line 1: no label by hash; expected hash, stance, 0 or 1"):
        read_labels(file)


def test_equal_sentences_are_learnt_once_as_first_said():
    parts = [training_data([{"text": "a", "label": label}], label) for label in ("opposition", "agreement")]
    both = joined(parts)
    assert (both.texts, both.stances.tolist(), both.articles) == (["a"], [0], ["opposition 1"])
    assert len(joined([])) == 0


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (LONG, True),
        (LONG.upper().replace(",", ""), True),
        (LONG.replace("lorries", "buses"), True),
        (f"{LONG} Then more was said by both of them, and much of it had been heard before in the capital.", True),
        (LONG.replace("agreed", "met").replace("bridge", "gate").replace("before", "at"), False),
        ("He said so.", True),
        ("He didn’t.", True),
        ("He said no.", False),
        ("", False),
    ],
)
def test_what_nearly_stands_in_an_evaluation_is_found(text, near):
    """By runs of four words; shorter sentences only where they are equal, case and punctuation apart."""
    assert near_any([text], [LONG, "he said so", "He didn't!"]).tolist() == [near]


def test_it_is_left_out(data):
    kept = apart_from(data, [data.texts[0], "Something else."])
    assert kept.texts == data.texts[1:]
    assert kept.identity != data.identity


def test_whole_articles_are_held_out_the_same_ones_in_a_larger_corpus(data):
    rows = [{"text": f"{k}", "label": "neutral", "article_id": f"a{k // 5}"} for k in range(2000)]
    large = training_data(rows, "rows")
    aside = held_out(large, 0.2)
    assert 0.14 < aside.mean() < 0.26
    assert all(len(set(aside[k : k + 5].tolist())) == 1 for k in range(0, 2000, 5))
    assert held_out(large[np.arange(100)], 0.2).tolist() == aside[:100].tolist()
    assert not held_out(large, 0.0).any()
