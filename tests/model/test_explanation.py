"""Explanations: plain data whose offsets, sums and reason agree with the prediction."""

import json

import pytest

TEXT = "Although Sylvania rejected the tariff, Borduria signed the charter."


@pytest.fixture(scope="module")
def told(model):
    return model.explain(TEXT)


def test_it_is_plain_data_that_agrees_with_the_prediction(model, told):
    assert json.loads(json.dumps(told)) == told
    assert told["label"] == model.predict([TEXT])[0]
    assert list(told["probabilities"].values()) == pytest.approx(model.predict_proba([TEXT])[0], abs=1e-4)
    assert told["confidence"] == max(told["probabilities"].values())


def test_lfs_are_named_strongest_first_with_the_words_they_fired_on(told):
    assert [lf["name"] for lf in told["lfs"]] == ["sign", "reject"]
    word = told["lfs"][1]["words"][0]
    assert TEXT[word["start"] : word["end"]] == word["text"] == "rejected"


def test_n_grams_are_sorted_by_what_they_add_to_their_stance(told):
    for entries in told["ngrams"].values():
        parts = [entry["contribution"] for entry in entries]
        assert parts == sorted(parts, reverse=True)
        assert all(part >= 0 for part in parts)
        assert all(entry["ngram"] in TEXT.lower() for entry in entries)


def test_the_reason_says_what_speaks_for_the_answer_and_what_against(told):
    assert told["reason"].startswith("agreement (")
    assert '"signed" (sign); but "rejected" (reject) for opposition' in told["reason"]


def test_a_sentence_without_anything_known_has_a_reason_too(model):
    told = model.explain("Xyzzy")
    assert told["lfs"] == []
    assert "nothing in it speaks for a stance" in told["reason"]


def test_the_label_model_explains_itself_in_the_same_form(model, told):
    alone = model.using("label-model").explain(TEXT)
    assert alone.keys() == told.keys()
    assert alone["probabilities"] == told["label_model"]
