"""The model: rows in order, the same alone, in a batch and over processes, and clear refusals."""

import numpy as np
import pytest

from pipeline.errors import InputError
from pipeline.model import stance_model
from pipeline.stances import STANCES

TEXTS = ["Freedonia rejected the offer.", "Freedonia met on Tuesday.", "Freedonia signed the pact.", "", "¿¡…", "No."]


def test_probabilities_are_float64_rows_that_sum_to_one(model):
    proba = model.predict_proba(TEXTS)
    assert (proba.shape, proba.dtype) == ((len(TEXTS), 3), np.float64)
    assert proba.sum(axis=1) == pytest.approx(np.ones(len(TEXTS)))


def test_predictions_are_names_of_stances(model):
    assert model.predict(TEXTS)[:3].tolist() == ["opposition", "neutral", "agreement"]


def test_a_sentence_gets_the_same_bits_alone_and_in_a_batch(model, monkeypatch):
    whole = model.predict_proba(TEXTS * 5)
    monkeypatch.setattr(stance_model, "BATCH", 1)
    assert (model.predict_proba(TEXTS * 5) == whole).all()


def test_processes_give_the_same_rows_in_the_same_order(model, monkeypatch):
    monkeypatch.setattr(stance_model, "_SHARE", 10)
    assert (model.predict_proba(TEXTS * 5, n_jobs=2) == model.predict_proba(TEXTS * 5)).all()


def test_no_sentences_give_no_rows(model):
    assert model.predict_proba([]).shape == (0, 3)
    assert model.predict([]).shape == (0,)


def test_empty_text_gets_one_of_the_three(model):
    assert model.predict([""])[0] in STANCES


def test_any_iterable_of_strings_will_do(model):
    assert model.predict(text for text in TEXTS).tolist() == model.predict(np.array(TEXTS)).tolist()


@pytest.mark.parametrize("bad", [None, 7, b"bytes"])
def test_what_is_not_a_string_is_named_by_its_position(model, bad):
    with pytest.raises(InputError, match=rf"sentence 1: not a string.*{type(bad).__name__}"):
        model.predict(["Fine.", bad])


def test_the_position_counts_over_all_batches(model, monkeypatch):
    monkeypatch.setattr(stance_model, "BATCH", 2)
    with pytest.raises(InputError, match="sentence 4: not a string"):
        model.predict(["Fine."] * 4 + [None])


def test_a_single_string_is_refused_not_read_letter_by_letter(model):
    with pytest.raises(InputError, match="list of sentences"):
        model.predict("Freedonia rejected the offer.")


def test_the_label_model_can_answer_alone(model, label_model):
    _, proba = model.read(TEXTS)
    assert (model.using("label-model").predict_proba(TEXTS) == proba).all()
    assert (model.using("label-model").using("classifier").predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()


def test_an_unknown_answerer_is_refused_with_the_nearest_name(model):
    with pytest.raises(InputError, match="Did you mean 'label-model'"):
        model.using("label_model")
