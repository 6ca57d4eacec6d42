"""Reader and label model together: a product of their probabilities, each to a power that hand labels choose.

They err differently: the label model knows the words that the labeling functions name, the reader has read sentences.
G. Hinton, "Training products of experts by minimizing contrastive divergence" (2002); such a product of two, fitted by
log-loss, is multinomial logistic regression on their log-probabilities.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.base.calibration import log_losses, softmax
from pipeline.base.stances import STANCES

ENOUGH = 30
"""Hand-labelled sentences from which a combination is fitted; with fewer it stays as it was."""

_PULL = 10.0  # nats that a distance of 1 from what it was costs all rows together
_MOST = 3.0
_FOLDS = 5
_DECIMALS = 4
_LOWEST = 1e-4


@dataclass(frozen=True)
class Combination:
    """Powers of the reader's and of the label model's probabilities; log-odds added to opposition and agreement.

    (1, 1, 0, 0) is the plain product. The sum of the powers is the inverse of a temperature; the last two say how much
    commoner the stances are in the articles at hand than where the reader comes from.
    """

    reader: float = 0.75
    label_model: float = 0.5
    opposition: float = 0.0
    agreement: float = 0.0

    def proba(self, reader_log_proba: np.ndarray, label_model_proba: np.ndarray) -> np.ndarray:
        """Return probabilities, float64 (n, 3), from the reader's logs and the label model's probabilities."""
        logs = np.log(np.maximum(label_model_proba, _LOWEST))
        added = np.array([self.opposition, 0.0, self.agreement])
        return softmax(self.reader * reader_log_proba + self.label_model * logs + added)


USUAL = Combination()
"""What a combination is before anything is fitted."""


def fit_combination(
    reader_log_proba: np.ndarray,
    label_model_proba: np.ndarray,
    gold: np.ndarray,
    prior: Combination = USUAL,
    *,
    same_mix: bool = False,
) -> Combination:
    """Return the combination with the least log-loss on gold, stance ids (n,); few rows stay near the prior.

    Powers are from 0 to 3. With `same_mix` the stances are taken to be as common as where the reader comes from, and
    the added log-odds stay what they are.
    """
    if len(gold) < ENOUGH:
        return prior
    from scipy.optimize import minimize

    start, targets = np.array(list(vars(prior).values())), np.eye(len(STANCES))[gold]

    def loss(values: np.ndarray) -> float:
        proba = Combination(*values).proba(reader_log_proba, label_model_proba)
        return float(log_losses(proba, targets).sum() + _PULL * ((values - start) ** 2).sum())

    added = [(value, value) for value in start[2:]] if same_mix else [(-_MOST, _MOST)] * 2
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, _MOST)] * 2 + added).x
    return Combination(*(round(float(value), _DECIMALS) for value in found))


def cross_fitted(
    reader_log_proba: np.ndarray,
    label_model_proba: np.ndarray,
    gold: np.ndarray,
    articles: Sequence[str],
    prior: Combination = USUAL,
    *,
    same_mix: bool = False,
) -> np.ndarray:
    """Return probabilities, float64 (n, 3), each row's from a combination that was fitted without its article."""
    names, place = np.unique(np.asarray(articles), return_inverse=True)
    fold = np.random.default_rng(0).permutation(len(names))[place] % _FOLDS
    found = np.empty_like(label_model_proba)
    for k in range(_FOLDS):
        fit, apart = fold != k, fold == k
        parts = reader_log_proba[fit], label_model_proba[fit], gold[fit]
        found[apart] = fit_combination(*parts, prior, same_mix=same_mix).proba(
            reader_log_proba[apart], label_model_proba[apart]
        )
    return found
