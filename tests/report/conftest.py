"""Planted data for the report: stances drawn by chance, predictions that are right as often as wanted."""

import numpy as np
import pytest

from pipeline.base.stances import STANCES
from pipeline.report.answers import sentence_row
from pipeline.report.data import CorpusData, ReportData


def plant(n_articles=12, per_article=8, strength=2.0, seed=0):
    """Return gold (n,), probabilities (n, 3) that favour gold by `strength`, and article ids (n,)."""
    rng = np.random.default_rng(seed)
    n = n_articles * per_article
    gold = rng.integers(0, 3, n)
    scores = rng.normal(0, 1, (n, 3))
    scores[np.arange(n), gold] += strength
    proba = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return gold, proba, np.array([f"story-{i // per_article:03d}" for i in range(n)])


LFS = [
    {
        "name": "reject",
        "stance": "opposition",
        "coverage": 0.12,
        "overlap": 0.05,
        "conflict": 0.02,
        "votes": 12,
        "correct": 9,
        "n_gold": 10,
        "precision": 0.9,
        "precision_low": 0.6,
        "precision_high": 0.98,
        "contribution": 0.01,
    },
    {"name": "unseen", "stance": "agreement", "coverage": 0.01, "votes": 1, "n_gold": 0, "precision": None},
]


@pytest.fixture
def planted():
    return plant


CORPUS = {
    "lfs": LFS,
    "covered": 0.125,
    "folds": [
        {"fold": "train", "articles": 3, "sentences": 40, "gold": 0},
        {"fold": "test", "articles": 12, "sentences": 110, "gold": 96},
    ],
    "about": [("Classifier", "logistic regression")],
}


@pytest.fixture
def unlabelled():
    """What is known of the corpus where nobody has labelled a sentence."""
    return CorpusData(**CORPUS | {"folds": [{**fold, "gold": 0} for fold in CORPUS["folds"]]})


@pytest.fixture
def make_data():
    def make(**changes):
        gold, proba, articles = plant()
        _, weaker, _ = plant(strength=0.5)
        values = {
            "gold": gold,
            "articles": articles,
            "texts": [f"The council debated point {i}." for i in range(len(gold))],
            "fired": [["reject"] if i % 3 else [] for i in range(len(gold))],
            "systems": {"classifier": proba, "label_model": weaker},
            "threshold": 0.6,
            "target_precision": 0.9,
            "slices": {"half": {"first": np.arange(len(gold)) < 48, "tiny": np.arange(len(gold)) < 5}},
            "resamples": 200,
            **CORPUS,
        }
        return ReportData(**{**values, **changes})

    return make


def answer_row(text="They refused it.", stance="opposition", word="refused", article="b", index=0, **more):
    """Return the row of an answered sentence; `word` is marked for its stance."""
    start = text.find(word)
    words = [{"text": word, "start": start, "end": start + len(word)}] if word and start >= 0 else []
    cues = [{"quote": word, "strength": 0.9, "notes": []}]
    lfs = [{"name": "refuse", "stance": stance, "rule": "8", "words": words, "cues": cues}] if words else []
    result = {"reason": f'{stance} 0.90, because "{word}" (LF refuse)', "lfs": lfs, "suppressed": []}
    confidence = more.pop("confidence", 0.9)
    proba = [confidence if name == stance else (1 - confidence) / 2 for name in STANCES]
    known = {key: more.pop(key) for key in ("fold", "gold") if key in more}
    sentence = {"id": f"{article}:{index}", "article_id": article, "paragraph": more.pop("paragraph", 0)}
    return sentence_row(
        {**sentence, "index": index, "text": text, **known}, more, proba, more.pop("abstained", False), result
    )


@pytest.fixture
def make_answer():
    return answer_row


@pytest.fixture
def answers():
    """Two articles: a wire story with two opposed sentences and an agreement, and an undated one."""
    about = {"title": "Harbour pact", "date": "1987-04-02", "source": "wire"}
    return [
        answer_row("Oslo refused to sign the paper.", article="a", index=0, **about),
        answer_row("Bergen refused, too, and left.", article="a", index=1, abstained=True, **about),
        answer_row("Both sides signed in the end.", "agreement", "signed", "a", 2, paragraph=1, **about),
        answer_row("It rained on the delegates all day.", "neutral", "", "b", 0),
    ]
