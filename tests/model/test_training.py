"""Training: exact soft labels, articles kept together, dev rows never fitted on, refusals that count."""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from pipeline.errors import TrainingError
from pipeline.model.linear import fit_linear
from pipeline.model.stance_model import softmax
from pipeline.model.training import train_model
from pipeline.stances import STANCES


def test_one_feature_alone_learns_the_shares_of_the_soft_labels():
    X = csr_matrix(np.eye(2))
    targets = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    weights, bias = fit_linear(X, targets, np.full(2, 1e4), C=1e3)
    assert softmax(X @ weights + bias) == pytest.approx(targets, abs=0.01)


def test_a_row_of_weight_two_counts_as_two_rows():
    rng = np.random.default_rng(0)
    X, targets = rng.normal(size=(20, 4)), rng.dirichlet(np.ones(3), 20)
    once = fit_linear(csr_matrix(np.vstack([X, X[:5]])), np.vstack([targets, targets[:5]]), np.ones(25), C=1.0)
    twice = fit_linear(csr_matrix(X), targets, np.r_[np.full(5, 2.0), np.ones(15)], C=1.0)
    assert twice[0] == pytest.approx(once[0], abs=1e-3)


def test_a_stance_that_no_row_of_a_fold_has_gets_no_probability():
    weights, bias = fit_linear(csr_matrix(np.eye(2)), np.eye(3)[[0, 2]], np.ones(2), C=1.0)
    proba = softmax(np.eye(2) @ weights + bias)
    assert proba[:, 1].max() < 1e-9
    assert proba.argmax(axis=1).tolist() == [0, 2]


def test_the_simplest_candidate_within_one_standard_error_of_the_lowest_loss_is_chosen(training):
    best = min(training.candidates, key=lambda c: c["log_loss"])
    within = [c["C"] for c in training.candidates if c["log_loss"] <= best["log_loss"] + best["standard_error"]]
    assert [c["C"] for c in training.candidates] == [0.1, 1.0]
    assert [c["C"] for c in training.candidates if c["chosen"]] == [min(within)]


def test_words_beside_cues_speak_where_no_cue_is(model):
    bitter, friendly = model.predict_proba(["It was a bitter feud.", "It was a friendly mood."])
    assert bitter[0] > friendly[0]
    assert friendly[2] > bitter[2]


def test_gold_beats_the_soft_label(corpus, lfs, label_model):
    texts, soft, articles, gold = corpus
    gold = np.where(["published" in text for text in texts], 0, gold)
    trained = train_model(texts, soft, articles, gold, lfs, label_model, C=10.0, gold_weight=20.0)
    assert trained.model.predict(["Freedonia published the timetable of the visit."]).tolist() == ["opposition"]


def test_dev_gold_moves_temperature_and_threshold_but_no_weight(corpus, training, lfs, label_model):
    dev = [
        f"{name} {verb} the plan of {k}." for name, verb, k in product("ABCD", ["rejected", "signed", "met"], range(10))
    ]
    gold = np.tile(np.repeat([0, 2, 1], 10), 4)
    trained = train_model(*corpus, lfs, label_model, C=[0.1, 1.0], cv_folds=3, dev_texts=dev, dev_gold=gold)
    assert (trained.model.weights == training.model.weights).all()
    assert (trained.calibration["on"], trained.calibration["rows"]) == ("dev gold", 120)
    assert trained.calibration["log_loss_after"] <= trained.calibration["log_loss_before"]
    assert trained.model.threshold is not None


def test_without_dev_gold_nothing_is_promised(training):
    assert training.calibration["on"] == "held-out articles"
    assert training.model.threshold is None
    assert not training.model.abstained(np.full((1, 3), 1 / 3)).any()


def test_training_twice_gives_the_same_bytes(corpus, training, lfs, label_model):
    again = train_model(*corpus, lfs, label_model, C=[0.1, 1.0], cv_folds=3)
    assert again.model.weights.tobytes() == training.model.weights.tobytes()
    assert again.candidates == training.candidates


def test_a_missing_stance_is_refused_with_the_counts(corpus, lfs, label_model):
    texts, _, articles, gold = corpus
    soft = np.eye(3)[[0, 1] * (len(texts) // 2)]
    with pytest.raises(TrainingError, match=f"{len(texts) // 2} opposition, {len(texts) // 2} neutral, 0 agreement"):
        train_model(texts, soft, articles, gold, lfs, label_model)


def test_inputs_of_different_lengths_are_refused(corpus, lfs, label_model):
    texts, soft, articles, gold = corpus
    with pytest.raises(TrainingError, match="72 sentences, 71 soft labels"):
        train_model(texts, soft[1:], articles, gold, lfs, label_model)


def test_one_article_is_enough_but_said_to_flatter(corpus, lfs, label_model, caplog):
    texts, soft, _, gold = corpus
    trained = train_model(texts, soft, ["one"] * len(texts), gold, lfs, label_model, C=1.0)
    assert set(trained.model.predict(texts)) == set(STANCES)
    assert "only one article" in caplog.text
