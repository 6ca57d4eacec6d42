"""The model: rows in order, the same alone, in a batch and over processes, and clear refusals."""

import operator
import pickle
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from pipeline.base.errors import InputError, LFError
from pipeline.base.stances import STANCES
from pipeline.model import stance_model
from pipeline.model import stance_model as sharing
from pipeline.model.stance_model import answer_sentences, shared_answers
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet

TEXTS = ["Freedonia rejected the offer.", "Freedonia met on Tuesday.", "Freedonia signed the pact.", "", "¿¡…", "No."]


def test_probabilities_are_float64_rows_that_sum_to_one(model):
    proba = model.predict_proba(TEXTS)
    assert (proba.shape, proba.dtype) == ((len(TEXTS), 3), np.float64)
    assert proba.sum(axis=1) == pytest.approx(np.ones(len(TEXTS)))


def test_predictions_are_names_of_stances(model):
    assert model.predict(TEXTS)[:3].tolist() == ["opposition", "neutral", "agreement"]


@pytest.mark.parametrize("unseen", ["\0", "\x1f", "\xad", "\u034f", "\u200b", "\u2060", "\ufe0f", "\ue000"])
def test_characters_that_nobody_sees_change_nothing(model, unseen):
    damaged = [f"Freedonia rej{unseen}ected the offer."]
    assert (model.predict_proba(damaged) == model.predict_proba(TEXTS[:1])).all()


def test_a_sentence_gets_the_same_bits_alone_and_in_a_batch(model, monkeypatch):
    whole = model.predict_proba(TEXTS * 5)
    monkeypatch.setattr(stance_model, "BATCH", 1)
    assert (model.predict_proba(TEXTS * 5) == whole).all()


def test_processes_give_the_same_rows_in_the_same_order(model, monkeypatch):
    monkeypatch.setattr(stance_model, "BATCH", 4)
    assert (model.predict_proba(TEXTS * 5, n_jobs=2) == model.predict_proba(TEXTS * 5)).all()


def test_models_that_predict_side_by_side_each_answer_for_themselves(model):
    batches = [[text] for text in TEXTS * 3]
    models = model, model.using("label-model")
    found = zip(*(one.predict_batches(batches, n_jobs=2) for one in models), strict=True)
    for one, rows in zip(models, zip(*found, strict=True), strict=True):
        assert (np.concatenate(rows) == one.predict_proba(TEXTS * 3)).all()


@pytest.mark.parametrize("jobs", [1, 2])
def test_batches_are_answered_in_order_and_taken_only_as_they_are_needed(model, jobs):
    taken = []
    endless = (taken.append(i) or [f"Party {i} met.", "No."] for i in count())
    found = model.predict_batches(endless, n_jobs=jobs)
    first = [next(found) for _ in range(2)]
    assert len(taken) <= 2 + sharing._AHEAD * jobs + 1
    assert (np.concatenate(first) == model.predict_proba(["Party 0 met.", "No.", "Party 1 met.", "No."])).all()


def test_one_batch_is_worth_no_other_process(model, monkeypatch):
    monkeypatch.setattr(sharing, "shared_answers", lambda *_, **__: pytest.fail("no process was needed"))
    assert [len(proba) for proba in model.predict_batches([TEXTS], n_jobs=2)] == [len(TEXTS)]
    assert list(model.predict_batches([], n_jobs=2)) == []


def test_what_fails_in_another_process_is_told_as_it_is(model):
    lfs = LFSet([LF("faulty", 1, "a rule", "a reason", "mine.py", function=operator.attrgetter("nothing"))])
    batches = [["One."], ["Two."], ["Three."]]
    with pytest.raises(LFError, match=r"mine\.py, faulty: fails on a sentence \(AttributeError"):
        list(replace(model, lfs=lfs).predict_batches(batches, n_jobs=2))


def test_with_an_encoder_a_sentence_gets_the_same_bits_alone_and_in_a_batch(embedding_model, monkeypatch):
    whole = embedding_model.predict_proba(TEXTS * 5, n_jobs=2)
    monkeypatch.setattr(stance_model, "BATCH", 1)
    assert (embedding_model.predict_proba(TEXTS * 5, n_jobs=2) == whole).all()


def test_where_the_label_model_answers_nothing_is_encoded(embedding_model, model, asked):
    before = len(asked)
    by_label_model = embedding_model.using("label-model")
    assert (by_label_model.predict_proba(["New."]) == model.using("label-model").predict_proba(["New."])).all()
    assert len(asked) == before


def test_a_reader_answers_together_with_the_classifier(reading_model, model):
    texts = ["Freedonia snubbed the envoy.", "Freedonia signed the pact.", "Freedonia snubbed them and signed."]
    reader, proba = reading_model.reader, reading_model.predict_proba(texts)
    own = model.predict_proba(texts)
    assert proba == pytest.approx(reader.combination.proba(reader.log_proba(texts), own), abs=1e-6)
    assert reading_model.predict(texts)[0] == "opposition"
    assert reading_model.predict_proba([]).shape == (0, 3)


def test_it_has_a_threshold_of_its_own(reading_model):
    assert reading_model.abstained(np.array([[0.65, 0.2, 0.15], [0.75, 0.15, 0.1]])).tolist() == [True, False]


