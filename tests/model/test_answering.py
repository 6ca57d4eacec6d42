"""Answers with their reasons, in batches."""

import numpy as np

from pipeline.model import answering
from pipeline.model.answering import answer_sentences


def test_answers_are_those_of_the_model_whatever_the_batch(model, monkeypatch):
    texts = ["They refused the offer.", "It rained.", "They signed a treaty.", "", "They met."]
    answers = list(answer_sentences(model, texts))
    np.testing.assert_allclose([answer.proba for answer in answers], model.predict_proba(texts))
    assert [answer.explanation["label"] for answer in answers] == model.predict(texts).tolist()
    assert [answer.abstained for answer in answers] == model.abstained(model.predict_proba(texts)).tolist()
    monkeypatch.setattr(answering, "BATCH", 2)
    assert [answer.explanation for answer in answer_sentences(model, texts)] == [a.explanation for a in answers]
