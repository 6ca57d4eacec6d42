"""Explanations: plain data whose offsets, sums and reason agree with the prediction."""

import json
from dataclasses import replace

import pytest

from pipeline.base.stances import STANCES
from pipeline.model.explanation import EXAMPLE, as_text, lf_in_words, reason, suppressed_in_words

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


def test_a_sentence_is_parsed_once(model, parsed):
    model.explain_all([TEXT, "They met."])
    assert parsed == [TEXT, "They met."]


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


ALIKE = {"opposition": 0.7, "neutral": 0.2, "agreement": 0.1}
EMPTY = {
    "label": "opposition",
    "reason": "opposition 0.70, because of its words taken together",
    "abstained": False,
    "using": "classifier",
    "probabilities": ALIKE,
    "classifier": ALIKE,
    "label_model": {"opposition": 0.5, "neutral": 0.25, "agreement": 0.25},
    "majority_vote": {"opposition": 1 / 3, "neutral": 1 / 3, "agreement": 1 / 3},
    "lfs": [],
    "suppressed": [],
    "ngrams": {"opposition": [], "neutral": [], "agreement": []},
    "embedding": {"opposition": 0.0, "neutral": 0.0, "agreement": 0.0},
    "context": {"opposition": 0.0, "neutral": 0.0, "agreement": 0.0},
    "reader": {"opposition": 0.0, "neutral": 0.0, "agreement": 0.0},
    "reader_words": [],
}
VOTE = {
    "name": "turn_down",
    "stance": "opposition",
    "strength": 0.95,
    "why": "Whoever turns down is against.",
    "cues": [{"quote": "turned it down", "strength": 0.95, "notes": ['behind "who"']}],
}


def test_what_does_not_speak_takes_no_line():
    assert as_text(EMPTY).split("\n") == [
        "opposition 0.70, because of its words taken together",
        "",
        "classifier    opposition 0.70  neutral 0.20  agreement 0.10",
        "label model   opposition 0.50  neutral 0.25  agreement 0.25",
        "majority vote opposition 0.33  neutral 0.33  agreement 0.33",
        "",
        "no labeling function voted",
    ]


def test_lfs_stand_with_stance_strength_words_and_rationale_the_answers_own_first():
    lfs = [{**VOTE, "name": "long", "stance": "neutral", "cues": []}, VOTE]
    lines = as_text({**EMPTY, "lfs": lfs}).split("\n")
    assert lines[-3:] == [
        "labeling functions that voted",
        '  opposition  0.95  "turned it down" (LF turn_down, behind "who"): Whoever turns down is against.',
        "  neutral     0.95  the sentence as a whole (LF long): Whoever turns down is against.",
    ]


def test_cues_that_do_not_count_have_a_part_of_their_own():
    suppressed = [{"name": "sign", "stance": "agreement", "quote": "sign", "notes": ['behind "if"']}]
    lines = as_text({**EMPTY, "suppressed": suppressed}).split("\n")
    assert lines[-2:] == ["cues that do not count", '  agreement         "sign" (LF sign, behind "if")']


def test_lines_are_broken_to_the_width_asked_for():
    lines = as_text({**EMPTY, "lfs": [{**VOTE, "why": "Whoever turns down is against. " * 9}]}, 60).split("\n")
    assert max(map(len, lines)) <= 60
    assert lines[-1].startswith(" " * 20)
    assert " ".join(" ".join(lines).split()).count("Whoever turns down is against.") == 9  # nothing is lost


def test_n_grams_stand_by_stance_with_their_sign():
    spoken = [{"ngram": "bitter feud", "contribution": 1.256}, {"ngram": "border", "contribution": 0.1}]
    lines = as_text({**EMPTY, "ngrams": {**EMPTY["ngrams"], "opposition": spoken}}).split("\n")
    assert lines[-3:] == [
        "",
        "n-grams that counted most",
        '  opposition        "bitter feud" +1.26, "border" +0.10',
    ]


def test_the_embedding_has_one_line_without_what_counts_for_nothing():
    lines = as_text({**EMPTY, "embedding": {"opposition": 0.314, "neutral": 0.004, "agreement": -0.3}}).split("\n")
    assert lines[-2:] == ["", "embedding of the sentence: opposition +0.31, agreement -0.30"]


def test_n_grams_that_count_for_nothing_are_not_shown():
    """Nothing is what two decimals round to zero, of either sign; a stance left with none has no line."""
    faint = [{"ngram": "the", "contribution": 0.004}, {"ngram": "of", "contribution": -0.0049}]
    heard = {"ngram": "feud", "contribution": -0.0051}
    lines = as_text({**EMPTY, "ngrams": {"opposition": [*faint, heard], "neutral": faint, "agreement": []}}).split("\n")
    assert lines[-2:] == ["n-grams that counted most", '  opposition        "feud" -0.01']
    assert as_text({**EMPTY, "ngrams": {**EMPTY["ngrams"], "neutral": faint}}) == as_text(EMPTY)


