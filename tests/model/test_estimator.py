"""The estimator: raw text in scikit-learn's own tools, from names, ids or soft labels."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.utils.estimator_checks import check_estimator

from pipeline.base.errors import InputError
from pipeline.base.params import TrainParams
from pipeline.base.stances import STANCES
from pipeline.model.estimator import StanceClassifier
from pipeline.model.training import GOLD_WEIGHT, GRID

TEXTS = [
    f"{who} {what} of the council."
    for who in "ABCDEF"
    for what in ("rejected the plan", "met the envoy", "signed the accord")
]
NAMES = list(STANCES) * 6


def test_grid_search_takes_raw_text_and_names():
    search = GridSearchCV(StanceClassifier(), {"C": [0.1, 1.0]}, cv=2, error_score="raise").fit(TEXTS, NAMES)
    assert search.best_score_ == 1.0


def test_a_sentence_is_parsed_once_to_fit(parsed):
    StanceClassifier().fit(TEXTS, NAMES)
    assert parsed == TEXTS


def test_ids_in_ids_out_for_scores_of_probabilities():
    ids = np.tile([0, 1, 2], 6)
    search = GridSearchCV(StanceClassifier(), {"C": [1.0]}, cv=2, scoring="neg_log_loss", error_score="raise")
    assert search.fit(TEXTS, ids).best_score_ > -np.log(3)
    assert search.predict(TEXTS[:3]).tolist() == [0, 1, 2]


def test_soft_labels_are_taken_too():
    soft = 0.8 * np.eye(3)[[0, 1, 2] * 6] + 0.2 / 3
    assert StanceClassifier().fit(TEXTS, soft).predict(TEXTS[:3]).tolist() == list(STANCES)


def test_a_clone_has_the_parameters_and_nothing_learned():
    copy = clone(StanceClassifier(C=7.0).fit(TEXTS, NAMES))
    assert copy.get_params() == {**StanceClassifier().get_params(), "C": 7.0}
    assert not hasattr(copy, "model_")


def test_there_is_one_set_of_defaults():
    """Those of training and of params.yaml."""
    own, trained = StanceClassifier().get_params(), TrainParams()
    assert own["C"] in trained.classifier.grid["C"]
    assert list(GRID["C"]) == trained.classifier.grid["C"]
    assert own["gold_weight"] == trained.gold_weight == GOLD_WEIGHT
    assert (own["classifier"], own["ngram_max"], own["min_df"]) == ("LogisticRegression", trained.ngram_max, 2)


def test_of_two_stances_the_third_is_never_answered():
    two = [(text, name) for text, name in zip(TEXTS, NAMES, strict=True) if name != "neutral"]
    found = StanceClassifier().fit(*zip(*two, strict=True))
    assert found.classes_.tolist() == ["agreement", "opposition"]
    assert found.predict_proba(TEXTS).shape == (len(TEXTS), 2)
    assert found.predict_proba(TEXTS).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)))
    assert found.predict(TEXTS[::3] + TEXTS[2::3]).tolist() == ["opposition"] * 6 + ["agreement"] * 6


def test_weights_and_logarithms():
    """A sentence that weighs nothing teaches nothing."""
    texts, names = [*TEXTS, *["Zed met the envoy."] * 9], [*NAMES, *["opposition"] * 9]
    weights = np.r_[np.ones(18), np.zeros(9)]
    heavy = StanceClassifier(C=10).fit(texts, names)
    light = StanceClassifier(C=10).fit(texts, names, sample_weight=weights)
    assert heavy.predict_proba(["Zed met the envoy."])[0, 2] > light.predict_proba(["Zed met the envoy."])[0, 2] + 0.1
    assert np.exp(light.predict_log_proba(TEXTS)) == pytest.approx(light.predict_proba(TEXTS))
    assert light.explain(TEXTS[0])["label"] == "opposition"


def test_scikit_learns_own_checks_pass_as_far_as_text_allows():
    """Its checks feed numbers, which are refused as no sentences; those that do not are run."""
    results = check_estimator(StanceClassifier(), on_skip=None, on_fail=None)
    assert {one["check_name"] for one in results if one["status"] == "failed"} == set()
    assert StanceClassifier().__sklearn_tags__().input_tags.string


def test_an_encoder_is_given_by_name(folder, asked):
    search = GridSearchCV(StanceClassifier(), {"encoder": [None, str(folder)]}, cv=2, error_score="raise")
    search.fit(TEXTS, NAMES)
    with_encoder = StanceClassifier(encoder=str(folder)).fit(TEXTS, NAMES)
    assert with_encoder.model_.encoder.name == str(folder)
    assert with_encoder.predict(TEXTS[:3]).tolist() == list(STANCES)
    assert sorted(text for texts in asked for text in texts if text) == sorted(TEXTS)


def test_a_name_that_is_no_stance_is_refused_by_its_place():
    with pytest.raises(InputError, match="label 1: unknown stance"):
        StanceClassifier().fit(TEXTS[:2], ["neutral", "agreed"])


def test_classes_are_sorted_and_probabilities_stand_in_their_order():
    """As scikit-learn's scores of probabilities expect."""
    search = GridSearchCV(StanceClassifier(), {"C": [1.0]}, cv=2, scoring="roc_auc_ovr", error_score="raise")
    assert search.fit(TEXTS, NAMES).best_score_ == 1.0
    found = search.best_estimator_
    assert found.classes_.tolist() == sorted(STANCES)
    assert found.classes_[found.predict_proba(TEXTS[:3]).argmax(axis=1)].tolist() == list(STANCES)


@pytest.mark.parametrize(("label", "expected"), [(-1, "got -1"), (3, "got 3")])
def test_an_id_that_is_no_stance_is_refused_by_its_place(label, expected):
    """-1 is no way to say "agreement"."""
    with pytest.raises(InputError, match=f"label 1: unknown stance; .*{expected}"):
        StanceClassifier().fit(TEXTS[:3], [0, label, 1])


@pytest.mark.parametrize(
    ("soft", "expected"),
    [
        (np.ones((3, 3)), "label 0: no probabilities that sum to 1"),
        (np.full((3, 3), np.nan), "label 0: no probabilities"),
        (np.full((3, 2), 0.5), "expected 3; got 2"),
    ],
)
def test_soft_labels_that_are_none_are_refused(soft, expected):
    with pytest.raises(InputError, match=expected):
        StanceClassifier().fit(TEXTS[:3], soft)


def test_what_is_no_list_of_sentences_with_a_label_each_is_refused():
    with pytest.raises(InputError, match="sentence 0: not a string"):
        StanceClassifier().fit([1, 2], ["neutral"] * 2)
    with pytest.raises(InputError, match="expected 3 of them; got 2"):
        StanceClassifier().fit(TEXTS[:3], NAMES[:2])


def test_nothing_is_promised_so_nothing_is_warned_of(caplog):
    StanceClassifier().fit(TEXTS, NAMES)
    assert caplog.text == ""
