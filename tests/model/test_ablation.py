"""What an LF adds to the trained classifier."""

import numpy as np
import pytest

from pipeline.base.calibration import softmax
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.model.explanation import lf_contributions
from pipeline.weak.label_model.selection import macro_f1

TEXTS = ["The mayor rejected it.", "They signed it.", "They ate.", "The mayor rejected nothing but the soup."]
GOLD = np.array([OPPOSITION, AGREEMENT, NEUTRAL, OPPOSITION])


def without(model, text_rows, j):
    """Probabilities by hand: the votes of LF j are gone, and all that is made of them."""
    batch, _ = model.parse(text_rows)
    batch.votes[:, j], batch.strengths[:, j] = -1, 0
    proba = model.label_model.predict_proba(batch.votes, batch.strengths)
    return softmax(model.scores(batch, proba))


@pytest.mark.parametrize("j", [0, 1])
def test_it_is_the_loss_on_the_same_sentences_without_the_votes(model, j):
    """Against all sentences computed again, macro-F1 and mean log-loss alike."""
    before, after = model.predict_proba(TEXTS), without(model, TEXTS, j)
    contributions = lf_contributions(model, TEXTS, GOLD)[j]
    lost = macro_f1(GOLD, before.argmax(1), 3) - macro_f1(GOLD, after.argmax(1), 3)
    gained = np.log(before[range(4), GOLD]).mean() - np.log(after[range(4), GOLD]).mean()
    assert contributions == pytest.approx((lost, gained))


def test_an_lf_that_is_right_is_worth_something_and_one_that_is_wrong_does_harm(model):
    """The same votes, scored on opposite gold."""
    assert lf_contributions(model, TEXTS[:1], GOLD[:1])[0].log_loss > 0
    assert lf_contributions(model, TEXTS[:1], np.array([AGREEMENT]))[0].log_loss < 0


def test_an_lf_that_does_not_vote_is_worth_nothing(model):
    """Nothing is taken away from these sentences."""
    assert lf_contributions(model, ["They ate."], np.array([NEUTRAL])) == [(0, 0), (0, 0)]


def test_neighbours_without_hand_labels_are_context_alone(model):
    """They are not scored, but their votes are taken away, too."""
    articles = ["a"] * 4
    gold = np.array([OPPOSITION, AGREEMENT, -1, -1])
    before = model.predict_proba(TEXTS, articles=articles)[:2]
    batch, _ = model.parse(TEXTS, articles)
    batch.votes[:, 0], batch.strengths[:, 0] = -1, 0
    after = softmax(model.scores(batch, model.label_model.predict_proba(batch.votes, batch.strengths)))[:2]
    gained = np.log(before[range(2), gold[:2]]).mean() - np.log(after[range(2), gold[:2]]).mean()
    assert lf_contributions(model, TEXTS, gold, articles)[0].log_loss == pytest.approx(gained)


def test_the_model_is_left_as_it_was(model):
    before = model.predict_proba(TEXTS)
    lf_contributions(model, TEXTS, GOLD)
    assert (model.predict_proba(TEXTS) == before).all()


def test_without_hand_labels_nothing_is_known(model):
    assert lf_contributions(model, [], np.array([], int)) == []
