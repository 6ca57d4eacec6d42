"""The reason in one line: what speaks for the answer, what against, and what does not count."""

import pytest

from pipeline.base.stances import STANCES
from pipeline.model.explanation import reason, said_by, said_in_silence


def lf(name, stance, quote="", notes=()):
    cues = [{"quote": quote, "strength": 1.0, "notes": list(notes)}] if quote else []
    return {"name": name, "stance": stance, "cues": cues}


def told(label="opposition", lfs=(), silent=(), ngrams=(), using="classifier", read=()):
    entries = [{"ngram": ngram, "contribution": value} for ngram, value in ngrams]
    return {
        "label": label,
        "confidence": 0.9,
        "using": using,
        "lfs": list(lfs),
        "silent": list(silent),
        "ngrams": {stance: entries if stance == label else [] for stance in STANCES},
        "reader_words": [{"text": text, "effect": effect} for text, effect in read],
    }


REFUSE = lf("refuse", "opposition", "refused to sign")
WELCOME = lf("welcome", "agreement", "welcomed", ['before "but"'])
WHOLE = lf("whole", "opposition")
REFUSED = 'because "refused to sign" (LF refuse)'
SILENT = {"name": "sign", "stance": "agreement", "quote": "not sign", "notes": ['negated by "not"']}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (told(lfs=[REFUSE]), REFUSED),
        (
            told(lfs=[REFUSE, WELCOME]),
            f'{REFUSED}; although "welcomed" (LF welcome, before "but") speaks for agreement',
        ),
        (
            told(lfs=[REFUSE, lf("a", "agreement", "x"), lf("b", "agreement", "y"), lf("c", "neutral", "z")]),
            f'{REFUSED}; although "z" (LF c) speaks for neutral and "x" (LF a) and "y" (LF b) speak for agreement',
        ),
        (told(lfs=[WHOLE]), "because the sentence as a whole (LF whole)"),
        (told(lfs=[WHOLE, REFUSE]), REFUSED),
        (told(lfs=[REFUSE, lf("again", "opposition", "refused to sign")]), REFUSED),
        (
            told(lfs=[REFUSE], silent=[SILENT]),
            f'{REFUSED}; "not sign" (LF sign, negated by "not") does not count',
        ),
        (told(lfs=[REFUSE], silent=[{**SILENT, "stance": "neutral"}]), REFUSED),
        (
            told(using="reader", read=[("snubbed", 0.5), ("treaty", -0.9), ("of", 0.01)]),
            'because of the words "snubbed"',
        ),
        (
            told(ngrams=[(",", 2.0), ("bitter", 0.5), ("feud", 0.3), ("of", 0.2)]),
            'because of the words "bitter" and "feud"',
        ),
        (told(ngrams=[("bitter", 0.01)]), "because of its words taken together"),
        (told("neutral"), "because nothing in it speaks for a stance"),
        (
            told("neutral", lfs=[WELCOME]),
            'because nothing in it speaks clearly for a stance; although "welcomed" (LF welcome, before "but") speaks'
            " for agreement",
        ),
        (told(using="label-model"), "because nothing in it speaks for a stance"),
    ],
)
def test_the_line(given, said):
    assert reason(given) == f"{given['label']} 0.90, {said}"


def test_at_most_two_are_named_on_each_side():
    many = [lf(name, "opposition", f"word {name}") for name in "abcd"]
    assert reason(told(lfs=many)).count("LF") == 2


def test_a_cue_without_a_note_gave_way_to_another():
    assert said_in_silence({**SILENT, "notes": []}) == '"not sign" (LF sign, another cue comes first)'
    assert said_by(WELCOME) == '"welcomed" (LF welcome, before "but")'
