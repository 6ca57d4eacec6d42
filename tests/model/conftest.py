"""A small world for the classifier: two labeling functions, a plain label model, sentences written here."""

import numpy as np
import pytest

from pipeline.model.training import train_model
from pipeline.stances import AGREEMENT, OPPOSITION
from pipeline.weak.cues import parse_cues
from pipeline.weak.em import softmax
from pipeline.weak.lf import LF
from pipeline.weak.votes import LFSet, cast_votes

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
    return train_model(*corpus, lfs, label_model, C=[0.1, 1.0], cv_folds=3)


@pytest.fixture(scope="session")
def model(training):
    return training.model
