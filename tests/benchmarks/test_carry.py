"""Learning curves: which articles are trained on, and what is scored."""

import json
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.carry_page import contrast_block, curves_block, draw_curves, pooled
from benchmarks.carry_sets import OWN, UNREAD, EvaluationSet, Run, load_sets
from benchmarks.learning_curves import trainings
from pipeline.base.params import Params
from pipeline.base.stances import STANCES
from pipeline.weak.loading import load_lfs

PARAMS = Params()


def set_of(gold, name="some"):
    return EvaluationSet(
        name, [f"Sentence {k}." for k in range(len(gold))], np.array(gold), np.arange(len(gold)), PARAMS
    )


def run_of_values(regime, size, values, seed=0):
    return Run(regime, size, seed, {"some": (float(np.mean(values)), np.array(values, float))})


def test_all_three_stances_count_where_one_is_neutral():
    """Opposition and neutral right, agreement taken for neutral: F1 of 1, 2/3 and 0."""
    value, draws = set_of([0, 1, 2]).score(np.array([[0.9, 0.1, 0], [0.1, 0.9, 0], [0, 0.9, 0.1]]))
    assert value == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert draws.shape == (PARAMS.evaluate.resamples,)


def test_without_neutral_sentences_the_other_two_compete():
    """An answer that would be neutral goes to the likelier of the two."""
    value, _ = set_of([0, 2, 2]).score(np.array([[0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0, 0.9, 0.1]]))
    assert value == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_parts_are_nested_and_the_whole_comes_once():
    """Of 40 articles: 4, 10 and 20 for each seed, the smaller within the larger."""
    found = list(trainings([f"a{k}" for k in range(40)], 2))
    for seed in range(2):
        parts = [set(chosen) for regime, chosen, of in found if (regime, of) == ("gold", seed) and len(chosen) < 40]
        assert [len(part) for part in parts] == [4, 10, 20]
        assert all(small < large for small, large in pairwise(parts))
    whole = [regime for regime, chosen, _ in found if len(chosen) == 40]
    assert whole == ["gold"]


def test_seeds_and_resamples_are_pooled():
    """The value is the mean over seeds, the interval that of all draws."""
    s = set_of([0, 1, 2, 0, 1])
    runs = [
        run_of_values("gold", 4, [0.1, 0.1]),
        run_of_values("gold", 4, [0.3, 0.3], seed=1),
        run_of_values("gold", 9, [0.5, 0.5]),
    ]
    assert pooled(runs, "gold", 4, s) == pytest.approx((0.2, 0.1, 0.3))


def test_what_is_not_there_is_left_out_and_news_has_an_unread_half(trained, tmp_path, monkeypatch, capsys):
    """The own test fold is always there; of two files of news every second line of each was not read.

    A sentence that stands twice counts once, and as read where it was read once.
    """
    monkeypatch.chdir(trained)
    for name, texts in (("news_dev", "abc"), ("news_dev_more", "dbefde")):
        rows = [{"text": text, "label": STANCES[k % 3]} for k, text in enumerate(texts)]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    sets = {s.name: s for s in load_sets(tmp_path, PARAMS)}
    assert list(sets) == [OWN, "world and U.S. news", UNREAD]
    assert sets["world and U.S. news"].texts == list("abcdef")
    assert sets["world and U.S. news"].gold.tolist() == [0, 1, 2, 0, 2, 0]
    assert sets[UNREAD].texts == list("bf")
    assert sets[UNREAD].gold.tolist() == [1, 0]
    assert "political relations: left out" in capsys.readouterr().out


def test_tables_and_figure_hold_every_point():
    s = set_of([0, 1, 2, 0, 1])
    regimes = ("gold", "both", "label model")
    runs = [run_of_values(regime, size, [size / 100] * 2) for regime in regimes for size in (4, 40)]
    assert curves_block(runs, [s]).count("\n| ") == 1 + 2 * len(regimes)
    assert draw_curves(runs, [s])[:4] == b"\x89PNG"


def test_sets_are_described_beside_each_other():
    texts = ["Oslo welcomed the offer.", "Oslo rejected the offer of Bergen.", "The museum opens at ten."]
    s = EvaluationSet("some", texts, np.array([2, 1, 1]), np.arange(3), PARAMS)
    block = contrast_block([s], load_lfs())
    assert "| agreement | 33 % |" in block
    assert "| no vote for a stance | 33 % |" in block
