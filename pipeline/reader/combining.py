"""Reader and label model together: a product of their probabilities, each to a power that hand labels choose.

They err differently: the label model knows the words that the labeling functions name, the reader has read sentences.
G. Hinton, "Training products of experts by minimizing contrastive divergence" (2002); such a product of two, fitted by
log-loss, is multinomial logistic regression on their log-probabilities.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from pipeline.base.calibration import log_losses, softmax

ENOUGH = 30
"""Hand-labelled sentences from which a combination is fitted; with fewer it stays as it was."""

_PULL = 2.0  # nats that a distance of 1 between a power and its prior costs all rows together
_MOST = 3.0
_DECIMALS = 4
_LOWEST = 1e-4


@dataclass(frozen=True)
class Combination:
    """The powers of the reader's probabilities and of the label model's; (1, 1) is the plain product.

    Their sum is the inverse of a temperature: below 1 together they make the answer less sure than either.
    """

    reader: float = 0.7
    label_model: float = 0.6

    def proba(self, reader_log_proba: np.ndarray, label_model_proba: np.ndarray) -> np.ndarray:
        """Return probabilities, float64 (n, 3), from the reader's logs and the label model's probabilities."""
        logs = np.log(np.maximum(label_model_proba, _LOWEST))
        return softmax(self.reader * reader_log_proba + self.label_model * logs)


def fit_combination(
    reader_log_proba: np.ndarray, label_model_proba: np.ndarray, gold: np.ndarray, prior: Combination | None = None
) -> Combination:
    """Return the powers, from 0 to 3, with the least log-loss on gold, stance ids (n,); few rows stay at the prior."""
    prior = prior or Combination()
    if len(gold) < ENOUGH:
        return prior
    start, targets = np.array([prior.reader, prior.label_model]), np.eye(reader_log_proba.shape[1])[gold]

    def loss(powers: np.ndarray) -> float:
        proba = Combination(*powers).proba(reader_log_proba, label_model_proba)
        return float(log_losses(proba, targets).sum() + _PULL * ((powers - start) ** 2).sum())

    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, _MOST)] * 2).x
    return Combination(*(round(float(power), _DECIMALS) for power in found))


def cross_fitted(
    reader_log_proba: np.ndarray,
    label_model_proba: np.ndarray,
    gold: np.ndarray,
    articles: Sequence[str],
    folds: int = 5,
) -> np.ndarray:
    """Return probabilities, float64 (n, 3), each row's with powers that were fitted without its article."""
    names, place = np.unique(np.asarray(articles), return_inverse=True)
    fold = np.random.default_rng(0).permutation(len(names))[place] % folds
    found = np.empty_like(label_model_proba)
    for k in range(folds):
        fit, apart = fold != k, fold == k
        powers = fit_combination(reader_log_proba[fit], label_model_proba[fit], gold[fit])
        found[apart] = powers.proba(reader_log_proba[apart], label_model_proba[apart])
    return found
