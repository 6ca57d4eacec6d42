"""Signs that a label would teach much, on rows that can be reckoned in the head."""

import numpy as np
import pytest

from pipeline.gold import sampling as signals
from pipeline.gold.sampling import Candidates

FOUND = Candidates(
    texts=["a", "b", "c"],
    articles=["x", "x", "y"],
    proba=np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.8, 0.0]]),
    label_model_proba=np.array([[0.2, 0.7, 0.1], [0.2, 0.5, 0.3], [0.2, 0.8, 0.0]]),
    votes=np.array([[0, 2, 0], [1, -1, 1], [-1, -1, -1]]),
    strengths=np.array([[0.6, 0.9, 0.8], [0.5, 0.0, 0.5], [0.0, 0.0, 0.0]]),
    lfs=["reject", "sign", "refuse"],
)


def test_disagreement_is_the_distance_where_the_answers_differ():
    assert signals.disagreement(FOUND).tolist() == pytest.approx([0.4, 0, 0])
    assert signals.disagreement_in_words(FOUND, 0) == "classifier says opposition 0.50, label model says neutral 0.70"


def test_uncertainty_is_one_less_the_lead():
    assert signals.uncertainty(FOUND).tolist() == pytest.approx([0.8, 0.7, 0.4])
    assert signals.uncertainty_in_words(FOUND, 1) == "neutral 0.60 or agreement 0.30"


def test_conflict_is_the_evidence_of_the_weaker_side():
    assert signals.conflict(FOUND).tolist() == pytest.approx([0.9, 0, 0])
    assert signals.conflict_in_words(FOUND, 0) == "opposition (refuse, reject) against agreement (sign)"


def test_silence_counts_the_stance_found_without_any_vote():
    assert signals.uncovered(FOUND).tolist() == pytest.approx([0, 0, 0.2])
    assert signals.uncovered_in_words(FOUND, 2) == "the classifier gives opposition 0.20 by its words alone"
