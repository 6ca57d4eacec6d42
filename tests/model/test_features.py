"""Features: every block stands where its name says, and neighbours speak in articles alone."""

import pickle

import numpy as np
import pytest

from pipeline.base.stances import ABSTAIN, AGREEMENT, OPPOSITION
from pipeline.model.features import Features, Linear, explain_cues
from pipeline.model.parsed import parse_sentences
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet
from pipeline.weak.lfs.parse import STRUCTURE
from tests.weak.small import cues, lf

TEXTS = ["Ruritania did not sign the pact.", "Borduria rejected it, but the union signed.", "Does it rain?", ""]


@pytest.fixture
def batch(lfs):
    return parse_sentences(TEXTS, lfs)


def weak(batch, label_model):
    return label_model.predict_proba(batch.votes, batch.strengths)


@pytest.fixture
def features(lfs, label_model):
    """Of a corpus in which each LF votes at least three times."""
    many = parse_sentences([*TEXTS, "They signed it.", "They rejected it."] * 3, lfs)
    return Features(many, weak(many, label_model))


@pytest.fixture
def dense(features, batch, label_model):
    return features.transform(batch, weak(batch, label_model))


def block(features, dense, name):
    return dense[:, features.starts[name] :][:, : features.widths[name]]


def test_widths_of_the_blocks_add_up_to_the_matrix(features, dense):
    assert sum(features.widths.values()) == dense.shape[1]
    assert dense.dtype == np.float64
    assert len(features.scales) == dense.shape[1]


def test_a_vote_stands_in_the_column_of_its_lf_and_stance_with_its_strength(features, dense, batch):
    votes = block(features, dense, "votes")
    assert batch.votes[0].tolist() == [-1, 0]
    assert features.vote_columns.tolist() == [0, 3, 5]  # LF 0 for opposition, LF 1 for opposition and agreement
    assert votes[0].tolist() == [0, batch.strengths[0, 1], 0]
    assert not votes[2:].any()


def test_evidence_says_how_much_speaks_for_each_stance_and_whether_nothing_does(features, dense, batch):
    evidence = block(features, dense, "evidence")
    assert evidence[1, [0, 2]] == pytest.approx(batch.strengths[1])
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
    few = parse_sentences(["They signed it."] * 3 + ["They rejected it."] * 2, lfs)
    assert Features(few, weak(few, label_model)).vote_columns.tolist() == [5]


def test_neighbours_and_place_speak_in_an_article_alone(lfs, label_model):
    """Hand-countable: what the label model says of the sentence before and behind, beyond the average."""
    texts = ["They signed it.", "They met.", "They rejected it."]
    batch = parse_sentences([*texts, "They met."], lfs, articles=["a", "a", "a", None])
    proba = weak(batch, label_model)
    features = Features(batch, proba)
    raw = block(features, features.transform(batch, proba), "context")
    context, beyond = raw[:3] + features.context_mean, proba - features.shares
    assert not raw[3].any()
    assert context[1, 3:6] == pytest.approx(beyond[0])
    assert context[1, 6:9] == pytest.approx(beyond[2])
    assert context[0, 9:12] == pytest.approx(beyond[2])
    assert context[1, 12:15] == pytest.approx(2 * (beyond[0] + beyond[2]) / 2)
    assert context[:, 15:].tolist() == [[1, 0, 0, 0], [0, 1, 0, 0.5], [0, 0, 1, 1]]
    assert raw[:3].sum(axis=0) == pytest.approx(np.zeros(19), abs=1e-5)
    assert not block(features, features.transform(batch, proba, alone=True), "context").any()


def test_articles_do_not_hear_each_other(features, lfs, label_model):
    texts = ["They signed it.", "They met.", "They rejected it.", "They met."]
    both = parse_sentences(texts, lfs, articles=["a", "a", "b", "b"])
    first = parse_sentences(texts[:2], lfs, articles=["a", "a"])
    found = features.transform(both, weak(both, label_model))[:2]
    assert (found == features.transform(first, weak(first, label_model))).all()


def test_ngrams_are_those_of_scikit_learn_where_they_are_asked_for(lfs, label_model):
    batch = parse_sentences(TEXTS, lfs)
    features = Features(batch, weak(batch, label_model), ngram_max=2, min_df=1)
    found = block(features, features.transform(batch, weak(batch, label_model)), "n-grams")
    assert np.linalg.norm(found[:3], axis=1) == pytest.approx(np.ones(3))
    names = [features.ngram(i) for i in np.flatnonzero(found[2])]
    assert names == ["does", "does it", "it", "it rain", "rain"]


def test_features_pickle_to_the_same_bytes(lfs, label_model):
    """A vectoriser of scikit-learn keeps an address in memory; it is taken out."""
    batch = parse_sentences(TEXTS, lfs)
    one, other = (pickle.dumps(Features(batch, weak(batch, label_model), ngram_max=1, min_df=1)) for _ in range(2))
    assert one == other


def test_embeddings_stand_in_their_block_against_the_average_sentence(lfs, label_model, encoder):
    batch = parse_sentences(TEXTS, lfs, encoder)
    features = Features(batch, weak(batch, label_model))
    found = block(features, features.transform(batch, weak(batch, label_model)), "embedding")
    assert found == pytest.approx(batch.embeddings - batch.embeddings.mean(axis=0), abs=1e-6)


