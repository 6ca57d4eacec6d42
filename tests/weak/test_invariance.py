"""Invariance: answers that depend on what should not matter are counted, and no others."""

import numpy as np
import pytest

from pipeline.weak.invariance import SHOWN, Invariance, invariance
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf_set import cast_votes
from tests.behaviour.scoring import refitted
from tests.weak.small import SMALL, TEXTS

SENTENCES = ["Ordovia didn't reject it.", 'They called it "a deal".', "Borduria supports it."]
NAMES = ["Ordovia", "Borduria"]


def rows(answer, **more) -> dict[str, Invariance]:
    return {row.change: row for row in invariance(answer, SENTENCES, NAMES, **more)}


def by(says):
    """Return answers that depend on what `says` returns of a sentence."""
    return lambda texts: np.array([int(says(text)) for text in texts])


def test_an_answer_to_the_words_alone_changes_under_nothing():
    found = rows(by(lambda text: "deal" in text.lower()))
    assert {name: (row.changed, row.cases) for name, row in found.items()} == {
        "order of sentences": (0, 3),
        "capitals": (0, 3),
        "lower case": (0, 3),
        "quotation marks": (0, 1),
        "apostrophes": (0, 1),
        "names exchanged": (0, 2),
        "active and passive": (0, 400),
    }


@pytest.mark.parametrize(
    ("change", "says", "changed"),
    [
        ("capitals", str.isupper, 3),
        ("lower case", lambda text: text[0].isupper(), 3),
        ("quotation marks", lambda text: '"' in text, 1),
        ("apostrophes", lambda text: "'" in text, 1),
        ("names exchanged", lambda text: "Ordovia" in text, 2),
        ("active and passive", lambda text: " was " in text, 400),
    ],
)
def test_an_answer_to_anything_else_is_counted_and_shown(change, says, changed):
    row = rows(by(says))[change]
    assert (row.changed, len(row.examples)) == (changed, min(changed, SHOWN))
    assert all(says(before) != says(after) for before, after in row.examples)


def test_an_answer_to_the_place_among_others_is_counted():
    assert rows(lambda texts: np.arange(len(texts)))["order of sentences"].changed == 2


def test_quotation_marks_are_exchanged_pairwise():
    row = rows(by(lambda text: "“a deal”" in text))["quotation marks"]
    assert row.examples == ((SENTENCES[1], "They called it “a deal”."),)


def test_more_sentences_than_asked_for_are_sampled_evenly():
    asked: list[str] = []
    texts = [f"Sentence {k}." for k in range(10)]
    invariance(lambda given: asked.extend(given) or np.zeros(len(given)), texts, most=3)
    assert [text for text in asked if text in texts][:3] == ["Sentence 0.", "Sentence 3.", "Sentence 6."]


def test_a_label_model_answers_alike_whatever_the_order_of_its_lfs_and_rows():
    texts = TEXTS * 20
    model = LabelModel(lf_accuracy=[0.7, 0.8, 0.75, 0.9], prior_rows=5)
    votes, strengths = cast_votes(texts, SMALL)
    usual, reordered = (refitted(model, SMALL, votes, strengths, backwards=backwards) for backwards in (False, True))
    expected = model.fit(votes, strengths=strengths).predict(votes, strengths)
    assert usual(texts).tolist() == expected.tolist()
    assert rows(usual, reordered=reordered)["order of labeling functions"][1:3] == (0, 3)


def test_another_order_that_matters_is_counted():
    usual, other = (lambda texts, stance=stance: np.full(len(texts), stance) for stance in (0, 2))
    assert rows(usual, reordered=other)["order of labeling functions"][1:3] == (3, 3)
