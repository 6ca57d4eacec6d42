"""Answers with their reasons, in batches."""

import numpy as np

from pipeline.model import stance_model
from pipeline.model.stance_model import answer_sentences


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
