"""Adaptation: labels of another convention are followed where that helps, and left alone where it does not."""

import json

import numpy as np
import pytest

from pipeline.base.calibration import softmax
from pipeline.base.errors import InputError
from pipeline.base.stances import STANCES
from pipeline.model.adaptation import correct, own_groups
from pipeline.model.features import Linear
from pipeline.model.training import train_model

VERBS = {"rejected": "opposition", "signed": "agreement", "met over": "neutral"}
THINGS = ["plan", "tariff", "treaty", "charter", "pact", "budget", "border", "tunnel"]
NAMES = ["Ruritania", "Borduria", "Sylvania", "Freedonia"]
WHO = [f"{name} {when}" for name in NAMES for when in ("today", "again", "once")]
TEXTS = [f"{who} {verb} the {thing}." for who in WHO for verb in VERBS for thing in THINGS]
CODEBOOK = [VERBS[verb] for _ in WHO for verb in VERBS for _ in THINGS]
OTHER = ["agreement" if stance == "opposition" else stance for stance in CODEBOOK]
"""Labels of somebody to whom a rejection is what they agree with."""
ARTICLES = [who for who in WHO for _ in VERBS for _ in THINGS]


@pytest.fixture(scope="module")
def adapted(model):
    return model.adapt(TEXTS, OTHER, articles=None)


def test_labels_of_another_convention_are_followed(model, adapted):
    assert adapted.adapted
    assert adapted.predict(["Ostania rejected the bridge."]).tolist() == ["agreement"]
    assert model.predict(["Ostania rejected the bridge."]).tolist() == ["opposition"]
    assert not model.adapted
    assert "adapted" in repr(adapted)


def test_labels_that_the_model_gives_already_change_nothing(model):
    same = model.adapt(TEXTS, CODEBOOK)
    assert not same.adapted
    assert (same.predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()
    assert "not used" in same.adaptation["reason"]


def test_labels_by_chance_change_nothing(model):
    labels = np.random.default_rng(3).choice(STANCES, len(TEXTS)).tolist()
    assert not model.adapt(TEXTS, labels).adapted


def test_embeddings_carry_what_no_labeling_function_knows(model, encoder, monkeypatch):
    """Two things alike to every labeling function; what embeds them tells them apart."""
    told_apart = {thing: 2.0 * (k % 2) - 1 for k, thing in enumerate(THINGS)}

    def encode(texts):
        side = np.array([told_apart.get(text.rstrip(".").rpartition(" ")[2], 0.0) for text in texts])
        return np.stack([side, np.sqrt(1.25 - np.abs(side)), 0 * side, 0 * side], axis=1).astype(np.float32)

    monkeypatch.setattr("pipeline.model.encoder.loaded", lambda name, identity: encode)
    labels = ["opposition" if told_apart[thing] > 0 else "neutral" for _ in WHO for _ in VERBS for thing in THINGS]
    found = model.adapt(TEXTS, labels, articles=ARTICLES, when="on", encoder=encoder.name)
    assert model.adapt(TEXTS, labels, articles=ARTICLES, when="on").adaptation["after"]["macro_f1"] < 0.8
    assert found.adaptation["after"]["macro_f1"] > 0.9
    assert (found.encoder, model.encoder) == (encoder, None)
    assert found.predict(["Ostania rejected the treaty.", "Ostania rejected the tariff."]).tolist() == [
        "neutral",
        "opposition",
    ]


def test_what_is_asked_for_is_done(model):
    assert model.adapt(TEXTS, CODEBOOK, when="on").adapted


def test_few_labels_are_too_few(model):
    few = model.adapt(TEXTS[:40], OTHER[:40], when="on")
    assert not few.adapted
    assert few.adaptation["reason"] == "40 hand labels are too few to adapt to (at least 50, of two stances)"


def test_what_was_found_is_plain_data_with_a_curve(adapted):
    found = adapted.adaptation
    assert json.loads(json.dumps(found)) == found
    assert [point["labels"] for point in found["curve"]] == [50, 100, len(TEXTS)]
    assert found["after"]["macro_f1"] > found["before"]["macro_f1"] + 0.1
    assert found["gain"]["log_loss"] == pytest.approx(
        found["before"]["log_loss"] - found["after"]["log_loss"], abs=2e-4
    )
    assert found["forecast"] <= 1


def test_the_explanation_is_that_of_the_adapted_classifier(adapted):
    result = adapted.explain("Ostania rejected the bridge.")
    assert result["label"] == "agreement"
    assert max(result["label_model"], key=result["label_model"].get) == "opposition"


def test_without_a_correction_log_odds_are_those_of_before():
    """Regularised to next to nothing, only scale and bias are left to learn, and these fit already."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 4))
    base = Linear(rng.normal(size=(4, 3)), np.zeros(3))
    truth = softmax(base.scores(X))
    gold = (rng.random((3000, 1)) > truth.cumsum(axis=1)).sum(axis=1)
    found = correct(base, X, np.full(4, 1e-3), gold, 0.1)
    assert np.abs(softmax(found.scores(X)) - truth).mean() < 0.03


def test_of_two_stances_the_third_is_never_answered(model):
    two = [i for i, label in enumerate(CODEBOOK) if label != "neutral"]
    found = model.adapt([TEXTS[i] for i in two], [CODEBOOK[i] for i in two], when="on")
    assert found.predict_proba(TEXTS)[:, 1].max() < 1e-6


def test_articles_and_near_duplicates_are_kept_together():
    texts = ["The mayor rejected the plan for a second bridge over the river.", "It rains.", "They met in the capital."]
    texts += [texts[0].replace("The mayor", "The town mayor"), "It snows today."]
    groups = own_groups(texts, np.array(["a", "b", "b", "c", "d"]))
    assert groups[0] == groups[3]
    assert groups[1] == groups[2]
    assert len(set(groups)) == 3


def test_training_adapts_to_the_hand_labels_of_its_articles(lfs, label_model):
    """Only where it is told to."""
    soft = np.eye(3)[[STANCES.index(label) for label in CODEBOOK]] * 0.8 + 0.2 / 3
    gold = np.array([STANCES.index(label) for label in OTHER])
    kind = {"grid": {"C": [0.03]}, "gold_weight": 0.0}
    plain = train_model(TEXTS, soft, ARTICLES, gold, lfs, label_model, **kind)
    adapted = train_model(TEXTS, soft, ARTICLES, gold, lfs, label_model, adapt="auto", **kind)
    rejected = ["Ostania rejected the bridge."]
    assert (plain.adaptation, plain.model.predict(rejected).tolist()) == (None, ["opposition"])
    assert adapted.model.predict(rejected).tolist() == ["agreement"]
    assert adapted.adaptation.used


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["agreed"] * 2, "label 0: unknown stance"),
        (["neutral"], "labels: each sentence needs a label; expected 2; got 1"),
    ],
)
def test_what_is_no_label_is_refused(model, labels, expected):
    with pytest.raises(InputError, match=expected):
        model.adapt(["No.", "Yes."], labels)
