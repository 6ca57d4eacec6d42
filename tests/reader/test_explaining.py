"""Which words moved the reader: the answer without each of them."""

import numpy as np
import pytest

from pipeline.reader.predicting import word_effects


class Counting:
    """A reader that knows one word: each "not" doubles the log-odds of opposition."""

    def log_proba(self, texts):
        against = np.array([text.count("not") for text in texts], float)
        scores = np.stack([against, np.zeros(len(texts)), np.zeros(len(texts))], axis=1)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def test_the_word_that_counts_comes_first_with_its_place():
    text = "It will not sign."
    first, *others = word_effects(Counting(), text, "opposition")
    assert (first.text, text[first.start : first.end]) == ("not", "not")
    assert first.effect == pytest.approx(np.log(np.e / (np.e + 2)) - np.log(1 / 3), abs=1e-4)
    assert [(word.text, word.effect) for word in others] == [("It", 0), ("will", 0), ("sign", 0)]


def test_a_word_can_speak_against_a_stance():
    assert word_effects(Counting(), "It will not sign.", "agreement", top=1)[0].effect < -0.4


def test_words_are_whole_and_as_many_as_asked_for():
    found = word_effects(Counting(), "The U.S.-led ex-premier's 1,5 men", "opposition")
    assert [word.text for word in found] == ["The", "U.S", "led", "ex-premier's", "1", "5", "men"]
    assert word_effects(Counting(), "One two three", "neutral", top=2)[1].text == "two"
    assert word_effects(Counting(), "...", "neutral") == []
