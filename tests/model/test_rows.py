"""Training rows: gold in place of soft labels, rows without weight dropped, covered sentences once more as context."""

import numpy as np
import pytest

from pipeline.base.errors import TrainingError
from pipeline.base.stances import UNLABELED
from pipeline.model.features import Features
from pipeline.model.training import check_stances, training_rows

TEXTS = ["Ruritania rejected the plan.", "Borduria signed the pact.", "The union met.", "Sylvania signed it."]
SOFT = np.array([[0.8, 0.1, 0.1], [0.1, 0.2, 0.7], [0.2, 0.6, 0.2], [0.3, 0.3, 0.4]])
ARTICLES = ["a", "a", "b", "c"]
GOLD = [UNLABELED, UNLABELED, UNLABELED, 0]


@pytest.fixture
def make(lfs, label_model):
    def make(soft=SOFT, gold=GOLD):
        return training_rows(TEXTS, soft, ARTICLES, gold, lfs, label_model)

    return make


def test_gold_replaces_the_soft_label_and_has_its_own_weight(make):
    rows = make()
    assert rows.targets.tolist() == [*SOFT[:3].tolist(), [1, 0, 0]]
    assert rows.weights.tolist() == [1, 1, 1, 1]
    assert rows.weighted(2.0).weights.tolist() == [1, 1, 1, 2]
    assert SOFT[3].tolist() == [0.3, 0.3, 0.4]


def test_gold_without_weight_is_left_out(make):
    rows = make().weighted(0)
    assert rows.articles.tolist() == ["a", "a", "b"]
    assert [len(rows.reading), len(rows.context), len(rows.proba), len(rows.gold)] == [3, 3, 3, 3]


def test_the_label_model_speaks_for_the_sentence_and_for_its_context(make, label_model):
    rows = make()
    assert (rows.proba == label_model.predict_proba(rows.reading.votes, rows.reading.strengths)).all()
    assert rows.proba.argmax(axis=1).tolist() == [0, 2, 1, 2]
    assert (rows.context_proba == rows.proba[2]).all()


def test_some_rows_are_some_of_everything(make):
    some = make()[np.array([3, 0])]
    assert some.reading.tokens[0][:2] == ["sylvania", "signed"]
    assert some.context.tokens[0][:2] == ["sylvania", ""]
    assert some.articles.tolist() == ["c", "a"]
    assert some.gold.tolist() == [0, UNLABELED]
    assert some.targets.tolist() == [[1, 0, 0], SOFT[0].tolist()]


def test_soft_labelled_sentences_with_votes_are_learnt_from_once_more_without_their_cues(make):
    rows = make().weighted(2.0)
    features = Features(rows.reading, ngram_max=1, min_df=1)
    X, targets, weights = rows.design(features)
    assert targets.tolist() == rows.targets[[0, 1, 2, 3, 0, 1]].tolist()
    assert weights.tolist() == [1, 1, 1, 2, 1, 1]
    start, width = features.starts["votes"], features.widths["votes"]
    votes_in = X[:, start : start + width].getnnz(axis=1)
    assert votes_in.tolist() == [1, 1, 0, 1, 0, 0]


def test_a_stance_whose_rows_have_no_weight_is_missing(make):
    rows = make(soft=np.eye(3)[[0, 1, 1, 1]], gold=[UNLABELED, UNLABELED, 2, 2])
    check_stances(rows.weighted(0.5))
    with pytest.raises(TrainingError, match="1 opposition, 1 neutral, 0 agreement"):
        check_stances(rows.weighted(0))


def test_inputs_of_different_lengths_are_refused(make):
    with pytest.raises(TrainingError, match="4 sentences, 3 soft labels, 4 articles, 4 gold labels"):
        make(soft=SOFT[1:])
    with pytest.raises(TrainingError, match="4 sentences, 4 soft labels, 4 articles, 1 gold labels"):
        make(gold=GOLD[:1])
