"""Features: every block stands where its name says, and the fast product equals SciPy's."""

import numpy as np
import pytest

from pipeline.model.features import SCALES, Features
from pipeline.model.parsed import STRUCTURE, read_sentences

TEXTS = ["Ruritania did not sign the pact.", "Borduria rejected it, but the union signed.", "Does it rain?", ""]


@pytest.fixture
def reading(lfs):
    return read_sentences(TEXTS, lfs)


@pytest.fixture
def features(reading):
    return Features(reading, ngram_max=2, min_df=1)


@pytest.fixture
def dense(features, reading, label_model):
    proba = label_model.predict_proba(reading.votes, reading.strengths)
    return features.transform(reading, proba).to_csr().toarray()


def block(features, dense, name):
    return dense[:, features.starts[name] :][:, : features.widths[name]] / SCALES[name]


def test_widths_of_the_blocks_add_up_to_the_matrix(features, dense):
    assert sum(features.widths.values()) == dense.shape[1]
    assert dense.dtype == np.float32


def test_a_vote_stands_in_the_column_of_its_lf_and_stance_with_its_strength(features, dense, reading):
    votes = block(features, dense, "votes")
    assert reading.votes[0].tolist() == [-1, 0]
    assert votes[0].tolist() == [0, 0, 0, reading.strengths[0, 1], 0, 0]
    assert not votes[2:].any()


def test_evidence_says_how_much_speaks_for_each_stance_and_whether_nothing_does(features, dense, reading):
    evidence = block(features, dense, "evidence")
    assert evidence[1, [0, 2]] == pytest.approx(reading.strengths[1])
    assert evidence[:, -1].tolist() == [0, 0, 1, 1]


def test_order_names_the_stance_of_the_first_and_of_the_last_cue(features, dense):
    order = block(features, dense, "order")
    assert order[1].tolist() == [1, 0, 0, 0, 0, 1]


def test_structure_tells_questions_contrasts_negations_and_empty_text(features, dense):
    structure = dict(zip(STRUCTURE, block(features, dense, "structure").T, strict=True))
    assert structure["question"].tolist() == [0, 0, 1, 0]
    assert structure["contrast"].tolist() == [0, 1, 0, 0]
    assert structure["negated cue"].tolist() == [1, 0, 0, 0]
    assert structure["no token"].tolist() == [0, 0, 0, 1]


def test_log_odds_of_the_label_model_sum_to_zero(features, dense):
    assert block(features, dense, "label model").sum(axis=1) == pytest.approx(np.zeros(4), abs=1e-6)


def test_where_no_lf_votes_ngrams_stand_once_more(features, dense):
    """They may say more there: nothing else speaks."""
    shared, alone = block(features, dense, "n-grams"), block(features, dense, "n-grams alone")
    assert not alone[:2].any()
    assert alone[2:] == pytest.approx(shared[2:])
    assert shared.any(axis=1).tolist() == [True, True, True, False]


def test_embeddings_stand_in_their_block_against_the_average_sentence(lfs, label_model, encoder):
    reading = read_sentences(TEXTS, lfs, encoder)
    features = Features(reading, min_df=1)
    matrix = features.transform(reading, label_model.predict_proba(reading.votes, reading.strengths))
    found = block(features, matrix.to_csr().toarray(), "meaning")
    assert found == pytest.approx(reading.meaning - reading.meaning.mean(axis=0), abs=1e-6)


def test_the_product_is_the_same_with_embeddings_and_for_each_sentence_alone(lfs, label_model, encoder):
    reading = read_sentences(TEXTS, lfs, encoder)
    features = Features(reading, min_df=1)
    proba = label_model.predict_proba(reading.votes, reading.strengths)
    matrix = features.transform(reading, proba)
    weights = np.random.default_rng(3).normal(size=(matrix.width, 3)).astype(np.float32)
    assert matrix.times(weights) == pytest.approx(matrix.to_csr().astype(float) @ weights, abs=1e-6)
    alone = [features.transform(reading[np.array([i])], proba[[i]]).times(weights)[0] for i in range(len(TEXTS))]
    assert (matrix.times(weights) == alone).all()


def test_the_product_with_weights_is_that_of_the_sparse_matrix(features, reading, label_model):
    proba = label_model.predict_proba(reading.votes, reading.strengths)
    matrix = features.transform(reading, proba)
    weights = np.random.default_rng(3).normal(size=(matrix.width, 3))
    by_scipy = matrix.to_csr().astype(float) @ weights
    assert matrix.times(weights) == pytest.approx(by_scipy)
