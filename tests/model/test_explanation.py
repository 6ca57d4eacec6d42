"""Explanations: plain data whose offsets, sums and reason agree with the prediction."""

import json
from dataclasses import replace

import pytest

from pipeline.base.stances import STANCES
from pipeline.model.explanation import EXAMPLE, as_text
from pipeline.weak.lfs.lf_set import LFSet

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


def test_the_lfs_are_those_that_voted_each_with_its_stance_and_strength(model, told):
    votes = {model.lfs.names[lf]: vote for lf, vote in model.lfs.vote(TEXT).items()}
    said = {lf["name"]: (STANCES.index(lf["stance"]), pytest.approx(lf["strength"], abs=1e-4)) for lf in told["lfs"]}
    assert votes == said


def test_sentences_explained_together_are_explained_as_each_is_alone(model):
    texts = [TEXT, "", "Xyzzy", "Sylvania did not sign the charter."]
    assert model.explain_all(text for text in texts) == [model.explain(text) for text in texts]
    assert model.explain_all([]) == []


def test_a_sentence_is_parsed_once(model, monkeypatch):
    parsed, read = [], LFSet.read
    monkeypatch.setattr(LFSet, "read", lambda lfs, texts: parsed.extend(texts) or read(lfs, texts))
    model.explain_all([TEXT, "They met."])
    assert parsed == [TEXT, "They met."]


def test_n_grams_are_sorted_by_what_they_add_to_their_stance(told):
    for entries in told["ngrams"].values():
        parts = [entry["contribution"] for entry in entries]
        assert parts == sorted(parts, reverse=True)
        assert all(part >= 0 for part in parts)
        assert all(entry["ngram"] in TEXT.lower() for entry in entries)


def test_the_embedding_adds_what_is_lost_without_it(embedding_model):
    """Log-odds of the stances against their mean; none where the label model answers."""
    reading, label_model = embedding_model.read([TEXT])
    average = replace(reading, meaning=embedding_model.features.centre[None])
    lost = embedding_model.scores(reading, label_model) - embedding_model.scores(average, label_model)
    said = embedding_model.explain(TEXT)["meaning"]
    assert list(said.values()) == pytest.approx((lost - lost.mean())[0], abs=1e-4)
    assert max(said.values()) > 0
    assert set(embedding_model.using("label-model").explain(TEXT)["meaning"].values()) == {0}


def test_without_an_encoder_there_is_no_embedding_to_speak(told):
    assert told["meaning"] == dict.fromkeys(STANCES, 0)


def test_the_reason_says_what_speaks_for_the_answer_and_what_against(told):
    assert told["reason"] == (
        f'agreement {told["confidence"]:.2f}, because "signed" (LF sign); although "rejected" (LF reject, behind '
        '"although") speaks for opposition'
    )


def test_negated_and_scoped_cues_are_named_as_such(told, model):
    assert told["lfs"][1]["cues"] == [
        {"quote": "rejected", "strength": told["lfs"][1]["strength"], "notes": ['behind "although"']}
    ]
    (lf,) = model.explain("Sylvania did not sign the charter.")["lfs"]
    assert (lf["stance"], lf["cues"][0]["quote"], lf["cues"][0]["notes"]) == (
        "opposition",
        "not sign",
        ['negated by "not"'],
    )


def test_cues_that_do_not_count_are_told_with_the_stance_they_would_have(model):
    told = model.explain("The senate met to ask whether they should sign it.")
    (cue,) = told["silent"]
    assert (cue["name"], cue["stance"], cue["quote"]) == ("sign", "agreement", "sign")
    assert cue["notes"] == ['behind "whether"', 'hedged by "should"']
    assert told["lfs"] == []
    assert [word["text"] for word in cue["words"]] == ["sign"]


def form(value):
    """The keys and types of nested data, lists by their first entry."""
    if isinstance(value, dict):
        return {key: form(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [form(value[0])]
    return type(value)


def test_the_example_has_the_form_of_an_explanation(model):
    """Full in every list: two cues that vote and one that does not."""
    told = model.explain("Although Sylvania rejected the tariff, Borduria signed the charter if they would sign.")
    full = {**told, "ngrams": {stance: told["ngrams"][stance] or EXAMPLE["ngrams"][stance] for stance in STANCES}}
    full["lfs"][0]["cues"][0]["notes"] = ["a note"]
    full["reader_words"] = EXAMPLE["reader_words"]
    assert form(full) == form(EXAMPLE)


def test_a_sentence_without_anything_known_has_a_reason_too(model):
    told = model.explain("Xyzzy")
    assert told["lfs"] == []
    assert "nothing in it speaks for a stance" in told["reason"]


def test_a_reader_says_what_it_makes_of_a_sentence_and_which_words_moved_it(reading_model, told):
    text = "Freedonia snubbed them."
    said = reading_model.explain(text)
    assert said.keys() == told.keys()
    assert said["reader"] == {"opposition": 0.9, "neutral": 0.05, "agreement": 0.05}
    assert said["reader_words"][0] == {"text": "snubbed", "start": 10, "end": 17, "effect": 1.5041}
    assert 'because of the words "snubbed"' in said["reason"]
    assert 'words that moved the reader most: "snubbed" +1.50' in as_text(said)


def test_the_label_model_explains_itself_in_the_same_form(model, told):
    alone = model.using("label-model").explain(TEXT)
    assert alone.keys() == told.keys()
    assert alone["ngrams"] == {stance: [] for stance in STANCES}  # the label model does not read them
    assert alone["probabilities"] == told["label_model"]


def test_damaged_characters_change_no_answer_and_words_point_into_the_repaired_text(model):
    whole, damaged = model.explain_all(["Borduria didn't sign the charter.", "Borduria didn&#39;t sign the charter."])
    assert damaged == whole
    assert damaged["text"] == "Borduria didn't sign the charter."
    words = [word for lf in damaged["lfs"] for word in lf["words"]]
    assert words
    assert all(damaged["text"][word["start"] : word["end"]] == word["text"] for word in words)
    assert (
        model.predict_proba([damaged["text"]]) == model.predict_proba(["Borduria didnâ€™t sign the charter."])
    ).all()
