"""Training: articles kept together, dev rows never fitted on, refusals that count."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from pipeline.base.calibration import softmax
from pipeline.base.errors import InputError, TrainingError
from pipeline.base.stances import STANCES
from pipeline.model.soft_labels import SoftLabelClassifier, exported
from pipeline.model.training import train_model
from pipeline.weak.dataset import ShippedRows
from pipeline.weak.lfs.lf_set import LFSet, cast_all, cast_votes


def test_the_simplest_candidate_within_one_standard_error_of_the_lowest_loss_is_chosen(training):
    best = min(training.candidates, key=lambda c: c["log_loss"])
    clearly = best["log_loss"] + 3 * best["standard_error"]
    within = [c["params"]["C"] for c in training.candidates if c["log_loss"] <= clearly]
    assert [c["params"]["C"] for c in training.candidates] == [0.1, 1.0]
    assert [c["params"]["C"] for c in training.candidates if c["chosen"]] == [min(within)]


def test_where_ngrams_are_turned_on_words_beside_cues_speak(corpus, lfs, label_model):
    texts, _, _, gold = corpus
    gold = np.where(["published" in text for text in texts], 0, gold)
    trained = train_model(*corpus[:3], gold, lfs, label_model, grid={"C": [1.0]}, gold_weight=5.0, ngram_max=1)
    published, met = trained.model.predict_proba(["It was published.", "It was met."])
    assert published[0] > met[0] + 0.05


def test_from_weak_labels_alone_the_classifier_answers_as_the_label_model(corpus, lfs, label_model):
    """There is nothing to correct, so the correction is next to nothing."""
    trained = train_model(*corpus, lfs, label_model, grid={"C": [0.1]}, gold_weight=0.0)
    weak = trained.model.using("label-model").predict_proba(corpus[0])
    model = replace(trained.model, temperature=1.0, bias=(0.0, 0.0, 0.0))
    assert model.predict_proba(corpus[0]) == pytest.approx(weak, abs=0.01)


def test_votes_that_were_cast_before_are_not_cast_again(corpus, lfs, label_model, monkeypatch):
    dev = {"dev_texts": corpus[0][:20], "dev_gold": corpus[3][:20]}
    again = train_model(*corpus, lfs, label_model, grid={"C": [0.1]}, **dev)
    cast, dev_cast = (cast_all(lfs.parse_all(texts), lfs) for texts in (corpus[0], corpus[0][:20]))
    with monkeypatch.context() as patched:
        patched.setattr(LFSet, "parse_all", None)
        once = train_model(*corpus, lfs, label_model, grid={"C": [0.1]}, **dev, cast=cast, dev_cast=dev_cast)
    assert (once.model.predict_proba(corpus[0]) == again.model.predict_proba(corpus[0])).all()


def test_targets_blend_soft_labels_and_gold(corpus, lfs, label_model):
    """All sentences are alike to the classifier; half of the weight says opposition."""
    texts, articles = ["They met."] * 30 + corpus[0], np.r_[np.arange(30).astype(str), corpus[2]]
    soft = np.vstack([np.tile([0.0, 1.0, 0.0], (30, 1)), corpus[1]])
    gold = np.r_[np.zeros(30, int), corpus[3]]
    met = [
        train_model(texts, soft, articles, gold, lfs, label_model, grid={"C": [100.0]}, gold_weight=w).model
        for w in (0.0, 1.0, 3.0)
    ]
    share = [replace(model, temperature=1.0).predict_proba(["They met."])[0, 0] for model in met]
    assert share[0] < share[1] < share[2]


@pytest.mark.parametrize("name", ["RandomForestClassifier", "GaussianNB"])
def test_any_classifier_that_weighs_rows_can_be_named(corpus, lfs, label_model, name):
    params = {"n_estimators": 10, "random_state": 0} if name.startswith("Random") else {}
    trained = train_model(*corpus, lfs, label_model, classifier=name, classifier_params=params)
    assert trained.candidates[0]["params"] == {}
    assert trained.model.predict(["They rejected it.", "They signed it."]).tolist() == ["opposition", "agreement"]
    assert name != "RandomForestClassifier" or "SoftLabelClassifier" in repr(trained.model)


def test_the_exported_classifier_answers_as_scikit_learn_would(corpus, lfs, label_model, training):
    """To 1e-6, on the features of the corpus."""
    model = training.model
    batch, weak = model.parse(corpus[0], corpus[2])
    X = model.features.transform(batch, weak)
    fitted = SoftLabelClassifier(LogisticRegression(max_iter=5000)).fit(X * model.features.scales, corpus[1])
    linear = exported(fitted, model.features.scales)
    assert np.abs(softmax(linear.scores(X)) - fitted.predict_proba(X * model.features.scales)).max() < 1e-6


def test_gold_beats_the_soft_label(corpus, lfs, label_model):
    texts, soft, articles, gold = corpus
    gold = np.where([" met " in text for text in texts], 0, gold)
    trained = train_model(texts, soft, articles, gold, lfs, label_model, grid={"C": [10.0]}, gold_weight=20.0)
    assert trained.model.predict(["Freedonia met."]).tolist() == ["opposition"]


def test_dev_gold_moves_temperature_and_threshold_but_no_weight(corpus, training, lfs, label_model):
    dev = [
        f"{name} {verb} the plan of {k}." for name, verb, k in product("ABCD", ["rejected", "signed", "met"], range(10))
    ]
    gold = np.tile(np.repeat([0, 2, 1], 10), 4)
    trained = train_model(*corpus, lfs, label_model, grid={"C": [0.1, 1.0]}, cv_folds=3, dev_texts=dev, dev_gold=gold)
    assert (trained.model.classifier.weights == training.model.classifier.weights).all()
    assert (trained.calibration["on"], trained.calibration["rows"]) == ("dev gold", 120)
    assert trained.calibration["log_loss_after"] <= trained.calibration["log_loss_before"]
    assert trained.model.threshold is not None


def test_without_dev_gold_nothing_is_promised(training):
    assert training.calibration["on"] == "held-out articles"
    assert training.model.threshold is None
    assert not training.model.abstained(np.full((1, 3), 1 / 3)).any()


def test_training_twice_gives_the_same_bytes(corpus, training, lfs, label_model):
    again = train_model(*corpus, lfs, label_model, grid={"C": [0.1, 1.0]}, cv_folds=3)
    assert again.model.classifier.weights.tobytes() == training.model.classifier.weights.tobytes()
    assert again.candidates == training.candidates


def test_embeddings_are_learnt_from_and_encoded_once(corpus, lfs, label_model, encoder, asked):
    trained = train_model(*corpus, lfs, label_model, grid={"C": [0.1, 1.0]}, cv_folds=3, encoder=encoder)
    first, width = trained.model.features.starts["embedding"], trained.model.features.widths["embedding"]
    assert width == encoder.width
    assert trained.model.classifier.weights[first : first + width].any(axis=1).all()
    assert asked == [list(dict.fromkeys(corpus[0]))]


def test_a_missing_stance_is_refused_with_the_counts(corpus, lfs, label_model):
    texts, _, articles, gold = corpus
    soft = np.eye(3)[[0, 1] * (len(texts) // 2)]
    with pytest.raises(TrainingError, match=f"{len(texts) // 2} opposition, {len(texts) // 2} neutral, 0 agreement"):
        train_model(texts, soft, articles, gold, lfs, label_model)


def test_articles_that_leave_a_fold_one_stance_are_trained_on(lfs, label_model):
    texts = ["A rejected it.", "B met C.", "D signed it.", "E rejected it."]
    soft, articles = np.eye(3)[[0, 1, 2, 0]], ["a", "b", "b", "a"]
    trained = train_model(texts, soft, articles, np.full(4, -1), lfs, label_model, grid={"C": [10.0]})
    assert trained.model.predict(texts).tolist() == ["opposition", "neutral", "agreement", "opposition"]


@pytest.mark.parametrize(
    ("labelled", "why"), [(0, "no hand-labelled dev sentence"), (1, "only 1 hand-labelled dev sentence")]
)
def test_too_few_dev_labels_are_told_once_for_both_models(corpus, lfs, label_model, caplog, labelled, why):
    dev = {"dev_texts": corpus[0][:2], "dev_gold": [0 if i < labelled else -1 for i in range(2)]}
    train_model(*corpus, lfs, label_model, grid={"C": [1.0]}, cv_folds=3, **dev)
    told = [line for line in caplog.messages if "not demonstrated" in line]
    assert told == [f"classifier and label model: target precision 0.80 not demonstrated ({why}): nothing abstains"]


def test_one_article_is_enough_but_said_to_flatter(corpus, lfs, label_model, caplog):
    texts, soft, _, gold = corpus
    trained = train_model(texts, soft, ["one"] * len(texts), gold, lfs, label_model, grid={"C": [1.0]})
    assert set(trained.model.predict(texts)) == set(STANCES)
    assert "only one article" in caplog.text


@pytest.mark.parametrize(
    ("grid", "error", "expected"),
    [
        ({"c": [1]}, InputError, "classifier, grid: no such parameter; got Invalid parameter 'c'"),
        (
            {"C": ["1e-3"]},
            TrainingError,
            "LogisticRegression cannot be fitted; got The 'C' parameter .* must be a float",
        ),
    ],
)
def test_a_grid_that_does_not_fit_is_refused_in_a_line(corpus, lfs, label_model, grid, error, expected):
    with pytest.raises(error, match=expected):
        train_model(*corpus, lfs, label_model, grid=grid)


@pytest.fixture
def shipped(corpus, lfs):
    """The corpus as rows that ship, each sentence with gold."""
    texts, soft, articles, _ = corpus
    return ShippedRows(articles, cast_all(lfs.parse_all(texts), lfs), soft.argmax(axis=1))


FEW = ["It rained.", "The hall was full.", "Ruritania rejected it."]


def test_few_sentences_beside_rows_that_ship_leave_what_those_taught(corpus, lfs, label_model, shipped, training):
    """Alone they lack a stance; their number is said, and what they do not show is still answered."""
    few = FEW, label_model.predict_proba(*cast_votes(FEW, lfs)), np.array(["a", "a", "b"]), np.full(3, -1)
    with pytest.raises(TrainingError, match="a stance is missing"):
        train_model(*few, lfs, label_model)
    found = train_model(*few, lfs, label_model, grid={"C": [1.0]}, cv_folds=3, shipped=shipped)
    assert found.shipped_rows == len(corpus[0])
    assert (found.model.predict(corpus[0]) == training.model.predict(corpus[0])).all()


def test_ones_own_gold_alone_adapts_and_chooses(corpus, lfs, label_model, shipped):
    """Rows that ship have gold, too: it teaches, and neither adapts nor decides where one's own is enough."""
    texts, soft, articles, _ = corpus
    gold = np.where(soft.argmax(axis=1) == 1, 2, soft.argmax(axis=1))
    own = [*texts, *texts], np.vstack([soft, soft]), np.r_[articles, articles], np.r_[gold, gold]
    found = train_model(*own, lfs, label_model, grid={"C": [1.0]}, cv_folds=3, shipped=shipped, adapt="on")
    assert found.adaptation.labels == found.candidates[0]["rows"] == len(own[0])


