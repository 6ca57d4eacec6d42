"""A small world for the classifier: two labeling functions, a plain label model, what looks like an encoder."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from pipeline.base.calibration import softmax
from pipeline.base.stances import AGREEMENT, OPPOSITION
from pipeline.model.encoder import loaded, open_encoder
from pipeline.model.training import train_model
from pipeline.reader.predicting import Combination
from pipeline.weak.cues.language import parse_cues
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet, cast_votes

PARTIES = ["Ruritania", "Borduria", "The union", "The senate", "Sylvania", "The rebels"]
REJECTED = ["{} rejected the border plan", "{} rejected the tariff amid a bitter feud"]
SIGNED = ["{} signed the fishing treaty", "{} signed the charter in a friendly mood"]
MET = ["{} met in the capital on Monday", "{} published the timetable of the visit"]


class StrengthVote:
    """The stance with the most evidence, neutral where there is none; stands in for the label model."""

    def predict_proba(self, votes, strengths=None):
        evidence = np.stack([np.where(votes == k, strengths, 0).sum(axis=1) for k in range(3)], axis=1)
        evidence[:, 1] += 0.5
        return softmax(3 * evidence)


def lf(name, stance, cue, why="It says so."):
    return LF(name, stance, "rule", why, "test", cues=tuple(parse_cues(cue, {})), negated=2 - stance)


@pytest.fixture(scope="session")
def lfs():
    return LFSet([lf("reject", OPPOSITION, "reject~v"), lf("sign", AGREEMENT, "sign~v")])


@pytest.fixture(scope="session")
def label_model():
    return StrengthVote()


@pytest.fixture(scope="session")
def corpus(lfs, label_model):
    """Sentences, soft labels, the article of each (one a party), and gold unknown."""
    sentences = [(p, s.format(p) + ".") for p in PARTIES for s in REJECTED + SIGNED + MET for _ in range(2)]
    texts = [text for _, text in sentences]
    soft = label_model.predict_proba(*cast_votes(texts, lfs))
    return texts, soft, np.array([party for party, _ in sentences]), np.full(len(texts), -1)


@pytest.fixture(scope="session")
def training(corpus, lfs, label_model):
    return train_model(*corpus, lfs, label_model, grid={"C": [0.1, 1.0]}, cv_folds=3)


@pytest.fixture(scope="session")
def model(training):
    return training.model


class Listener:
    """Hears one word, "snubbed", as opposition; stands in for a reader."""

    combination, threshold = Combination(1.0, 0.5), 0.7

    def __init__(self):
        self.asked = []

    def log_proba(self, texts):
        self.asked += texts
        return np.log([[0.9, 0.05, 0.05] if "snubbed" in text else [0.2, 0.6, 0.2] for text in texts]).reshape(-1, 3)


@pytest.fixture
def reading_model(model):
    """The model with a reader of its own, which answers."""
    return replace(model, reader=Listener()).using("reader")


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like a model of width 4, and holds none."""
    made = tmp_path / "encoder"
    made.mkdir()
    for name in ("config.json", "tokenizer.json"):
        (made / name).write_text("{}", "utf-8")
    (made / "model.safetensors").write_bytes(b"weights")
    return made


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What the model was asked to encode, a list a call; its vectors depend on the text alone."""
    calls = []

    def encode(texts):
        calls.append(list(texts))
        seeds = [int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) for text in texts]
        vectors = np.array([np.random.default_rng(seed).normal(size=4) for seed in seeds], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.model.encoder.sentence_transformer", lambda folder, name: encode)
    loaded.cache_clear()
    yield calls
    loaded.cache_clear()


@pytest.fixture
def encoder(folder, asked):
    found = open_encoder(str(folder))
    asked.clear()
    return found


@pytest.fixture
def embedding_model(corpus, lfs, label_model, encoder):
    """A model that was trained with embeddings."""
    return train_model(*corpus, lfs, label_model, grid={"C": [0.1]}, cv_folds=3, encoder=encoder).model