def test_doubt_is_said_on_the_first_line():
    assert as_text({**EMPTY, "abstained": True}).startswith(EMPTY["reason"] + " (abstained: too doubtful")


@pytest.mark.parametrize("who", ["classifier", "label-model"])
def test_what_a_model_explains_can_be_read(model, who):
    explained = model.using(who).explain("Although Sylvania rejected the tariff, Borduria signed the charter.")
    text = as_text(explained)
    assert text.startswith(explained["reason"])
    assert explained["lfs"]
    assert all(f'"{lf["cues"][0]["quote"]}" (LF {lf["name"]}' in text for lf in explained["lfs"])
    assert f"{who.replace('-', ' '):<14}opposition {explained['probabilities']['opposition']:.2f}" in text


def lf(name, stance, quote="", notes=()):
    cues = [{"quote": quote, "strength": 1.0, "notes": list(notes)}] if quote else []
    return {"name": name, "stance": stance, "cues": cues}


def explanation_of_explanation_text(label="opposition", lfs=(), suppressed=(), ngrams=(), using="classifier", read=()):
    entries = [{"ngram": ngram, "contribution": value} for ngram, value in ngrams]
    return {
        "label": label,
        "confidence": 0.9,
        "using": using,
        "lfs": list(lfs),
        "suppressed": list(suppressed),
        "ngrams": {stance: entries if stance == label else [] for stance in STANCES},
        "reader_words": [{"text": text, "effect": effect} for text, effect in read],
    }


REFUSE = lf("refuse", "opposition", "refused to sign")
WELCOME = lf("welcome", "agreement", "welcomed", ['before "but"'])
WHOLE = lf("whole", "opposition")
REFUSED = 'because "refused to sign" (LF refuse)'
SUPPRESSED = {"name": "sign", "stance": "agreement", "quote": "not sign", "notes": ['negated by "not"']}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (explanation_of_explanation_text(lfs=[REFUSE]), REFUSED),
        (
            explanation_of_explanation_text(lfs=[REFUSE, WELCOME]),
            f'{REFUSED}; although "welcomed" (LF welcome, before "but") speaks for agreement',
        ),
        (
            explanation_of_explanation_text(
                lfs=[REFUSE, lf("a", "agreement", "x"), lf("b", "agreement", "y"), lf("c", "neutral", "z")]
            ),
            f'{REFUSED}; although "z" (LF c) speaks for neutral and "x" (LF a) and "y" (LF b) speak for agreement',
        ),
        (explanation_of_explanation_text(lfs=[WHOLE]), "because the sentence as a whole (LF whole)"),
        (explanation_of_explanation_text(lfs=[WHOLE, REFUSE]), REFUSED),
        (explanation_of_explanation_text(lfs=[REFUSE, lf("again", "opposition", "refused to sign")]), REFUSED),
        (
            explanation_of_explanation_text(lfs=[REFUSE], suppressed=[SUPPRESSED]),
            f'{REFUSED}; "not sign" (LF sign, negated by "not") does not count',
        ),
        (explanation_of_explanation_text(lfs=[REFUSE], suppressed=[{**SUPPRESSED, "stance": "neutral"}]), REFUSED),
        (
            explanation_of_explanation_text(using="reader", read=[("snubbed", 0.5), ("treaty", -0.9), ("of", 0.01)]),
            'because of the words "snubbed"',
        ),
        (
            explanation_of_explanation_text(ngrams=[(",", 2.0), ("bitter", 0.5), ("feud", 0.3), ("of", 0.2)]),
            'because of the words "bitter" and "feud"',
        ),
        (explanation_of_explanation_text(ngrams=[("bitter", 0.01)]), "because of its words taken together"),
        (explanation_of_explanation_text("neutral"), "because nothing in it speaks for a stance"),
        (
            explanation_of_explanation_text("neutral", lfs=[WELCOME]),
            'because nothing in it speaks clearly for a stance; although "welcomed" (LF welcome, before "but") speaks'
            " for agreement",
        ),
        (explanation_of_explanation_text(using="label-model"), "because nothing in it speaks for a stance"),
    ],
)
def test_the_line(given, expected):
    assert reason(given) == f"{given['label']} 0.90, {expected}"


def test_at_most_two_are_named_on_each_side():
    many = [lf(name, "opposition", f"word {name}") for name in "abcd"]
    assert reason(explanation_of_explanation_text(lfs=many)).count("LF") == 2


def test_a_cue_without_a_note_gave_way_to_another():
    assert suppressed_in_words({**SUPPRESSED, "notes": []}) == '"not sign" (LF sign, another cue comes first)'
    assert lf_in_words(WELCOME) == '"welcomed" (LF welcome, before "but")'
