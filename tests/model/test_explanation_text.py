"""The reason in one line: what speaks for the answer, what against, and what does not count."""

import pytest

from pipeline.base.stances import STANCES
from pipeline.model.explanation import lf_in_words, reason, suppressed_in_words


def lf(name, stance, quote="", notes=()):
    cues = [{"quote": quote, "strength": 1.0, "notes": list(notes)}] if quote else []
    return {"name": name, "stance": stance, "cues": cues}


def explanation(label="opposition", lfs=(), suppressed=(), ngrams=(), using="classifier", read=()):
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
        (explanation(lfs=[REFUSE]), REFUSED),
        (
            explanation(lfs=[REFUSE, WELCOME]),
            f'{REFUSED}; although "welcomed" (LF welcome, before "but") speaks for agreement',
        ),
        (
            explanation(lfs=[REFUSE, lf("a", "agreement", "x"), lf("b", "agreement", "y"), lf("c", "neutral", "z")]),
            f'{REFUSED}; although "z" (LF c) speaks for neutral and "x" (LF a) and "y" (LF b) speak for agreement',
        ),
        (explanation(lfs=[WHOLE]), "because the sentence as a whole (LF whole)"),
        (explanation(lfs=[WHOLE, REFUSE]), REFUSED),
        (explanation(lfs=[REFUSE, lf("again", "opposition", "refused to sign")]), REFUSED),
        (
            explanation(lfs=[REFUSE], suppressed=[SUPPRESSED]),
            f'{REFUSED}; "not sign" (LF sign, negated by "not") does not count',
        ),
        (explanation(lfs=[REFUSE], suppressed=[{**SUPPRESSED, "stance": "neutral"}]), REFUSED),
        (
            explanation(using="reader", read=[("snubbed", 0.5), ("treaty", -0.9), ("of", 0.01)]),
            'because of the words "snubbed"',
        ),
        (
            explanation(ngrams=[(",", 2.0), ("bitter", 0.5), ("feud", 0.3), ("of", 0.2)]),
            'because of the words "bitter" and "feud"',
        ),
        (explanation(ngrams=[("bitter", 0.01)]), "because of its words taken together"),
        (explanation("neutral"), "because nothing in it speaks for a stance"),
        (
            explanation("neutral", lfs=[WELCOME]),
            'because nothing in it speaks clearly for a stance; although "welcomed" (LF welcome, before "but") speaks'
            " for agreement",
        ),
        (explanation(using="label-model"), "because nothing in it speaks for a stance"),
    ],
)
def test_the_line(given, expected):
    assert reason(given) == f"{given['label']} 0.90, {expected}"


def test_at_most_two_are_named_on_each_side():
    many = [lf(name, "opposition", f"word {name}") for name in "abcd"]
    assert reason(explanation(lfs=many)).count("LF") == 2


def test_a_cue_without_a_note_gave_way_to_another():
    assert suppressed_in_words({**SUPPRESSED, "notes": []}) == '"not sign" (LF sign, another cue comes first)'
    assert lf_in_words(WELCOME) == '"welcomed" (LF welcome, before "but")'
