"""Predictions for gold rows by models that have not seen their gold, and the temperature that calibrates them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pipeline.weak.em import Learned, Problem, softmax

FOLDS = 5
"""Parts of the gold rows, each predicted by a model learnt without their gold."""

MIN_GOLD = 30
"""Gold rows with votes from which on they set the temperature."""


def held_out_scores(
    problem: Problem, learn: Callable[[Problem], Learned], at: np.ndarray, gold: np.ndarray
) -> np.ndarray:
    """Return log posteriors (g, k), unnormalised, of g gold rows by models that have not seen their gold.

    `at` (g,) is the pattern of each row, `gold` (g,) its class. Rows are dealt into FOLDS by pattern and class, so that
    their order does not matter.
    """
    order = np.lexsort((gold, at))
    fold = np.empty(len(gold), dtype=int)
    fold[order] = np.arange(len(gold)) % FOLDS
    scores = np.empty((len(gold), problem.gold.shape[1]))
    for part in range(FOLDS):
        hidden = fold == part
        shown = problem.gold.copy()
        np.subtract.at(shown, (at[hidden], gold[hidden]), 1)
        scores[hidden] = learn(replace(problem, gold=shown)).scores(problem.table)[at[hidden]]
    return scores


def fitted_temperature(scores: np.ndarray, gold: np.ndarray) -> float:
    """Return the T that makes softmax(scores / T) most likely for the classes `gold` (n,), with a weak pull towards 1.

    Temperature scaling (Guo et al. 2017) over a fixed grid from 0.5 to 8, with a normal prior on log T (deviation 0.5).
    """
    grid = np.exp(np.linspace(np.log(0.5), np.log(8), 61))
    own = np.arange(len(gold)), gold
    fit = [np.log(np.maximum(softmax(scores / t)[own], 1e-12)).sum() - 2 * np.log(t) ** 2 for t in grid]
    return float(grid[int(np.argmax(fit))])