RNG = np.random.default_rng(0)


def test_scores_are_the_product_and_the_bias():
    X, weights, bias = RNG.normal(size=(20, 7)), RNG.normal(size=(7, 3)), RNG.normal(size=3)
    assert Linear(weights, bias).scores(X) == pytest.approx(X @ weights + bias)


def test_a_row_has_the_same_bits_alone_and_in_a_batch():
    X, linear = RNG.normal(size=(50, 301)), Linear(RNG.normal(size=(301, 3)), np.zeros(3))
    assert (linear.scores(X) == np.vstack([linear.scores(X[[i]]) for i in range(50)])).all()


def test_rounding_hides_last_digits_and_keeps_differences():
    weights, bias = RNG.normal(size=(7, 3)), RNG.normal(size=3)
    one, other = (Linear.rounded(weights + shift, bias) for shift in (0, 1e-12))
    assert one.weights.tobytes() == other.weights.tobytes()
    X = RNG.normal(size=(20, 7))
    difference = one.scores(X) - (X @ weights + bias)
    assert difference - difference[:, :1] == pytest.approx(np.zeros((20, 3)), abs=1e-6)


def test_it_is_named_by_its_shape():
    assert repr(Linear(np.zeros((7, 3)), np.zeros(3))) == "Linear(7 features)"


REJECT = lf("reject", "(reject|oppose)~v", negated=AGREEMENT)
SIGN = lf("sign", "sign~v", AGREEMENT, strength=0.8)
DEAL = lf("deal", "(deal|truce)~n", AGREEMENT, kind="noun")
DEADLOCK = lf("deadlock", "in ..3 deadlock", kind="phrase")
WORDY = lf("wordy", "held ..8 hostage", strength=0.9)
WHOLE = LF("whole", OPPOSITION, "rule", "why", "here", function=lambda parse: OPPOSITION)
LFS = LFSet([REJECT, SIGN, DEAL, DEADLOCK, WORDY, WHOLE], idioms=cues("sign of the times"))


def read(text):
    (cues,) = explain_cues(LFS, LFS.parse_all([text]))
    return cues


def only(text):
    (found,) = read(text)
    return found


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("They rejected it.", ()),
        ("They did not reject it.", ('negated by "not"',)),
        ("If they reject it, all is lost.", ('behind "if"',)),
        ("Although they rejected it, they stayed.", ('behind "although"',)),
        ("Although they did not reject it, they stayed.", ('negated by "not"', 'behind "although"')),
        ("She urged them to reject it.", ("only asked for",)),
        ("They held talks on how to reject it.", ("only talked about",)),
        ("They may reject it.", ('hedged by "may"',)),
        ("Will they reject it?", ("in a question",)),
        ("They rejected it, but the envoys signed.", ('before "but"',)),
        ("The guild (which rejected it) met.", ('behind "which"',)),
        ("The guild (rejected by all) met.", ("in parentheses",)),
        ("Talks are in utter deadlock, but they signed.", ()),
    ],
)
def test_notes_name_what_a_cue_stands_behind(text, notes):
    assert read(text)[0].notes == notes


def test_a_noun_is_what_the_verb_before_it_is_about():
    verb, noun = read("They rejected the truce.")
    assert (verb.notes, noun.notes) == ((), ('what "rejected" is about',))
    assert (noun.stance, noun.strength) == (ABSTAIN, 0.0)


def test_votes_are_those_of_the_parse():
    """Stance and strength are taken over, not computed again; a negated cue votes for what its LF says."""
    for text in ("They did not reject it.", "They may sign it, if all reject the deal.", "They rejected the truce."):
        hits = [(hit.lf, hit.stance, hit.strength) for hit in LFS.parse(text).hits]
        assert hits
        assert [(cue.lf, cue.stance, cue.strength) for cue in read(text) if cue.stance != ABSTAIN] == hits


def test_a_cue_that_does_not_count_is_told_all_the_same():
    found = only("They did not sign.")
    assert (found.stance, found.strength, found.notes) == (ABSTAIN, 0.0, ('negated by "not"',))


def test_quotes_hold_the_negation_and_words_do_not():
    text = "They did not at all reject it."
    found = only(text)
    assert found.quote == "not at all reject"
    assert [text[start:end] for start, end in found.words] == ["reject"]


def test_long_passages_are_cut_and_short_gaps_kept():
    assert only("Talks are in utter deadlock.").quote == "in utter deadlock"
    long = "They held representatives of neighbouring municipalities, administrations hostage."
    assert read(long) == []
    long = "They held representatives of neighbouring municipalities and administrations hostage."
    assert only(long).quote == "held ... hostage"


def test_idioms_and_functions_give_no_cue():
    assert read("It was a sign of the times.") == []
    assert read("Rain fell.") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("They re\u00adject\u00aded it.", "re\u00adject\u00aded"),
        ("Zu\u0308rich\u200b \u200brejected\u200b it.", "rejected"),
        ("“Zürich – rejected” it.", "rejected"),
        ("\ufeffe\u0301 rejected.", "rejected"),
    ],
)
def test_offsets_hold_beside_characters_that_nobody_sees(text, word):
    """Soft hyphens, zero-width spaces, accents as characters of their own."""
    ((start, end),) = only(text).words
    assert text[start:end].rstrip("\u200b") == word