def test_what_needs_texts_leaves_rows_that_ship_aside(corpus, lfs, label_model, shipped):
    plain = train_model(*corpus, lfs, label_model, grid={"C": [1.0]}, cv_folds=3, ngram_max=1)
    beside = train_model(*corpus, lfs, label_model, grid={"C": [1.0]}, cv_folds=3, ngram_max=1, shipped=shipped)
    assert beside.shipped_rows == 0
    np.testing.assert_array_equal(beside.model.predict_proba(FEW), plain.model.predict_proba(FEW))


def test_a_classifier_that_hardly_answers_a_stance_is_told_in_a_line(corpus, lfs, label_model, caplog):
    """The label model finds agreement in a third of the sentences; gold calls all of it opposition."""
    texts, soft, _, gold = corpus
    gold = np.where(soft.argmax(axis=1) == 2, 0, gold)
    train_model(*corpus[:3], gold, lfs, label_model, grid={"C": [1.0]}, cv_folds=3, gold_weight=20, stances=[0, 1])
    n = (soft.argmax(axis=1) == 2).sum()
    result = f"hardly ever answers agreement (0 of {len(texts)} training sentences, the label model {n})"
    assert result in caplog.text
    caplog.clear()
    train_model(*corpus, lfs, label_model, grid={"C": [1.0]}, cv_folds=3)
    assert "hardly ever" not in caplog.text
