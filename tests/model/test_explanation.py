"""Explanations: plain data whose offsets, sums and reason agree with the prediction."""

import json
from dataclasses import replace

import pytest

from pipeline.base.stances import STANCES
from pipeline.model.explanation import EXAMPLE, as_text

TEXT = "Although Sylvania rejected the tariff, Borduria signed the charter."


@pytest.fixture(scope="module")
def explanation(model):
    return model.explain(TEXT)


def test_it_is_plain_data_that_agrees_with_the_prediction(model, explanation):
    assert json.loads(json.dumps(explanation)) == explanation
    assert explanation["label"] == model.predict([TEXT])[0]
    assert list(explanation["probabilities"].values()) == pytest.approx(model.predict_proba([TEXT])[0], abs=1e-4)
    assert explanation["confidence"] == max(explanation["probabilities"].values())


def test_lfs_are_named_strongest_first_with_the_words_they_fired_on(explanation):
    assert [lf["name"] for lf in explanation["lfs"]] == ["sign", "reject"]
    word = explanation["lfs"][1]["words"][0]
    assert TEXT[word["start"] : word["end"]] == word["text"] == "rejected"


def test_the_lfs_are_those_that_voted_each_with_its_stance_and_strength(model, explanation):
    votes = {model.lfs.names[lf]: vote for lf, vote in model.lfs.vote(TEXT).items()}
    result = {
        lf["name"]: (STANCES.index(lf["stance"]), pytest.approx(lf["strength"], abs=1e-4)) for lf in explanation["lfs"]
    }
    assert votes == result


def test_sentences_explained_together_are_explained_as_each_is_alone(model):
    texts = [TEXT, "", "Xyzzy", "Sylvania did not sign the charter."]
    assert model.explain_all(text for text in texts) == [model.explain(text) for text in texts]
    assert model.explain_all([]) == []


def test_n_grams_are_sorted_by_what_they_add_to_their_stance(explanation):
    for entries in explanation["ngrams"].values():
        parts = [entry["contribution"] for entry in entries]
        assert parts == sorted(parts, reverse=True)
        assert all(part >= 0 for part in parts)
        assert all(entry["ngram"] in TEXT.lower() for entry in entries)


def test_the_embedding_adds_what_is_lost_without_it(embedding_model):
    """Log-odds of the stances against their mean; none where the label model answers."""
    batch, label_model = embedding_model.parse([TEXT])
    average = replace(batch, embeddings=embedding_model.features.centre[None])
    lost = embedding_model.scores(batch, label_model) - embedding_model.scores(average, label_model)
    result = embedding_model.explain(TEXT)["embedding"]
    assert list(result.values()) == pytest.approx((lost - lost.mean())[0], abs=1e-4)
    assert max(result.values()) > 0
    assert set(embedding_model.using("label-model").explain(TEXT)["embedding"].values()) == {0}


def test_without_an_encoder_there_is_no_embedding_to_speak(explanation):
    assert explanation["embedding"] == dict.fromkeys(STANCES, 0)


def test_the_reason_says_what_speaks_for_the_answer_and_what_against(explanation):
    assert explanation["reason"] == (
        f'agreement {explanation["confidence"]:.2f}, because "signed" (LF sign); although "rejected" (LF reject, '
        'behind "although") speaks for opposition'
    )


def test_negated_and_scoped_cues_are_named_as_such(explanation, model):
    assert explanation["lfs"][1]["cues"] == [
        {"quote": "rejected", "strength": explanation["lfs"][1]["strength"], "notes": ['behind "although"']}
    ]
    (lf,) = model.explain("Sylvania did not sign the charter.")["lfs"]
    assert (lf["stance"], lf["cues"][0]["quote"], lf["cues"][0]["notes"]) == (
        "opposition",
        "not sign",
        ['negated by "not"'],
    )


def test_cues_that_do_not_count_are_told_with_the_stance_they_would_have(model):
    result = model.explain("The senate met to ask whether they should sign it.")
    (cue,) = result["suppressed"]
    assert (cue["name"], cue["stance"], cue["quote"]) == ("sign", "agreement", "sign")
    assert cue["notes"] == ['behind "whether"', 'hedged by "should"']
    assert result["lfs"] == []
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
    result = model.explain("Although Sylvania rejected the tariff, Borduria signed the charter if they would sign.")
    full = {**result, "ngrams": {stance: result["ngrams"][stance] or EXAMPLE["ngrams"][stance] for stance in STANCES}}
    full["lfs"][0]["cues"][0]["notes"] = ["a note"]
    full["reader_words"] = EXAMPLE["reader_words"]
    assert form(full) == form(EXAMPLE)


def test_a_sentence_without_anything_known_has_a_reason_too(model):
    result = model.explain("Xyzzy")
    assert result["lfs"] == []
    assert "nothing in it speaks for a stance" in result["reason"]


def test_a_reader_says_what_it_makes_of_a_sentence_and_which_words_moved_it(reading_model, explanation):
    text = "Freedonia snubbed them."
    result = reading_model.explain(text)
    assert result.keys() == explanation.keys()
    assert result["reader"] == {"opposition": 0.9, "neutral": 0.05, "agreement": 0.05}
    assert result["reader_words"][0] == {"text": "snubbed", "start": 10, "end": 17, "effect": 1.5041}
    assert 'because of the words "snubbed"' in result["reason"]
    assert 'words that moved the reader most: "snubbed" +1.50' in as_text(result)


def test_the_label_model_explains_itself_in_the_same_form(model, explanation):
    alone = model.using("label-model").explain(TEXT)
    assert alone.keys() == explanation.keys()
    assert alone["ngrams"] == {stance: [] for stance in STANCES}  # the label model does not read them
    assert alone["probabilities"] == explanation["label_model"]


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
