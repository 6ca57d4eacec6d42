"""Training: articles kept together, dev rows never fitted on, refusals that count."""

from itertools import product

import numpy as np
import pytest

from pipeline.base.errors import TrainingError
from pipeline.base.stances import STANCES
from pipeline.model.training import train_model


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


def test_embeddings_are_learnt_from_and_encoded_once(corpus, lfs, label_model, encoder, asked):
    trained = train_model(*corpus, lfs, label_model, C=[0.1, 1.0], cv_folds=3, encoder=encoder)
    first, width = trained.model.features.starts["meaning"], trained.model.features.widths["meaning"]
    assert width == encoder.width
    assert trained.model.weights[first : first + width].any(axis=1).all()
    assert asked == [list(dict.fromkeys(corpus[0]))]


def test_a_missing_stance_is_refused_with_the_counts(corpus, lfs, label_model):
    texts, _, articles, gold = corpus
    soft = np.eye(3)[[0, 1] * (len(texts) // 2)]
    with pytest.raises(TrainingError, match=f"{len(texts) // 2} opposition, {len(texts) // 2} neutral, 0 agreement"):
        train_model(texts, soft, articles, gold, lfs, label_model)


def test_articles_that_leave_a_fold_one_stance_are_trained_on(lfs, label_model):
    texts = ["A rejected it.", "B met C.", "D signed it.", "E rejected it."]
    soft, articles = np.eye(3)[[0, 1, 2, 0]], ["a", "b", "b", "a"]
    trained = train_model(texts, soft, articles, np.full(4, -1), lfs, label_model, C=10.0, min_df=1)
    assert trained.model.predict(texts).tolist() == ["opposition", "neutral", "agreement", "opposition"]


def test_one_article_is_enough_but_said_to_flatter(corpus, lfs, label_model, caplog):
    texts, soft, _, gold = corpus
    trained = train_model(texts, soft, ["one"] * len(texts), gold, lfs, label_model, C=1.0)
    assert set(trained.model.predict(texts)) == set(STANCES)
    assert "only one article" in caplog.text


def test_a_gold_weight_of_zero_among_others_is_refused_where_it_leaves_no_row(corpus, lfs, label_model):
    texts, soft, articles, _ = corpus
    with pytest.raises(TrainingError, match="0 opposition, 0 neutral, 0 agreement"):
        train_model(texts, soft, articles, soft.argmax(axis=1), lfs, label_model, gold_weight=[0.0, 1.0])