def test_a_reader_is_asked_only_where_it_answers_and_in_one_process(reading_model, model):
    reader = reading_model.reader
    assert (reading_model.using("classifier").predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()
    assert reader.asked == []
    assert [len(proba) for proba in reading_model.predict_batches([TEXTS, TEXTS], n_jobs=2)] == [len(TEXTS)] * 2
    assert reader.asked == TEXTS * 2


def test_a_model_without_a_reader_takes_the_one_that_ships(model):
    pytest.importorskip("safetensors", reason="the extra `reader` is not installed (safetensors)")
    assert model.using("reader").reader.adapter.card["base"]["name"] == "sentence-transformers/all-MiniLM-L6-v2"


def test_the_larger_one_is_asked_for_by_name(model):
    pytest.importorskip("safetensors", reason="the extra `reader` is not installed (safetensors)")
    large = model.using("reader-large")
    assert large.answered_by == "reader"
    assert large.reader.adapter.card["base"]["name"] == "sentence-transformers/all-mpnet-base-v2"
    own = replace(large, reader=replace(large.reader, threshold=0.9))
    assert own.using("reader-large").reader == own.reader
    assert own.using("classifier").using("reader").reader == own.reader


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
    _, proba = model.parse(TEXTS)
    assert (model.using("label-model").predict_proba(TEXTS) == proba).all()
    assert (model.using("label-model").using("classifier").predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()


def test_an_unknown_answerer_is_refused_with_the_nearest_name(model):
    with pytest.raises(InputError, match="Did you mean 'label-model'"):
        model.using("label_model")


@pytest.mark.parametrize("jobs", [0, -1, 1.5, "2", True])
def test_a_number_of_processes_that_is_none_is_refused(model, jobs):
    with pytest.raises(InputError, match="n_jobs: bad number of processes; expected 1 or more"):
        model.predict(TEXTS, n_jobs=jobs)


def test_sentences_of_an_article_are_answered_with_their_neighbours_and_none_alone(model):
    """The same sentence between rejections and between signatures; without articles each stands alone."""
    middle = "They met in the capital."
    bad, good = [[text, middle, text] for text in ("They rejected it.", "They signed it.")]
    texts, articles = [*bad, *good], list("aaabbb")
    together, alone = model.predict_proba(texts, articles=articles), model.predict_proba(texts)
    assert (together[1] != together[4]).any()
    assert (alone[1] == alone[4]).all()
    assert (model.predict_proba(texts, articles=[None] * 6) == alone).all()


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_batch_ends_inside_an_article(model, monkeypatch, jobs):
    texts, articles = TEXTS * 5, np.repeat(["a", "b", "c"], 10).tolist()
    whole = model.predict_proba(texts, articles=articles)
    monkeypatch.setattr(stance_model, "BATCH", 4)
    assert (model.predict_proba(texts, jobs, articles=articles) == whole).all()


def test_each_sentence_needs_an_article(model):
    with pytest.raises(InputError, match="articles: each sentence needs an article; expected 2; got 1"):
        model.predict(["No.", "No."], articles=["a"])


def test_answers_are_those_of_the_model_whatever_the_batch(model, monkeypatch):
    texts = ["They refused the offer.", "It rained.", "They signed a treaty.", "", "They met."]
    articles = ["a", "a", "b", "b", "b"]
    answers = list(answer_sentences(model, texts, articles))
    proba = model.predict_proba(texts, articles=articles)
    np.testing.assert_allclose([answer.proba for answer in answers], proba)
    assert [answer.explanation["label"] for answer in answers] == model.predict(texts, articles=articles).tolist()
    assert [answer.abstained for answer in answers] == model.abstained(proba).tolist()
    monkeypatch.setattr(stance_model, "BATCH", 1)
    again = answer_sentences(model, texts, articles)
    assert [answer.explanation for answer in again] == [answer.explanation for answer in answers]


def test_a_sentence_is_parsed_once_for_its_answer_its_reasons_and_its_hits(model, parsed):
    answers = list(answer_sentences(model, TEXTS, ["a"] * len(TEXTS)))
    assert parsed == TEXTS
    assert [bool(answer.hits) for answer in answers] == [True, False, True, False, False, False]


BATCHES = [["They agree."], ["They disagree.", "It rains."], [], ["They met."]]


class Counting:
    """Stands for a model: answers with the length of each text, and its own number."""

    def __init__(self, number: int):
        self.number = number

    def answer_batch(self, texts, *, explain):
        return np.array([[len(text), self.number] for text in texts]).reshape(-1, 2)


def test_batches_are_answered_in_their_order():
    found = list(shared_answers(Counting(1), BATCHES, n_jobs=2))
    assert [rows.tolist() for rows in found] == [
        Counting(1).answer_batch(batch, explain=False).tolist() for batch in BATCHES
    ]


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
        assert sharing._answer(str(tmp_path / str(k)), ["They met."], False)[0, 1] == k
    assert list(sharing._KEPT) == ["1", "2"]
    for name in ("0", "2"):
        Path(tmp_path / name).unlink()
    assert sharing._answer(str(tmp_path / "2"), ["They met."], False)[0, 1] == 2
    with pytest.raises(FileNotFoundError):
        sharing._answer(str(tmp_path / "0"), ["They met."], False)
