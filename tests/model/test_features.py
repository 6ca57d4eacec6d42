"""Features: every block stands where its name says, and neighbours speak in articles alone."""

import pickle

import numpy as np
import pytest

from pipeline.model.features import Features
from pipeline.model.parsed import read_sentences
from pipeline.weak.lfs.parse import STRUCTURE

TEXTS = ["Ruritania did not sign the pact.", "Borduria rejected it, but the union signed.", "Does it rain?", ""]


@pytest.fixture
def reading(lfs):
    return read_sentences(TEXTS, lfs)


def weak(reading, label_model):
    return label_model.predict_proba(reading.votes, reading.strengths)


@pytest.fixture
def features(lfs, label_model):
    """Of a corpus in which each LF votes at least three times."""
    many = read_sentences([*TEXTS, "They signed it.", "They rejected it."] * 3, lfs)
    return Features(many, weak(many, label_model))


@pytest.fixture
def dense(features, reading, label_model):
    return features.transform(reading, weak(reading, label_model))


def block(features, dense, name):
    return dense[:, features.starts[name] :][:, : features.widths[name]]


def test_widths_of_the_blocks_add_up_to_the_matrix(features, dense):
    assert sum(features.widths.values()) == dense.shape[1]
    assert dense.dtype == np.float64
    assert len(features.scales) == dense.shape[1]


def test_a_vote_stands_in_the_column_of_its_lf_and_stance_with_its_strength(features, dense, reading):
    votes = block(features, dense, "votes")
    assert reading.votes[0].tolist() == [-1, 0]
    assert features.vote_columns.tolist() == [0, 3, 5]  # LF 0 for opposition, LF 1 for opposition and agreement
    assert votes[0].tolist() == [0, reading.strengths[0, 1], 0]
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


def test_an_lf_that_hardly_voted_for_a_stance_has_no_column_for_it(lfs, label_model):
    few = read_sentences(["They signed it."] * 3 + ["They rejected it."] * 2, lfs)
    assert Features(few, weak(few, label_model)).vote_columns.tolist() == [5]


def test_neighbours_and_place_speak_in_an_article_alone(lfs, label_model):
    """Hand-countable: what the label model says of the sentence before and behind, beyond the average."""
    texts = ["They signed it.", "They met.", "They rejected it."]
    reading = read_sentences([*texts, "They met."], lfs, articles=["a", "a", "a", None])
    proba = weak(reading, label_model)
    features = Features(reading, proba)
    raw = block(features, features.transform(reading, proba), "context")
    context, beyond = raw[:3] + features.context_mean, proba - features.shares
    assert not raw[3].any()
    assert context[1, 3:6] == pytest.approx(beyond[0])
    assert context[1, 6:9] == pytest.approx(beyond[2])
    assert context[0, 9:12] == pytest.approx(beyond[2])
    assert context[1, 12:15] == pytest.approx(2 * (beyond[0] + beyond[2]) / 2)
    assert context[:, 15:].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0.5], [0, 0, 1, 1]]
    assert raw[:3].sum(axis=0) == pytest.approx(np.zeros(19), abs=1e-5)
    assert not block(features, features.transform(reading, proba, alone=True), "context").any()


def test_articles_do_not_hear_each_other(features, lfs, label_model):
    texts = ["They signed it.", "They met.", "They rejected it.", "They met."]
    both = read_sentences(texts, lfs, articles=["a", "a", "b", "b"])
    first = read_sentences(texts[:2], lfs, articles=["a", "a"])
    found = features.transform(both, weak(both, label_model))[:2]
    assert (found == features.transform(first, weak(first, label_model))).all()


def test_ngrams_are_those_of_scikit_learn_where_they_are_asked_for(lfs, label_model):
    reading = read_sentences(TEXTS, lfs)
    features = Features(reading, weak(reading, label_model), ngram_max=2, min_df=1)
    found = block(features, features.transform(reading, weak(reading, label_model)), "n-grams")
    assert np.linalg.norm(found[:3], axis=1) == pytest.approx(np.ones(3))
    names = [features.ngram(i) for i in np.flatnonzero(found[2])]
    assert names == ["does", "does it", "it", "it rain", "rain"]


def test_features_pickle_to_the_same_bytes(lfs, label_model):
    """A vectoriser of scikit-learn keeps an address in memory; it is taken out."""
    reading = read_sentences(TEXTS, lfs)
    one, other = (pickle.dumps(Features(reading, weak(reading, label_model), ngram_max=1, min_df=1)) for _ in range(2))
    assert one == other


def test_embeddings_stand_in_their_block_against_the_average_sentence(lfs, label_model, encoder):
    reading = read_sentences(TEXTS, lfs, encoder)
    features = Features(reading, weak(reading, label_model))
    found = block(features, features.transform(reading, weak(reading, label_model)), "meaning")
    assert found == pytest.approx(reading.meaning - reading.meaning.mean(axis=0), abs=1e-6)
