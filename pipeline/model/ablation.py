"""Leave-one-out ablation: what the votes of each labeling function (LF) add to the trained classifier.

Retraining without each LF in turn would be exact, but takes as many times as long as training. Here the classifier
stays as it is: the votes of one LF are removed, and the label model's probabilities and all features made of votes,
those of neighbouring sentences included, are computed again. An LF that repeats others seems to add more than it does.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.base.calibration import log_losses, softmax
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.weak.label_model.selection import macro_f1

if TYPE_CHECKING:
    from pipeline.model.stance_model import StanceModel

N = len(STANCES)


class Contribution(NamedTuple):
    """What is lost without an LF: macro-F1, and the log-loss (nats) that is added; below 0 the LF does harm."""

    macro_f1: float
    log_loss: float


def lf_contributions(
    model: "StanceModel", texts: Sequence[str], gold: np.ndarray, articles: Sequence[str] | None = None
) -> list[Contribution]:
    """Return what each LF adds to the classifier on sentences with stance ids `gold`, int (n,).

    The classifier must not have been trained on these sentences; `articles` names the article of each. A sentence with
    gold -1 serves as context only. Without gold the result is [].
    """
    known = np.flatnonzero(gold >= 0)
    if not len(known):
        return []
    batch, proba = model.parse(texts, articles)
    scores = model.scores(batch, proba)
    whole, found = _scores_on_gold(scores[known], gold[known]), []
    for j in range(len(model.lfs)):
        fired = np.flatnonzero(batch.votes[:, j] != ABSTAIN)
        without = whole
        if len(fired):
            votes, strengths, thinned = batch.votes.copy(), batch.strengths.copy(), proba.copy()
            votes[fired, j], strengths[fired, j] = ABSTAIN, 0
            thinned[fired] = model.label_model.predict_proba(votes[fired], strengths[fired])
            rest = replace(batch, votes=votes, strengths=strengths)
            without = _scores_on_gold(model.scores(rest, thinned)[known], gold[known])
        found.append(Contribution(whole.macro_f1 - without.macro_f1, without.log_loss - whole.log_loss))
    return found


def _scores_on_gold(scores: np.ndarray, gold: np.ndarray) -> Contribution:
    losses = log_losses(softmax(scores), np.eye(N)[gold])
    return Contribution(macro_f1(gold, scores.argmax(axis=1), N), float(losses.mean()))
