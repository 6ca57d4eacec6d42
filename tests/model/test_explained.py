"""An explanation as text: the lines that plain data of known content must give."""

import pytest

from pipeline.model.explanation import as_text

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
