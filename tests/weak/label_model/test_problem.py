"""From patterns and gold to a learning problem."""

import numpy as np
import pytest

from pipeline.weak.label_model.label_model import em_data, gold_by_pattern, sample
from pipeline.weak.label_model.votes import find_patterns, votes_of

VOTES = np.array([[0, 0]] * 6 + [[1, -1]] * 3 + [[-1, 2]])


def test_gold_is_counted_by_pattern_and_class():
    """Unknown rows count nowhere."""
    found = find_patterns(VOTES)
    counts = gold_by_pattern(found, np.array([0, 0, 1, -1, -1, -1, 1, -1, -1, 2]), 3)
    of = {tuple(votes_of(cells)): row.tolist() for cells, row in zip(found.cells, counts, strict=True)}
    assert of == {(0, 0): [2, 1, 0], (1, -1): [0, 1, 0], (-1, 2): [0, 0, 1]}


def test_few_patterns_are_all_kept():
    """Each stands for its rows."""
    found = find_patterns(VOTES)
    kept, counts = sample(found.counts, np.zeros((3, 3)), most=3)
    assert kept.tolist() == [0, 1, 2]
    assert (counts == found.counts).all()


def test_of_many_patterns_an_even_sample_is_kept_and_all_gold():
    """1,000 unlabelled rows are drawn from 4,000 in proportion; 5 gold rows are on top."""
    votes = np.random.default_rng(7).integers(-1, 3, (4000, 9))
    votes[:2000] = 1
    found = find_patterns(votes)
    gold = gold_by_pattern(found, np.where(np.arange(4000) >= 3995, 2, -1), 3)
    kept, counts = sample(found.counts, gold, most=1000)
    common = counts[kept == found.inverse[0]]
    assert counts.sum() == 1005
    assert common == pytest.approx(500, abs=2)
    assert set(found.inverse[-5:]) <= set(kept)


def test_near_copies_become_one_lf_with_the_mean_accuracy():
    """Accuracies 0.6 and 0.8 of two copies; 0.7 is 0.55 beyond chance with three classes."""
    cells = find_patterns(np.array([[0, 0, 1], [1, 1, 1], [2, 2, -1]])).cells
    data, groups = em_data(cells, np.ones(3), np.zeros((3, 3)), np.array([0.6, 0.8, 0.3]), copies=0.9, discount=True)
    assert groups.tolist() == [0, 0, 1]
    assert data.knows == pytest.approx([0.55, 0])
    assert data.table.shape[1] == 6
